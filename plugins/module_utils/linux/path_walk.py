# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Go to what stands at a path, link by link, below a root directory and never out of it. I/O only: decides nothing.

Each directory on the way is held by a descriptor (O_PATH), so nothing can be exchanged between two looks, and no device,
pipe or socket is touched. Absolute links and `..` lead to the root that was given, not to this process's own.
"""

import errno
import os
import stat
from typing import AbstractSet, Callable, List, NamedTuple, Optional, Tuple

LINKS = 40  # linux: MAXSYMLINKS
_PLACE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_ROOT = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC  # which may be the kernel's own link, as /proc/PID/root


class Missing(Exception):
    """Nothing stands there.

    path: without the links that were followed; changed: when its directory was last changed, in seconds since the epoch;
    last: whether only the last component is missing.
    """

    def __init__(self, path: str, changed: float, last: bool) -> None:
        Exception.__init__(self, f"{path}: {os.strerror(errno.ENOENT)}")
        self.path, self.changed, self.last = path, changed, last


class NotEntered(Exception):
    """The path leads to a filesystem that may keep one who looks waiting: the text names it."""


class Link(NamedTuple):
    """A link on the way. path: of it, without links; rest: what follows it; directory: a descriptor of where it stands."""

    path: str
    rest: str
    directory: int
    status: os.stat_result


def open_place(
    path: str,
    root: str = "/",
    slow: AbstractSet[str] = frozenset(),
    on_link: Optional[Callable[[Link], None]] = None,
) -> Tuple[int, str]:
    """Return (an O_PATH descriptor, the path without links) of what stands at an absolute path. The caller closes it.

    slow: points of filesystems that are not entered. on_link: is called before a link is followed; what it raises ends the
    walk. Raise Missing, NotEntered, OSError.
    """
    at: Tuple[str, ...] = ()
    rest, links = _components(path), 0
    trail = [os.open(root, _ROOT)]  # the root, and then one descriptor for each component of `at`
    try:
        while rest:
            name = rest.pop()
            if name == "..":
                at = at[:-1]
                _shorten(trail, len(at) + 1)
                continue
            point = "/" + "/".join(at + (name,))
            if point in slow:
                raise NotEntered(f"{point} is on a network's or a process's filesystem, which isn't waited for")
            try:
                step = os.open(name, _PLACE, dir_fd=trail[-1])
            except FileNotFoundError:
                raise Missing(_joined(point, rest), os.fstat(trail[-1]).st_mtime, not rest)
            trail.append(step)
            status = os.fstat(step)
            if not stat.S_ISLNK(status.st_mode):
                at += (name,)
                continue
            links += 1
            if links > LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            if on_link:
                on_link(Link(point, "/".join(rest[::-1]), trail[-2], status))
            target = os.readlink("", dir_fd=step)
            if target.startswith("/"):
                at = ()
            _shorten(trail, len(at) + 1)
            rest += _components(target)
        return trail.pop(), "/" + "/".join(at)
    finally:
        _shorten(trail, 0)


def _shorten(trail: List[int], length: int) -> None:
    while len(trail) > length:
        os.close(trail.pop())


def _components(path: str) -> List[str]:
    """Of a path, the first one last."""
    return [part for part in path.split("/") if part not in ("", ".")][::-1]


def _joined(point: str, rest: List[str]) -> str:
    return "/".join([point, *rest[::-1]])
