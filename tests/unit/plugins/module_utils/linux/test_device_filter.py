# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real device filters allow, and what is none."""

import struct

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import device_filter
from ansible_collections.containment.docker.plugins.module_utils.linux.device_filter import Unfollowed, allowed

from .device_filters import ORDINARY, SYSTEMD, WITH_RULES

EVERY_CONTAINER = (
    "c 1:3 rw, c 1:5 rw, c 1:7 rw, c 1:8 rw, c 1:9 rw, c 10:200 rw, c 136:* rw, c 5:0 rw, c 5:1 rw, c 5:2 rw"
)


def words(*programs):
    return ", ".join(device.where for device in allowed(programs))


def program(*instructions):
    return b"".join(struct.pack("=BBhi", *instruction) for instruction in instructions)


ALLOW_ALL = program((0xB7, 0, 0, 1), (0x95, 0, 0, 0))
ALLOW_NONE = program((0xB7, 0, 0, 0), (0x95, 0, 0, 0))


def test_an_ordinary_container():
    assert words(ORDINARY) == EVERY_CONTAINER


def test_rules_that_were_added():
    assert words(WITH_RULES) == "b *:* r, c 1:1 rw, " + EVERY_CONTAINER


def test_a_service_of_systemd():
    assert "c 10:229 r" in words(SYSTEMD) and "c 136:* rw" in words(SYSTEMD) and "b *:*" not in words(SYSTEMD)


def test_what_is_allowed_is_allowed_by_all():
    assert words(WITH_RULES, ORDINARY) == EVERY_CONTAINER
    assert words(ALLOW_ALL, ORDINARY) == EVERY_CONTAINER
    assert words(ORDINARY, ALLOW_NONE) == ""


@pytest.mark.parametrize("programs", [(), (ALLOW_ALL,), (ALLOW_ALL, ALLOW_ALL)])
def test_no_program_and_one_that_says_yes_allow_everything(programs):
    assert words(*programs) == "b *:* rw, c *:* rw"


def test_a_whole_major_number_and_what_is_below_one():
    """mov r0 = (major == 8); and: major < 4."""
    load = (0x61, 0x13, 4, 0)  # r3 = major
    is_8 = program(load, (0xB7, 0, 0, 0), (0x55, 3, 1, 8), (0xB7, 0, 0, 1), (0x95, 0, 0, 0))
    assert words(is_8) == "b 8:* rw, c 8:* rw"
    below_4 = program(load, (0xB7, 0, 0, 1), (0xA5, 3, 1, 4), (0xB7, 0, 0, 0), (0x95, 0, 0, 0))
    assert "b 3:* rw" in words(below_4) and "b 4:" not in words(below_4)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        ORDINARY[:-3],
        ORDINARY[:-8],  # no end
        program((0x95, 0, 0, 0)),  # nothing returned
        program((0x85, 0, 0, 1), (0x95, 0, 0, 0)),  # calls a helper
        program((0x61, 0x10, 12, 0), (0x95, 0, 0, 0)),  # reads behind what it is asked
        program((0x61, 0x20, 0, 0), (0x95, 0, 0, 0)),  # reads from no pointer
        program((0xB7, 0, 0, 1), (0x05, 0, -2, 0), (0x95, 0, 0, 0)),  # a loop
        program((0x7B, 0x1A, -8, 0), (0xB7, 0, 0, 1), (0x95, 0, 0, 0)),  # writes to its stack
        program((0x18, 0, 0, 1)),  # cut short
        program((0xB7, 10, 0, 1), (0x95, 0, 0, 0)),
        program((0x37, 0, 0, 1), (0x95, 0, 0, 0)),
        program(*[(0x15, 0, 0, number) for number in range(200)]),
    ],
)
def test_what_can_t_be_followed_is_no_answer(bad):
    with pytest.raises(Unfollowed):
        allowed((bad,))


def test_arithmetic_is_the_kernel_s():
    """32-bit operations clear the upper half, shifts take the low bits of their number."""
    high = (0x18, 0, 0, -1), (0, 0, 0, -1)  # r0 = 2^64 - 1
    for operation, expected in [
        ((0x04, 0, 0, 1), 0),
        ((0x07, 0, 0, 1), 0),
        ((0x54, 0, 0, 1), 1),
        ((0x74, 0, 0, 63), 1),
    ]:
        decoded = device_filter.decode(program(*high, operation, (0x95, 0, 0, 0)))
        assert device_filter.run(decoded, 0, 0, 0) is bool(expected & 1), operation
