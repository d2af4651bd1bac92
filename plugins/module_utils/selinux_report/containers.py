# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's containers, as the forecast and the denials of selinux_info need them. Reads only."""

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.denials import denials, records
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    data_root,
    mount_access,
    path_label,
    remedies,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.file_contexts import FileContexts
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast, mount_cures


class Seen(NamedTuple):
    """known: for the denials; containers: of the forecast; root: the data root, "" if unknown; daemon: as selinux_info
    returns it, with the reason why there are no containers, "" where there are all; remapped: whether users are;
    stored: whether layers are in containerd's store."""

    known: List[denials.Known]
    containers: List[Dict[str, Any]]
    root: str
    daemon: Dict[str, Any]
    remapped: Optional[bool] = None
    stored: bool = False


def look(engine: Engine, unit: str, contexts: Optional[FileContexts], loaded: bool, policy: remedies.Policy) -> Seen:
    """What is known of the engine and of each container. contexts: the installed policy's; loaded: whether one is."""
    daemon = daemon_evidence.collect(engine, unit)
    told = {"state": daemon["state"], "labels": "unknown", "reason": ""}
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
        told["labels"], remapped = "on" if "selinux" in options else "off", "userns" in options
        policy = policy._replace(remapped=remapped)
        root, stored = info["DockerRootDir"], data_root.containerd_store(info)
        volumes, points = _volumes(daemon), _points()
        shared = {"host": host.collect(()), "daemon": daemon}
        for listed, evidence in container_evidence.each(engine, shared):
            containers.append(
                _container(listed, evidence, volumes, None if loaded else contexts, loaded, policy, points)
            )
            known.append(_known(listed, evidence))
    except (EngineError, Unreadable, Absent, LookupError, TypeError) as error:
        told["reason"] = inert(error)
    return Seen(known, containers, root, told, remapped, stored)


def _volumes(daemon):
    try:
        return daemon["volumes"]
    except (Absent, Unreadable):
        return {}


def _points():
    """All that is mounted on the host, read once for all containers; None where it can't be read."""
    try:
        return path_label.mounts()
    except (OSError, ValueError):
        return None  # each container's forecast says why


def _container(listed, evidence, volumes, contexts, loaded, policy, points):
    try:
        inspect = evidence["inspect"]

        def mounts():
            return mount_access.forecast(inspect, volumes, contexts=contexts, mounts=points)

        def cure(looked):
            return mount_cures.cure(looked, policy)

        seen = _labels(evidence) if loaded else []
        return forecast.container(listed, inspect, seen, mounts, cure)
    except (Unreadable, LookupError, TypeError, ValueError, AttributeError) as error:
        told = {"name": listed.name, "id": listed.id, "state": listed.state, "mounts": []}
        return dict(told, labels=forecast.UNKNOWN, why=inert(error))


def _labels(evidence):
    try:
        return [process.label or "" for process in evidence["processes"]]
    except (Absent, Unreadable):
        return []


def _known(listed: container_evidence.Listed, evidence: Evidence) -> denials.Known:
    """What denials are told apart by. What can't be seen of it just tells nothing."""
    try:
        inspect = evidence["inspect"]
        mounts = [denials.Mounted(*fields) for fields in _mounted(inspect)]
        label = inspect.get("ProcessLabel") or ""
    except (Unreadable, LookupError, TypeError, AttributeError):
        mounts, label = [], ""
    return denials.Known(listed.id, listed.name, label, _pids(listed.id, evidence), mounts)


def _mounted(inspect):
    asked = (inspect.get("HostConfig") or {}).get("Mounts") or ()
    targets = {mount["Target"] for mount in asked if mount.get("Type") == "bind"}
    for mount in inspect.get("Mounts") or ():
        source, target = mount.get("Source"), mount.get("Destination")
        if isinstance(source, str) and isinstance(target, str) and source and target:
            yield source, target, mount_access.relabels(mount) or "", target in targets


def _pids(container: str, evidence: Evidence) -> Mapping[int, float]:
    """When each process of it that runs started."""
    found = {}
    try:
        booted, ticks = records.boot(), float(os.sysconf("SC_CLK_TCK"))
        own = [process.pid for process in evidence["processes"]]
    except (Absent, Unreadable, ValueError):
        return {}
    for pid in own:
        try:
            with process_handle.open_member(container, pid) as process:
                found[pid] = booted + process.task().start / ticks
        except (OSError, ValueError, process_handle.Gone):
            continue
    return found
