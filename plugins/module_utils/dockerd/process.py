# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the kernel says about dockerd itself. I/O only: decides nothing.

dockerd is found by its unit's MainPID, or by who listens on the socket; never by an argv, which any process may carry.
"""

import errno
import os
import socket
import struct
import time
from typing import AbstractSet, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment
from ansible_collections.containment.docker.plugins.module_utils.linux import sockets
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import start_ticks

DEFAULT_FILE = "/etc/docker/daemon.json"
_ENVIRONMENT_LIMIT = 2 * 1024 * 1024
_CLOCK_BOOTTIME = 7  # time.CLOCK_BOOTTIME is there from Python 3.7 on


class DaemonProcess(NamedTuple):
    """A running dockerd. started: wall-clock seconds since the epoch.

    root: where this process sees its root directory. default_file: the daemon.json that it reads where no flag names
    another; None where that is not known. environment: those of its variables that change what is in force; None where
    they can't be read.
    """

    pid: int
    argv: Tuple[str, ...]
    started: float
    directory: str
    root: str = "/"
    default_file: Optional[str] = DEFAULT_FILE
    environment: Optional[Mapping[str, str]] = {}


def read(pid: int) -> DaemonProcess:
    """The process of this pid. ValueError if it is no dockerd; OSError if it can't be read."""
    base = f"/proc/{int(pid)}/"
    program = os.path.basename(os.readlink(base + "exe"))
    if program.split(" ")[0] != "dockerd":  # "dockerd (deleted)" after an upgrade without a restart
        raise ValueError(f"process {int(pid)} runs {program}, not dockerd")
    with open(base + "cmdline", "rb") as stream:
        argv = tuple(word.decode("utf-8", "surrogateescape") for word in stream.read(1 << 20).split(b"\0")[:-1])
    age = time.clock_gettime(_CLOCK_BOOTTIME) - start_ticks(pid) / float(os.sysconf("SC_CLK_TCK"))
    directory = os.readlink(base + "cwd")
    variables = _variables(pid)
    relevant = None if variables is None else environment.relevant(variables)
    return DaemonProcess(
        pid, argv, time.time() - age, directory, _root(pid), _default_file(variables), environment=relevant
    )


def is_replaced(pid: int) -> bool:
    """Return whether the program that the process runs was removed or replaced since it began. OSError."""
    return os.readlink(f"/proc/{int(pid)}/exe").endswith(" (deleted)")


def _root(pid: int) -> str:
    """Where the process's root directory is to be seen: a rootless dockerd and a snap's have a mount namespace of their own."""
    ours, theirs = os.stat("/proc/self/ns/mnt"), os.stat(f"/proc/{int(pid)}/ns/mnt")
    same = (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino)
    if same and os.path.samestat(os.stat("/"), os.stat(f"/proc/{int(pid)}/root/.")):
        return "/"
    return f"/proc/{int(pid)}/root/"


def _variables(pid: int) -> Optional[Dict[str, str]]:
    """Its variables, None where they can't be read."""
    try:
        return _environment(bounded_file.read(f"/proc/{int(pid)}/environ", _ENVIRONMENT_LIMIT))
    except (OSError, ValueError):
        return None


def _default_file(variables: Optional[Mapping[str, str]]) -> Optional[str]:
    """moby: cmd/dockerd/config_unix.go and daemon/config (getDefaultDaemonConfigFile), pkg/homedir (GetConfigHome): below
    rootlesskit the user's own."""
    if variables is None:
        return None
    if not variables.get("ROOTLESSKIT_STATE_DIR"):
        return DEFAULT_FILE
    home = variables.get("XDG_CONFIG_HOME") or (variables.get("HOME") and os.path.join(variables["HOME"], ".config"))
    return os.path.join(home, "docker/daemon.json") if home else None


def _environment(data: bytes) -> Dict[str, str]:
    """The variables of /proc/<pid>/environ: as in Go's os.Getenv, the first of equal names counts."""
    variables: Dict[str, str] = {}
    for item in data.decode("utf-8", "surrogateescape").split("\0"):
        name, _equals, value = item.partition("=")
        variables.setdefault(name, value)
    return variables


def label(pid: int) -> str:
    """What the kernel's security module calls the process, "" without one. OSError if it has ended."""
    try:
        with open(f"/proc/{int(pid)}/attr/current", "rb") as stream:
            return stream.read(4096).rstrip(b"\0\n").decode("utf-8", "backslashreplace")
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return ""  # no module that labels processes
        raise


def serves(pid: int, path: str) -> bool:
    """Whether the process holds the listening socket bound to this path. OSError if that can't be seen."""
    return any(True for _inode in sockets.select_held(pid, sockets.listeners_on(path)))


def peer(path: str, timeout: float) -> int:
    """The pid that made the socket listen: dockerd's, or 1 under socket activation. OSError."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.settimeout(timeout)
        client.connect(path)
        credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return struct.unpack("3i", credentials)[0]
    finally:
        client.close()


def tcp_listeners(tables: sockets.Tables, own: AbstractSet[int], giver: Optional[int] = None) -> List[Tuple[str, int]]:
    """(hexadecimal address, port) of each TCP socket that the process itself listens on. OSError, ValueError.

    tables: of its network namespace; own: the inodes of its sockets. giver: only those that this process holds too; systemd
    keeps the sockets that it hands to a service.
    """
    listening = tables.tcp()
    own = {inode for _address, _port, inode in listening if inode in own}
    if giver is not None:
        own = set(sockets.select_held(giver, own))
    return [(address, port) for address, port, inode in listening if inode in own]


def children(pid: int, program: str) -> List[int]:
    """The pids of the process's children that run this program, by their executable. OSError."""
    child_pids = []
    for task in os.listdir(f"/proc/{int(pid)}/task"):
        try:
            with open(f"/proc/{int(pid)}/task/{task}/children", "rb") as stream:
                pids = stream.read().split()
        except FileNotFoundError:
            if os.path.exists(f"/proc/{int(pid)}/task/{int(pid)}/children"):
                continue  # this thread ended meanwhile
            raise
        for child in pids:
            if _program(int(child)) == program:
                child_pids.append(int(child))
    return child_pids


def _program(pid: int) -> Optional[str]:
    try:
        return os.path.basename(os.readlink(f"/proc/{int(pid)}/exe")).split(" ")[0]
    except FileNotFoundError:
        return None  # it ended
