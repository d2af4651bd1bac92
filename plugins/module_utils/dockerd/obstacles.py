# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps everything on a host from being seen or changed, each as one sentence that names the way forward. Pure."""

from typing import Any, List, Mapping

_PODMAN = "Podman"


def of_audit(engine: Mapping[str, Any], uid: int) -> List[str]:
    """Why an audit sees next to nothing; [] where it sees what there is, also of a daemon that is stopped.

    engine: the result of `daemon_evidence.summary`; uid: who asks.
    """
    if engine["state"] == "remote" and engine["version"] is not None:
        return []
    if uid != 0 and engine["state"] != "remote":
        return [
            (
                f"Only root sees what the kernel and the engine show, and this ran as user id {uid}: set become "
                f"to true, or leave "
                "this host out."
            )
        ]
    if engine["state"] == "stopped" or engine["version"] is not None:
        return []
    if _PODMAN in engine["reason"]:
        return [f"{engine['reason']}: leave this host out."]
    return [
        f"No Docker engine answers here ({engine['reason']}): install or start Docker, name its address where the engine is "
        "another one, or leave this host out."
    ]


def no_unit(unit: str, reason: str) -> str:
    """Why nothing can be changed where systemd has no such unit, or doesn't run. reason: as systemd.next_start tells."""
    if unit in reason:
        return f"{reason}: install Docker here, name the unit that runs dockerd where it is another one, or leave this host out"
    return f"{reason}, and only an engine that systemd runs can be changed: leave this host out"
