# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes against samples of the wire, and answers of every wrong kind."""

import struct

import pytest

from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import packets as network_packets

HEADER = bytes([0x45]) + bytes(19)
REPLY = HEADER + struct.pack("!BBHHH", 0, 0, 0xFFFF - 0x1235, 0x1234, 1)


def test_an_echo_request_has_a_right_checksum():
    packet = network_packets.echo(0x1234)
    assert packet[:2] == b"\x08\x00" and packet[4:6] == b"\x12\x34"
    total = sum(struct.unpack("!4H", packet))
    assert (total & 0xFFFF) + (total >> 16) == 0xFFFF


@pytest.mark.parametrize(
    "packet, expected",
    [
        (REPLY, True),
        (bytes([0x46]) + bytes(23) + REPLY[20:], True),  # with an option
        (REPLY[:-1], False),
        (HEADER + network_packets.echo(0x1234), False),  # our own, on the loopback device
        (HEADER + struct.pack("!BBHHH", 0, 0, 0, 0x1235, 1), False),
        (HEADER + struct.pack("!BBHHH", 3, 1, 0, 0x1234, 1), False),
        (bytes([0x65]) + REPLY[1:], False),
        (bytes([0x40]) + REPLY[1:], False),
        (bytes([0x4F]) + REPLY[1:], False),
        (b"", False),
        (b"\x45", False),
    ],
)
def test_an_echo_reply(packet, expected):
    assert network_packets.is_echo_reply(packet, 0x1234) is expected


def test_a_query():
    assert network_packets.query(0x1234, "web.example") == (
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03web\x07example\x00\x00\x01\x00\x01"
    )
    assert network_packets.query(1, "")[12:] == b"\x00\x00\x01\x00\x01"


@pytest.mark.parametrize("name", ["\u00e4", "a" * 64, ".".join(["a" * 60] * 5)])
def test_what_is_no_name(name):
    assert network_packets.query(1, name) is None


@pytest.mark.parametrize(
    "packet, expected",
    [
        (b"\x12\x34\x81\x83" + bytes(8), True),  # there is no such name: the server was reached
        (b"\x12\x34\x01\x00" + bytes(8), False),
        (b"\x12\x35\x81\x80" + bytes(8), False),
        (b"\x12\x34\x81\x80" + bytes(7), False),
        (b"", False),
    ],
)
def test_a_response(packet, expected):
    assert network_packets.is_response(packet, 0x1234) is expected
