# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make one entry of a copy what the source's is: content, owner, mode, attributes, times. I/O.

Both are named by an open directory and a name in it. The source rests; nobody but this process writes to the copy.
"""

import errno
import fcntl
import os
import shutil
import stat
from typing import Callable, Dict, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import attributes
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.tree import Unshiftable

# linux: include/uapi/linux/fs.h
_FICLONE = 0x40049409
# A piece of a file between two looks at whether to go on.
_PIECE = 64 * 1024 * 1024
# O_NONBLOCK: what became a pipe since must not hold us up
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = _WRITE | os.O_CREAT | os.O_EXCL
# What the kernel gives a new file by itself, and lets nobody take away.
_KERNELS = ("security.selinux",)


class Torn(Exception):
    """A file changed while it was copied; the text is its name."""


def make(source: int, target: int, name: str, status: os.stat_result, ids: IdMap, go_on: Callable[[], None]) -> None:
    """Make `name` in target, where it does not exist, what it is in source; no directory. status: of the source's.

    go_on: is called between pieces of a file, to raise what stops it. Raises OSError, Unshiftable, Torn.
    """
    if stat.S_ISREG(status.st_mode):
        _copy_file(source, target, name, status, _CREATE, go_on)
    elif stat.S_ISLNK(status.st_mode):
        os.symlink(os.readlink(name, dir_fd=source), name, dir_fd=target)
    else:
        os.mknod(name, stat.S_IFMT(status.st_mode) | 0o600, status.st_rdev, dir_fd=target)
    give(source, target, name, status, ids)


def can_rewrite(status: os.stat_result, now: os.stat_result) -> bool:
    """Whether the copy's file `now` can take the content of the source's: both are files, and there are neither other names
    nor holes. To remove a file and make another one may take longer than all else."""
    both = stat.S_ISREG(status.st_mode) and stat.S_ISREG(now.st_mode)
    return both and status.st_nlink == now.st_nlink == 1 and not has_holes(status)


def rewrite(source: int, target: int, name: str, status: os.stat_result, ids: IdMap, go_on: Callable[[], None]) -> None:
    """As `make`, where `can_rewrite` says so."""
    _copy_file(source, target, name, status, _WRITE, go_on)
    give(source, target, name, status, ids)


def has_holes(status: os.stat_result) -> bool:
    """Whether a file takes less room than its content."""
    return status.st_blocks * 512 < status.st_size


def _copy_file(
    source: int, target: int, name: str, status: os.stat_result, flags: int, go_on: Callable[[], None]
) -> None:
    reader = os.open(name, _READ, dir_fd=source)
    try:
        now = os.fstat(reader)
        if (now.st_dev, now.st_ino, now.st_size) != (status.st_dev, status.st_ino, status.st_size):
            raise Torn(inert(name))
        writer = os.open(name, flags, 0o600, dir_fd=target)
        try:
            if not _clone(reader, writer):
                _copy_content(reader, writer, now, go_on, name)
            os.ftruncate(writer, now.st_size)
        finally:
            os.close(writer)
    finally:
        os.close(reader)


def _clone(reader: int, writer: int) -> bool:
    """Share the blocks, where the file system can."""
    try:
        fcntl.ioctl(writer, _FICLONE, reader)
    except OSError:
        return False
    return True


def _copy_content(reader: int, writer: int, status: os.stat_result, go_on: Callable[[], None], name: str) -> None:
    """Copy what is there; holes stay holes."""
    size = status.st_size
    begin, holes = 0, has_holes(status)
    while begin < size:
        end = size
        if holes:
            try:
                begin = os.lseek(reader, begin, os.SEEK_DATA)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                return  # nothing but a hole follows
            end = min(size, os.lseek(reader, begin, os.SEEK_HOLE))
        os.lseek(writer, begin, os.SEEK_SET)
        while begin < end:
            go_on()
            count = os.sendfile(writer, reader, begin, min(_PIECE, end - begin))
            if not count:
                raise Torn(inert(name))
            begin += count


def give(source: int, target: int, name: str, status: os.stat_result, ids: IdMap) -> None:
    """Give `name` in target the owner, mode, attributes and times that it has in source. Raises OSError, Unshiftable."""
    uid, gid = mapped(status, ids, name)
    link = stat.S_ISLNK(status.st_mode)
    # chown takes capabilities and set-id bits away, chmod changes an ACL: so in this order
    os.chown(name, uid, gid, dir_fd=target, follow_symlinks=False)
    place = f"/proc/self/fd/{target}/{name}"
    if not link:
        os.chmod(place, stat.S_IMODE(status.st_mode))
    values = _read(f"/proc/self/fd/{source}/{name}", name, ids)
    for key in _names(place) - set(values):
        if key not in _KERNELS:  # a default ACL above it gives a new file one
            os.removexattr(place, key, follow_symlinks=False)
    for key, value in values.items():
        os.setxattr(place, key, value, follow_symlinks=False)
    set_times(target, name, status)


def set_times(target: int, name: str, status: os.stat_result) -> None:
    """Give `name` in target the times of `status`."""
    os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns), dir_fd=target, follow_symlinks=False)


def mapped(status: os.stat_result, ids: IdMap, name: str) -> Tuple[int, int]:
    """Owner and group of the copy. Raises Unshiftable."""
    uid, gid = ids.user(status.st_uid), ids.group(status.st_gid)
    if uid is None or gid is None:
        number = status.st_uid if uid is None else status.st_gid
        raise Unshiftable(f"{inert(name)} belongs to id {number}, for which the range has no room")
    return uid, gid


def _names(place: str) -> Set[str]:
    """Names of attributes that can be copied: all but what a file system makes up, of which ACLs are none."""
    try:
        names = os.listxattr(place, follow_symlinks=False)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return set()
    return {name for name in names if not name.startswith("system.") or name in attributes.ACLS}


def _read(place: str, name: str, ids: IdMap) -> Dict[str, bytes]:
    """All attributes, with mapped ids."""
    values = {}
    for key in _names(place):
        value = os.getxattr(place, key, follow_symlinks=False)
        if key in attributes.ACLS or key == attributes.CAPABILITY:
            shifted = attributes.shift(key, value, ids)
            if shifted is None:
                raise Unshiftable(f"{inert(name)} has {key} with an id for which the range has no room")
            value = shifted
        values[key] = value
    return values


def remove(target: int, name: str, status: os.stat_result) -> None:
    """Remove `name` in target with all that is in it."""
    if stat.S_ISDIR(status.st_mode):
        shutil.rmtree(f"/proc/self/fd/{target}/{name}")
    else:
        os.unlink(name, dir_fd=target)
