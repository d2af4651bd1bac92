# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the kernel says about processes. I/O only: decides nothing, and follows nothing a container controls."""

import os
from typing import Dict, FrozenSet, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    members,
    privilege,
    process_end,
    procfs,
    tasks,
)

# What look() collects of a running container.
KEYS = ("processes", "cgroup", "namespaces", "mounts", "stat", "uid_map", "views", "incomplete")
# mountinfo is as long as a container likes to make it; the kernel's own limit is 100,000 mounts a namespace.
READ_LIMIT = 16 * 1024 * 1024
PROCESS_LIMIT = 4096


class Gone(Exception):
    """The process ended, or its pid belongs to another container now."""


def census(known: FrozenSet[str]) -> Dict[str, List[int]]:
    """The pids of each known container id, by the cgroup of every process on the host, exec'd ones included.

    A process whose first thread has ended may be named by the id of one that goes on: see _living_thread.
    """
    found: Dict[str, List[int]] = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        pid = int(name)
        cgroup = _cgroup(pid)
        container = procfs.container_in(cgroup, known)
        if not container and procfs.in_roots(cgroup):
            thread = _living_thread(pid)
            if thread:
                pid, container = thread, procfs.container_in(_cgroup(thread), known)
        if container:
            found.setdefault(container, []).append(pid)
    return found


def look(container: str, init: int, pids: List[int], strays: Optional[Mapping[int, int]] = None) -> Evidence:
    """The kernel's evidence of one running container: processes, cgroup, namespaces, mounts, uid_map, stat, views.

    init: the pid that the engine names; Gone if that is no process of this container (any more). strays: pid -> start of
    those that left its control group.
    incomplete: why not all of its processes, threads or namespaces were looked at, "" where all were.
    """
    directory, cgroup = _hold(container, init)
    evidence = Evidence(cgroup=cgroup)
    try:
        directory = _of_living_thread(container, init, directory)
        own = evidence["namespaces"] = _or_reason(init, _namespaces, directory)
        mounts = evidence["mounts"] = _or_reason(
            init, lambda fd: procfs.parse_mountinfo(read(fd, "mountinfo")), directory
        )
        uid_map = evidence["uid_map"] = _or_reason(init, lambda fd: procfs.parse_id_map(read(fd, "uid_map")), directory)
        evidence["stat"] = _or_reason(init, lambda fd: procfs.parse_stat(read(fd, "stat")), directory)
        found = members.Members(own if isinstance(own, dict) else {}, mounts, uid_map)
        _add(found, init, directory, True)
    finally:
        os.close(directory)
    for pid in sorted(pids)[:PROCESS_LIMIT]:
        if pid != init:
            _add_other(found, container, pid, (strays or {}).get(pid))
    evidence.update(processes=found.processes, views=found.views, incomplete=found.incomplete)
    if len(pids) > PROCESS_LIMIT:
        evidence["processes"] = Unreadable(f"more than {int(PROCESS_LIMIT)} processes; not all were looked at")
    return evidence


def hold(container: str, pid: int) -> int:
    """A descriptor on /proc/<pid>: whatever is read through it is of this process, even if its pid is used again.

    Raises Gone if that is no process of this container (any more).
    """
    return _hold(container, pid)[0]


def hold_living(container: str, pid: int) -> int:
    """As hold(), of a thread that goes on where the first one has ended: that has no namespaces and no root any more."""
    return _of_living_thread(container, pid, hold(container, pid))


def _of_living_thread(container, pid, directory):
    thread = None if process_end.has_namespaces(pid) else _living_thread(pid)
    if not thread:
        return directory
    try:
        living = hold(container, thread)
    except Gone:
        return directory
    os.close(directory)
    return living


