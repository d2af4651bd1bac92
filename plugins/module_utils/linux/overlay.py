# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a container's files where the host keeps them: the directories that an overlay puts over one another. I/O only.

No link is followed by the kernel, so that nothing outside these directories is ever opened: each component is opened by itself
with O_NOFOLLOW, and what a link says is looked up from the container's own root. A deleted file does not exist: whiteouts, opaque
directories and files that stand in place of a directory hide what lies below them.
linux: Documentation/filesystems/overlayfs.rst
"""

import os
import re
import stat
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_OPAQUE = ("trusted.overlay.opaque", "user.overlay.opaque")
_LINKS = 40  # linux: MAXSYMLINKS


class Entry(NamedTuple):
    """What stands at a path. layer: which directory has it, 0 is the uppermost; path: without links."""

    layer: int
    path: str
    status: os.stat_result


def parse_directories(options: str) -> Tuple[str, ...]:
    """Return the directories of an overlay by the options in mountinfo, the uppermost first. Raise ValueError if it names none.

    linux: fs/overlayfs/super.c, ovl_show_options; from 6.8 on each lower one may have its own option. containerd shortens what
    they have in common where they are long, and then they are relative to where the upper one's neighbours are.
    """
    upper, lower = "", []
    for option in _split(options, ","):
        key, _equals, value = option.partition("=")
        if key == "upperdir":
            upper = _plain(value)
        elif key == "lowerdir":
            lower = [_plain(part) for part in _split(value, ":") if part]
        elif key == "lowerdir+":
            lower.append(_plain(value))
    base = os.path.dirname(os.path.dirname(upper))
    directories = tuple(os.path.join(base, path) for path in ([upper] if upper else []) + lower)
    if not lower or not all(path.startswith("/") for path in directories):
        raise ValueError("the mount's options name no directories that can be found")
    return directories


def _split(text: str, at: str) -> List[str]:
    """Split at a character that no backslash stands before."""
    parts: List[str] = []
    begin, escaped = 0, False
    for place, character in enumerate(text):
        if character == at and not escaped:
            parts.append(text[begin:place])
            begin = place + 1
        escaped = character == "\\" and not escaped
    return parts + [text[begin:]]


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


# The layer's number, and the descriptor of a directory in it.
Layer = Tuple[int, int]


class Overlay:
    """The open directories of a container's root, the uppermost first; a context manager that closes them."""

    def __init__(self, directories: Sequence[str]) -> None:
        """Open them. Raise OSError. The last component of one may be a link: the engine made these paths."""
        self.directories = tuple(directories)
        self._roots: List[Tuple[int, int]] = []
        try:
            for number, path in enumerate(directories):
                self._roots.append((number, os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)))
        except OSError:
            self.close()
            raise

    def __enter__(self) -> "Overlay":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the directories; a second time does nothing."""
        while self._roots:
            os.close(self._roots.pop()[1])

    def root(self, layer: int) -> int:
        """Return the descriptor of a directory."""
        return self._roots[layer][1]

    def look(self, path: str, follow: bool = True) -> Optional[Entry]:
        """Return what a container sees at a path, None where nothing is. Raise OSError for too many links.

        follow: whether links are; otherwise a path that leads through one has nothing.
        """
        at: List[List[Tuple[int, int]]] = [self._roots]  # the directories of each component so far
        names: List[str] = []
        rest, links = _components(path), 0
        entry = Entry(0, "/", os.fstat(self.root(0)))
        try:
            while rest:
                name = rest.pop()
                if name == "..":
                    if len(at) > 1:
                        _close(at.pop())
                        names.pop()
                    continue
                step, layer, status = _step(at[-1], name)
                if status is None:
                    return None
                entry = Entry(layer, "/" + "/".join(names + [name]), status)
                if stat.S_ISDIR(status.st_mode):
                    at.append(step)
                    names.append(name)
                elif stat.S_ISLNK(status.st_mode) and follow:
                    links += 1
                    if links > _LINKS:
                        raise OSError(40, f"{path}: too many links")
                    target = os.readlink(name, dir_fd=dict(at[-1])[layer])
                    if target.startswith("/"):
                        while len(at) > 1:
                            _close(at.pop())
                        names = []
                    rest += _components(target)
                elif rest:
                    return None
            return entry
        finally:
            for step in at[1:]:
                _close(step)

    def read(self, path: str, limit: int) -> bytes:
        """Return the first bytes of a regular file, b"" where there is none. Raise OSError."""
        entry = self.look(path)
        if entry is None or not stat.S_ISREG(entry.status.st_mode):
            return b""
        directory = os.dup(self.root(entry.layer))
        try:
            names = _components(entry.path)
            while len(names) > 1:
                below = os.open(names.pop(), _DIRECTORY, dir_fd=directory)
                os.close(directory)
                directory = below
            descriptor = os.open(names[0], _FILE, dir_fd=directory)
        finally:
            os.close(directory)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b""  # it was exchanged
            return os.read(descriptor, limit)
        finally:
            os.close(descriptor)

    def names(self, path: str, limit: int) -> List[str]:
        """Return the names in a directory of any layer that may be visible, at most so many, in order. Raise OSError."""
        names = set()
        for layer in range(len(self._roots)):
            base = f"/proc/self/fd/{int(self.root(layer))}"
            entry = _open_below(base, _components(path))
            if entry is None:
                continue
            try:
                with os.scandir(f"/proc/self/fd/{int(entry)}") as entries:
                    for item in entries:
                        names.add(item.name)
                        if len(names) >= limit:
                            return sorted(names)
            finally:
                os.close(entry)
        return sorted(names)


def _open_below(base: str, names: List[str]) -> Optional[int]:
    directory = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    while names:
        try:
            below = os.open(names.pop(), _DIRECTORY, dir_fd=directory)
        except OSError:
            return None
        finally:
            os.close(directory)
        directory = below
    return directory


def _components(path: str) -> List[str]:
    """The components, the first one last."""
    return [part for part in path.split("/") if part not in ("", ".")][::-1]


def _step(directories: Iterable[Layer], name: str) -> Tuple[List[Layer], int, Optional[os.stat_result]]:
    """(the directories of that name that are visible, the layer that decides, its status or None)."""
    layers: List[Layer] = []
    decides: int = 0
    status: Optional[os.stat_result] = None
    for layer, descriptor in directories:
        try:
            this = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(this.st_mode):
            if status is None and not _is_whiteout(this):
                decides, status = layer, this
            break
        try:
            below = os.open(name, _DIRECTORY, dir_fd=descriptor)
        except OSError:
            break  # it was exchanged meanwhile
        layers.append((layer, below))
        if status is None:
            decides, status = layer, this
        if _is_opaque(below):
            break
    if status is None or not stat.S_ISDIR(status.st_mode):
        _close(layers)
        layers = []
    return layers, decides, status


def _is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def _is_opaque(descriptor: int) -> bool:
    for name in _OPAQUE:
        try:
            if os.getxattr(descriptor, name) == b"y":
                return True
        except OSError:
            continue
    return False


def _close(directories: Iterable[Layer]) -> None:
    for _layer, descriptor in directories:
        os.close(descriptor)
