# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Freezes what runs in a container."""

from typing import Any, Dict, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, container_path
from ansible_collections.containment.docker.plugins.module_utils.remediation.remedy import (
    Plan,
    Refused,
    Remedy,
    command,
    nothing_to_undo,
)


def _state(evidence: Evidence, _wanted: Mapping[str, Any]) -> Dict[str, bool]:
    return {"paused": bool(evidence["inspect"]["State"]["Paused"])}


def _plan(evidence: Evidence, _wanted: Mapping[str, Any]) -> Plan:
    state = evidence["inspect"]["State"]
    if state["Restarting"]:
        raise Refused("it is being restarted, and the engine can't pause it then")
    if not state["Running"]:
        raise Refused("it does not run")
    return Plan({"paused": True}, [command(evidence, "unpause")], [])


def _act(engine: Engine, evidence: Evidence, _before: Mapping[str, bool], _after: Mapping[str, bool]) -> None:
    engine.post(container_path(evidence["inspect"]["Id"], "pause"))


REMEDY = Remedy(_state, _plan, _act, nothing_to_undo)
