# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects which files of a container give other ids or capabilities, and what its entrypoint and its crontabs name. Reads only.

All is read on the host's side: the container's layers, and the volumes from which it runs programs. Nothing is executed, no link
is followed out of them, and of an image's layer that several containers share there is one search.
"""

import os
import stat
from functools import partial
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.forecast import (
    container_layers,
    program_names,
    volume_programs,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux import privileged_files
from ansible_collections.containment.docker.plugins.module_utils.linux.overlay import Overlay
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.privileged_files import PrivilegedFile
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import Gone, open_member

KEY = "privileged_files"


class ContainerFiles(NamedTuple):
    """What was read of one container.

    privileged: the files, by their paths in the container; sources: what names programs; users: {name: uid} of its
    /etc/passwd; directories: its PATH; obstacle: what could not be looked at, "" if nothing; program_of: pid -> the program
    that it runs, "" if that can't be read.
    """

    privileged: Tuple[PrivilegedFile, ...]
    sources: Tuple[program_names.Source, ...]
    users: Mapping[str, int]
    directories: Tuple[str, ...]
    obstacle: str
    program_of: Any


def add(container_id: str, evidence: Evidence) -> None:
    """Add what no_new_privileges reads, collected when it does."""
    inspect, mounts = dict.get(evidence, "inspect"), dict.get(evidence, "mounts")
    if not isinstance(inspect, dict):
        return
    processes = dict.get(evidence, "processes")
    pids = sorted({process.pid for process in processes}) if isinstance(processes, list) else []
    mounts = mounts if isinstance(mounts, list) else None
    evidence[KEY] = Later(partial(collect, container_id, inspect, mounts, pids, evidence["search"]))


def collect(
    container_id: str, inspect: Mapping[str, Any], mounts: Optional[Sequence[Any]], pids: Sequence[int], search: Budget
) -> ContainerFiles:
    """Return what is read of a container. mounts: None where it does not run. What can't be read is its obstacle."""
    program_of = partial(_program, container_id)
    privileged: List[PrivilegedFile] = []
    sources = tuple(program_names.of_config(inspect))
    users: Dict[str, int] = {}
    try:
        directories = container_layers.directories(inspect, mounts)
        with Overlay(directories) as layers:
            privileged, obstacle = _of_layers(layers, _covered(inspect), search)
            sources += tuple(program_names.of_files(layers, inspect))
            users = program_names.users(layers)
    except Unreadable as reason:
        obstacle = str(reason)
    except OSError as error:
        obstacle = f"its layers: {error.filename or ''}: {error.strerror}"
    path = tuple(program_names.search_path(inspect))
    programs = [program_of(pid) for pid in pids] + list(path)
    more, obstacle_of_volumes = volume_programs.search(inspect, mounts, programs, search)
    obstacle = inert(obstacle or obstacle_of_volumes)
    return ContainerFiles(tuple(privileged + more), sources, users, path, obstacle, program_of)


def _of_layers(layers: Overlay, covered: Sequence[str], search: Budget) -> Tuple[List[PrivilegedFile], str]:
    """(the files that the container sees, what could not be searched)."""
    files, obstacle = [], ""
    for number in range(len(layers.directories)):
        result = _search_once(layers.root(number), search)
        obstacle = obstacle or result.incomplete or (search.ended if result.ended else "")
        for file in result.privileged:
            if any(below(file.path, point) for point in covered):
                continue
            entry = layers.look(file.path, follow=False)
            if entry is not None and entry.layer == number and stat.S_ISREG(entry.status.st_mode):
                files.append(file)
    return files, obstacle


def _search_once(descriptor: int, search: Budget) -> privileged_files.Result:
    status = os.fstat(descriptor)
    key = (status.st_dev, status.st_ino)
    if key not in search.memory:
        search.memory[key] = privileged_files.search(descriptor, search.take)
    return search.memory[key]


def _covered(inspect: Mapping[str, Any]) -> List[str]:
    """Where something is mounted over the layers."""
    mounts = [mount["Destination"] for mount in inspect.get("Mounts") or ()]
    return mounts + list(inspect["HostConfig"].get("Tmpfs") or ()) + ["/proc", "/sys", "/dev"]


def _program(container_id: str, pid: int) -> str:
    try:
        with open_member(container_id, pid) as process:
            return os.readlink("exe", dir_fd=process.directory)
    except (OSError, Gone):
        return ""
