# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a file can be replaced, told without writing anything, so that check mode doesn't promise what can't be done."""

import errno
import fcntl
import os
import struct
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

# linux: include/uapi/linux/fs.h
_GET_FLAGS = {8: 0x80086601, 4: 0x80046601}[struct.calcsize("l")]
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20


def obstacle(path: str) -> str:
    """Why the file at path can't be written anew and put in its place, as the end of a sentence; "" if nothing is known.

    A full disk is seen only where nothing at all is free. The directory may be missing: it would be made.
    """
    real = os.path.realpath(path)
    directory = os.path.dirname(real)
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    try:
        space = os.statvfs(directory)
    except OSError as error:
        return str(error.strerror)
    if space.f_flag & os.ST_RDONLY:
        return os.strerror(errno.EROFS)
    free = space.f_bfree if os.geteuid() == 0 else space.f_bavail
    if not free or (space.f_files and not space.f_ffree):  # some filesystems don't count files
        return os.strerror(errno.ENOSPC)
    for place in (directory, real):
        if _flags(place) & (_IMMUTABLE | _APPEND_ONLY):
            return f"{place} has the attribute immutable or append-only (lsattr)"
    if not os.access(directory, os.W_OK | os.X_OK):
        return os.strerror(errno.EACCES)
    if os.path.lexists(real) and _is_mount_point(real):
        return "it is a mount of its own, which can't be replaced atomically"
    return ""


def _flags(path: str) -> int:
    """The attributes of chattr; 0 where there are none, or no such file."""
    descriptor: Optional[int] = None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        packed = fcntl.ioctl(descriptor, _GET_FLAGS, struct.pack("l", 0))
        return struct.unpack("i", packed[:4])[0]
    except OSError:
        return 0
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _is_mount_point(path: str) -> bool:
    try:
        with open("/proc/self/mountinfo", "rb") as stream:
            return any(mount.point == path for mount in procfs.parse_mountinfo(stream.read()))
    except (OSError, ValueError):
        return False
