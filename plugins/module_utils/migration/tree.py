# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory tree that containers wrote: survey it, shift its ids. No link is followed, no path is looked up twice."""

import errno
import itertools
import os
import resource
import stat
from typing import Any, Iterator, List, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import attributes
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import (
    Identities,
    read_boot,
    read_clock,
)

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# How many paths a message names.
_MOST_SHOWN = 5
# How many directories are remembered, and files that carry ids in attributes. With more, none is: a later walk asks each file,
# and a later copy takes more directories whole.
_MOST = 100000
# ENOENT: it vanished since it was listed
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EPERM, errno.ENODATA, errno.ENOENT)


class Unshiftable(Exception):
    """A tree, or a file in it, can't be shifted; the text says which and why."""


class Survey(NamedTuple):
    """What a tree holds. size: bytes on disk; unmappable: the first paths whose owner, group, ACL or capabilities have no
    room in the range; devices: how many device files; latest: the newest change time, in ns; identities: what spares a
    later walk the same questions."""

    entries: int
    size: int
    unmappable: Tuple[str, ...]
    devices: int
    latest: int
    identities: Identities = Identities()


NOTHING = Survey(0, 0, (), 0, 0)


def walk(root: str) -> Iterator[Tuple[int, str, str, os.stat_result]]:
    """(directory's descriptor, name in it, path below root, status) of each entry below root, a directory before its content.

    Raises OSError for what can't be read, Unshiftable for a tree deeper than this process may hold directories open.
    A directory that is replaced meanwhile by something else is an error, one that vanished is not.
    """
    limit = raise_descriptors()
    stack: List[Tuple[int, str, Any]] = [(os.open(root, DIRECTORY), "", None)]
    try:
        while stack:
            handle, path, names = stack[-1]
            if names is None:
                names = iter(os.listdir(handle))
                stack[-1] = (handle, path, names)
            name = next(names, None)
            if name is None:
                os.close(stack.pop()[0])
                continue
            try:
                status = os.stat(name, dir_fd=handle, follow_symlinks=False)
            except FileNotFoundError:
                continue
            below = f"{path}/{name}" if path else name
            yield handle, name, below, status
            if stat.S_ISDIR(status.st_mode):
                if len(stack) >= limit:
                    raise Unshiftable(f"{inert(below)} is {len(stack)} directories deep, more than can be held open")
                try:
                    stack.append((os.open(name, DIRECTORY, dir_fd=handle), below, None))
                except FileNotFoundError:
                    continue
    finally:
        for handle, _path, _names in stack:
            os.close(handle)


