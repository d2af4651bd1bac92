# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The unit that runs dockerd: what it logs, and its way out of a failed start. I/O."""

from typing import Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl

Mark = Tuple[int, int]  # (pid, start in clock ticks after boot): one process, whatever happens to its pid


def reset_failed(unit: str) -> None:
    """Give the unit, and the socket that it needs, their starts back. Raises SystemdError."""
    systemctl.systemctl(["reset-failed", "--", unit])
    socket = unit.rpartition(".")[0] + ".socket"
    if systemctl.state(socket).load == "loaded":
        systemctl.systemctl(["reset-failed", "--", socket])


def log(unit: str, since: float) -> str:
    """What the unit logged since then; "" where that can't be read."""
    try:
        done = programs.run(
            [
                "journalctl",
                "--no-pager",
                "--quiet",
                "--output=cat",
                "--lines=60",
                f"--since=@{int(since)}",
                "--unit=" + unit,
            ],
            10,
        )
    except OSError:
        return ""
    return done.output.decode("utf-8", "replace")
