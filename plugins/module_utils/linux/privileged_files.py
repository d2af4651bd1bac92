# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches a directory tree for files that give who executes them other ids or capabilities. I/O: lstat only.

The tree may be a container's: deep, wide, with odd names, and changing. No link is followed, no other filesystem entered.
"""

import errno
import os
import stat
import struct
from typing import Callable, FrozenSet, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

DEPTH_LIMIT = 64
FILE_LIMIT = 2000
_CHUNK = 256  # files that are taken from the budget at once
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
_REVISION_1, _REVISIONS_2 = 0x01000000, (0x02000000, 0x03000000)  # linux: include/uapi/linux/capability.h


class PrivilegedFile(NamedTuple):
    """A file with a setuid or setgid bit or capabilities. path: below the tree, as the bytes' surrogates have it.

    setuid, setgid: whether it is executed as its owner, as its group; capabilities: what it gives.
    """

    path: str
    setuid: bool
    setgid: bool
    owner: int
    group: int
    capabilities: FrozenSet[str]


class Result(NamedTuple):
    """What a search returns. files: how many were looked at; incomplete: what could not be looked at, "" if nothing.

    ended: whether the budget ended it.
    """

    privileged: Tuple[PrivilegedFile, ...]
    files: int
    incomplete: str
    ended: bool


def parse_capabilities(value: bytes) -> FrozenSet[str]:
    """Return the capabilities that a security.capability gives whoever executes the file. Raise ValueError for another shape."""
    if len(value) < 12:
        raise ValueError(f"{len(value)} bytes are no file capabilities")
    (magic,) = struct.unpack("<I", value[:4])
    revision = magic & 0xFF000000
    if revision == _REVISION_1 and len(value) == 12:
        low, high = struct.unpack("<I", value[4:8])[0], 0
    elif revision in _REVISIONS_2 and len(value) in (20, 24):
        low, high = struct.unpack("<I4xI", value[4:16])
    else:
        raise ValueError(f"file capabilities of an unknown revision {revision:#x}")
    return procfs.capabilities(low | high << 32)


def search(root: int, take: Callable[[int], bool]) -> Result:
    """Search the tree of an open directory. take: counts files off a budget, False where the search has to end.

    Raise nothing: what can't be looked at is a reason in the result. That the budget ended it, the budget itself says.
    """
    if not take(0):
        return Result((), 0, "", True)
    walk = _Walk(os.fstat(root).st_dev, take)
    walk.enter(os.dup(root), "")
    try:
        while walk.stack and not walk.ended:
            directory, path, names = walk.stack[-1]
            if names:
                walk.descend(directory, path, names.pop())
            else:
                os.close(walk.stack.pop()[0])
    finally:
        while walk.stack:
            os.close(walk.stack.pop()[0])
    take(walk.files % _CHUNK)
    return Result(tuple(walk.privileged), walk.files, walk.incomplete, walk.ended)


class _Walk:
    """One search. stack: [(open directory, its path, names of directories in it that are still to be entered)]."""

    def __init__(self, device: int, take: Callable[[int], bool]) -> None:
        self.stack: List[Tuple[int, str, List[str]]] = []
        self.privileged: List[PrivilegedFile] = []
        self.files, self.incomplete, self.ended = 0, "", False
        self._device, self._take = device, take

    def descend(self, parent: int, path: str, name: str) -> None:
        try:
            directory = os.open(name, _DIRECTORY, dir_fd=parent)
        except (FileNotFoundError, NotADirectoryError):
            return  # it was removed or exchanged meanwhile
        except OSError as error:
            self._miss(f"{path}/{name}: {error.strerror}")
            return
        if os.fstat(directory).st_dev != self._device:
            os.close(directory)
        elif len(self.stack) >= DEPTH_LIMIT:
            os.close(directory)
            self._miss(f"more than {DEPTH_LIMIT} directories below one another")
        else:
            self.enter(directory, f"{path}/{name}")

    def enter(self, directory: int, path: str) -> None:
        names: List[str] = []
        self.stack.append((directory, path, names))
        base = f"/proc/self/fd/{int(directory)}"
        try:
            with os.scandir(base) as entries:
                for entry in entries:
                    self.files += 1
                    if self.files % _CHUNK == 0 and not self._take(_CHUNK):
                        self.ended = True
                        return
                    if entry.is_dir(follow_symlinks=False):
                        names.append(entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        self._look(base, path, entry)
        except OSError as error:
            self._miss(f"{path or '/'}: {error.strerror}")

    def _look(self, base: str, path: str, entry: "os.DirEntry[str]") -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return
        mode = status.st_mode
        if not mode & _EXECUTABLE:
            return
        capabilities = self._capabilities(f"{base}/{entry.name}", f"{path}/{entry.name}")
        setgid = bool(mode & stat.S_ISGID and mode & stat.S_IXGRP)
        if not (mode & stat.S_ISUID or setgid or capabilities):
            return
        if len(self.privileged) >= FILE_LIMIT:
            self._miss(f"more than {FILE_LIMIT} files with a setuid or setgid bit or capabilities")
            return
        self.privileged.append(
            PrivilegedFile(
                f"{path}/{entry.name}",
                bool(mode & stat.S_ISUID),
                setgid,
                status.st_uid,
                status.st_gid,
                capabilities,
            )
        )

    def _capabilities(self, place: str, path: str) -> FrozenSet[str]:
        try:
            value = os.getxattr(place, "security.capability", follow_symlinks=False)
        except OSError as error:
            if error.errno not in (errno.ENODATA, errno.ENOTSUP, errno.ENOENT):
                self._miss(f"{path}: its capabilities: {error.strerror}")
            return frozenset()
        try:
            return parse_capabilities(value)
        except ValueError as error:
            self._miss(f"{path}: {error}")
            return frozenset()

    def _miss(self, reason: str) -> None:
        self.incomplete = self.incomplete or reason
