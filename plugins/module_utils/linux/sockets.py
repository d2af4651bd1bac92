# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sockets listen, and which of them a process holds. Reads /proc only."""

import os
import re
from typing import Dict, FrozenSet, Iterator, List, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import LISTENING, listening_tcp

_TABLE = 64 * 1024 * 1024
_FIRST = 32  # descriptors
_DATAGRAM = 2  # linux: include/linux/net.h, SOCK_DGRAM


class Tables:
    """The sockets of a process's network namespace. Each table is read once, when it is first asked for.

    To read one the kernel walks through the sockets of all namespaces, and once more to say that there are no more.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._tcp: Optional[List[Tuple[str, int, int]]] = None
        self._unix: Optional[List[Tuple[int, int, str]]] = None

    def tcp(self) -> List[Tuple[str, int, int]]:
        """(hexadecimal address, port, inode) of each socket that listens on TCP. Raise OSError, ValueError."""
        if self._tcp is None:
            listening = listening_tcp(self._read("tcp"))
            try:
                listening += listening_tcp(self._read("tcp6"))
            except FileNotFoundError:
                pass  # a kernel without IPv6
            self._tcp = listening
        return self._tcp

    def unix(self) -> List[Tuple[int, int, str]]:
        """(inode, flags, name) of each unix socket that has a name. Raise OSError, ValueError."""
        if self._unix is None:
            lines = (line.split(None, 7) for line in self._read("unix").split(b"\n"))
            self._unix = [
                (int(fields[6]), int(fields[3], 16), fields[7].decode("utf-8", "surrogateescape"))
                for fields in lines
                if len(fields) == 8 and fields[0].endswith(b":")
            ]
        return self._unix

    def _read(self, name: str) -> bytes:
        return bounded_file.read(f"/proc/{int(self.pid)}/net/{name}", _TABLE, end=bounded_file.SHORT_RECORDS)


def listeners_on(path: str) -> Set[int]:
    """The inodes of the unix sockets that listen on this path, as /proc/net/unix shows it."""
    return {inode for inode, datagrams in bound_to(path).items() if not datagrams}


def bound_to(path: str, resolved: Optional[str] = None) -> Dict[int, bool]:
    """Map the inode of each unix socket that serves this path to whether it takes datagrams instead of connections.

    As /proc/net/unix shows it: sockets of this network namespace. resolved: the same path without links, for one whose links
    a container may have made. OSError, ValueError.
    """
    paths = (path, os.path.realpath(path) if resolved is None else resolved)
    names = {name.encode("utf-8", "surrogateescape") for name in paths}
    names |= {re.sub(rb"^(?:/var)?/run/", prefix, name) for name in names for prefix in (b"/run/", b"/var/run/")}
    ends = tuple(b" " + name + b"\n" for name in names)  # each container's shim has sockets: most lines are others'
    by_inode: Dict[int, bool] = {}
    with open("/proc/net/unix", "rb") as stream:
        for line in stream:
            fields = line.rstrip(b"\n").split(None, 7) if line.endswith(ends) else ()
            if len(fields) != 8 or fields[7] not in names:
                continue
            datagrams = int(fields[4], 16) == _DATAGRAM
            if datagrams or int(fields[3], 16) & LISTENING:
                by_inode[int(fields[6])] = datagrams
    return by_inode


def all_held(pid: int) -> FrozenSet[int]:
    """Return the inodes of all sockets that the process holds. Raise OSError."""
    inodes = set()
    directory = os.open(f"/proc/{int(pid)}/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in os.listdir(directory):
            try:
                link = os.readlink(name, dir_fd=directory)
            except FileNotFoundError:
                continue
            if link.startswith("socket:["):
                inodes.add(int(link[len("socket:[") : -1]))
    finally:
        os.close(directory)
    return frozenset(inodes)


def select_held(pid: int, inodes: Set[int]) -> Iterator[int]:
    """Those of these sockets that the process holds, the oldest first: dockerd holds some more for each container. OSError."""
    links = {f"socket:[{int(inode)}]": inode for inode in inodes}
    directory = os.open(f"/proc/{int(pid)}/fd", os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in _oldest_first(directory) if links else ():
            try:
                inode = links.get(os.readlink(name, dir_fd=directory))
            except FileNotFoundError:
                continue
            if inode is not None:
                yield inode
    finally:
        os.close(directory)


def _oldest_first(directory: int) -> Iterator[str]:
    """The names of descriptors, some perhaps not open: all are listed only where it is none of the first."""
    yield from map(str, range(_FIRST))
    yield from (name for name in sorted(os.listdir(directory), key=int) if int(name) >= _FIRST)
