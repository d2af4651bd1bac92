# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the kernel says about dockerd itself. I/O only: decides nothing.

dockerd is found by its unit's MainPID, or by who listens on the socket; never by an argv, which any process may carry.
"""

import errno
import os
import re
import socket
import struct
import time
from typing import Iterator, List, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils import procfs

_CLOCK_BOOTTIME = 7  # time.CLOCK_BOOTTIME is there from Python 3.7 on
_LISTENING = 0x10000  # linux: net/unix/af_unix.c shows __SO_ACCEPTCON as this flag


class DaemonProcess(NamedTuple):
    """A running dockerd. started: wall-clock seconds since the epoch."""

    pid: int
    argv: Tuple[str, ...]
    started: float
    directory: str


def read(pid):
    # type: (int) -> DaemonProcess
    """The process of this pid. ValueError if it is no dockerd; OSError if it can't be read."""
    base = "/proc/%d/" % pid
    program = os.path.basename(os.readlink(base + "exe"))
    if program.split(" ")[0] != "dockerd":  # "dockerd (deleted)" after an upgrade without a restart
        raise ValueError("process %d runs %s, not dockerd" % (pid, program))
    with open(base + "cmdline", "rb") as stream:
        argv = tuple(word.decode("utf-8", "surrogateescape") for word in stream.read(1 << 20).split(b"\0")[:-1])
    age = time.clock_gettime(_CLOCK_BOOTTIME) - start_ticks(pid) / float(os.sysconf("SC_CLK_TCK"))
    return DaemonProcess(pid, argv, time.time() - age, os.readlink(base + "cwd"))


def label(pid):
    # type: (int) -> str
    """What the kernel's security module calls the process, "" without one. OSError if it has ended."""
    try:
        with open("/proc/%d/attr/current" % pid, "rb") as stream:
            return stream.read(4096).rstrip(b"\0\n").decode("utf-8", "backslashreplace")
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return ""  # no module that labels processes
        raise


def start_ticks(pid):
    # type: (int) -> int
    """When the process started, in clock ticks after boot. OSError if it has ended."""
    with open("/proc/%d/stat" % pid, "rb") as stream:
        return procfs.parse_stat(stream.read())[1]


def serves(pid, path):
    # type: (int, str) -> bool
    """Whether the process holds the listening socket bound to this path. OSError if that can't be seen."""
    return any(True for _inode in _held(pid, listeners_on(path)))


def listeners_on(path):
    # type: (str) -> Set[int]
    """The inodes of the unix sockets that listen on this path, as /proc/net/unix shows it."""
    names = {name.encode("utf-8", "surrogateescape") for name in (path, os.path.realpath(path))}
    names |= {re.sub(rb"^(?:/var)?/run/", prefix, name) for name in names for prefix in (b"/run/", b"/var/run/")}
    ends = tuple(b" " + name + b"\n" for name in names)  # each container's shim has sockets: most lines are others'
    found = set()
    with open("/proc/net/unix", "rb") as stream:
        for line in stream:
            fields = line.rstrip(b"\n").split(None, 7) if line.endswith(ends) else ()
            if len(fields) == 8 and fields[7] in names and int(fields[3], 16) & _LISTENING:
                found.add(int(fields[6]))
    return found


def peer(path, timeout):
    # type: (str, float) -> int
    """The pid that made the socket listen: dockerd's, or 1 under socket activation. OSError."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.settimeout(timeout)
        client.connect(path)
        credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return struct.unpack("3i", credentials)[0]
    finally:
        client.close()


def tcp_listeners(pid, giver=None):
    # type: (int, Optional[int]) -> List[Tuple[str, int]]
    """(hexadecimal address, port) of each TCP socket that the process itself listens on. OSError.

    giver: only those that this process holds too; systemd keeps the sockets that it hands to a service.
    """
    listening = []
    for name in ("tcp", "tcp6"):
        try:
            with open("/proc/%d/net/%s" % (pid, name), "rb") as stream:
                listening += procfs.listening_tcp(stream.read())
        except FileNotFoundError:
            continue  # a kernel without IPv6
    own = set(_held(pid, {inode for _address, _port, inode in listening}))
    if giver is not None:
        own = set(_held(giver, own))
    return [(address, port) for address, port, inode in listening if inode in own]


def children(pid, program):
    # type: (int, str) -> List[int]
    """The pids of the process's children that run this program, by their executable. OSError."""
    found = []
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/children" % (pid, task), "rb") as stream:
                pids = stream.read().split()
        except FileNotFoundError:
            if os.path.exists("/proc/%d/task/%d/children" % (pid, pid)):
                continue  # this thread ended meanwhile
            raise
        for child in pids:
            if _program(int(child)) == program:
                found.append(int(child))
    return found


def _program(pid):
    try:
        return os.path.basename(os.readlink("/proc/%d/exe" % pid)).split(" ")[0]
    except FileNotFoundError:
        return None  # it ended


def _held(pid, inodes):
    # type: (int, Set[int]) -> Iterator[int]
    """Those of these sockets that the process holds, the oldest first: dockerd holds some more for each container."""
    links = {"socket:[%d]" % inode: inode for inode in inodes}
    directory = os.open("/proc/%d/fd" % pid, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in sorted(os.listdir(directory), key=int) if links else ():
            try:
                inode = links.get(os.readlink(name, dir_fd=directory))
            except FileNotFoundError:
                continue
            if inode is not None:
                yield inode
    finally:
        os.close(directory)
