# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of a transaction: whether those that should run on did, and starting again those that it ended."""

from typing import Any, Dict, List, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    lost,
    stop_order,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce, Target

# An engine that comes up starts containers by itself: for so long a process may be there before the engine tells of it.
STARTING_SECONDS = 5


class StartedAgain(NamedTuple):
    """started: records of the journal; failed: which the engine refused to start, and why; unknown: names that this engine
    has no container of; left: sentences about those that the next run, or a person, has to go on with.
    """

    started: List[Dict[str, Any]]
    failed: List[str]
    unknown: List[str]
    left: List[str]


def lost_names(engine: Engine, keep: List[Dict[str, Any]]) -> List[str]:
    """Names of those that were to run on and did not. keep: records of the journal. Raises EngineError."""
    kept = [_container(item) for item in keep]
    inspects, ticks = {}, {}
    for item in kept:
        try:
            inspects[item.id] = engine.get(container_path(item.id))
            ticks[item.pid] = docker_unit.start_ticks(item.pid)
        except EngineError as error:
            if error.status != 404:
                raise
        except OSError:
            continue
    return lost(kept, inspects, ticks)


def outside(target: Target, stopped: List[Dict[str, Any]]) -> Dict[str, int]:
    """id -> a process of a container that was stopped and that the engine does not hold as its own. Raises EngineError.

    dockerd itself starts a container whose restart policy says so when it comes up: that one is the engine's own.
    """
    found: Dict[str, int] = {}
    former = {item["id"]: (item["pid"], item["ticks"]) for item in stopped}

    def all_held():
        found.clear()
        alive = processes.census(frozenset(former)) if former else {}
        engine = target.engine() if alive else None
        try:
            for container_id, pids in alive.items():
                own = _own_process(engine, container_id)
                if own != former[container_id][0] and runs(*former[container_id]):
                    found[container_id] = former[container_id][0]
                elif own not in pids:
                    found[container_id] = min(pids)
        finally:
            if engine is not None:
                engine.close()
        return not found

    activate.wait(STARTING_SECONDS, all_held)
    return found


def runs(pid: int, ticks: int) -> bool:
    """Whether this very process is still there. ticks: when it started, in clock ticks after boot."""
    try:
        return docker_unit.start_ticks(pid) == ticks
    except OSError:
        return False


def _own_process(engine, container_id):
    """The process of this container by the engine's word; 0 where it has no such container, or one that does not run."""
    try:
        state = engine.get(container_path(container_id))["State"]
    except EngineError as error:
        if error.status == 404:
            return 0
        raise
    return state["Pid"] if state["Running"] else 0


def start_again(target: Target, entry: Dict[str, Any]) -> StartedAgain:
    """Start what the transaction stopped, and what it should have kept and did not. Raises EngineError."""
    engine = target.engine()
    try:
        gone = frozenset(lost_names(engine, entry["keep"]))
    finally:
        engine.close()
    ended = [
        dict(item._asdict())
        for item in stop_order([_container(item) for item in entry["keep"] if item["name"] in gone])
    ]
    return start_stopped(target, entry["stop"], ended)


def start_stopped(target: Target, stopped: List[Dict[str, Any]], ended: Sequence[Dict[str, Any]] = ()) -> StartedAgain:
    """Start these records of the journal, in the reverse order; ended: those that were not stopped by the transaction.

    Raises EngineError.
    """
    result = StartedAgain([], [], [], [])
    held_outside = outside(target, stopped)
    for item in reversed(stopped + list(ended)):
        if item["id"] in held_outside:
            result.left.append(
                "process %d of the container %s goes on outside of the engine, so that is not started: end the process"
                % (held_outside[item["id"]], item["name"])
            )
            continue
        if runs(item["pid"], item["ticks"]):
            continue  # its turn to be stopped had not come
        try:
            known = activate.start(target, item["id"], item["paused"])
            (result.started if known else result.unknown).append(item if known else item["name"])
        except NotInForce as error:
            result.failed.append(f"{item['name']} ({error})")
        except EngineError as error:
            result.left.append(f"{item['name']} is not started ({error})")
    return result


def _container(item):
    return Container(**dict(item, needs=tuple(item["needs"])))
