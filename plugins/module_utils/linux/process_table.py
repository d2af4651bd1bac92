# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what tells which container each process of the host belongs to. I/O only; attribution.py decides."""

import os
import time
from typing import AbstractSet, Any, Dict, FrozenSet, Iterator, List, Mapping, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import attribution, process_end, procfs
from ansible_collections.containment.docker.plugins.module_utils.linux.attribution import Claims, Process
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import thread_ids

_LIMIT = 1024 * 1024
_SHIM = "containerd-shim"  # as long as the kernel keeps a name; containerd: each of version 2 takes -namespace, -id
# A runtime that starts a process in a container is the shim's child, too, outside of the container and with all rights.
_PAUSES = (0.1, 0.3, 0.6)


class Disputed(NamedTuple):
    """A process whose container can't be told. containers: those it may be of by descent."""

    process: Process
    claims: Claims

    @property
    def containers(self) -> FrozenSet[str]:
        return self.claims.ancestors


class Census(NamedTuple):
    """pids: container -> its processes. strays: those of them that left its control group, with their start."""

    pids: Dict[str, List[int]]
    strays: Dict[int, int]
    disputed: List[Disputed]


NOBODY = Census({}, {}, [])


def census(known: FrozenSet[str], socket: str) -> Census:
    """The processes of the known containers: all that the engine has, or others' evidence is not seen.

    socket: the engine's; its owner, root or a rootless engine's user, is whose processes start the containers.

    What a race of a look with ending processes, or the runtime at work, may have shown must be there for a second.
    """
    owner = _owner(socket)
    look = _Look(known, owner)
    lasting = look.unsure()
    for pause in _PAUSES:
        if not lasting:
            break
        time.sleep(pause)
        look = _Look(known, owner)
        lasting &= look.unsure()
    return look.result(lasting)


def list_by_cgroup(known: FrozenSet[str]) -> Dict[str, List[int]]:
    """Map each known container id to what its control group names as its processes, exec'd ones included.

    For who compares containers before and after: a census says whose they are. A process whose first thread has ended
    is named by the id of one that goes on.
    """
    by_cgroup: Dict[str, List[int]] = {}
    for process in _table(known).values():
        if process.cgroup and process.living:
            by_cgroup.setdefault(process.cgroup[-1], []).append(process.living)
    return by_cgroup


def _owner(socket: str) -> int:
    try:
        return os.stat(socket).st_uid
    except OSError:
        return 0


class _Look:
    """One look at all processes."""

    def __init__(self, known: FrozenSet[str], owner: int) -> None:
        self.table = _table(known)
        self.shims = _shims(self.table, known, owner)
        self.served = frozenset(self.shims.values())
        children = [process for process in self.table.values() if process.parent in self.shims]
        self.host = {kind: _link(1, kind) for kind in ("pid", "mnt")}
        self.links: Dict[int, Dict[str, Optional[str]]] = {}
        own: Dict[str, Set[str]] = {}
        for child in children:
            container = self.shims[child.parent]
            if container in child.cgroup:
                links = {link for kind, link in self.namespaces(child.pid).items() if link and link != self.host[kind]}
                own.setdefault(container, set()).update(links)
        self.owners = attribution.namespace_owners(own)
        self.shared = {
            child.pid: self.owners.get(self.namespaces(child.pid)["pid"] or "", frozenset()) for child in children
        }

    def namespaces(self, pid: int) -> Dict[str, Optional[str]]:
        if pid not in self.links:
            self.links[pid] = {kind: _link(self.table[pid].living, kind) for kind in ("pid", "mnt")}
        return self.links[pid]

    def claims(self, process: Process) -> Claims:
        by = attribution.ancestors(process.pid, self.table, self.shims, self.shared)
        links = {} if len(by) == 1 else self.namespaces(process.pid)
        spaces = attribution.claimed_by_namespaces(links.get("pid"), links.get("mnt"), self.owners)
        return Claims(by, process.cgroup, spaces)

    def judged(self) -> Iterator[Tuple[Process, Claims, str]]:
        """(process, its claims, its container) of each that is not simply the host's."""
        for pid in sorted(self.table):
            process = self.table[pid]
            if pid in self.shims or not process.living:
                continue
            claims = self.claims(process)
            container = attribution.owner(claims, self.served)
            if container != attribution.HOST:
                yield process, claims, container

    def _runtimes(self, process: Process) -> bool:
        """Whether it may be the runtime itself: outside of any container's group and in the host's mounts."""
        return not process.cgroup and self.namespaces(process.pid)["mnt"] in (self.host["mnt"], None)

    def unsure(self) -> Set[Any]:
        """What a second look may show in another light. A dispute goes by its claims: who forks all the time stays."""
        keys: Set[Any] = set()
        for process, claims, container in self.judged():
            if container == attribution.DISPUTED:
                keys.add(claims)
            elif self._runtimes(process):
                keys.add((process.pid, process.start))
        return keys

    def result(self, lasting: AbstractSet[Any]) -> Census:
        """lasting: what was unsure at each look."""
        census = Census({}, {}, [])
        for process, claims, container in self.judged():
            if container == attribution.DISPUTED:
                if claims in lasting:
                    census.disputed.append(Disputed(process, claims))
            elif not self._runtimes(process) or (process.pid, process.start) in lasting:
                census.pids.setdefault(container, []).append(process.pid)
                if container not in process.cgroup:
                    census.strays[process.pid] = process.start
        return census