def _hold(container, pid):
    """hold()'s descriptor, and /proc/<pid>/cgroup."""
    try:
        directory = os.open(f"/proc/{int(pid)}", os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Gone(f"/proc/{int(pid)}: {error.strerror}")
    try:
        cgroup = read(directory, "cgroup")
        if procfs.container_in(cgroup, frozenset((container,))) == container:
            return directory, cgroup
        reason = Gone(f"the cgroup of process {int(pid)} does not name the container")
    except OSError as error:
        reason = Gone(f"/proc/{int(pid)}/cgroup: {error.strerror}")
    os.close(directory)
    raise reason


def _hold_by_start(pid, start):
    """As hold(), of a process that its control group doesn't name any more: by the moment at which it was started."""
    try:
        directory = os.open(f"/proc/{int(pid)}", os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Gone(f"/proc/{int(pid)}: {error.strerror}")
    try:
        if procfs.parse_stat(read(directory, "stat"))[1] == start:
            return directory
        reason = Gone(f"process {int(pid)} is another one now")
    except (OSError, ValueError) as error:
        reason = Gone(f"/proc/{int(pid)}/stat: {error}")
    os.close(directory)
    raise reason


def labels(container: str, pids: List[int]) -> FrozenSet[str]:
    """The security contexts that the processes of the container have now; those that ended have none."""
    found = set()
    for pid in pids[:PROCESS_LIMIT]:
        try:
            directory = hold(container, pid)
        except Gone:
            continue
        try:
            found.add(_label(directory) or "")
        except Gone:
            continue
        finally:
            os.close(directory)
    return frozenset(found)


def parents(container: str, pids: List[int]) -> Dict[int, Optional[int]]:
    """The parent of each process of the container, None for one that has ended. Others are not among the keys."""
    found: Dict[int, Optional[int]] = {}
    rest = list(pids)
    while rest:
        pid = rest.pop()
        try:
            directory = hold(container, pid)
        except Gone:
            if pid in pids or not os.path.exists(f"/proc/{int(pid)}"):
                found[pid] = None
            continue
        try:
            found[pid] = parent = procfs.parse_stat(read(directory, "stat"))[0]
            if parent not in found and parent not in pids:  # younger than the census, or outside
                rest.append(parent)
        except OSError:
            found[pid] = None
        finally:
            os.close(directory)
    return found


def namespaces(pid: int) -> Dict[str, str]:
    """The identity of each namespace of a process, as `net:[4026531840]`. Raises OSError."""
    directory = os.open(f"/proc/{int(pid)}", os.O_RDONLY | os.O_DIRECTORY)
    try:
        return _namespaces(directory)
    finally:
        os.close(directory)


def read(directory: int, name: str) -> bytes:
    """A file below a directory of /proc. Raises OSError; ValueError where it is longer than READ_LIMIT."""
    return bounded_file.read(name, READ_LIMIT, directory)


def _cgroup(pid):
    try:
        return bounded_file.read(f"/proc/{int(pid)}/cgroup", READ_LIMIT)
    except (OSError, ValueError):
        return b""  # it ended meanwhile, or no kernel writes this


def _living_thread(pid):
    """The id of a thread that goes on where the first one has ended, by which /proc shows it too; or None.

    The first one stays a zombie until the last has ended, without namespaces and, under version 1, without its cgroup:
    a process could hide behind it.
    """
    try:
        threads = sorted(map(int, os.listdir(f"/proc/{int(pid)}/task")))
    except OSError:
        return None
    for thread in threads:
        if thread != pid and process_end.has_namespaces(thread):
            return thread
    return None


def _add(found, pid, directory, first=False):
    try:
        found.add(pid, directory, first)
    except OSError as error:
        raise Gone(f"process {int(pid)}: {error.strerror}")


def _add_other(found, container, pid, start):
    try:
        directory = hold(container, pid) if start is None else _hold_by_start(pid, start)
    except Gone:
        return
    try:
        _add(found, pid, directory)
    except Gone:
        return
    finally:
        os.close(directory)


def _label(directory):
    try:
        return tasks.label_of("", directory)
    except OSError as error:
        raise Gone(f"attr/current: {error.strerror}")


def _namespaces(directory):
    return {name: os.readlink("ns/" + name, dir_fd=directory) for name in tasks.NAMESPACES}


def _or_reason(pid, work, directory):
    try:
        return work(directory)
    except PermissionError as error:
        return Unreadable(f"/proc/{int(pid)}: {error.strerror}; {privilege.lacking()}")
    except OSError as error:
        return Unreadable(f"process {int(pid)} ended while it was looked at: {error.strerror}")
    except ValueError as error:
        return Unreadable(str(error))
