# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the threads of a process, each of which has its own user ids, capabilities, filters and namespaces. I/O only."""

import errno
import os
import re
from typing import Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
_NEWER_NAMESPACES = ("time",)  # not on kernels before 5.6
_LIMIT = 65536
# What makes two threads of a process differ for the rules.
_JUDGED = re.compile(rb"^(?:Uid|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):\t.*$", re.MULTILINE)


class Thread(NamedTuple):
    """One thread. label: its security context. links: its namespaces, as {"net": "net:[4026531840]"}, {} if not shown."""

    id: int
    status: procfs.Status
    label: Optional[str]
    links: Dict[str, str]


def distinct(
    pid: int, directory: int, limit: int, known: Optional[Mapping[int, Dict[str, str]]] = None, alone: bool = False
) -> Tuple[List[Thread], int]:
    """Return the threads below a directory /proc/<pid> that differ in what rules judge, and how many were looked at.

    The process's first thread comes first, whatever its id is: where ids have begun anew, younger threads have lower ones.
    known: thread -> its links, where they were read just now. alone: it has no other thread than the first. Look at one
    more than the limit at most. Those that have ended are left out: an empty list for a process that has.
    """
    threads_by_key: Dict[Tuple[object, ...], Thread] = {}
    looked_at: int = 0
    ids = [pid] if alone else sorted(_ids(directory), key=lambda thread: (thread != pid, thread))
    for thread in ids:
        looked_at += 1
        if looked_at > limit:
            break
        place = "" if alone else f"task/{int(thread)}/"
        try:
            data = bounded_file.read(place + "status", _LIMIT, directory, end=bounded_file.ONE_RECORD)
            links = (known or {}).get(thread) or namespaces(place, directory)
            label = label_of(place, directory)
            key: Tuple[object, ...] = ()
            if len(ids) > 1:  # one alone differs from none
                key = (tuple(_JUDGED.findall(data)), label) + tuple(sorted(links.items()))
            if key not in threads_by_key:
                status = procfs.parse_status(data)
                if not status.zombie:
                    threads_by_key[key] = Thread(thread, status, label, links)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return list(threads_by_key.values()), looked_at


def _ids(directory: int) -> List[int]:
    try:
        task = os.open("task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=directory)
    except (FileNotFoundError, ProcessLookupError):
        return []
    try:
        return list(map(int, os.listdir(task)))
    except (FileNotFoundError, ProcessLookupError):
        return []
    finally:
        os.close(task)


def namespaces(prefix: str, directory: int) -> Dict[str, str]:
    """The identity of each namespace of a thread; {} where only root may see it, or it has ended."""
    links = {}
    for name in NAMESPACES + _NEWER_NAMESPACES:
        try:
            links[name] = os.readlink(f"{prefix}ns/{name}", dir_fd=directory)
        except OSError as error:
            if name in NAMESPACES:
                if error.errno in (errno.ENOENT, errno.ESRCH, errno.EACCES, errno.EPERM):
                    return {}
                raise
    return links


def label_of(prefix: str, directory: int) -> Optional[str]:
    """Its security context (SELinux or AppArmor), None without an LSM. Raises OSError."""
    try:
        data = bounded_file.read(prefix + "attr/current", _LIMIT, directory)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):  # what a kernel without a labelling LSM answers
            return None
        raise
    return data.rstrip(b"\n\0").decode("utf-8", "backslashreplace") or None
