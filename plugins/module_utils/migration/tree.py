# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory tree that containers wrote: survey it, shift its ids. No link is followed, no path is looked up twice."""

import errno
import itertools
import os
import resource
import stat
from typing import Any, Iterator, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import attributes
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# How many paths a message names.
_SHOWN = 5
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EPERM, errno.ENODATA)


class Unshiftable(Exception):
    """A tree, or a file in it, can't be shifted; the text says which and why."""


class Survey(NamedTuple):
    """What a tree holds. size: bytes on disk; unmappable: the first paths whose owner, group, ACL or capabilities have no
    room in the range; devices: how many device files; latest: the newest change time, in ns."""

    entries: int
    size: int
    unmappable: Tuple[str, ...]
    devices: int
    latest: int


def walk(root: str) -> Iterator[Tuple[int, str, str, os.stat_result]]:
    """(directory's descriptor, name in it, path below root, status) of each entry below root, a directory before its content.

    Raises OSError for what can't be read, Unshiftable for a tree deeper than this process may hold directories open.
    A directory that is replaced meanwhile by something else is an error, one that vanished is not.
    """
    limit = _raise_descriptors()
    stack: List[Tuple[int, str, Any]] = [(os.open(root, _DIRECTORY), "", None)]
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
                    stack.append((os.open(name, _DIRECTORY, dir_fd=handle), below, None))
                except FileNotFoundError:
                    continue
    finally:
        for handle, _path, _names in stack:
            os.close(handle)


def _raise_descriptors() -> int:
    """How deep a tree may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return (hard if hard != resource.RLIM_INFINITY else 65536) - 64


def survey(root: str, ids: IdMap) -> Survey:
    """What root holds, itself included. Raises OSError, Unshiftable."""
    entries, size, devices, latest = 1, 0, 0, os.lstat(root).st_ctime_ns
    unmappable: List[str] = []
    inodes = set()
    for handle, name, path, status in walk(root):
        entries += 1
        latest = max(latest, status.st_ctime_ns)
        if status.st_nlink < 2 or (status.st_dev, status.st_ino) not in inodes:
            size += status.st_blocks * 512
            if status.st_nlink > 1:
                inodes.add((status.st_dev, status.st_ino))
        devices += stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode)
        if len(unmappable) < _SHOWN and not _fits(handle, name, status, ids):
            unmappable.append(inert(path))
    return Survey(entries, size, tuple(unmappable), devices, latest)


def _fits(handle: int, name: str, status: os.stat_result, ids: IdMap) -> bool:
    fits = None not in (ids.user(status.st_uid), ids.group(status.st_gid))
    if not fits or stat.S_ISLNK(status.st_mode):
        return fits
    return all(new is not None for _name, _old, new in _attributes(_path(handle, name), ids))


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


def shift(root: str, ids: IdMap) -> None:
    """Give everything in root, itself included, the mapped ids. What has them already stays. Raises OSError, Unshiftable.

    No container may change the tree meanwhile: it is a copy that none has seen, or its containers are stopped.
    """
    handle = os.open(os.path.dirname(root), _DIRECTORY)
    try:
        name = os.path.basename(root)
        _shift(handle, name, root, os.stat(name, dir_fd=handle, follow_symlinks=False), ids)
    finally:
        os.close(handle)
    for handle, name, path, status in walk(root):
        _shift(handle, name, path, status, ids)


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
    result = []
    try:
        for name in os.listxattr(path, follow_symlinks=False):
            if name in attributes.ACLS or name == attributes.CAPABILITY:
                value = os.getxattr(path, name, follow_symlinks=False)
                result.append((name, value, attributes.shift(name, value, ids)))
    except OSError as error:
        if error.errno not in _NO_ATTRIBUTES:
            raise
    return result
