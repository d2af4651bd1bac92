# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of a transaction: whether those that should run on did, and starting again those that it ended."""

from typing import Dict, List, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    from_inspect,
    lost,
    stop_order,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import Entry

# An engine that comes up starts containers by itself: for so long a process may be there before the engine tells of it.
STARTING_SECONDS = 5


class StartedAgain(NamedTuple):
    """failed: names of those that the engine refused to start, and why; unknown: names that this engine has no container
    of; unfinished: sentences about those that the next run, or a person, has to go on with.
    """

    started: List[Container]
    failed: List[str]
    unknown: List[str]
    unfinished: List[str]


def running(host: Host, engine: Engine) -> List[Container]:
    """What runs now. Raises EngineError."""
    items = []
    for item in list(engine.each("/containers/json")):
        try:
            inspect = engine.get(container_path(item["Id"]))
            if inspect["State"]["Running"] and inspect["State"]["Pid"]:
                items.append(from_inspect(inspect, host.start_ticks(inspect["State"]["Pid"])))
        except EngineError as error:
            if error.status != 404:
                raise
        except OSError:
            continue  # it ended meanwhile
    return items


def lost_names(host: Host, engine: Engine, keep: Sequence[Container]) -> List[str]:
    """Names of those that were to run on and did not. Raises EngineError."""
    inspects, ticks = {}, {}
    for item in keep:
        try:
            inspects[item.id] = engine.get(container_path(item.id))
            ticks[item.pid] = host.start_ticks(item.pid)
        except EngineError as error:
            if error.status != 404:
                raise
        except OSError:
            continue
    return lost(keep, inspects, ticks)


def outside(host: Host, stopped: Sequence[Container]) -> Dict[str, int]:
    """id -> a process of a container that was stopped and that the engine does not hold as its own. Raises EngineError.

    dockerd itself starts a container whose restart policy says so when it comes up: that one is the engine's own.
    """
    pid_by_id: Dict[str, int] = {}
    former = {item.id: item for item in stopped}

    def all_held() -> bool:
        pid_by_id.clear()
        alive = host.container_processes(frozenset(former)) if former else {}
        if not alive:
            return True
        engine = host.engine()
        try:
            for container_id, pids in alive.items():
                own = _own_process(engine, container_id)
                if own != former[container_id].pid and runs(host, former[container_id]):
                    pid_by_id[container_id] = former[container_id].pid
                elif own not in pids:
                    pid_by_id[container_id] = min(pids)
        finally:
            engine.close()
        return not pid_by_id

    activate.wait(host, STARTING_SECONDS, all_held)
    return pid_by_id


def runs(host: Host, container: Container) -> bool:
    """Whether the very process that the container had is still there."""
    try:
        return host.start_ticks(container.pid) == container.ticks
    except OSError:
        return False


def _own_process(engine: Engine, container_id: str) -> int:
    """The process of this container by the engine's word; 0 where it has no such container, or one that does not run."""
    try:
        state = engine.get(container_path(container_id))["State"]
    except EngineError as error:
        if error.status == 404:
            return 0
        raise
    return state["Pid"] if state["Running"] else 0


def start_again(host: Host, entry: Entry) -> StartedAgain:
    """Start what the transaction stopped, and what it should have kept and did not. Raises EngineError."""
    engine = host.engine()
    try:
        gone = frozenset(lost_names(host, engine, entry.keep))
    finally:
        engine.close()
    return start_stopped(host, entry.stop, stop_order([item for item in entry.keep if item.name in gone]))


def start_stopped(host: Host, stopped: Sequence[Container], ended: Sequence[Container] = ()) -> StartedAgain:
    """Start these in the reverse order. ended: those that the transaction had not stopped. Raises EngineError."""
    result = StartedAgain([], [], [], [])
    held_outside = outside(host, stopped)
    for item in [*reversed(ended), *reversed(stopped)]:
        if item.id in held_outside:
            result.unfinished.append(
                f"process {held_outside[item.id]} of the container {item.name} goes on outside of the engine, so that is not "
                "started: end the process"
            )
            continue
        if runs(host, item):
            continue  # its turn to be stopped had not come
        try:
            if activate.start(host, item):
                result.started.append(item)
            else:
                result.unknown.append(item.name)
        except NotInForce as error:
            result.failed.append(f"{item.name} ({error})")
        except EngineError as error:
            result.unfinished.append(f"{item.name} is not started ({error})")
    return result
