# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remedies containers one by one: look, plan, act, look again. One container's trouble is its own.

What runs on the target in the module container_remedy.
"""

import json
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.evidence import host
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups
from ansible_collections.containment.docker.plugins.module_utils.remediation import disconnect, pause, stop, update
from ansible_collections.containment.docker.plugins.module_utils.remediation.remedy import Plan, Refused

REMEDIES = {
    "update": update.REMEDY,
    "pause": pause.REMEDY,
    "disconnect": disconnect.REMEDY,
    "stop": stop.REMEDY,
}
WANTED = ("memory", "pids_limit", "restart_policy")
_ID = re.compile(r"[0-9a-f]{64}\Z")
_RESTART = re.compile(r"(no|always|unless-stopped|on-failure(:[1-9][0-9]{0,8})?)\Z")
# moby: daemon_unix.go, linuxMinMemory
_LEAST_MEMORY = 6 << 20
_GONE = "it is gone"
# the last four: an answer of a shape that no engine gives
_REASONS = (EngineError, Refused, LookupError, TypeError, ValueError, AttributeError)


class Step(NamedTuple):
    """container: the full id; name: what messages call it; wanted: what an update sets."""

    container: str
    name: str
    action: str
    wanted: Mapping[str, Any]


def parse_step(index: int, step: Mapping[str, Any]) -> Step:
    """The step that a person gave. ValueError says what is wrong with it."""
    wanted = {key: step[key] for key in WANTED if step.get(key) is not None}
    problem = None
    if not _ID.match(step["container"]):
        problem = f"container {step['container']!r} is not a full id of 64 hexadecimal digits"
    elif step["action"] == "update" and not wanted:
        problem = f"an update needs one of {', '.join(WANTED)}"
    elif step["action"] != "update" and wanted:
        problem = f"{', '.join(wanted)} belongs to the action update"
    elif wanted.get("memory", _LEAST_MEMORY) < _LEAST_MEMORY:
        problem = f"memory {int(wanted['memory'])} is less than the {int(_LEAST_MEMORY)} bytes that dockerd demands"
    elif wanted.get("pids_limit", 1) < 1:
        problem = f"pids_limit {int(wanted['pids_limit'])} is no limit"
    elif not _RESTART.match(wanted.get("restart_policy", "no")):
        problem = f"restart_policy {wanted['restart_policy']!r} is none that dockerd knows"
    if problem:
        raise ValueError(f"steps[{int(index)}]: {problem}")
    return Step(step["container"], inert(step["name"] or step["container"][:12], 255), step["action"], wanted)


def remedy(engine: Engine, steps: Sequence[Step], check: bool) -> Dict[str, Any]:
    """changed, containers (an entry for each step) and diff. Raises EngineError where there is no engine."""
    shared = {"info": engine.get("/info"), "host": host.collect(())}
    entries = [_entry(engine, shared, step, check) for step in steps]
    return {
        "changed": any(entry["changed"] for entry in entries),
        "containers": entries,
        "diff": {side: "".join(_line(entry, side) for entry in entries) for side in ("before", "after")},
    }


def _entry(engine: Engine, shared: Mapping[str, Any], step: Step, check: bool) -> Dict[str, Any]:
    entry: Dict[str, Any] = {
        "container": step.container,
        "name": step.name,
        "action": step.action,
        "changed": False,
        "refused": "",
        "before": {},
        "after": {},
        "undo": [],
        "notes": [],
    }
    remedy_ = REMEDIES[step.action]
    try:
        evidence = _look(engine, shared, step.container)
        entry["before"] = entry["after"] = before = remedy_.state(evidence, step.wanted)
        entry["notes"] = _warnings(evidence)
        plan = remedy_.plan(evidence, step.wanted)
    except _REASONS as error:
        return dict(entry, refused=_reason(error))
    if plan.after == before:
        return entry
    entry["notes"] = entry["notes"] + plan.notes
    done = {"after": plan.after, "refused": ""} if check else _do(engine, shared, step, evidence, before, plan)
    return dict(entry, changed=done["after"] != before, undo=plan.undo if done["after"] != before else [], **done)


def _do(
    engine: Engine, shared: Mapping[str, Any], step: Step, evidence: Evidence, before: Dict[str, Any], plan: Plan
) -> Dict[str, Any]:
    """What came of it, as the engine and the kernel show it afterwards: not as the plan has it."""
    remedy_, refused = REMEDIES[step.action], ""
    try:
        remedy_.act(engine, evidence, before, plan.after)
    except _REASONS as error:
        refused = _reason(error)
    try:
        after = remedy_.state(_look(engine, shared, step.container), step.wanted)
        if after != plan.after:
            refused = refused or f"it was asked for, but {_difference(plan.after, after)}"
            remedy_.back(engine, evidence, before, plan.after)
            after = remedy_.state(_look(engine, shared, step.container), step.wanted)
    except _REASONS as error:
        reasons = [refused, "it was asked for, but what came of it is not known", _reason(error)]
        return {"after": {}, "refused": "; ".join(reason for reason in reasons if reason)}
    return {"after": after, "refused": refused}


def _look(engine: Engine, shared: Mapping[str, Any], container: str) -> Evidence:
    evidence = Evidence(shared, seconds_left=engine.remaining_seconds())
    evidence["inspect"] = inspect = engine.get(container_path(container))
    if inspect["Id"] != container:  # an engine takes a name for an id, and a name may look like one
        raise Refused(_GONE)
    pid = inspect["State"]["Pid"]
    if pid:
        evidence["usage"] = Later(lambda: _usage(engine, container))
        if engine.address.local:
            evidence["limits"] = Later(lambda: cgroups.limits_now(container, pid, shared["host"]["hierarchies"]))
    return evidence


def _usage(engine: Engine, container: str) -> Dict[str, int]:
    """What counts against its limits. Files that nobody uses are given back before anything is killed."""
    try:
        stats = engine.get(container_path(container, "stats") + "?stream=false&one-shot=true")
        memory = stats["memory_stats"]
        detail = memory["stats"]
        files = detail["total_inactive_file"] if "total_inactive_file" in detail else detail["inactive_file"]
        return {"memory": memory["usage"] - files, "pids": stats["pids_stats"]["current"]}
    except EngineError as error:
        raise Unreadable(str(error))
    except (LookupError, TypeError) as error:
        raise Unreadable(f"docker stats has no {error}")


def _warnings(evidence: Evidence) -> List[str]:
    """Labels can be set by anyone: this one counts only where the engine is that node of a swarm."""
    swarm = evidence["info"].get("Swarm") or {}
    labels = evidence["inspect"]["Config"].get("Labels") or {}
    if swarm.get("NodeID") and labels.get("com.docker.swarm.node.id") == swarm["NodeID"]:
        return ["it seems to be a task of a swarm's service, which may start another in its place"]
    return []


def _difference(wanted: Mapping[str, int], after: Mapping[str, int]) -> str:
    return ", ".join(f"{key} is {json.dumps(after[key])}" for key in sorted(wanted) if after[key] != wanted[key])


def _reason(error: Exception) -> str:
    if isinstance(error, EngineError):
        return _GONE if error.status == 404 else inert(error)
    if isinstance(error, Refused):
        return inert(error)
    return inert(f"the engine's answer has an unexpected shape: {type(error).__name__}: {error}")


def _line(entry: Mapping[str, Any], side: str) -> str:
    values = entry[side]
    settings = ", ".join(f"{key} {json.dumps(values[key])}" for key in sorted(values))
    return f"{entry['name']}: {settings}\n"
