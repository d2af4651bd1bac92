# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a path of the host is, link by link, without opening what stands there. I/O only: decides nothing.

Each component is held by a descriptor (O_PATH), so nothing can be exchanged between two looks, no device, pipe or
socket is touched, and filesystems that may keep one who looks waiting are not entered.
"""

import os
import stat
from typing import FrozenSet, NamedTuple, Optional, Tuple

# To look behind one of these may wait for another machine, or for a process that never answers.
SLOW = frozenset(
    "9p afs autofs ceph cifs coda fuse glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 smb3 smbfs virtiofs".split()
)
_LINKS = 16
ENTRIES = 50000
# stat.S_IS… -> what it is called everywhere here
KINDS = (
    (stat.S_ISDIR, "dir"),
    (stat.S_ISREG, "file"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "char"),
    (stat.S_ISBLK, "block"),
    (stat.S_ISFIFO, "pipe"),
)


class Place(NamedTuple):
    """What stands at a path.

    path: without links; kind: dir, file, socket, char, block, pipe, or "" where nothing is there (yet); identity:
    (device, inode) of the file; number: (major, minor) of a device node; names: how many hard links it has; loose: a
    link on the way that others than root may exchange, "" without one.
    """

    path: str
    kind: str
    identity: Tuple[int, int] = (0, 0)
    number: Optional[Tuple[int, int]] = None
    names: int = 1
    loose: str = ""


class NotLooked(Exception):
    """The path was not looked at: its text is why."""


def is_slow(fstype: str) -> bool:
    """Whether a filesystem of this type may keep one who looks waiting."""
    return fstype in SLOW or fstype.startswith("fuse.")


def look(path: str, slow: FrozenSet[str], root: str = "/") -> Place:
    """What stands at an absolute path, followed as the engine follows it. NotLooked.

    slow: the points of filesystems that are not entered. A path that ends where nothing is has the kind "".
    """
    at: Tuple[str, ...] = ()
    rest: Tuple[str, ...] = _parts(path)
    loose: str = ""
    links: int = 0
    held = [_open(root, None)]
    try:
        while rest:
            name, rest = rest[0], rest[1:]
            if name == "..":
                at = at[:-1]
                while len(held) > len(at) + 1:
                    os.close(held.pop())
                continue
            point = "/" + "/".join(at + (name,))
            if point in slow:
                raise NotLooked(f"{point} is on a network's or a process's filesystem, which isn't waited for")
            try:
                below = _open(name, held[-1])
            except FileNotFoundError:
                return Place("/" + "/".join(at + (name,) + rest), "", loose=loose)
            if not stat.S_ISLNK(os.fstat(below).st_mode):
                held.append(below)
                at += (name,)
                continue
            os.close(below)
            links += 1
            if links > _LINKS:
                raise NotLooked(f"{point} is one link too many")
            if at and at[0] == "proc" and root == "/":  # such a link has no path: the text names the process's own
                return Place("/" + "/".join(at + (name,) + rest), "", loose=loose or point)
            if _is_loose(os.fstat(held[-1])):
                loose = loose or point
            target = os.readlink(name, dir_fd=held[-1])
            rest = _parts(target) + rest
            if target.startswith("/"):
                at = ()
                while len(held) > 1:
                    os.close(held.pop())
        return _place("/" + "/".join(at), os.fstat(held[-1]), loose)
    except OSError as error:
        raise NotLooked(f"{path}: {error.strerror}")
    finally:
        for descriptor in held:
            os.close(descriptor)


def name_below(path: str, identity: Tuple[int, int], slow: FrozenSet[str], limit: int = ENTRIES) -> Optional[str]:
    """A path below a directory, on the same filesystem, that is the file with this identity; None if there is none.

    path: without links. NotLooked where there are more entries than the limit.
    """
    left, rest = limit, [path]
    while rest:
        directory = rest.pop()
        if directory in slow:
            continue
        try:
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue  # it is gone, or somebody exchanged it
        try:
            if os.fstat(descriptor).st_dev != identity[0]:
                continue
            for name in os.listdir(descriptor):
                left -= 1
                if left < 0:
                    raise NotLooked(f"there are more than {int(limit)} files")
                found = _lstat(name, descriptor)
                if found is None or found.st_dev != identity[0]:
                    continue
                if found.st_ino == identity[1]:
                    return directory.rstrip("/") + "/" + name
                if stat.S_ISDIR(found.st_mode):
                    rest.append(directory.rstrip("/") + "/" + name)
        finally:
            os.close(descriptor)
    return None


def _lstat(name: str, directory: int) -> Optional[os.stat_result]:
    try:
        return os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return None


def _parts(path: str) -> Tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _open(name: str, directory: Optional[int]) -> int:
    return os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)


def _is_loose(directory: os.stat_result) -> bool:
    """Whether others than root may exchange what is in a directory. Sticky keeps others from what root put there."""
    return directory.st_uid != 0 or bool(directory.st_mode & 0o022)


def _place(path: str, found: os.stat_result, loose: str) -> Place:
    kind = next((name for is_one, name in KINDS if is_one(found.st_mode)), "")
    number = (os.major(found.st_rdev), os.minor(found.st_rdev)) if kind in ("char", "block") else None
    return Place(path, kind, (found.st_dev, found.st_ino), number, found.st_nlink, loose)
