# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the evidence of each container: what the engine says, what it stored, what the kernel shows."""

from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name, shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.evidence import container_later as later
from ansible_collections.containment.docker.plugins.module_utils.linux import process_table, processes
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import (
    Gone,
    ProcessHandle,
    open_living_member,
)

# Containers of a batch, unless their inspects together are larger: whoever starts containers chooses the size.
BATCH = 8
BATCH_BYTES = 1024 * 1024
KEYS = ("inspect", "made", "image") + processes.KEYS


class Listed(NamedTuple):
    """A container as the engine lists it. state: running, paused, exited and so on."""

    id: str
    name: str
    state: str


class Survey(NamedTuple):
    """The containers, and which processes of the host are theirs; None for an engine that is on another machine."""

    listed: List[Listed]
    census: Optional[process_table.Census]


def survey(engine: Engine) -> Survey:
    """Return one look at the list and at all processes. Raise EngineError."""
    listed = listing(engine)
    if not engine.address.local:
        return Survey(listed, None)
    known = frozenset(container.id for container in listed)
    return Survey(listed, process_table.census(known, engine.address.path) if known else process_table.NOBODY)


def listing(engine: Engine) -> List[Listed]:
    """Return every container, running or not. Raise EngineError."""
    return [
        Listed(
            item["Id"],
            container_name.listed(item),
            inert(item.get("State", ""), 20),
        )
        for item in engine.each("/containers/json?all=1")
    ]


def each(engine: Engine, shared: Dict[str, Any], known: Optional[Survey] = None) -> Iterator[Tuple[Listed, Evidence]]:
    """Yield (container, its evidence) one at a time, as `batches` does of one each."""
    for batch in batches(engine, shared, known, 1):
        yield batch[0]


def batches(
    engine: Engine, shared: Dict[str, Any], known: Optional[Survey] = None, most: int = BATCH
) -> Iterator[List[Tuple[Listed, Evidence]]]:
    """Yield [(container, its evidence)], a few at a time, so that memory holds a few inspects and not their sum.

    shared: the evidence that all have in common (daemon, host, policy). known: the survey, where there is one. What an
    evidence has not read yet can be read until the next batch is asked for, which empties the list. A container that has
    been removed meanwhile is left out; one that can't be inspected has that as the reason. Raise EngineError if there is
    no list.
    """
    containers, census = known or survey(engine)
    local, census = engine.address.local, census or process_table.NOBODY
    images: Dict[str, Any] = {}
    memory: Dict[Any, Any] = {}
    shared = dict(shared, modes_of=later.modes_of(engine))
    if local:
        shared = dict(shared, others=Evidence(labels=Later(later.labels(engine, containers, census.pids))))
    batch: List[Tuple[Listed, Evidence]] = []
    handles: List[ProcessHandle] = []
    received = 0
    try:
        for container in containers:
            evidence = Evidence(shared)
            pids = census.pids.get(container.id, [])
            process = None
            try:
                process = _collect(engine, container.id, pids, evidence, census.strays)
            except EngineError as error:
                if error.status == 404:
                    continue
                evidence["inspect"] = Unreadable(str(error))
            else:
                if process is not None:
                    handles.append(process)
                inspect = dict.get(evidence, "inspect")
                _disputed(container.id, census.disputed, evidence)
                if isinstance(inspect, dict):
                    container = container._replace(name=container_name.inspected(inspect))  # renamed since the list
                    evidence["runtime_doubt"] = Later(later.runtime_doubt(inspect, shared["daemon"]))
                    evidence["image"] = Later(later.image(engine, inspect, images))
                if local:
                    later.add_local(container.id, pids, process, evidence, memory)
            batch.append((container, evidence))
            received += engine.received
            del evidence
            if len(batch) >= most or received >= BATCH_BYTES:
                yield batch
                _let_go(batch, handles)
                received = 0
        if batch:
            yield batch
    finally:
        _let_go(batch, handles)


def _let_go(batch: List[Any], handles: List[ProcessHandle]) -> None:
    for process in handles:
        process.close()
    handles.clear()
    batch.clear()


def _disputed(container_id: str, disputed: List[process_table.Disputed], evidence: Evidence) -> None:
    """Note that what may be the container's by descent, which it can't choose, is missing among its processes."""
    for one in disputed:
        if container_id in one.containers and "processes" in evidence:
            reason = f"process {int(one.process.pid)} may be its own: see unattributed-processes"
            evidence["incomplete"] = reason
            return


def collect(
    engine: Engine, container_id: str, pids: List[int], evidence: Evidence, strays: Optional[Mapping[int, int]] = None
) -> None:
    """Add the inspect and the kernel's evidence of the same moment: both anew if the container moved on in between.

    Raise EngineError; its status is 404 if there is no such container (any more).
    """
    process = _collect(engine, container_id, pids, evidence, strays)
    if process is not None:
        process.close()


def _collect(
    engine: Engine, container_id: str, pids: List[int], evidence: Evidence, strays: Optional[Mapping[int, int]]
) -> Optional[ProcessHandle]:
    """Collect, and return its first process, for the caller to close; None where none can be looked at."""
    reason = ""
    for _try in range(3):
        inspect = engine.get(container_path(container_id))
        wrong = shape.container_problem(inspect)
        if wrong:
            evidence["inspect"] = Unreadable(wrong)
            return None
        evidence["inspect"] = inspect
        pid = inspect["State"].get("Pid")
        if not pid or not engine.address.local:
            return None
        process = None
        try:
            process = open_living_member(container_id, int(pid))
            evidence.update(processes.look_at(process, container_id, int(pid), pids, strays).items())
            return process
        except Gone as error:
            reason = str(error)
            if process is not None:
                process.close()
    for key in processes.KEYS:
        evidence[key] = Unreadable(f"the engine names process {pid}, but {reason}")
    return None
