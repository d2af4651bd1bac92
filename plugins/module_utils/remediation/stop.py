# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stops a container so that it stays stopped."""

from typing import Any, Dict, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, container_path
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    DEFAULT_STOP_TIMEOUT,
)
from ansible_collections.containment.docker.plugins.module_utils.remediation.remedy import (
    Plan,
    Refused,
    Remedy,
    command,
    restart_body,
    restart_policy,
    running,
)


def stop_timeout(inspect: Mapping[str, Any]) -> int:
    """Seconds that the engine gives it before it kills it; negative for ever."""
    timeout = inspect["Config"].get("StopTimeout")
    return DEFAULT_STOP_TIMEOUT if timeout is None else timeout


def _state(evidence: Evidence, _wanted: Mapping[str, Any]) -> Dict[str, Any]:
    return {"running": running(evidence["inspect"]), "restart_policy": restart_policy(evidence["inspect"])}


def _plan(evidence: Evidence, wanted: Mapping[str, Any]) -> Plan:
    inspect, before, undo = evidence["inspect"], _state(evidence, wanted), []
    if before["running"]:
        if inspect["HostConfig"].get("AutoRemove"):
            raise Refused("it was started with --rm, so a stop would remove it")
        timeout = stop_timeout(inspect)
        if timeout < 0:
            raise Refused(f"its stop timeout is {int(timeout)}: the engine would wait for ever")
        if timeout >= evidence["seconds_left"]:
            raise Refused(f"its stop may take {int(timeout)} s, more than is left of the timeout")
        undo.append(command(evidence, "start"))
        if inspect["State"]["Paused"]:
            undo.append(command(evidence, "pause"))
    if before["restart_policy"] != "no":
        undo.insert(0, command(evidence, "update", "--restart=" + before["restart_policy"]))
    return Plan({"running": False, "restart_policy": "no"}, undo, [])


def _act(engine: Engine, evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """The policy first: an engine that restarts between the two would start it again."""
    identity = evidence["inspect"]["Id"]
    if before["restart_policy"] != after["restart_policy"]:
        engine.post(container_path(identity, "update"), restart_body(after["restart_policy"]))
        now = restart_policy(engine.get(container_path(identity)))
        if now != after["restart_policy"]:
            raise Refused(f"its restart policy is still {now}")
    if before["running"]:
        engine.post(container_path(identity, "stop"))


def _back(engine: Engine, evidence: Evidence, before: Mapping[str, Any], _after: Mapping[str, Any]) -> None:
    """One that still runs keeps the policy that it had."""
    inspect = engine.get(container_path(evidence["inspect"]["Id"]))
    if running(inspect) and restart_policy(inspect) != before["restart_policy"]:
        engine.post(container_path(evidence["inspect"]["Id"], "update"), restart_body(before["restart_policy"]))


REMEDY = Remedy(_state, _plan, _act, _back)
