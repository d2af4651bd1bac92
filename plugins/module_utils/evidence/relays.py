# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which processes of the host may pass the engine's API on. I/O only: decides nothing.

Two kinds: programs that only pass connections on, by the file that they run and what their arguments say; and whatever else
has a connection to the API at this moment and listens on TCP, in the engine's network namespace.
"""

import os
from typing import AbstractSet, Any, Dict, List, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.evidence import api_access
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    mount_table,
    procfs,
    relay_programs,
    rooted,
    socket_tables,
    sockets,
    unix_peers,
)

_MOST = 65536  # processes
_ARGUMENTS = 65536
_TABLE = 64 * 1024 * 1024


class Relay(NamedTuple):
    """A process that may pass the API on.

    route: where its arguments say that it passes all on, None of another program than those that only do that. connected:
    whether it has a connection to the API now. ports: (address, port) on which it, or its parent, listens; sockets: the unix
    sockets on which it does, only of one with a route.
    """

    pid: int
    program: str
    route: Optional[relay_programs.Route]
    connected: bool
    ports: Tuple[Tuple[str, int], ...]
    sockets: Tuple[api_access.Access, ...] = ()


def look(process: daemon_process.DaemonProcess, own: AbstractSet[int], tables: sockets.Tables) -> List[Relay]:
    """Return them. own: the inodes of dockerd's sockets; tables: of its network namespace. Raise Unreadable."""
    try:
        return _look(process, own, tables)
    except (OSError, ValueError) as error:
        raise Unreadable(f"what passes the API on: {error}")


def _look(process: daemon_process.DaemonProcess, own: AbstractSet[int], tables: sockets.Tables) -> List[Relay]:
    peers = _peers(tables, own)
    programs = _Programs()
    listening = _Listening(tables)
    space = os.readlink(f"/proc/{int(process.pid)}/ns/net")
    relays = []
    for pid in _pids():
        if pid in (process.pid, os.getpid()):
            continue
        try:
            known = programs.name_of(pid)
            if known or (peers and os.readlink(f"/proc/{pid}/ns/net") == space):
                relay = _of_process(pid, known, peers, listening)
                if relay is not None:
                    relays.append(relay)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended, or is a thread of the kernel
    return relays


def _of_process(pid: int, known: Optional[str], peers: AbstractSet[int], listening: "_Listening") -> Optional[Relay]:
    inodes = sockets.all_held(pid)
    connected = bool(inodes & peers)
    route = relay_programs.parse_route(known, _argv(pid)) if known else None
    if route is None and not connected:
        return None
    ports = listening.ports(inodes)
    if not ports:  # a child that a relay forks for each connection leaves the listening to its parent
        parent = procfs.parse_stat(bounded_file.read(f"/proc/{pid}/stat", 4096))[0]
        ports = listening.ports(sockets.all_held(parent)) if parent > 1 else ()
    doors = listening.doors(pid, inodes) if route else ()
    if not ports and not doors:
        return None
    return Relay(pid, os.readlink(f"/proc/{pid}/exe"), route, connected, ports, doors)


class _Listening:
    """What listens in the engine's network namespace, by inode."""

    def __init__(self, tables: sockets.Tables) -> None:
        self._tcp = {inode: (socket_tables.plain_address(address), port) for address, port, inode in tables.tcp()}
        self._unix = api_access.list_listening(tables)

    def ports(self, inodes: AbstractSet[int]) -> Tuple[Tuple[str, int], ...]:
        return tuple(sorted({self._tcp[inode] for inode in inodes if inode in self._tcp}))

    def doors(self, pid: int, inodes: AbstractSet[int]) -> Tuple[api_access.Access, ...]:
        directory, uid = os.readlink(f"/proc/{pid}/cwd"), os.stat(f"/proc/{pid}").st_uid
        doors = []
        for name in sorted({self._unix[inode] for inode in inodes if inode in self._unix}):
            if name.startswith("@"):
                doors.append(api_access.Access(name, 0, "", True, ()))
                continue
            try:
                doors.append(api_access.of_file(os.path.join(directory, name), f"/proc/{pid}/root/", uid))
            except rooted.Missing:
                continue
        return tuple(doors)


def _peers(tables: sockets.Tables, own: AbstractSet[int]) -> Set[int]:
    """The other ends of the connections that dockerd has accepted on its API, but this process's own.

    No one where the kernel would have to load a module to tell, or dockerd is in another network namespace.
    """
    accepted = api_access.list_accepted(tables, own)
    if not accepted or os.readlink("/proc/self/ns/net") != os.readlink(f"/proc/{int(tables.pid)}/ns/net"):
        return set()
    if not unix_peers.is_there():
        return set()
    return set(unix_peers.read(accepted).values()) - sockets.all_held(os.getpid())


class _Programs:
    """The known programs that this host has, and which of them a process runs.

    By path, device and place on it as mountinfo has them: a stat of its program asks the filesystem, and a container's own may
    never answer.
    """

    def __init__(self) -> None:
        self._space = os.readlink("/proc/self/ns/mnt")
        self._names: Dict[str, str] = {}
        for path, name in relay_programs.PROGRAMS.items():
            if os.path.exists(path):
                self._names[os.path.realpath(path)] = name

    def name_of(self, pid: int) -> Optional[str]:
        path = os.readlink(f"/proc/{pid}/exe")
        name = self._names.get(path)
        if name is None or os.readlink(f"/proc/{pid}/ns/mnt") == self._space:
            return name
        place = mount_table.located(_mounts(str(pid)), path)
        return name if place is not None and place == mount_table.located(_mounts("self"), path) else None


def _mounts(pid: str) -> Any:
    data = bounded_file.read(f"/proc/{pid}/mountinfo", _TABLE)
    return mount_table.host_mounts(procfs.parse_mountinfo(data))


def _pids() -> List[int]:
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    if len(pids) > _MOST:
        raise ValueError(f"there are {len(pids)} processes, and this looks at {_MOST}")
    return sorted(pids)


def _argv(pid: int) -> Tuple[str, ...]:
    words = bounded_file.read(f"/proc/{pid}/cmdline", _ARGUMENTS).split(b"\0")[:-1]
    return tuple(word.decode("utf-8", "surrogateescape") for word in words)