def _table(known: FrozenSet[str]) -> Dict[int, Process]:
    """All processes. One whose parent ended meanwhile has another by now, and is read again."""
    table: Dict[int, Process] = {}
    wanted = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    for _try in range(3):
        for pid in wanted:
            process = _process(pid, known)
            if process is None:
                table.pop(pid, None)
            else:
                table[pid] = process
        wanted = [process.pid for process in table.values() if process.parent and process.parent not in table]
    return table


def _process(pid: int, known: FrozenSet[str]) -> Optional[Process]:
    try:
        cgroup = _record(pid, "cgroup")
        task = procfs.parse_task(_record(pid, "stat"))
    except (OSError, ValueError):
        return None  # it ended meanwhile
    if task.exiting and procfs.in_roots(cgroup):  # read in this order, so that none begins to end in between
        cgroup = _of_a_thread(pid) or cgroup
    living = _living_thread(pid) if task.ended else pid
    return Process(pid, task.parent, task.start, task.name, procfs.containers_in(cgroup, known), living)


def _record(pid: int, name: str) -> bytes:
    return bounded_file.read(f"/proc/{int(pid)}/{name}", _LIMIT, end=bounded_file.ONE_RECORD)


def _of_a_thread(pid: int) -> bytes:
    """The control groups of a thread that goes on, as version 1 shows those of one that has ended no more."""
    for thread in thread_ids(pid):
        try:
            cgroup = _record(pid, f"task/{int(thread)}/cgroup")
        except (OSError, ValueError):
            continue
        if not procfs.in_roots(cgroup):
            return cgroup
    return b""


def _living_thread(pid: int) -> int:
    return next((t for t in thread_ids(pid) if process_end.has_namespaces(f"/proc/{int(t)}/")), 0)


def _shims(table: Mapping[int, Process], known: FrozenSet[str], owner: int) -> Dict[int, str]:
    """pid -> container of the engine's shims: outermost of that name, the engine's user's, in the host's mounts."""
    shims = {}
    hosts_mounts = (_link(1, "mnt"), None)
    for process in table.values():
        if process.name.startswith(_SHIM) and not process.cgroup:
            container = _served(process.pid, known)
            if container and _is_engines(process.pid, owner, hosts_mounts):
                shims[process.pid] = container
    return {pid: container for pid, container in shims.items() if not _below(pid, table, shims)}


def _served(pid: int, known: FrozenSet[str]) -> Optional[str]:
    try:
        words = bounded_file.read(f"/proc/{int(pid)}/cmdline", _LIMIT).split(b"\0")
    except (OSError, ValueError):
        return None
    for option, value in zip(words, words[1:]):
        if option in (b"-id", b"--id"):
            container = value.decode("ascii", "replace")
            return container if container in known else None
    return None


def _is_engines(pid: int, owner: int, hosts_mounts: Tuple[Optional[str], None]) -> bool:
    try:
        uids = set(procfs.parse_uids(_record(pid, "status")))
    except (OSError, ValueError):
        return False
    # a rootless engine has its own mounts
    return uids == {owner} and (owner != 0 or _link(pid, "mnt") in hosts_mounts)


def _below(pid: int, table: Mapping[int, Process], shims: Mapping[int, str]) -> bool:
    for _generation in range(len(table)):
        process = table.get(pid)
        if process is None:
            return False
        pid = process.parent
        if pid in shims:
            return True
    return False


def _link(pid: int, kind: str) -> Optional[str]:
    try:
        return os.readlink(f"/proc/{int(pid)}/ns/{kind}")
    except OSError:
        return None
