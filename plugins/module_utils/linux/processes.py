# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the kernel says about the processes of a container. I/O only: decides nothing."""

import os
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import members, privilege, procfs, tasks
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import (
    Gone,
    ProcessHandle,
    open_living_member,
    open_member,
    open_started_at,
)

# What look() collects of a running container.
KEYS = ("processes", "cgroup", "namespaces", "mounts", "stat", "uid_map", "views", "incomplete")
PROCESS_LIMIT = 4096


def look(container: str, init: int, pids: List[int], strays: Optional[Mapping[int, int]] = None) -> Evidence:
    """Return the kernel's evidence of a running container as look_at does. Raise Gone."""
    with open_living_member(container, init) as process:
        return look_at(process, container, init, pids, strays)


def look_at(
    process: ProcessHandle, container: str, init: int, pids: List[int], strays: Optional[Mapping[int, int]] = None
) -> Evidence:
    """Return the kernel's evidence of a running container, by the names in KEYS.

    init: the pid that the engine names; process: it, opened by open_living_member. strays: pid -> start of those of the
    pids that left the container's control group. incomplete: why not all processes, threads or namespaces were looked
    at, "" where all were. Raise Gone if init has ended.
    """
    evidence = Evidence(cgroup=process.cgroup)
    links = tasks.namespaces("", process.directory)
    if links:
        own = evidence["namespaces"] = {name: links[name] for name in tasks.NAMESPACES}
    else:
        own = evidence["namespaces"] = _or_reason(process, process.namespaces)
    mounts = evidence["mounts"] = _or_reason(process, lambda: procfs.parse_mountinfo(process.read("mountinfo")))
    uid_map = evidence["uid_map"] = _or_reason(process, lambda: procfs.parse_id_map(process.read("uid_map")))
    task = _or_reason(process, process.task)
    known = isinstance(task, procfs.Task)
    evidence["stat"] = (task.parent, task.start) if known else task
    collected = members.Members(own if isinstance(own, dict) else {}, mounts, uid_map)
    _add(collected, process, init, links, first=True, alone=known and task.threads == 1 and process.pid == init)
    for pid in sorted(pids)[:PROCESS_LIMIT]:
        if pid != init:
            _add_other(collected, container, pid, (strays or {}).get(pid))
    evidence.update(processes=collected.processes, views=collected.views, incomplete=collected.incomplete)
    if len(pids) > PROCESS_LIMIT:
        evidence["processes"] = Unreadable(f"more than {int(PROCESS_LIMIT)} processes; not all were looked at")
    return evidence


def labels(container: str, pids: List[int]) -> FrozenSet[str]:
    """Return the security contexts that the processes of the container have now; those that ended have none."""
    all_labels = set()
    for pid in pids[:PROCESS_LIMIT]:
        try:
            with open_member(container, pid) as process:
                all_labels.add(tasks.label_of("", process.directory) or "")
        except (Gone, OSError):
            continue
    return frozenset(all_labels)


def parents(container: str, pids: List[int]) -> Dict[int, Optional[int]]:
    """Map each process of the container to its parent, one that has ended to None. Others are not among the keys."""
    parent_of: Dict[int, Optional[int]] = {}
    rest = list(pids)
    while rest:
        pid = rest.pop()
        try:
            with open_member(container, pid) as process:
                parent_of[pid] = parent = process.task().parent
        except OSError:
            parent_of[pid] = None
            continue
        except Gone:
            if pid in pids or not os.path.exists(f"/proc/{int(pid)}"):
                parent_of[pid] = None
            continue
        if parent not in parent_of and parent not in pids:  # younger than the census, or outside
            rest.append(parent)
    return parent_of


def namespaces(pid: int) -> Dict[str, str]:
    """Return the identity of each namespace of a process, as `net:[4026531840]`. Raise OSError."""
    return {name: os.readlink(f"/proc/{int(pid)}/ns/{name}") for name in tasks.NAMESPACES}


def _add(
    collected: members.Members,
    process: ProcessHandle,
    pid: int,
    links: Optional[Dict[str, str]] = None,
    first: bool = False,
    alone: bool = False,
) -> None:
    """Add a process. links: the namespaces of the thread that is open, where they are known."""
    try:
        collected.add(pid, process.directory, first, {process.pid: links} if links else None, alone)
    except OSError as error:
        raise Gone(f"process {int(pid)}: {error.strerror}")


def _add_other(collected: members.Members, container: str, pid: int, start: Optional[int]) -> None:
    try:
        with open_member(container, pid) if start is None else open_started_at(pid, start) as process:
            _add(collected, process, pid)
    except Gone:
        return


def _or_reason(process: ProcessHandle, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except PermissionError as error:
        return Unreadable(f"/proc/{int(process.pid)}: {error.strerror}; {privilege.lacking()}")
    except OSError as error:
        return Unreadable(f"process {int(process.pid)} ended while it was looked at: {error.strerror}")
    except ValueError as error:
        return Unreadable(str(error))
