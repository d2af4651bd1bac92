# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel's mount calls, bound once. Each returns its result, or the negative errno: none raises.

An OSError would ask the C library for a text, which may open a message catalogue: in a container's mount namespace,
the container's. Numbers: linux include/uapi/asm-generic/unistd.h, the same on all architectures of today's
distributions; flags: include/uapi/linux/{mount,fcntl,openat2}.h.
"""

import ctypes
import errno
import os
from typing import Any, Callable, Mapping, Tuple, Union

AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
O_PATH, O_CLOEXEC, O_NOFOLLOW, O_DIRECTORY = os.O_PATH, os.O_CLOEXEC, os.O_NOFOLLOW, os.O_DIRECTORY
CLONE_NEWNS = 0x20000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
MNT_DETACH = 2
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_NOSYMFOLLOW, MS_NOATIME, MS_NODIRATIME = 0x20, 0x100, 0x400, 0x800
MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME, MS_STRICTATIME = 0x1000, 0x4000, 0x40000, 0x200000, 0x1000000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NOEXEC = 1, 2, 8

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_OPEN_TREE_CLONE = 1
_MOVE_EMPTY_PATHS = 0x4 | 0x40  # MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH
_FLAGS: Mapping[str, int] = {
    "nosuid": MS_NOSUID,
    "nodev": MS_NODEV,
    "noexec": MS_NOEXEC,
    "noatime": MS_NOATIME,
    "nodiratime": MS_NODIRATIME,
    "relatime": MS_RELATIME,
    "nosymfollow": MS_NOSYMFOLLOW,
}


def carried_flags(options: frozenset) -> int:
    """The MS_ flags of a mount's options as mountinfo shows them, without those of reading and writing.

    A remount sets all of a mount's flags anew, so the old ones have to be said again.
    """
    flags = 0
    for option in options:
        flags |= _FLAGS.get(option, 0)
    return flags if flags & (MS_NOATIME | MS_RELATIME) else flags | MS_STRICTATIME


class _Attributes(ctypes.Structure):
    """struct mount_attr"""

    _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]


class Calls:
    """The calls. by_descriptor: whether this kernel (and its filters) has open_tree, move_mount and mount_setattr."""

    def __init__(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        number, text, result = ctypes.c_long, ctypes.c_char_p, ctypes.c_int
        self.openat = _bound(libc.openat, result, result, text, result, result)
        self.close = _bound(libc.close, result, result)
        self.fchdir = _bound(libc.fchdir, result, result)
        self.setns = _bound(libc.setns, result, result, result)
        self.prctl = _bound(libc.prctl, result, result, number, number, number, number)
        self.mount = _bound(libc.mount, result, text, text, text, ctypes.c_ulong, text)
        self.umount2 = _bound(libc.umount2, result, text, result)
        self._read = _bound(libc.read, ctypes.c_ssize_t, result, ctypes.c_void_p, ctypes.c_size_t)
        self._write = _bound(libc.write, ctypes.c_ssize_t, result, text, ctypes.c_size_t)
        self._raw = _bound(libc.syscall, number, number, number, number, number, number, number)
        self._buffer = ctypes.create_string_buffer(4096)
        self._empty = ctypes.create_string_buffer(1)
        self._attributes = _Attributes()
        self.by_descriptor = all(
            self._raw(call, -1, ctypes.addressof(self._empty), *rest) == -errno.EBADF
            for call, rest in (
                (_OPEN_TREE, (AT_EMPTY_PATH, 0, 0)),
                (_MOVE_MOUNT, (-1, ctypes.addressof(self._empty), _MOVE_EMPTY_PATHS)),
                (_MOUNT_SETATTR, self._setattr_arguments(AT_EMPTY_PATH, MOUNT_ATTR_RDONLY, 0)),
            )
        )

    def read(self, descriptor: int) -> bytes:
        """Up to 4096 bytes; none where reading fails."""
        count = self._read(descriptor, ctypes.addressof(self._buffer), 4096)
        return self._buffer.raw[:count] if count > 0 else b""

    def write(self, descriptor: int, data: bytes) -> int:
        """All of data, or the negative errno."""
        while data:
            count = self._write(descriptor, data, len(data))
            if count < 0:
                return count
            data = data[count:]
        return 0

    def clone_mount(self, descriptor: int, recursive: bool = False) -> int:
        """A descriptor of a new mount, attached nowhere, that shows what this descriptor is."""
        flags = _OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH | (AT_RECURSIVE if recursive else 0)
        return self._raw(_OPEN_TREE, descriptor, ctypes.addressof(self._empty), flags, 0, 0)

    def attach(self, mount: int, target: int) -> int:
        """Put a mount that `clone_mount` made over what target is."""
        empty = ctypes.addressof(self._empty)
        return self._raw(_MOVE_MOUNT, mount, empty, target, empty, _MOVE_EMPTY_PATHS)

    def set_attributes(self, mount: int, attributes: int, private: bool = False, recursive: bool = False) -> int:
        """Set flags of the mount itself that this descriptor is the root of; never the superblock's."""
        flags = AT_EMPTY_PATH | (AT_RECURSIVE if recursive else 0)
        arguments = self._setattr_arguments(flags, attributes, MS_PRIVATE if private else 0)
        return self._raw(_MOUNT_SETATTR, mount, ctypes.addressof(self._empty), *arguments)

    def _setattr_arguments(self, flags: int, attributes: int, propagation: int) -> Tuple[int, int, int]:
        self._attributes.attr_set, self._attributes.propagation = attributes, propagation
        return flags, ctypes.addressof(self._attributes), ctypes.sizeof(self._attributes)


def _bound(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    function.restype, function.argtypes = result, arguments
    get_errno = ctypes.get_errno

    def call(*values: Union[None, int, bytes]) -> int:
        answer = function(*values)
        return answer if answer != -1 else -get_errno()

    return call
