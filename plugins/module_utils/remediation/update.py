# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives a container limits and another restart policy while it runs."""

from typing import Any, Dict, List, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import integers
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, container_path
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups
from ansible_collections.containment.docker.plugins.module_utils.remediation.remedy import (
    Plan,
    Refused,
    Remedy,
    command,
    restart_body,
    restart_policy,
    running,
)

# wanted -> (controller, in HostConfig, in docker info)
_LIMITS = {
    "memory": ("memory", "Memory", "MemoryLimit"),
    "pids_limit": ("pids", "PidsLimit", "PidsLimit"),
}
_FIELDS = {"memory": "Memory", "memory_swap": "MemorySwap", "pids_limit": "PidsLimit"}
_FLAGS = (
    ("memory", "memory"),
    ("memory_swap", "memory-swap"),
    ("pids_limit", "pids-limit"),
    ("restart_policy", "restart"),
)
# What may be in use of a limit for it to be set: a cure must not kill what runs.
PERCENT = 80
# An engine takes a zero for no change: what it was never given it can only be given so large that nothing reaches it,
# the swap in addition to the memory.
_NO_MEMORY_LIMIT = {"memory": 1 << 62, "memory_swap": (1 << 63) - 4096}


def _state(evidence: Evidence, wanted: Mapping[str, Any]) -> Dict[str, Any]:
    """What the engine was asked for; where that is what is wanted, but the kernel has it otherwise, the kernel's."""
    config = evidence["inspect"]["HostConfig"]
    state: Dict[str, Any] = {}
    for key in ("memory", "pids_limit"):
        if wanted.get(key) is not None:
            state[key] = _limit(evidence, key, wanted[key])
    if "memory" in state:
        state["memory_swap"] = config.get("MemorySwap") or 0
    if wanted.get("restart_policy") is not None:
        state["restart_policy"] = restart_policy(evidence["inspect"])
    return state


def _limit(evidence: Evidence, key: str, wanted: int) -> int:
    controller, name, _info = _LIMITS[key]
    configured = max(integers.parse(evidence["inspect"]["HostConfig"].get(name)), 0)
    try:
        limit = evidence["limits"][controller]
    except (Absent, Unreadable):
        return configured
    return limit.most or 0 if configured == wanted and not cgroups.holds(limit, controller, configured) else configured


def _plan(evidence: Evidence, wanted: Mapping[str, Any]) -> Plan:
    inspect, before = evidence["inspect"], _state(evidence, wanted)
    after, notes = dict(before), []
    for key, (controller, _name, able) in _LIMITS.items():
        if key in before and before[key] != wanted[key]:
            if not evidence["info"].get(able):
                raise Refused(f"docker info says that its kernel has no {controller} limits")
            if not before[key] or wanted[key] < before[key]:
                _leaves_room(evidence, controller, wanted[key])
            after[key] = wanted[key]
            notes += _unproven(evidence, controller)
    if after.get("memory") != before.get("memory"):
        after["memory_swap"] = _swap(evidence, after["memory"])
    if "restart_policy" in before:
        after["restart_policy"] = wanted["restart_policy"]
        if inspect["HostConfig"].get("AutoRemove") and after["restart_policy"] != "no":
            raise Refused("it was started with --rm, so it can have no restart policy")
    return Plan(after, _undo(evidence, before, after), sorted(set(notes)))


def _leaves_room(evidence: Evidence, controller: str, wanted: int) -> None:
    try:
        used = evidence["usage"][controller]
    except Absent:
        return  # it does not run
    except Unreadable as reason:
        raise Refused(f"what it uses now is not known: {reason}")
    if used * 100 > wanted * PERCENT:
        raise Refused(f"{controller}: it uses {int(used)} now, more than {int(PERCENT)} % of {int(wanted)}")


def _unproven(evidence: Evidence, controller: str) -> List[str]:
    try:
        evidence["limits"][controller]
    except Unreadable as reason:
        return [f"only the engine says so: {reason}"]
    except Absent:
        if running(evidence["inspect"]):
            return ["only the engine says so: its kernel can't be seen from here"]
        return ["it holds from its next start on"]
    return []


def _swap(evidence: Evidence, memory: int) -> int:
    """Memory and swap together. It may swap as much as before, and not at all if it had no limit of memory.

    moby: UpdateContainer refuses a limit of memory above the one of both; daemon_unix.go makes it -1 without accounting.
    """
    config = evidence["inspect"]["HostConfig"]
    old, both = config.get("Memory") or 0, config.get("MemorySwap") or 0
    if both == -1 and old > 0 or not evidence["info"].get("SwapLimit"):
        return -1
    return memory + (both - old if both > old > 0 else 0)


def _undo(evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> List[str]:
    restored = _restored(evidence, before)
    changed = _of_changed(after, restored, restored)
    words = [f"--{flag}={changed[key]}" for key, flag in _FLAGS if key in changed]
    return [command(evidence, "update", *words)] if words else []


def _restored(evidence: Evidence, before: Mapping[str, Any]) -> Dict[str, Any]:
    """What to ask of the engine to have again what it was asked for before."""
    config, old = evidence["inspect"]["HostConfig"], dict(before)
    for key in ("memory", "memory_swap", "pids_limit"):
        if key in old:
            old[key] = config.get(_FIELDS[key]) or 0
    if "memory" in old and old["memory"] <= 0:
        old.update(_NO_MEMORY_LIMIT)
    if "pids_limit" in old and old["pids_limit"] <= 0:
        old["pids_limit"] = -1
    return old


def _act(engine: Engine, evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    _send(engine, evidence, _of_changed(before, after, after))


def _back(engine: Engine, evidence: Evidence, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """An engine that failed has put its own back already, and can't be given no limit again."""
    now = engine.get(container_path(evidence["inspect"]["Id"]))["HostConfig"]
    if any(
        now.get(name) != evidence["inspect"]["HostConfig"].get(name)
        for name in list(_FIELDS.values()) + ["RestartPolicy"]
    ):
        _send(engine, evidence, _of_changed(before, after, _restored(evidence, before)))


def _of_changed(before: Mapping[str, Any], after: Mapping[str, Any], values: Mapping[str, Any]) -> Dict[str, Any]:
    """The values of what is changed. Memory and swap go together: an engine checks one by the other."""
    changed = {key for key in before if before[key] != after[key]}
    return {
        key: value for key, value in values.items() if key in changed or key[:6] == "memory" and "memory" in changed
    }


def _send(engine: Engine, evidence: Evidence, values: Mapping[str, Any]) -> None:
    body = {_FIELDS[key]: values[key] for key in values if key in _FIELDS}
    if "restart_policy" in values:
        body.update(restart_body(values["restart_policy"]))
    engine.post(container_path(evidence["inspect"]["Id"], "update"), body)


REMEDY = Remedy(_state, _plan, _act, _back)
