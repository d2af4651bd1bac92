# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches the volumes and bind mounts from which a container runs programs for setuid files. Reads only."""

import os
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux import places, privileged_files
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.privileged_files import PrivilegedFile

_AT = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def search(
    inspect: Mapping[str, Any], mounts: Optional[Sequence[Any]], programs: Sequence[str], budget: Budget
) -> Tuple[List[PrivilegedFile], str]:
    """Return (the files by their paths in the container, what could not be searched, "" if nothing).

    programs: what it runs, and the directories where it looks for programs. mounts: its mountinfo, None where it doesn't run.
    """
    files: List[PrivilegedFile] = []
    obstacle = ""
    at = {mount.point: mount for mount in mounts or ()}
    for volume in inspect.get("Mounts") or ():
        source, point = volume.get("Source"), volume["Destination"]
        if not source or not any(below(program, point) for program in programs):
            continue
        mount = at.get(point)
        if mount is not None and ("nosuid" in mount.options or "noexec" in mount.options):
            continue
        if mount is not None and places.is_slow(mount.fstype):
            obstacle = obstacle or f"{inert(point, 100)} is on a filesystem that may keep one who looks waiting"
            continue
        privileged, reason = _search(source, None if mount is None else mount.device, budget)
        files += [file._replace(path=point.rstrip("/") + file.path) for file in privileged]
        obstacle = obstacle or (f"{inert(point, 100)}: {reason}" if reason else "")
    return files, obstacle


def _search(source: str, device: Optional[str], budget: Budget) -> Tuple[Sequence[PrivilegedFile], str]:
    try:
        descriptor = _open(source)
    except NotADirectoryError:
        return (), ""  # a file, or a link: who runs it names it
    except OSError as error:
        return (), error.strerror or "it can't be opened"
    try:
        status = os.fstat(descriptor)
        if device not in (None, f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"):
            return (), "another directory is mounted there than its path names"
        key = (status.st_dev, status.st_ino)
        if key not in budget.memory:
            budget.memory[key] = privileged_files.search(descriptor, budget.take)
        result = budget.memory[key]
        return result.privileged, result.incomplete or (budget.ended if result.ended else "")
    finally:
        os.close(descriptor)


def _open(path: str) -> int:
    """Open a directory by its components and follow no link, as others may write on the way to it."""
    descriptor = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for name in path.split("/"):
        if name in ("", "."):
            continue
        try:
            below_it = os.open(name, _AT, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = below_it
    return descriptor
