# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The unit that runs dockerd: how it is now, what it logs, and its way out of a failed start. I/O."""

import os
import re
import signal
import subprocess
from typing import NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import process
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import inert
from ansible_collections.containment.docker.plugins.module_utils.dockerd.log_reason import last_error
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import start_ticks
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl

_PROPERTIES = "LoadState,ActiveState,SubState,MainPID,InvocationID,Result"


class Life(NamedTuple):
    """The unit now. invocation: changes with each start, also with those that systemd does by itself."""

    load: str
    active: str
    sub: str
    pid: int
    invocation: str
    result: str


Mark = Tuple[int, int]  # (pid, start in clock ticks after boot): one process, whatever happens to its pid


def life(unit: str) -> Life:
    """The unit's Life. Raises SystemdError."""
    shows = dict(
        line.partition("=")[::2]
        for line in systemctl.systemctl(["show", "--property=" + _PROPERTIES, "--", unit]).splitlines()
    )
    pid = shows.get("MainPID", "")
    return Life(
        shows.get("LoadState", ""),
        shows.get("ActiveState", ""),
        shows.get("SubState", ""),
        int(pid) if re.match(r"[0-9]{1,10}\Z", pid) else 0,
        shows.get("InvocationID", ""),
        shows.get("Result", ""),
    )


def mark(pid: int) -> Mark:
    """The Mark of a process. Raises OSError if it is gone."""
    return pid, start_ticks(pid)


def end_hung(unit: str, before: Mark) -> None:
    """Kill a dockerd that we started and that does not come up: one that hangs in its start does not hear systemd's stop
    signal either, and systemd would wait for it. Never the one from before (`before`), nor one that is up.
    """
    try:
        now = life(unit)
        if now.active in ("activating", "deactivating") and now.pid and mark(now.pid) != before:
            process.read(now.pid)  # ValueError if it is no dockerd
            os.kill(now.pid, signal.SIGKILL)
    except (systemctl.SystemdError, OSError, ValueError):
        pass  # it has ended, or is no dockerd: then the restart deals with it


def reset_failed(unit: str) -> None:
    """Give the unit, and the socket that it needs, their starts back. Raises SystemdError."""
    systemctl.systemctl(["reset-failed", "--", unit])
    socket = unit.rpartition(".")[0] + ".socket"
    if life(socket).load == "loaded":
        systemctl.systemctl(["reset-failed", "--", socket])


def words(unit: str, since: float) -> str:
    """What dockerd itself last said about it, as ": …"; empty where the journal has nothing."""
    said = last_error(log(unit, since))
    return ": " + inert(said, 300) if said else ""


def log(unit: str, since: float) -> str:
    """What the unit logged since then; "" where that can't be read."""
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [
                "journalctl",
                "--no-pager",
                "--quiet",
                "--output=cat",
                "--lines=60",
                f"--since=@{int(since)}",
                "--unit=" + unit,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
