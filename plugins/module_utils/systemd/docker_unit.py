# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The unit that runs dockerd: how it is now, what it logs, and its way out of a failed start. I/O."""

import re
import subprocess
from typing import NamedTuple, Tuple

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


def reset_failed(unit: str) -> None:
    """Give the unit, and the socket that it needs, their starts back. Raises SystemdError."""
    systemctl.systemctl(["reset-failed", "--", unit])
    socket = unit.rpartition(".")[0] + ".socket"
    if life(socket).load == "loaded":
        systemctl.systemctl(["reset-failed", "--", socket])


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
