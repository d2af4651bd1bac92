# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon logs what an investigation needs, and no secrets."""

from typing import Any, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict


def _judge(settings: Mapping[str, Any], where: str) -> Verdict:
    """debug wins over log-level (moby: cmd/dockerd/debug), whose names dockerd takes in any letter case."""
    if settings.get("debug", False) is not False:
        return Verdict(False, f"debug is {str(settings['debug']).lower()} {where}")
    level = settings.get("log-level") or "info"
    return Verdict(level.lower() == "info", f"log-level is {level} {where}")


def _configured(evidence: Evidence) -> Verdict:
    return _judge(evidence["configured"], "in the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    if engine_info.field(evidence["info"], "Debug"):
        return Verdict(False, "docker info shows Debug true")
    return _judge(evidence["running"], "in what the daemon was started with")


RULE = Rule(
    id="log-level",
    title="The daemon logs at level info",
    severity="low",
    weakness={"daemon": "the daemon does not log at level info"},
    rationale=(
        "Above info the daemon no longer records what an investigation of an attack looks for. Debug writes requests "
        "with what they carry into the log, and opens the engine's profiling to everyone who reaches the API."
    ),
    remediation="Set log-level to info and debug to false in daemon.json, and restart the daemon.",
    references={"CIS 1.6": ("2.3",), "CIS 1.8": ("2.3",)},
    reads=(
        "daemon.configured",
        "daemon.info",
        "daemon.running",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={"log-level": "info", "debug": False},
)
