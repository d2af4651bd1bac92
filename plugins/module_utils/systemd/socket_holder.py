# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out who listens on a unix socket without connecting to it: a connection may start what systemd keeps it for. I/O only."""

import os
import re
from typing import FrozenSet, List, NamedTuple, Optional, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import rooted, sockets
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

DEFAULT_SOCKETS = ("/run/docker.sock", "/var/run/docker.sock")
_STOPPED = ("inactive", "failed", "deactivating", "maintenance")
_DOCKERD = "dockerd"
_IN_CONTAINER = re.compile(rb"[/-][0-9a-f]{64}(?=\.scope|[/\n]|$)")


class Holder(NamedTuple):
    """A process that has the listening socket. program: the name of its executable."""

    pid: int
    program: str


class Listening(NamedTuple):
    """Who listens on a path. dockerd: pids; starts: whether systemd (of the system or of a user) holds it, and no dockerd
    does; hidden: whether somebody listens who can't be seen from here, which is so without root."""

    dockerd: FrozenSet[int]
    starts: bool
    hidden: bool


def look(path: str, main_pid: int = 0) -> Listening:
    """Who listens on this path. main_pid: who probably does; then nobody else is looked for. Raise OSError."""
    inodes = sockets.listeners_on(path)
    if not inodes or not os.path.exists(path):  # a socket without a file can't be connected to
        return Listening(frozenset(), False, False)
    hidden = False
    if main_pid:
        try:
            if any(True for _inode in sockets.select_held(main_pid, inodes)):
                return Listening(frozenset((main_pid,)), False, False)
        except FileNotFoundError:
            pass  # it has ended
        except PermissionError:
            hidden = True
    holders = _holders(inodes)
    dockerd = frozenset(holder.pid for holder in holders if holder.program == _DOCKERD and _is_same(holder.pid, path))
    # systemd-socket-activate and others of its kind, too
    starts = not dockerd and any(holder.program.startswith("systemd") for holder in holders)
    return Listening(dockerd, starts, not holders or (hidden and not dockerd))


def _holders(inodes: Set[int]) -> List[Holder]:
    """The processes that hold one of these sockets; dockerd and systemd first, and no others where these do."""
    ours: List[Holder] = []
    others: List[Holder] = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                program = os.path.basename(os.readlink(f"/proc/{name}/exe")).split(" ")[0]
            except OSError:
                continue  # a kernel thread, one that ended, or another user's
            likely = program == _DOCKERD or program.startswith("systemd")
            (ours if likely else others).append(Holder(int(name), program))
    return _those_that_hold(ours, inodes) or _those_that_hold(others, inodes)


def _those_that_hold(candidates: Sequence[Holder], inodes: Set[int]) -> List[Holder]:
    holders = []
    for holder in candidates:
        try:
            if any(True for _inode in sockets.select_held(holder.pid, inodes)):
                holders.append(holder)
        except OSError:
            continue
    return holders


def _is_same(pid: int, path: str) -> bool:
    """Whether this path is the same socket for the process: one in a container with the host's network may listen on a
    path of the same name, and call its program as it likes."""
    try:
        if _IN_CONTAINER.search(bounded_file.read(f"/proc/{int(pid)}/cgroup", 1 << 20)):
            return False
        root = f"/proc/{int(pid)}/root/"
        return _identity(path, "/") == _identity(path, root)
    except (OSError, ValueError, rooted.Missing):
        return False


def _identity(path: str, root: str) -> Tuple[int, int]:
    descriptor, _since = rooted.find(path, root)
    try:
        status = os.fstat(descriptor)
        return status.st_dev, status.st_ino
    finally:
        os.close(descriptor)


def is_default(path: str) -> bool:
    """Whether this is where docker.service's dockerd listens if nobody says otherwise, and no link to elsewhere."""
    return path in DEFAULT_SOCKETS and os.path.realpath(path) in DEFAULT_SOCKETS


def is_of(unit: str, path: str) -> bool:
    """Whether the socket is probably this unit's: the usual one, or a person named another unit together with it."""
    return is_default(path) or unit != systemctl.DOCKER_SERVICE


def untouchable(path: str, unit: str, unit_state: Optional[UnitState], listening: Listening) -> str:
    """Why the socket must not be connected to, as that may start a daemon; "" where it may.

    unit_state: the unit's state, None where there is no such unit or no systemd.
    """
    active = unit_state.active if unit_state is not None else ""
    stopped = active in _STOPPED
    if listening.dockerd:
        return ""
    if not listening.starts and not listening.hidden:
        return f"{unit} is {active}; looking does not start it" if stopped and is_default(path) else ""
    if not os.path.isdir("/run/systemd/system"):  # as sd_booted(3): nobody else hands sockets over
        return ""
    if unit_state is not None and not stopped and is_of(unit, path) and (active != "active" or listening.hidden):
        return ""  # its start is under way, or done by a dockerd that only root can see
    if stopped and is_default(path):
        return f"{unit} is {active}; looking does not start it"
    if os.path.basename(os.path.realpath(path)) == "podman.sock":
        return "Podman answers on this socket, and these rules judge dockerd"
    state = f"{unit} is {active}" if unit_state is not None else f"{unit} is no unit here"
    return f"systemd may start what stands behind {path}, so it is not asked ({state})"
