# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices the programs of a version 2 device control group allow: the programs themselves are asked. Pure.

A program gets kind, access and numbers of a device and returns 1 to allow (linux: include/uapi/linux/bpf.h, struct
bpf_cgroup_dev_ctx; kernel/bpf/cgroup.c). What runc and systemd attach compares numbers with constants and jumps only
forward, so trying each constant, and one number that is none of them, tries all that it can tell apart.
"""

import struct
import sys
from functools import lru_cache
from typing import Dict, Iterator, List, Mapping, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device, permission

_MOST_INSTRUCTIONS = 4096
_MOST_TRIES = 20000
_BLOCK, _CHAR = 1, 2  # BPF_DEVCG_DEV_*
_ACCESS = (("r", 2), ("w", 4))  # BPF_DEVCG_ACC_READ, _WRITE; mknod alone opens nothing
_KINDS = (("c", _CHAR), ("b", _BLOCK))
_LD_IMM64, _EXIT, _CALL, _JA = 0x18, 0x95, 0x85, 0x05
_CONTEXT = 12
_MASK32, _MASK64 = (1 << 32) - 1, (1 << 64) - 1
_SIZES = {0x00: 4, 0x08: 2, 0x10: 1}


class Unfollowed(ValueError):
    """A program with something in it that no device filter needs."""


Instruction = Tuple[int, int, int, int, int]  # code, destination, source, offset, constant


@lru_cache(maxsize=16)  # most containers have the same programs
def allowed(programs: Tuple[bytes, ...]) -> Tuple[Device, ...]:
    """What all of these programs allow to read or write; number has None for any that no program names.

    programs: their instructions, as the kernel dumps them. Without any, everything is allowed. Raises Unfollowed.
    """
    decoded = [decode(program) for program in programs]
    constants = sorted({part for program in decoded for part in _constants(program)})
    other = next(number for number in range(4000, 4001 + len(constants)) if number not in constants)
    numbers = [other] + constants
    if len(numbers) ** 2 * 4 > _MOST_TRIES:
        raise Unfollowed(f"its device filter compares with {len(constants)} numbers")
    accesses: Dict[Tuple[str, int, int], str] = {}
    for letter, kind in _KINDS:
        for major in numbers:
            for minor in numbers:
                access = "".join(
                    sign for sign, bit in _ACCESS if all(run(p, (bit << 16) | kind, major, minor) for p in decoded)
                )
                if access and not _covered(accesses, letter, major, minor, other, access):
                    accesses[letter, major, minor] = access
    return tuple(
        permission(letter, _device_number(major, other), _device_number(minor, other), access)
        for (letter, major, minor), access in sorted(accesses.items(), key=str)
    )


def _device_number(number: int, other: int) -> str:
    return "*" if number == other else str(number)


def _covered(
    accesses: Mapping[Tuple[str, int, int], str], letter: str, major: int, minor: int, other: int, access: str
) -> bool:
    """Whether it is said already by what any device is allowed, or any of the major number."""
    wider = [accesses.get((letter, other, other), ""), accesses.get((letter, major, other), "")]
    return any(set(access) <= set(one) for one in wider)


def decode(program: bytes) -> List[Instruction]:
    """The instructions of 8 bytes each. Raises Unfollowed."""
    if not program or len(program) % 8 or len(program) // 8 > _MOST_INSTRUCTIONS:
        raise Unfollowed(f"its device filter has {len(program)} bytes")
    instructions = []
    for code, registers, offset, constant in struct.iter_unpack("=BBhi", program):
        instructions.append((code, registers & 15, registers >> 4, offset, constant))
    return instructions


def _constants(program: List[Instruction]) -> Iterator[int]:
    """What numbers may be compared with: each constant of a comparison, and its neighbours for less and greater."""
    for code, _destination, _source, _offset, constant in program:
        if code & 7 in (5, 6) and code not in (_EXIT, _CALL, _JA) and constant >= 0:
            yield constant
            if code & 0xF0 not in (0x10, 0x50):  # JEQ, JNE
                yield constant + 1
                if constant:
                    yield constant - 1


# What a register holds: a number, the context that the program was called with, None for nothing yet.
Register = Union[None, int, bytes]


def run(program: List[Instruction], access: int, major: int, minor: int) -> bool:
    """Whether the program allows it. access: as the kernel hands it over, access << 16 | kind. Raises Unfollowed."""
    context = struct.pack("=III", access, major, minor)
    registers: List[Register] = [None] * 11
    registers[1] = context
    at = 0
    while at < len(program):
        code, destination, source, offset, constant = program[at]
        if destination > 9 or source > 10:
            raise Unfollowed("its device filter uses a register that it has not")
        at += 1
        kind = code & 7
        if code == _EXIT:
            return _number(registers[0]) & 1 == 1
        if code == _LD_IMM64:
            if at >= len(program):
                raise Unfollowed("its device filter is cut short")
            registers[destination] = (constant & _MASK32) | ((program[at][4] & _MASK32) << 32)
            at += 1
        elif kind == 1 and code & 0xE0 == 0x60:  # LDX MEM
            size = _SIZES.get(code & 0x18)
            if registers[source] is not context or size is None or not 0 <= offset <= _CONTEXT - size:
                raise Unfollowed("its device filter reads elsewhere than what it is asked")
            registers[destination] = int.from_bytes(context[offset : offset + size], sys.byteorder)
        elif kind in (4, 7):
            value = registers[source] if code & 8 else constant
            registers[destination] = _worked_out(code & 0xF0, registers[destination], value, kind == 7)
        elif kind in (5, 6) and code != _CALL:
            value = registers[source] if code & 8 else constant
            if code == _JA or _jumps(code & 0xF0, registers[destination], value, kind == 5):
                if offset < 0:
                    raise Unfollowed("its device filter jumps back")
                at += offset
        else:
            raise Unfollowed(f"its device filter has the instruction 0x{code:02x}")
    raise Unfollowed("its device filter has no end")


def _number(value: Register) -> int:
    if not isinstance(value, int):
        raise Unfollowed("its device filter counts with something that is no number")
    return value


def _worked_out(operation: int, first: Register, second: Register, wide: bool) -> Register:
    """ADD, SUB, OR, AND, LSH, RSH, XOR and MOV; of the lower half only where it is not wide."""
    if operation == 0xB0:
        if isinstance(second, bytes) and wide:
            return second  # the context in another register
        return _number(second) & (_MASK64 if wide else _MASK32)
    mask = _MASK64 if wide else _MASK32
    first, second = _number(first) & mask, _number(second) & mask
    if operation in (0x60, 0x70):
        second &= 63 if wide else 31
    results = {
        0x00: lambda: first + second,
        0x10: lambda: first - second,
        0x40: lambda: first | second,
        0x50: lambda: first & second,
        0x60: lambda: first << second,
        0x70: lambda: first >> second,
        0xA0: lambda: first ^ second,
    }
    if operation not in results:
        raise Unfollowed(f"its device filter has the operation 0x{operation:02x}")
    return results[operation]() & mask


def _jumps(operation: int, first: Register, second: Register, wide: bool) -> bool:
    """The comparisons without a sign."""
    mask = _MASK64 if wide else _MASK32
    first, second = _number(first) & mask, _number(second) & mask
    results = {
        0x10: first == second,
        0x20: first > second,
        0x30: first >= second,
        0x40: first & second != 0,
        0x50: first != second,
        0xA0: first < second,
        0xB0: first <= second,
    }
    if operation not in results:
        raise Unfollowed(f"its device filter has the comparison 0x{operation:02x}")
    return results[operation]
