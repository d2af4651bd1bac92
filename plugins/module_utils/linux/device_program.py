# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the programs that decide which devices a version 2 control group may use. I/O only, by bpf(2).

linux: include/uapi/linux/bpf.h (union bpf_attr, struct bpf_prog_info). Since 4.15; RHEL 8's 4.18 has all of it.
"""

import ctypes
import os
import platform
import struct
from typing import List, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

_NUMBERS = {
    "x86_64": 321,
    "aarch64": 280,
    "s390x": 351,
    "ppc64le": 361,
    "riscv64": 280,
    "loongarch64": 280,
    "armv7l": 386,
}
_PROG_GET_FD_BY_ID, _OBJ_GET_INFO_BY_FD, _PROG_QUERY = 13, 15, 16
_CGROUP_DEVICE, _QUERY_EFFECTIVE = 6, 1
_MOST_PROGRAMS, _MOST_BYTES = 64, 1 << 16
_INFO = 64  # up to and with xlated_prog_insns and what is read of struct bpf_prog_info
_XLATED_LENGTH, _XLATED = 20, 32


def attached(directory: str) -> Tuple[bytes, ...]:
    """The instructions of each program that decides for this control group, inherited ones too. Raises Unreadable."""
    try:
        group = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return tuple(_instructions(number) for number in _numbers(group))
        finally:
            os.close(group)
    except OSError as error:
        raise Unreadable(f"the device filter of {directory}: {error.strerror}")


def _bpf(command: int, attributes: ctypes.Array) -> int:
    number = _NUMBERS.get(platform.machine())
    if number is None or struct.calcsize("P") != 8:
        raise Unreadable(f"the device filter can't be asked for on {platform.machine()}")
    library = ctypes.CDLL(None, use_errno=True)
    result = library.syscall(
        ctypes.c_long(number), ctypes.c_long(command), ctypes.byref(attributes), ctypes.c_long(len(attributes))
    )
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def _attributes(data: bytes) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(data, len(data))


def _numbers(group: int) -> List[int]:
    """The ids of the programs, as many as are in effect."""
    ids = (ctypes.c_uint32 * _MOST_PROGRAMS)()
    query = struct.pack("=IIIIQI4x", group, _CGROUP_DEVICE, _QUERY_EFFECTIVE, 0, ctypes.addressof(ids), _MOST_PROGRAMS)
    attributes = _attributes(query)
    _bpf(_PROG_QUERY, attributes)
    return list(ids[: struct.unpack_from("=I", attributes, 24)[0]])


def _instructions(number: int) -> bytes:
    attributes = _attributes(struct.pack("=III", number, 0, 0))
    program = _bpf(_PROG_GET_FD_BY_ID, attributes)
    try:
        length = struct.unpack_from("=I", _info(program, 0, 0), _XLATED_LENGTH)[0]
        if length > _MOST_BYTES:
            raise Unreadable(f"the device filter has {int(length)} bytes")
        if not length:
            raise Unreadable("the kernel doesn't show its device filter")
        buffer = ctypes.create_string_buffer(length)
        info = _info(program, length, ctypes.addressof(buffer))
        if not struct.unpack_from("=Q", info, _XLATED)[0]:
            raise Unreadable("the kernel doesn't show its device filter")
        return buffer.raw
    finally:
        os.close(program)


def _info(program: int, length: int, address: int) -> "ctypes.Array[ctypes.c_char]":
    info = ctypes.create_string_buffer(_INFO)
    struct.pack_into("=I", info, _XLATED_LENGTH, length)
    struct.pack_into("=Q", info, _XLATED, address)
    _bpf(_OBJ_GET_INFO_BY_FD, _attributes(struct.pack("=IIQ", program, _INFO, ctypes.addressof(info))))
    return info
