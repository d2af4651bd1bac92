# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at files of the host below a path, within a budget. I/O only: decides nothing, opens no file, follows no link."""

import os
from typing import FrozenSet, Iterator, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import file_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked, look

# Of one directory tree: what decides is near its top.
DEPTH, ENTRIES = 4, 2000
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def find(path: str, slow: FrozenSet[str]) -> Optional[File]:
    """Look at what stands at a path, its links followed as the engine follows them; None where nothing does. Raise Unreadable.

    slow: the points of filesystems that may keep one who looks waiting.
    """
    try:
        place = look(path, slow)
        if not place.kind:
            return None
        descriptor = os.open(place.path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except NotLooked as reason:
        raise Unreadable(str(reason))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
    try:
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if (status.st_dev, status.st_ino) != place.identity:
        raise Unreadable(f"{place.path} was exchanged while it was looked at")
    return file_of(place.path, status)


class Tree:
    """The files below a directory, on its filesystem alone; not the directory itself, and no links.

    path: without links. incomplete: why not all were looked at, "" where they were; deeper: whether only their depth is why.
    points: whether what other filesystems are mounted on counts, too, by the root of each; what is below never does.
    """

    def __init__(
        self,
        path: str,
        slow: FrozenSet[str],
        budget: Budget,
        depth: int = DEPTH,
        entries: int = ENTRIES,
        points: bool = False,
    ) -> None:
        self.incomplete, self.deeper = "", False
        self._path, self._slow, self._budget = path, slow, budget
        self._depth, self._entries, self._remaining = depth, entries, entries
        self._points = points

    def files(self) -> Iterator[File]:
        """Yield each, those of a directory before what is in its directories."""
        try:
            descriptor = os.open(self._path, _DIRECTORY)
        except OSError as error:
            self.incomplete = f"{self._path}: {error.strerror}"
            return
        try:
            yield from self._below(descriptor, self._path.rstrip("/"), os.fstat(descriptor).st_dev, self._depth)
        finally:
            os.close(descriptor)

    def _below(self, directory: int, path: str, device: int, depth: int) -> Iterator[File]:
        inside = []
        for name in os.listdir(directory):
            here = f"{path}/{name}"
            if here in self._slow:
                continue
            self._remaining -= 1
            if self._remaining < 0 or not self._budget.take():
                self.deeper = False
                self.incomplete = self._budget.ended or f"{self._path} has more than {int(self._entries)} files"
                return
            try:
                status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            except OSError:
                continue  # gone meanwhile
            file = file_of(here, status)
            if file.kind and (status.st_dev == device or self._points):
                yield file
                if file.kind == "dir" and status.st_dev == device:
                    inside.append(name)
        if inside and depth <= 1:
            self.incomplete, self.deeper = f"{self._path} is deeper than {int(self._depth)} directories", True
            return
        for name in inside:
            try:
                descriptor = os.open(name, _DIRECTORY, dir_fd=directory)
            except OSError:
                continue  # gone, or a link stands there now
            try:
                if os.fstat(descriptor).st_dev == device:
                    yield from self._below(descriptor, f"{path}/{name}", device, depth - 1)
            finally:
                os.close(descriptor)
            if self._remaining < 0 or self._budget.ended:
                return
