# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the engine's containers, as the forecast of SELinux and the denials need them. Reads only."""

import os
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.denials import denials, records
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host
from ansible_collections.containment.docker.plugins.module_utils.judge import rule
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle, procfs
from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    data_root,
    mount_access,
    path_label,
    remedies,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.file_contexts import FileContexts
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast, mount_cures


class Containers(NamedTuple):
    """known: for the denials; containers: as forecast.forecast_container returns each; root: the data root, "" if unknown;
    daemon: as selinux_info returns it, with the reason why there are no containers, "" where there are all; remapped:
    whether users are; stored: whether layers are in containerd's store."""

    known: List[denials.Known]
    containers: List[Dict[str, Any]]
    root: str
    daemon: Dict[str, Any]
    remapped: Optional[bool] = None
    stored: bool = False


def read_containers(
    engine: Engine, unit: str, contexts: Optional[FileContexts], loaded: bool, policy: remedies.Policy
) -> Containers:
    """Read what is known of the engine and of each container. contexts: the installed policy's; loaded: whether one is."""
    daemon = daemon_evidence.collect(engine, unit)
    daemon_report = {"state": daemon["state"], "labels": "unknown", "reason": ""}
    known: List[denials.Known] = []
    containers: List[Dict[str, Any]] = []
    root: str = ""
    remapped: Optional[bool] = None
    stored = False
    try:
        if not engine.address.local:
            raise Unreadable("the engine is not on this host's unix socket")
        info = daemon["info"]
        options = engine_info.security_options(info)
        daemon_report["labels"], remapped = "on" if "selinux" in options else "off", "userns" in options
        policy = policy._replace(remapped=remapped)
        root, stored = info["DockerRootDir"], data_root.uses_containerd_store(info)
        volumes, points = _volumes(daemon), _points()
        shared = {"host": host.collect(()), "daemon": daemon}
        for listed, evidence in container_evidence.each(engine, shared):
            containers.append(
                _container(listed, evidence, volumes, None if loaded else contexts, loaded, policy, points)
            )
            known.append(_known(listed, evidence))
    except (EngineError, Unreadable, Absent) + rule.MISTAKES as error:
        daemon_report["reason"] = inert(error)
    return Containers(known, containers, root, daemon_report, remapped, stored)


def _volumes(daemon: Evidence) -> Dict[str, Dict[str, str]]:
    try:
        return daemon["volumes"]
    except (Absent, Unreadable):
        return {}


def _points() -> Optional[List[procfs.Mount]]:
    """Read all that is mounted on the host, once for all containers; None where it can't be read."""
    try:
        return path_label.read_mounts()
    except (OSError, ValueError):
        return None  # each container's forecast says why


def _container(
    listed: container_evidence.Listed,
    evidence: Evidence,
    volumes: Mapping[str, Optional[Mapping[str, str]]],
    contexts: Optional[FileContexts],
    loaded: bool,
    policy: remedies.Policy,
    points: Optional[List[procfs.Mount]],
) -> Dict[str, Any]:
    try:
        inspect = evidence["inspect"]

        def mounts() -> List[mount_access.MountForecast]:
            return mount_access.forecast_mounts(inspect, volumes, contexts=contexts, mounts=points)

        def cure(mount: mount_access.MountForecast) -> str:
            return mount_cures.describe_cure(mount, policy)

        process_labels = _labels(evidence) if loaded else []
        return forecast.forecast_container(listed, inspect, process_labels, mounts, cure)
    except (Unreadable, ValueError) + rule.MISTAKES as error:
        summary = {"name": listed.name, "id": listed.id, "state": listed.state, "mounts": []}
        return dict(summary, labels=forecast.UNKNOWN, why=inert(error))


def _labels(evidence: Evidence) -> List[str]:
    try:
        return [process.label or "" for process in evidence["processes"]]
    except (Absent, Unreadable):
        return []


def _known(listed: container_evidence.Listed, evidence: Evidence) -> denials.Known:
    """Collect what denials are told apart by. What can't be read of it is empty."""
    try:
        inspect = evidence["inspect"]
        mounts = [denials.Mounted(*fields) for fields in _mounted(inspect)]
        label = inspect.get("ProcessLabel") or ""
    except (Unreadable,) + rule.MISTAKES:
        mounts, label = [], ""
    return denials.Known(listed.id, listed.name, label, _pids(listed.id, evidence), mounts)


def _mounted(inspect: Mapping[str, Any]) -> Iterator[Tuple[str, str, str, bool]]:
    requested = (inspect.get("HostConfig") or {}).get("Mounts") or ()
    targets = {mount["Target"] for mount in requested if mount.get("Type") == "bind"}
    for mount in inspect.get("Mounts") or ():
        source, target = mount.get("Source"), mount.get("Destination")
        if isinstance(source, str) and isinstance(target, str) and source and target:
            yield source, target, mount_access.relabel_option(mount) or "", target in targets


def _pids(container: str, evidence: Evidence) -> Mapping[int, float]:
    """Read when each process of it that runs started."""
    starts = {}
    try:
        booted, ticks = records.read_boot_time(), float(os.sysconf("SC_CLK_TCK"))
        own = [process.pid for process in evidence["processes"]]
    except (Absent, Unreadable, ValueError):
        return {}
    for pid in own:
        try:
            with process_handle.open_member(container, pid) as process:
                starts[pid] = booted + process.task().start / ticks
        except (OSError, ValueError, process_handle.Gone):
            continue
    return starts
