# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the evidence of each container: what the engine says, what it stored, what the kernel shows."""

import os
from functools import partial
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file, foreign_json
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Later,
    Unreadable,
)
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name, shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
    quote,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import runtimes
from ansible_collections.containment.docker.plugins.module_utils.evidence import runtime_spec
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    cgroups,
    device_list,
    process_table,
    processes,
)

KEYS = ("inspect", "made", "image") + processes.KEYS
_MODES = ("PidMode", "NetworkMode", "IpcMode", "UTSMode", "CgroupnsMode")
STORED_LIMIT = 64 * 1024 * 1024


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
    """One look at the list and at all processes. Raises EngineError."""
    listed = listing(engine)
    if not engine.address.local:
        return Survey(listed, None)
    known = frozenset(container.id for container in listed)
    return Survey(listed, process_table.census(known, engine.address.path) if known else process_table.NOBODY)


def listing(engine: Engine) -> List[Listed]:
    """Every container, running or not. Raises EngineError."""
    return [
        Listed(
            item["Id"],
            container_name.listed(item),
            inert(item.get("State", ""), 20),
        )
        for item in engine.each("/containers/json?all=1")
    ]


def each(engine: Engine, shared: Dict[str, Any], seen: Optional[Survey] = None) -> Iterator[Tuple[Listed, Evidence]]:
    """(container, its evidence) one at a time, so that memory holds one inspect and not their sum.

    shared: the evidence that all have in common (daemon, host, policy). seen: the survey, where there is one.
    A container that has been removed meanwhile
    is left out; one that can't be inspected has that as the reason. Raises EngineError if there is no list.
    """
    containers, found = seen or survey(engine)
    found = found or process_table.NOBODY
    local, pids = engine.address.local, found.pids
    images: Dict[str, Any] = {}
    shared = dict(shared, modes_of=_modes_of(engine))
    if local:
        shared = dict(shared, others=Evidence(labels=Later(_labels(engine, containers, pids))))
    for container in containers:
        evidence = Evidence(shared)
        try:
            collect(engine, container.id, pids.get(container.id, []), evidence, found.strays)
            _disputed(container.id, found.disputed, evidence)
        except EngineError as error:
            if error.status == 404:
                continue
            evidence["inspect"] = Unreadable(str(error))
        else:
            evidence["runtime_doubt"] = Later(_doubt(evidence["inspect"], shared["daemon"]))
            # of the same moment as all that is judged: it may have been renamed since the list
            if isinstance(evidence["inspect"], dict) and isinstance(evidence["inspect"].get("Name"), str):
                container = container._replace(name=container_name.inspected(evidence["inspect"]))
            evidence["image"] = Later(_image(engine, evidence["inspect"], images))
            if local:
                evidence["made"] = Later(_stored(shared["daemon"], container.id))
                evidence["parents"] = Later(partial(processes.parents, container.id, pids.get(container.id, [])))
                if isinstance(evidence.get("stat"), tuple):
                    evidence["seccomp_applied"] = Later(_seccomp(container.id, evidence["stat"][0]))
                    evidence["specification"] = Later(
                        partial(runtime_spec.specification, container.id, evidence["stat"][0])
                    )
                    evidence["nodes"] = Later(_nodes(container.id, evidence))
                cgroup = evidence.get("cgroup")  # none where nothing runs
                if cgroup:
                    unreadable = isinstance(cgroup, Unreadable)
                    evidence["limits"] = cgroup if unreadable else Later(_limits(container.id, cgroup, shared["host"]))
                    if not unreadable:
                        evidence["device_permissions"] = Later(
                            _device_permissions(container.id, cgroup, shared["host"])
                        )
            wrong = shape.container_problem(dict.get(evidence, "inspect"))
            if wrong:
                evidence["inspect"] = Unreadable(wrong)
        yield container, evidence


def _disputed(container_id, disputed, evidence):
    """What may be the container's by descent, which it can't choose, is missing among its processes."""
    for one in disputed:
        if container_id in one.containers and "processes" in evidence:
            reason = f"process {int(one.process.pid)} may be its own: see unattributed-processes"
            evidence["incomplete"] = reason
            return


