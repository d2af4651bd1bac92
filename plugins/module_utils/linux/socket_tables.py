# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses the kernel's tables of sockets. Pure; ValueError for what no kernel writes."""

import ipaddress
import re
import sys
from typing import Dict, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import numbers

LISTENING = 0x10000  # linux: net/unix/af_unix.c shows __SO_ACCEPTCON as this flag
_SOCKET_ADDRESS = re.compile(rb"([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\Z")

_IN_USE = re.compile(rb"(TCP|UDP|TCP6|UDP6): inuse ([0-9]{1,10})(?: |\Z)")
_CONNECTED = b"01"  # linux: include/net/tcp_states.h, TCP_ESTABLISHED; udp shows a connected socket so, too


class Connection(NamedTuple):
    """A connection that its side began. local, remote: addresses as text; an IPv4 one in IPv6 is IPv4. port: the remote one."""

    protocol: str
    local: str
    remote: str
    port: int


def connected(data: bytes, protocol: str) -> List[Connection]:
    """Return the connections in a table of /proc/<pid>/net whose own port does not listen there.

    protocol: tcp or udp. A datagram socket that is bound and not connected counts as one that listens.
    """
    rows = [line.split(None, 4)[1:4] for line in data.split(b"\n")[1:] if line]
    listening = {_socket(local)[1] for local, _remote, state in rows if state in (b"0A", b"07")}
    connections = []
    for local, remote, state in rows:
        if state == _CONNECTED:
            address, port = _socket(local)
            other, other_port = _socket(remote)
            if port not in listening:
                connections.append(Connection(protocol, _text(address), _text(other), other_port))
    return connections


def in_use(data: bytes) -> Dict[str, int]:
    """{tcp, udp, tcp6, udp6: how many sockets a network namespace has} of /proc/<pid>/net/sockstat or sockstat6.

    linux: net/ipv4/proc.c, sockstat_seq_show. A socket counts while it listens or is connected.
    """
    counts = {}
    for line in data.split(b"\n"):
        match = _IN_USE.match(line)
        if match:
            counts[match.group(1).decode("ascii").lower()] = int(match.group(2))
    return counts


def _socket(text: bytes) -> Tuple[bytes, int]:
    match = _SOCKET_ADDRESS.match(text)
    if not match:
        raise ValueError(f"{text!r:.80} is no address of a socket")
    return match.group(1), int(match.group(2), 16)


def plain_address(digits: str) -> str:
    """Return as text an address that a table of /proc/<pid>/net has in hexadecimal digits; an IPv4 one in IPv6 is IPv4."""
    return _text(digits.encode("ascii"))


def _text(digits: bytes) -> str:
    """An address as text: the kernel writes each of its words of 32 bits as a number."""
    words = (int(digits[place : place + 8], 16) for place in range(0, len(digits), 8))
    address = ipaddress.ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
    return str(getattr(address, "ipv4_mapped", None) or address)


def listening_tcp(data: bytes) -> List[Tuple[str, int, int]]:
    """(hexadecimal address, port, socket inode) of each listening socket in /proc/<pid>/net/tcp or tcp6."""
    listeners = []
    for line in data.split(b"\n")[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == b"0A":
            match = _SOCKET_ADDRESS.match(fields[1])
            if not match:
                raise ValueError(f"{fields[1]!r:.80} is no address of a socket")
            listeners.append((match.group(1).decode("ascii"), int(match.group(2), 16), numbers(fields[9], 1)[0]))
    return listeners


def listening_abstract(data: bytes) -> List[str]:
    """The names of the listening abstract sockets in /proc/<pid>/net/unix, without the @ that the kernel shows."""
    names = []
    for line in data.split(b"\n")[1:]:
        fields = line.split(None, 7)
        if len(fields) == 8 and fields[7].startswith(b"@") and int(fields[3], 16) & LISTENING:
            names.append(fields[7][1:].decode("utf-8", "backslashreplace"))
    return names
