# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a file as a process with another root directory sees it, and no file but that. I/O only.

Links are followed below that root: an absolute one in a mount namespace of a user's own would lead to the host's files.
"""

import errno
import os
import stat
from typing import List, Tuple

_LINKS = 40  # linux: MAXSYMLINKS
_AT = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


class Missing(Exception):
    """There is no such file. since: in seconds since the epoch, when its directory was last changed; directory: its path
    from the root, as far as there is one; last: whether only the last component is missing."""

    def __init__(self, path: str, since: float, last: bool) -> None:
        Exception.__init__(self, f"{path}: there is no such file")
        self.since = since
        self.last = last


def read(path: str, limit: int, root: str = "/") -> Tuple[bytes, float]:
    """Read a regular file: (its first `limit` + 1 bytes, since when it can't have been another, in seconds since the epoch).

    Raise Missing, OSError, ValueError for what is no regular file.
    """
    descriptor, since = find(path, root)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{path} is no regular file")
        with open(f"/proc/self/fd/{int(descriptor)}", "rb") as stream:
            return stream.read(limit + 1), max(since, found.st_ctime)
    finally:
        os.close(descriptor)


def find(path: str, root: str = "/") -> Tuple[int, float]:
    """(an O_PATH descriptor, when the newest link on the way was made). Raise Missing, OSError."""
    trail = [os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)]  # the directories from the root on
    parts, links, since = _parts(path), 0, 0.0
    try:
        while parts:
            name = parts.pop()
            if name == "..":
                if len(trail) > 1:
                    os.close(trail.pop())
                continue
            try:
                step = os.open(name, _AT, dir_fd=trail[-1])
            except FileNotFoundError:
                raise Missing(path, max(since, os.fstat(trail[-1]).st_mtime), not parts)
            trail.append(step)
            status = os.fstat(step)
            if stat.S_ISLNK(status.st_mode):
                links += 1
                if links > _LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                since = max(since, status.st_ctime)
                target = os.readlink("", dir_fd=step)
                os.close(trail.pop())
                if target.startswith("/"):
                    while len(trail) > 1:
                        os.close(trail.pop())
                parts += _parts(target)
        return trail.pop(), since
    finally:
        for descriptor in trail:
            os.close(descriptor)


def _parts(path: str) -> List[str]:
    """The components, the first one last."""
    return [part for part in path.split("/") if part not in ("", ".")][::-1]