def raise_descriptors() -> int:
    """How deep a tree may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return (hard if hard != resource.RLIM_INFINITY else 65536) - 64


def walk_with_root(root: str) -> Iterator[Tuple[int, str, str, os.stat_result]]:
    """As `walk`, and root itself before, as "." with the path ""."""
    handle = os.open(root, DIRECTORY)
    try:
        yield handle, ".", "", os.fstat(handle)
    finally:
        os.close(handle)
    yield from walk(root)


def open_below(root: str, path: str) -> int:
    """A descriptor of the directory at this path below root, "" is root. Raises OSError where a link is on the way."""
    handle = os.open(root, DIRECTORY)
    for name in path.split("/") if path else ():
        try:
            below = os.open(name, DIRECTORY, dir_fd=handle)
        finally:
            os.close(handle)
        handle = below
    return handle


def survey(root: str, ids: IdMap) -> Survey:
    """What root holds, itself included. Raises OSError, Unshiftable."""
    boot, moment = read_boot(), read_clock()
    entries = size = devices = latest = 0
    unmappable: List[str] = []
    users, groups, inodes = set(), set(), set()
    carriers: Set[Tuple[int, int]] = set()
    directories: Set[Tuple[str, int, int]] = set()
    for handle, name, path, status in walk_with_root(root):
        entries += 1
        latest = max(latest, status.st_ctime_ns)
        inode = (status.st_dev, status.st_ino)
        if stat.S_ISDIR(status.st_mode) and len(directories) <= _MOST:
            directories.add((path, *inode))
        if status.st_nlink < 2 or stat.S_ISDIR(status.st_mode) or inode not in inodes:
            size += status.st_blocks * 512
            if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
                inodes.add(inode)
        devices += stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode)
        users.add(status.st_uid)
        groups.add(status.st_gid)
        values = [] if stat.S_ISLNK(status.st_mode) else read_attributes(_path(handle, name))
        if values and len(carriers) <= _MOST:
            carriers.add(inode)
        if len(unmappable) < _MOST_SHOWN and not _fits(status, values, ids):
            unmappable.append(inert(path or "."))
    if len(carriers) > _MOST:
        carriers, moment = set(), 0
    places = frozenset(directories if len(directories) <= _MOST else ())
    identities = Identities(frozenset(users), frozenset(groups), frozenset(carriers), moment, boot, places)
    return Survey(entries, size, tuple(unmappable), devices, latest, identities)


def _fits(status: os.stat_result, values: List[Tuple[str, bytes]], ids: IdMap) -> bool:
    if None in (ids.user(status.st_uid), ids.group(status.st_gid)):
        return False
    return all(attributes.shift(name, value, ids) is not None for name, value in values)


def has_mapped(root: str, ids: IdMap) -> str:
    """The first path below root (or root) whose owner or group is in the range already, "" if there is none."""
    entries: Any = [("", "", root, os.lstat(root))]
    for _handle, _name, path, status in itertools.chain(entries, walk(root)):
        if ids.uid <= status.st_uid < ids.uid + ids.uids or ids.gid <= status.st_gid < ids.gid + ids.gids:
            return inert(path)
    return ""


def changed_since(root: str, moment: int) -> bool:
    """Whether anything below root changed at that moment (ns since the epoch) or later."""
    if os.lstat(root).st_ctime_ns >= moment:
        return True
    return any(status.st_ctime_ns >= moment for _handle, _name, _path, status in walk(root))


def shift(root: str, ids: IdMap, recent: Optional[int] = None) -> None:
    """Give everything in root, itself included, the mapped ids. What has them already stays. Raises OSError, Unshiftable.

    No container may change the tree meanwhile: it is a copy that none has seen, or its containers are stopped.
    recent: regular files written to at that moment (ns since the epoch) or later lose their time.
    """
    handle = os.open(os.path.dirname(root), DIRECTORY)
    try:
        name = os.path.basename(root)
        _shift(handle, name, root, os.stat(name, dir_fd=handle, follow_symlinks=False), ids)
    finally:
        os.close(handle)
    for handle, name, path, status in walk(root):
        _shift(handle, name, path, status, ids)
        if recent is not None and status.st_mtime_ns >= recent and stat.S_ISREG(status.st_mode):
            os.utime(name, ns=(0, 0), dir_fd=handle, follow_symlinks=False)


def _shift(handle: int, name: str, path: str, status: os.stat_result, ids: IdMap) -> None:
    uid, gid = ids.user(status.st_uid), ids.group(status.st_gid)
    if uid is None or gid is None:
        raise Unshiftable(f"{inert(path)} belongs to {status.st_uid}:{status.st_gid}, for which the range has no room")
    link = stat.S_ISLNK(status.st_mode)
    # chown takes capabilities and set-id bits away, so they are read before it and written after it
    attribute = [] if link else _attributes(_path(handle, name), ids)
    if (uid, gid) != (status.st_uid, status.st_gid):
        os.chown(name, uid, gid, dir_fd=handle, follow_symlinks=False)
        if not link and status.st_mode & (stat.S_ISUID | stat.S_ISGID):
            _chmod(handle, name, path, status)
    for key, old, new in attribute:
        if new is None:
            raise Unshiftable(f"{inert(path)} has {key} with an id for which the range has no room")
        if new != old or key == attributes.CAPABILITY:
            os.setxattr(_path(handle, name), key, new, follow_symlinks=False)


def strip(root: str, devices: bool, set_ids: bool) -> None:
    """Remove device files, or take the set-id bits from files, in a copy of ours. Raises OSError, Unshiftable."""
    for handle, name, path, status in walk(root) if devices or set_ids else ():
        if devices and (stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode)):
            os.unlink(name, dir_fd=handle)
        elif set_ids and stat.S_ISREG(status.st_mode) and status.st_mode & (stat.S_ISUID | stat.S_ISGID):
            _chmod(handle, name, path, status, stat.S_ISUID | stat.S_ISGID)


def _chmod(handle: int, name: str, path: str, status: os.stat_result, without: int = 0) -> None:
    """Give the mode of `status`, without these bits, to the file that it is of; chmod by a name would follow a link that took
    its place."""
    descriptor = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
    try:
        now = os.fstat(descriptor)
        if (now.st_dev, now.st_ino) != (status.st_dev, status.st_ino):
            raise Unshiftable(f"{inert(path)} was replaced while its ids were shifted")
        os.chmod(f"/proc/self/fd/{descriptor}", stat.S_IMODE(status.st_mode) & ~without)
    finally:
        os.close(descriptor)


def _path(handle: int, name: str) -> str:
    return f"/proc/self/fd/{handle}/{name}"


def _attributes(path: str, ids: IdMap) -> List[Tuple[str, bytes, Any]]:
    """(name, value, shifted value) of the attributes that carry ids."""
    return [(name, value, attributes.shift(name, value, ids)) for name, value in read_attributes(path)]


def read_attributes(path: str) -> List[Tuple[str, bytes]]:
    """(name, value) of the attributes that carry ids. Raises OSError."""
    try:
        names = os.listxattr(path, follow_symlinks=False)
        carriers = [name for name in names if name in attributes.ACLS or name == attributes.CAPABILITY]
        return [(name, os.getxattr(path, name, follow_symlinks=False)) for name in carriers]
    except OSError as error:
        if error.errno not in _NO_ATTRIBUTES:
            raise
        return []