def collect(
    engine: Engine, container_id: str, pids: List[int], evidence: Evidence, strays: Optional[Mapping[int, int]] = None
) -> None:
    """Add the inspect and the kernel's evidence of the same moment: both anew if the container moved on in between.

    Raises EngineError; its status is 404 if there is no such container (any more).
    """
    gone = None
    for _try in range(3):
        inspect = engine.get(container_path(container_id))
        evidence["inspect"] = inspect
        pid = inspect["State"]["Pid"] if isinstance(inspect, dict) else 0
        if not pid or not engine.address.local:
            return
        try:
            evidence.update(processes.look(container_id, int(pid), pids, strays).items())
            return
        except processes.Gone as error:
            gone = str(error)
    for key in processes.KEYS:
        evidence[key] = Unreadable(f"the engine names process {pid}, but {gone}")


def _modes_of(engine):
    """Asks which namespaces the container of this id or name was created with; each is asked for once."""
    known: Dict[str, Any] = {}

    def modes_of(reference):
        if reference not in known:
            try:
                config = engine.get(container_path(reference))["HostConfig"]
                known[reference] = {mode: config.get(mode) for mode in _MODES}
            except EngineError as error:
                known[reference] = Unreadable(f"container {reference[:64]}, whose namespace it has: {error}")
        if isinstance(known[reference], Unreadable):
            raise Unreadable(str(known[reference]))
        return known[reference]

    return modes_of


def _labels(engine, containers, pids):
    def work():  # once for all containers, and only where a rule of SELinux asks
        from ansible_collections.containment.docker.plugins.module_utils.selinux import peers

        return peers.Peers(engine, containers, pids)

    return work


def _image(engine, inspect, images):
    """The image's inspect, asked for once for each image."""

    def work():
        image = inspect["Image"]
        if image not in images:
            try:
                answer = engine.get(f"/images/{quote(image)}/json")
                wrong = shape.document_problem(answer, shape.IMAGE)
                images[image] = Unreadable(f"the image: {wrong}") if wrong else answer
            except EngineError as error:
                images[image] = Unreadable(str(error))
        if isinstance(images[image], Unreadable):
            raise images[image]
        return images[image]

    return work


def _seccomp(container_id, parent):
    # not given the evidence itself: such a circle would keep every inspect in memory
    return lambda: runtime_spec.seccomp(container_id, parent)


def _limits(container_id, cgroup, host):
    return lambda: cgroups.limits(container_id, cgroup, host["hierarchies"])


def _doubt(inspect, daemon):
    config = {"Runtime": inspect["HostConfig"].get("Runtime")} if isinstance(inspect, dict) else {}

    def work():
        try:
            running = daemon["running"]
        except (Absent, Unreadable):
            running = {}
        return runtimes.doubt(config, daemon["info"], running)

    return work


def _device_permissions(container_id, cgroup, host):
    return lambda: device_list.permissions(container_id, cgroup, host["hierarchies"])


def _nodes(container_id, evidence):
    """The nodes in its /dev, None where that is no tmpfs of its own. What is kept is small: see _seccomp."""
    pid = int(evidence["inspect"]["State"]["Pid"])
    mounts = evidence.get("mounts")
    own = [m for m in mounts if m.point == "/dev" and m.fstype == "tmpfs"] if isinstance(mounts, list) else []
    device = own[-1].device if own else ""

    def work():
        if not device:
            return None
        try:
            process = processes.hold_living(container_id, pid)
        except processes.Gone as reason:
            raise Unreadable(str(reason))
        try:
            return device_list.nodes(process, device)
        finally:
            os.close(process)

    return work


def _stored(daemon, container_id):
    """What the daemon stored when it created the container (config.v2.json): only root can read it."""

    def work():
        path = os.path.join(
            engine_info.field(daemon["info"], "DockerRootDir"), "containers", container_id, "config.v2.json"
        )
        try:
            stored = foreign_json.decode(bounded_file.read(path, STORED_LIMIT))
        except OSError as error:
            raise Unreadable(f"{path}: {error.strerror}")
        except ValueError as error:
            raise Unreadable(f"{path}: {error}")
        wrong = shape.document_problem(stored, shape.STORED)
        if wrong:
            raise Unreadable(f"{path}: {wrong}")
        return stored

    return work
