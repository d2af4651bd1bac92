# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a path of the host is, without opening what stands there. I/O only: decides nothing."""

import os
import stat
from typing import FrozenSet, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import path_walk

# To look behind one of these may wait for another machine, or for a process that never answers.
SLOW = frozenset(
    "9p afs autofs ceph cifs coda fuse glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 smb3 smbfs virtiofs".split()
)
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
    loose: List[str] = []

    def on_link(link: path_walk.Link) -> None:
        if root == "/" and link.path.startswith("/proc/"):  # it has no path: the text names the process's own
            raise _Unfollowed(
                Place(os.path.join(link.path, link.rest).rstrip("/"), "", loose=(loose or [link.path])[0])
            )
        if _is_loose(os.fstat(link.directory)):
            loose.append(link.path)

    try:
        descriptor, real = path_walk.open_place(path, root, slow, on_link)
    except _Unfollowed as end:
        return end.place
    except path_walk.Missing as missing:
        return Place(missing.path, "", loose=loose[0] if loose else "")
    except path_walk.NotEntered as reason:
        raise NotLooked(str(reason))
    except OSError as error:
        raise NotLooked(f"{path}: {error.strerror}")
    try:
        return _place(real, os.fstat(descriptor), loose[0] if loose else "")
    finally:
        os.close(descriptor)


class _Unfollowed(Exception):
    """Ends a walk at a link that isn't followed."""

    def __init__(self, place: Place) -> None:
        Exception.__init__(self)
        self.place = place


def name_below(path: str, identity: Tuple[int, int], slow: FrozenSet[str], limit: int = ENTRIES) -> Optional[str]:
    """A path below a directory, on the same filesystem, that is the file with this identity; None if there is none.

    path: without links. NotLooked where there are more entries than the limit.
    """
    remaining, rest = limit, [path]
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
                remaining -= 1
                if remaining < 0:
                    raise NotLooked(f"there are more than {int(limit)} files")
                status = _lstat(name, descriptor)
                if status is None or status.st_dev != identity[0]:
                    continue
                if status.st_ino == identity[1]:
                    return directory.rstrip("/") + "/" + name
                if stat.S_ISDIR(status.st_mode):
                    rest.append(directory.rstrip("/") + "/" + name)
        finally:
            os.close(descriptor)
    return None


def _lstat(name: str, directory: int) -> Optional[os.stat_result]:
    try:
        return os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return None


def _is_loose(directory: os.stat_result) -> bool:
    """Whether others than root may exchange what is in a directory. Sticky keeps others from what root put there."""
    return directory.st_uid != 0 or bool(directory.st_mode & 0o022)


def _place(path: str, status: os.stat_result, loose: str) -> Place:
    kind = next((name for is_one, name in KINDS if is_one(status.st_mode)), "")
    number = (os.major(status.st_rdev), os.minor(status.st_rdev)) if kind in ("char", "block") else None
    return Place(path, kind, (status.st_dev, status.st_ino), number, status.st_nlink, loose)
