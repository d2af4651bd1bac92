# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the kernel says about processes. I/O only: decides nothing, and follows nothing a container controls."""

import errno
import os
from typing import Dict, FrozenSet, List, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils import bounded_file, process_end, procfs
from ansible_collections.containment.docker.plugins.module_utils.linux import privilege
from ansible_collections.containment.docker.plugins.module_utils.rule import Evidence, Unreadable

# What look() collects of a running container.
KEYS = ("processes", "cgroup", "namespaces", "mounts", "stat", "uid_map")
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
# mountinfo is as long as a container likes to make it; the kernel's own limit is 100,000 mounts a namespace.
READ_LIMIT = 16 * 1024 * 1024
PROCESS_LIMIT = 4096


class Process(NamedTuple):
    """One process of a container.

    label: its security context (SELinux or AppArmor), None without an LSM.
    user_namespace: as `user:[4026531837]`, None where only root may see it.
    """

    pid: int
    status: procfs.Status
    label: Optional[str]
    user_namespace: Optional[str] = None


class Gone(Exception):
    """The process ended, or its pid belongs to another container now."""


def census(known):
    # type: (FrozenSet[str]) -> Dict[str, List[int]]
    """The pids of each known container id, by the cgroup of every process on the host, exec'd ones included.

    A process whose first thread has ended may be named by the id of one that goes on: see _living_thread.
    """
    found = {}  # type: Dict[str, List[int]]
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


def look(container, init, pids):
    # type: (str, int, List[int]) -> Evidence
    """The kernel's evidence of one running container: processes, cgroup, namespaces, mounts, uid_map, stat.

    init: the pid that the engine names. Raises Gone if that is no process of this container (any more).
    """
    directory, cgroup = _hold(container, init)
    evidence = Evidence(cgroup=cgroup)
    try:
        evidence["namespaces"] = own = _or_reason(init, _namespaces, directory)
        user_namespace = own["user"] if isinstance(own, dict) else _user_namespace(directory)
        processes = [Process(init, _status(directory), _label(directory), user_namespace)]
        evidence["mounts"] = _or_reason(init, lambda fd: procfs.parse_mountinfo(read(fd, "mountinfo")), directory)
        evidence["stat"] = _or_reason(init, lambda fd: procfs.parse_stat(read(fd, "stat")), directory)
        evidence["uid_map"] = _or_reason(init, lambda fd: procfs.parse_id_map(read(fd, "uid_map")), directory)
    finally:
        os.close(directory)
    for pid in sorted(pids)[:PROCESS_LIMIT]:
        if pid != init:
            process = _other(container, pid)
            if process is not None and process.status.zombie:
                thread = _living_thread(pid)
                process = _other(container, thread) if thread else None
            if process is not None:
                processes.append(process)
    evidence["processes"] = processes
    if len(pids) > PROCESS_LIMIT:
        evidence["processes"] = Unreadable("more than %d processes; not all were looked at" % PROCESS_LIMIT)
    return evidence


def hold(container, pid):
    # type: (str, int) -> int
    """A descriptor on /proc/<pid>: whatever is read through it is of this process, even if its pid is used again.

    Raises Gone if that is no process of this container (any more).
    """
    return _hold(container, pid)[0]


def _hold(container, pid):
    """hold()'s descriptor, and /proc/<pid>/cgroup."""
    try:
        directory = os.open("/proc/%d" % pid, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Gone("/proc/%d: %s" % (pid, error.strerror))
    try:
        cgroup = read(directory, "cgroup")
        if procfs.container_in(cgroup, frozenset((container,))) == container:
            return directory, cgroup
        reason = Gone("the cgroup of process %d does not name the container" % pid)
    except OSError as error:
        reason = Gone("/proc/%d/cgroup: %s" % (pid, error.strerror))
    os.close(directory)
    raise reason


def labels(container, pids):
    # type: (str, List[int]) -> FrozenSet[str]
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


def parents(container, pids):
    # type: (str, List[int]) -> Dict[int, Optional[int]]
    """The parent of each process of the container, None for one that has ended. Others are not among the keys."""
    found = {}  # type: Dict[int, Optional[int]]
    rest = list(pids)
    while rest:
        pid = rest.pop()
        try:
            directory = hold(container, pid)
        except Gone:
            if pid in pids or not os.path.exists("/proc/%d" % pid):
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


def namespaces(pid):
    # type: (int) -> Dict[str, str]
    """The identity of each namespace of a process, as `net:[4026531840]`. Raises OSError."""
    directory = os.open("/proc/%d" % pid, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return _namespaces(directory)
    finally:
        os.close(directory)


def read(directory, name):
    # type: (int, str) -> bytes
    """A file below a directory of /proc. Raises OSError; ValueError where it is longer than READ_LIMIT."""
    return bounded_file.read(name, READ_LIMIT, directory)


def _cgroup(pid):
    try:
        return bounded_file.read("/proc/%d/cgroup" % pid, READ_LIMIT)
    except (OSError, ValueError):
        return b""  # it ended meanwhile, or no kernel writes this


def _living_thread(pid):
    """The id of a thread that goes on where the first one has ended, by which /proc shows it too; or None.

    The first one stays a zombie until the last has ended, without namespaces and, under version 1, without its cgroup:
    a process could hide behind it.
    """
    try:
        threads = sorted(map(int, os.listdir("/proc/%d/task" % pid)))
    except OSError:
        return None
    for thread in threads:
        if thread != pid and process_end.has_namespaces(thread):
            return thread
    return None


def _other(container, pid):
    try:
        directory = hold(container, pid)
    except Gone:
        return None
    try:
        status = _status(directory)
        user_namespace = None if status.zombie else _user_namespace(directory)
        return Process(pid, status, _label(directory), user_namespace)
    except Gone:
        return None
    finally:
        os.close(directory)


def _status(directory):
    try:
        return procfs.parse_status(read(directory, "status"))
    except OSError as error:
        raise Gone("status: %s" % error.strerror)


def _label(directory):
    try:
        return read(directory, "attr/current").rstrip(b"\n\0").decode("utf-8", "backslashreplace") or None
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):  # what a kernel without a labelling LSM answers
            return None
        raise Gone("attr/current: %s" % error.strerror)


def _user_namespace(directory):
    try:
        return os.readlink("ns/user", dir_fd=directory)
    except PermissionError:
        return None
    except OSError as error:
        raise Gone("ns/user: %s" % error.strerror)


def _namespaces(directory):
    return {name: os.readlink("ns/" + name, dir_fd=directory) for name in NAMESPACES}


def _or_reason(pid, work, directory):
    try:
        return work(directory)
    except PermissionError as error:
        return Unreadable("/proc/%d: %s; %s" % (pid, error.strerror, privilege.lacking()))
    except OSError as error:
        return Unreadable("process %d ended while it was looked at: %s" % (pid, error.strerror))
    except ValueError as error:
        return Unreadable(str(error))
