# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start what ran in the new root, and compare it with what it was. I/O."""

from typing import Any, List, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.migration import compare
from ansible_collections.containment.docker.plugins.module_utils.migration.model import CREATE
from ansible_collections.containment.docker.plugins.module_utils.migration.prepare import NewRoot
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed, Work, inspect

# A container that can't live with mapped ids ends at once.
_SETTLE_SECONDS = 3.0


def start(work: Work, new_root: NewRoot) -> List[str]:
    """Start what ran and can run, in the reverse of the order of its stop, paused where it was. Raises Failed."""
    started: List[str] = []
    coming = set(work.plan.names("container", CREATE))
    for item in reversed(work.record.running):
        if item.name not in new_root.definitions or item.name not in coming:
            continue
        engine = work.host.engine()  # one for each: all of its answers together must come in time
        try:
            engine.post(container_path(item.name, "start"))
            if item.paused:
                engine.post(container_path(item.name, "pause"))
        except EngineError as error:
            raise Failed(f"the container {inert(item.name)} does not start with mapped ids: {inert(error)}")
        finally:
            engine.close()
        started.append(item.name)
    return started


def require_alive(work: Work, names: List[str]) -> List[str]:
    """Wait until they have settled, and those with a health check are healthy again; notes about what is not yet.

    Raises Failed for one that ended at once, or that was healthy and is not any more.
    """
    if names:
        work.host.sleep(_SETTLE_SECONDS)
    was = {container_name.inspected(item): _health(item) for item in work.facts.containers}
    waiting = list(names)
    end = work.host.monotonic() + work.host.timeout
    engine = work.host.engine(2 * work.host.timeout + _SETTLE_SECONDS)
    try:
        while True:
            waiting = [name for name in waiting if not _is_well(name, ask(engine, name), was.get(name, ""))]
            if not waiting or work.host.monotonic() >= end:
                break
            work.host.sleep(1.0)
    finally:
        engine.close()
    return [f"the health check of {inert(name)} has not succeeded yet" for name in waiting]


def _health(inspected: Mapping[str, Any]) -> str:
    return str((inspected["State"].get("Health") or {}).get("Status") or "")


def _is_well(name: str, now: Mapping[str, Any], before: str) -> bool:
    """Whether nothing is left to be waited for. before: the status of its health check in the old root."""
    state = now["State"]
    if state.get("Restarting") or (not state["Running"] and state["ExitCode"] != 0):
        raise Failed(
            f"the container {inert(name)} ended with status {state['ExitCode']} at once with mapped ids "
            f"({inert(state.get('Error') or 'see its log')})"
        )
    health = _health(now)
    if health == "unhealthy" and before == "healthy":
        raise Failed(f"the container {inert(name)} was healthy and is unhealthy with mapped ids: see its health check")
    return health != "starting" or before != "healthy" or bool(state.get("Paused"))


def ask(engine: Engine, name: str) -> Mapping[str, Any]:
    """A container by its name. Raises Failed."""
    try:
        return inspect(engine, name)
    except EngineError as error:
        raise Failed(f"the container {inert(name)} can't be looked at: {inert(error)}")


def require_equal(work: Work, new_root: NewRoot) -> None:
    """Every container is as it was, and what runs has mapped ids by the kernel's word. Raises Failed."""
    before = {container_name.inspected(item): item for item in work.facts.containers}
    engine, problems = work.host.engine(), []
    try:
        for name, wanted in new_root.definitions.items():
            after = ask(engine, name)
            problems += compare.differences(before[name], after, wanted)
            if after["State"]["Running"] and after["HostConfig"].get("UsernsMode") != "host":
                problems += _unmapped(name, after["State"]["Pid"], work.facts.ids.uid)
    finally:
        engine.close()
    if problems:
        raise Failed(f"what was made is not what was there: {'; '.join(problems[:5])}")


def _unmapped(name: str, pid: int, first: int) -> List[str]:
    try:
        with open(f"/proc/{int(pid)}/uid_map", encoding="ascii") as stream:
            fields = stream.readline().split()
    except OSError:
        return []  # it ended; its own affair
    return (
        []
        if fields[:2] == ["0", str(first)]
        else [f"{inert(name)}: its root is the host's id {' '.join(fields[1:2])}, not {first}"]
    )
