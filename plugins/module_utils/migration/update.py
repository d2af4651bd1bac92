# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring a copy up to date while its source rests: one walk over both, which writes only what differs. I/O.

A file is taken for unchanged only if the kernel has noted no change of it since before its first copy began (its change
time, which no program can set), if it is still at its place, and if the copy has its size, time, mode and owners. A file that
was moved has changed itself. A directory that was moved has changed, as has the one above it; what is below is then
copied anew, unless nothing but its entries can have changed it.

The kernel notes each write so: linux mm/memory.c, do_page_mkwrite, for writes to memory once the page is clean, as after a sync.
Every rename notes a change of what is renamed: fs/ext4/namei.c, fs/xfs/xfs_inode.c, fs/btrfs/inode.c, fs/f2fs/namei.c.
"""

import os
import stat
from typing import Callable, Dict, FrozenSet, Iterator, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs
from ansible_collections.containment.docker.plugins.module_utils.migration import entry_copy, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

# File systems of this host's own disks that note changes as said above, by this host's clock. tmpfs does not note writes to
# memory.
_EXACT = ("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs")
MOUNTS = "/proc/self/mountinfo"


class Base(NamedTuple):
    """What is known of an earlier copy. oldest: ns since the epoch, what changed then or later is not in it for certain.
    directories: (path below the root, device, inode) of those that the source had before it."""

    oldest: int
    directories: FrozenSet[Tuple[str, int, int]]


class Moved(Exception):
    """The source is not at rest; the text says where."""


class _Folder(NamedTuple):
    """A directory in both trees. above: descriptors of the directories above it and its name there; names: of the source's
    entries; there: of the copy's; known: what the copy has there was copied from here; steady: since then no entry came,
    went or was moved; give: its own attributes are to be given."""

    source: int
    target: int
    above: Tuple[int, int, str]
    path: str
    status: os.stat_result
    names: Iterator[str]
    there: FrozenSet[str]
    known: bool
    steady: bool
    give: bool


def is_exact(source: str) -> bool:
    """Whether change times prove there what did not change: the file system is one of those, and nothing is mounted below."""
    path, best, kind = os.path.realpath(source), "", ""
    try:
        with open(MOUNTS, "rb") as stream:
            mounts = procfs.parse_mountinfo(stream.read())
    except (OSError, ValueError):
        return False
    for mount in mounts:
        if mount.point.startswith(path + "/"):
            return False
        inside = mount.point == "/" or path == mount.point or path.startswith(mount.point + "/")
        if inside and len(mount.point) >= len(best):
            best, kind = mount.point, mount.fstype
    return kind in _EXACT


def update(source: str, target: str, ids: IdMap, base: Base, go_on: Callable[[], None]) -> None:
    """Make target, a copy of ours, the same as source with mapped ids.

    go_on: is called now and then, to raise what stops it. Raises OSError, tree.Unshiftable, Moved.
    """
    limit = tree.raise_descriptors() // 2
    work = _Update(ids, base, go_on, target)
    stack: List[_Folder] = []
    roots: List[int] = []
    try:
        roots += [os.open(source, tree.DIRECTORY), os.open(target, tree.DIRECTORY)]
        both = (roots[0], roots[1], ".")
        stack.append(work.enter(both, "", os.fstat(roots[0]), os.fstat(roots[1]), True, True))
        while stack:
            folder = stack[-1]
            name = next(folder.names, None)
            if name is None:
                work.leave(stack.pop())
                continue
            below = work.entry(folder, name)
            if below is not None:
                stack.append(below)
                if len(stack) >= limit:
                    raise tree.Unshiftable(f"{inert(below.path)} is deeper than directories can be held open")
    except FileNotFoundError as error:
        raise Moved(inert(error.filename or "a file"))
    except entry_copy.Torn as error:
        raise Moved(str(error))
    finally:
        for handle in roots + [handle for folder in stack for handle in (folder.source, folder.target)]:
            os.close(handle)


class _Update:
    """One update at work. links: (device, inode) of a source that has several names -> a path of its copy below root, and
    the inode of that."""

    def __init__(self, ids: IdMap, base: Base, go_on: Callable[[], None], root: str) -> None:
        self._ids, self._base, self._go_on, self._root = ids, base, go_on, root
        self._links: Dict[Tuple[int, int], Tuple[str, int]] = {}

    def enter(
        self,
        above: Tuple[int, int, str],
        path: str,
        status: os.stat_result,
        now: Optional[os.stat_result],
        known: bool,
        steady: bool,
    ) -> _Folder:
        """Begin with a directory. now: of the copy's, None where there was none; known, steady: as of the one above."""
        self._go_on()
        source_above, target_above, name = above
        if now is None:
            os.mkdir(name, 0o700, dir_fd=target_above)
        changed = not self._is_old(status)
        give = not known or changed or now is None or not self._is_alike(status, now, name)
        if changed and not steady:
            # Entries came or went, which changes the time of its content, too. Otherwise it was moved, maybe there and back.
            same = (path, status.st_dev, status.st_ino) in self._base.directories
            known = known and same and status.st_mtime_ns >= self._base.oldest
        known = known and now is not None
        handles: List[int] = []
        try:
            for one in (source_above, target_above):
                handles.append(os.open(name, tree.DIRECTORY, dir_fd=one))
            source, target = handles
            names, there = os.listdir(source), frozenset(os.listdir(target))
            for extra in there.difference(names):
                entry_copy.remove(target, extra, os.stat(extra, dir_fd=target, follow_symlinks=False))
        except BaseException:
            for handle in handles:
                os.close(handle)
            raise
        return _Folder(source, target, above, path, status, iter(names), there, known, known and not changed, give)

    def leave(self, folder: _Folder) -> None:
        """End with a directory: its content is as it should be."""
        source, target, name = folder.above
        now = os.fstat(folder.target)
        os.close(folder.source)
        os.close(folder.target)
        if folder.give:
            entry_copy.give(source, target, name, folder.status, self._ids)
        elif now.st_mtime_ns != folder.status.st_mtime_ns:
            entry_copy.set_times(target, name, folder.status)

    def entry(self, folder: _Folder, name: str) -> Optional[_Folder]:
        """Bring one entry up to date; what is a directory is returned, to go on there."""
        status = os.stat(name, dir_fd=folder.source, follow_symlinks=False)
        now = os.stat(name, dir_fd=folder.target, follow_symlinks=False) if name in folder.there else None
        if stat.S_ISDIR(status.st_mode):
            if now is not None and not stat.S_ISDIR(now.st_mode):
                entry_copy.remove(folder.target, name, now)
                now = None
            path = f"{folder.path}/{name}" if folder.path else name
            return self.enter((folder.source, folder.target, name), path, status, now, folder.known, folder.steady)
        if status.st_nlink > 1:
            self._linked(folder, name, status, now)
        elif not self._may_stay(folder, name, status, now):
            self._replace(folder, name, status, now)
        return None

    def _may_stay(self, folder: _Folder, name: str, status: os.stat_result, now: Optional[os.stat_result]) -> bool:
        return folder.known and now is not None and self._is_old(status) and self._is_alike(status, now, name)

    def _linked(self, folder: _Folder, name: str, status: os.stat_result, now: Optional[os.stat_result]) -> None:
        """One of several names of a file: the copies are one file, too."""
        key = (status.st_dev, status.st_ino)
        if key in self._links:
            path, inode = self._links[key]
            if now is None or now.st_ino != inode:
                if now is not None:
                    entry_copy.remove(folder.target, name, now)
                self._link(path, folder.target, name)
            return
        if not self._may_stay(folder, name, status, now):
            self._replace(folder, name, status, now)
        copied = os.stat(name, dir_fd=folder.target, follow_symlinks=False)
        self._links[key] = (f"{folder.path}/{name}" if folder.path else name, copied.st_ino)

    def _link(self, path: str, target: int, name: str) -> None:
        parent, _slash, old = path.rpartition("/")
        handle = tree.open_below(self._root, parent)
        try:
            os.link(old, name, src_dir_fd=handle, dst_dir_fd=target, follow_symlinks=False)
        finally:
            os.close(handle)

    def _replace(self, folder: _Folder, name: str, status: os.stat_result, now: Optional[os.stat_result]) -> None:
        both = (folder.source, folder.target, name, status, self._ids, self._go_on)
        if now is not None and entry_copy.can_rewrite(status, now):
            entry_copy.rewrite(*both)
            return
        if now is not None:
            entry_copy.remove(folder.target, name, now)
        entry_copy.make(*both)

    def _is_old(self, status: os.stat_result) -> bool:
        return status.st_ctime_ns < self._base.oldest

    def _is_alike(self, status: os.stat_result, now: os.stat_result, name: str) -> bool:
        """Whether the copy has what its status shows of the source's, the content of a directory aside."""
        if now.st_mode != status.st_mode or (now.st_uid, now.st_gid) != entry_copy.mapped(status, self._ids, name):
            return False
        if stat.S_ISDIR(status.st_mode):
            return True
        return (now.st_size, now.st_mtime_ns, now.st_rdev) == (status.st_size, status.st_mtime_ns, status.st_rdev)
