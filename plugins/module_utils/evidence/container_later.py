# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what only some rules ask of a container, when the first of them does.

Each function returns the work that an evidence does later. None gets the evidence itself: such a circle would keep every
inspect in memory.
"""

import os
import stat
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file, foreign_json
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Later,
    Unreadable,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
    quote,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import runtimes
from ansible_collections.containment.docker.plugins.module_utils.evidence import runtime_spec
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups, device_list, processes
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import ProcessHandle
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand

_MODES = ("PidMode", "NetworkMode", "IpcMode", "UTSMode", "CgroupnsMode", "UsernsMode")
STORED_LIMIT = 64 * 1024 * 1024


def add_local(
    container_id: str,
    pids: List[int],
    process: Optional[ProcessHandle],
    evidence: Evidence,
    memory: Optional[cgroups.Memory] = None,
) -> None:
    """Add what is read of a container on this machine.

    process: its first one, open as long as the evidence is used. memory: what containers have in common.
    """
    host = evidence["host"]
    evidence["log_size"] = Later(partial(_log_size, evidence["daemon"], container_id))
    evidence["made"] = Later(_stored(evidence["daemon"], container_id))
    evidence["parents"] = Later(partial(processes.parents, container_id, pids))
    started = evidence.get("stat")
    if isinstance(started, tuple):
        runtime = Evidence(specification=Later(partial(runtime_spec.read, container_id, started[0])))
        evidence["seccomp_applied"] = Later(lambda: runtime["specification"].seccomp)
        evidence["specification"] = Later(lambda: runtime["specification"].devices)
    if process is not None:
        evidence["nodes"] = Later(_nodes(process, evidence.get("mounts")))
    cgroup = evidence.get("cgroup")  # none where nothing runs
    if isinstance(cgroup, Unreadable):
        evidence["limits"] = cgroup
    elif cgroup:
        evidence["limits"] = Later(lambda: cgroups.limits(container_id, cgroup, host["hierarchies"], memory))
        evidence["device_permissions"] = Later(
            lambda: device_list.permissions(container_id, cgroup, host["hierarchies"], memory)
        )


def modes_of(engine: Engine) -> Callable[[str], Dict[str, Any]]:
    """Return what tells which namespaces the container of an id or name was created with; each is asked for once."""
    known: Dict[str, Any] = {}

    def modes(reference: str) -> Any:
        if reference not in known:
            try:
                config = engine.get(container_path(reference))["HostConfig"]
                known[reference] = {mode: config.get(mode) for mode in _MODES}
            except EngineError as error:
                known[reference] = Unreadable(f"container {reference[:64]}, whose namespace it has: {error}")
        if isinstance(known[reference], Unreadable):
            raise Unreadable(str(known[reference]))
        return known[reference]

    return modes


def labels(engine: Engine, containers: List[Any], pids: Mapping[str, List[int]]) -> Callable[[], Any]:
    """Read the labels of all containers; only a rule of SELinux asks, so only then is that subject loaded."""

    def work() -> Any:
        return on_demand.load().peers.Peers(engine, containers, pids)

    return work


def image(engine: Engine, inspect: Any, images: Dict[str, Any]) -> Callable[[], Any]:
    """Read the image's inspect, once for each image."""

    def work() -> Any:
        name = inspect["Image"]
        if name not in images:
            try:
                answer = engine.get(f"/images/{quote(name)}/json")
                wrong = shape.document_problem(answer, shape.IMAGE)
                images[name] = Unreadable(f"the image: {wrong}") if wrong else answer
            except EngineError as error:
                images[name] = Unreadable(str(error))
        if isinstance(images[name], Unreadable):
            raise images[name]
        return images[name]

    return work


def runtime_doubt(inspect: Any, daemon: Evidence) -> Callable[[], Any]:
    """Tell why the container's runtime may not do what is asked of it."""
    config = {"Runtime": inspect["HostConfig"].get("Runtime")}

    def work() -> Any:
        try:
            running = daemon["running"]
        except (Absent, Unreadable):
            running = {}
        return runtimes.doubt(config, daemon["info"], running)

    return work


def _nodes(process: ProcessHandle, mounts: Any) -> Callable[[], Optional[List[device_list.Device]]]:
    """Read the nodes in its /dev; None where that is no tmpfs of its own."""
    own = [m for m in mounts if m.point == "/dev" and m.fstype == "tmpfs"] if isinstance(mounts, list) else []
    device = own[-1].device if own else ""

    def work() -> Any:
        if not device:
            return None
        if process.closed:
            raise Unreadable("the nodes in /dev: the container is not looked at any more")
        return device_list.nodes(process.directory, device)

    return work


def _log_size(daemon: Evidence, container_id: str) -> int:
    """Add up the files of its log: of json-file beside config.v2.json, of local in a directory there. Links are not followed."""
    directory = os.path.join(engine_info.field(daemon["info"], "DockerRootDir"), "containers", container_id)
    total = 0
    try:
        for below, prefix in ((directory, container_id + "-json.log"), (directory + "/local-logs", "container.log")):
            for name in os.listdir(below) if os.path.isdir(below) else ():
                status = os.lstat(os.path.join(below, name)) if name.startswith(prefix) else None
                total += status.st_size if status is not None and stat.S_ISREG(status.st_mode) else 0
    except FileNotFoundError as error:
        raise Unreadable(f"{error.filename}: it is being rotated, or the container removed")
    except OSError as error:
        raise Unreadable(f"{directory}: {error.strerror}")
    return total


def _stored(daemon: Evidence, container_id: str) -> Callable[[], Any]:
    """Read what the daemon stored when it created the container (config.v2.json): only root can."""

    def work() -> Any:
        root = engine_info.field(daemon["info"], "DockerRootDir")
        path = f"{root}/containers/{container_id}/config.v2.json"
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
