# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ICMP echo and a DNS query, as bytes, and whether an answer belongs to them. Pure. RFC 792, RFC 1035."""

import struct
from typing import Optional

_ECHO_REQUEST, _ECHO_REPLY = 8, 0
_ICMP = struct.Struct("!BBHHH")
_DNS = struct.Struct("!HHHHHH")
_RECURSION_DESIRED, _RESPONSE = 0x0100, 0x8000
_TYPE_A, _CLASS_IN = 1, 1


def echo(identifier: int) -> bytes:
    """An ICMP echo request. identifier: 16 bits."""
    header = _ICMP.pack(_ECHO_REQUEST, 0, 0, identifier, 1)
    return _ICMP.pack(_ECHO_REQUEST, 0, _checksum(header), identifier, 1)


def is_echo_reply(packet: bytes, identifier: int) -> bool:
    """Whether a packet of a raw ICMP socket, with its IPv4 header, is the reply to echo(identifier)."""
    if not packet:
        return False
    start = (packet[0] & 0x0F) * 4
    if packet[0] >> 4 != 4 or start < 20 or len(packet) < start + _ICMP.size:
        return False
    kind, code, _sum, answered, _sequence = _ICMP.unpack_from(packet, start)
    return (kind, code, answered) == (_ECHO_REPLY, 0, identifier)


def query(identifier: int, name: str) -> Optional[bytes]:
    """A DNS query for the address of a name ("" is the root); None for what is no name. identifier: 16 bits."""
    try:
        labels = [label.encode("ascii") for label in name.split(".") if label]
    except UnicodeError:
        return None
    if any(len(label) > 63 for label in labels) or sum(len(label) + 1 for label in labels) > 254:
        return None
    question = b"".join(struct.pack("!B", len(label)) + label for label in labels)
    header = _DNS.pack(identifier, _RECURSION_DESIRED, 1, 0, 0, 0)
    return header + question + b"\0" + struct.pack("!HH", _TYPE_A, _CLASS_IN)


def is_response(packet: bytes, identifier: int) -> bool:
    """Whether a datagram answers query(identifier, …), whatever the answer says: the server was reached."""
    if len(packet) < _DNS.size:
        return False
    answered, flags = _DNS.unpack_from(packet)[:2]
    return answered == identifier and bool(flags & _RESPONSE)


def _checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
