# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers keep running while the daemon is down."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "live-restore"


def _in_swarm(evidence: Evidence) -> bool:
    """Whether the engine is a node of a swarm; False where the engine doesn't say."""
    try:
        swarm = evidence["info"].get("Swarm") or {}
    except (Absent, Unreadable):
        return False
    return swarm.get("LocalNodeState") not in (None, "", "inactive")


def _requested(evidence: Evidence) -> bool:
    try:
        return evidence["configured"].get(KEY) is True
    except (Absent, Unreadable):
        return False


def _impossible(evidence: Evidence) -> Optional[str]:
    # moby: daemon/config/config_linux.go, ValidatePlatformConfig and its caller in cmd/dockerd
    if not _in_swarm(evidence) or _requested(evidence) or engine_info.field(evidence["info"], "LiveRestoreEnabled"):
        return None
    return "the engine is in swarm mode, in which dockerd refuses live-restore"


def _configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY, False)
    if value is True and _in_swarm(evidence):
        return Verdict(False, "live-restore is set and the engine is in swarm mode: the next start will fail")
    return Verdict(value is True, f"{KEY} is {str(value).lower()} in the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    on = engine_info.field(evidence["info"], "LiveRestoreEnabled")
    if on and _in_swarm(evidence):
        return Verdict(False, "docker info shows live-restore in swarm mode, with which dockerd does not start")
    return Verdict(on is True, f"docker info shows LiveRestoreEnabled {str(on).lower()}")


RULE = Rule(
    id="live-restore",
    title="Containers survive a stop of the daemon",
    severity="low",
    weakness={"daemon": "containers stop when the daemon stops"},
    rationale=(
        "Without live-restore every restart or crash of the daemon stops all containers, so fixes of the engine wait "
        "for a maintenance window and whoever can crash the daemon takes down what runs on the host."
    ),
    remediation=(
        "Set live-restore to true in daemon.json and reload the daemon. In swarm mode dockerd refuses it: leave it "
        "unset there, as the swarm moves the services."
    ),
    references={"CIS 1.6": ("2.15",), "CIS 1.8": ("2.16",)},
    reads=(
        "daemon.configured",
        "daemon.info",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={KEY: True},
    inapplicable=_impossible,
)
