# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the evidence of the daemon: what it will be started with, what it was started with, what it says, and
what the kernel shows of it. I/O only: decides nothing, and never starts a daemon that is stopped.
"""

import json
import os
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Later,
    Unreadable,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError, quote
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import is_newer
from ansible_collections.containment.docker.plugins.module_utils.evidence import (
    api_access,
    contexts,
    daemon_config,
    packet_filter,
    relays,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import privilege, sockets
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand
from ansible_collections.containment.docker.plugins.module_utils.systemd import socket_holder, systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

_OF_SOCKETS = ("listeners", "inherited", "proxies", "access", "relays", "contexts")
_OF_THE_PROCESS = _OF_SOCKETS + ("start_ticks",)
_OF_THE_ENGINE = _OF_SOCKETS + (
    "info",
    "version",
    "bridge",
    "volumes",
    "networks",
    "endpoints",
    "running",
    "data_root_labels",
)


def collect(engine: Engine, unit: str) -> Evidence:
    """The daemon's evidence; see the keys in `rules/`. What a remote engine's host would tell is absent."""
    if not engine.address.local:
        return _ask(engine, Evidence(state="remote"))
    unit_state = _unit(unit)
    try:
        listening = socket_holder.look(engine.address.path, unit_state.main_pid if unit_state else 0)
    except OSError as error:
        return _not_asked(f"/proc/net/unix: {error.strerror}", engine, unit, unit_state)
    stopped = socket_holder.untouchable(engine.address.path, unit, unit_state, listening)
    if stopped:
        return _not_asked(stopped, engine, unit, unit_state)
    process = _process(engine, listening)
    evidence = _ask(engine, Evidence(state="running"))
    evidence["process"] = process
    if isinstance(process, Unreadable):
        for key in _OF_THE_PROCESS:
            evidence[key] = process
        own = False
    else:
        own_sockets = Evidence(sockets=Later(lambda: _or_reason(lambda: sockets.all_held(process.pid))))  # listed once
        tables = sockets.Tables(process.pid)
        for key, giver in (("listeners", None), ("inherited", 1)):
            evidence[key] = Later(partial(_tcp_listeners, tables, giver, own_sockets))
        evidence["label"] = Later(lambda: _or_reason(lambda: daemon_process.label(process.pid)))
        evidence["access"] = Later(lambda: _or_reason(lambda: api_access.look(process, own_sockets["sockets"], tables)))
        evidence["relays"] = Later(lambda: relays.look(process, own_sockets["sockets"], tables))
        evidence["contexts"] = Later(lambda: contexts.look(tables, evidence["host"]["own_mounts"]))
        evidence["start_ticks"] = Later(lambda: _or_reason(lambda: daemon_process.start_ticks(process.pid)))
        evidence["proxies"] = Later(lambda: _or_reason(lambda: daemon_process.children(process.pid, "docker-proxy")))
        own = unit_state is not None and unit_state.main_pid == process.pid
    runs = unit_state is not None and unit_state.active == "active"
    hidden = isinstance(process, Unreadable) and runs and socket_holder.is_default(engine.address.path)
    start = daemon_config.start_of_unit(unit, unit_state) if own or hidden else None
    evidence["configured"] = Later(lambda: daemon_config.next_start(start, process))
    evidence["running"] = Later(lambda: daemon_config.running(process))
    evidence["environment"] = Later(lambda: daemon_config.running_environment(process))
    evidence["environment_next"] = Later(lambda: daemon_config.next_environment(start, process))
    evidence["changed"] = Later(lambda: daemon_config.changed(start, process))
    evidence["packages"] = Later(lambda: _packages(process))
    packet_filter.collect(evidence)
    packet_filter.collect_modules(evidence)
    evidence["newer"] = Later(lambda: _newer(evidence, start, process))
    evidence["seccomp_profile"] = Later(lambda: daemon_config.seccomp_in_force(evidence, process))
    evidence["seccomp_profile_next"] = Later(lambda: daemon_config.seccomp_next(evidence, process))
    evidence["data_root_labels"] = Later(lambda: _data_root_labels(evidence))
    return evidence


def summary(address: str, daemon: Evidence) -> Dict[str, Any]:
    """address, state (running, stopped, unreachable, remote), version, and the reason where there is no version."""
    try:
        return {"address": address, "state": daemon["state"], "version": daemon["info"]["ServerVersion"], "reason": ""}
    except Unreadable as reason:
        state = "unreachable" if daemon["state"] == "running" else daemon["state"]
        return {"address": address, "state": state, "version": None, "reason": str(reason)}


def _packages(process: daemon_config.Process) -> Any:
    """What is installed; of the engine that says nothing where another program runs than its package has by now."""
    from ansible_collections.containment.docker.plugins.module_utils.linux import packages

    try:
        installed = dict(packages.look(os.uname().release, os.uname().version))
        engine = installed.get(packages.ENGINE)
        if (
            engine is not None
            and isinstance(process, daemon_process.DaemonProcess)
            and daemon_process.is_replaced(process.pid)
        ):
            why = "dockerd runs a program that was replaced since: restart it"
            installed[packages.ENGINE] = engine._replace(mended=None, version="", uncertain=why)
        return installed
    except (OSError, ValueError) as error:
        raise Unreadable(f"the packages of this host: {error}")


def list_newer(daemon: Evidence) -> List[str]:
    """Return what of the daemon's configuration is newer than this collection knows, one sentence each."""
    try:
        return daemon["newer"]
    except (Absent, Unreadable):
        return []  # the configuration's own findings say why


def _newer(evidence: Evidence, start: daemon_config.Start, process: daemon_config.Process) -> List[str]:
    version = evidence["version"].get("Version")
    return daemon_config.newer(start, process, version) if is_newer(version) else []


def _tcp_listeners(tables: sockets.Tables, giver: Optional[int], own_sockets: Evidence) -> Any:
    return _or_reason(lambda: daemon_process.tcp_listeners(tables, own_sockets["sockets"], giver))


def _unit(unit: str) -> Optional[UnitState]:
    """The unit's state, None where there is none."""
    try:
        state = systemctl.state(unit)
    except systemctl.SystemdError:
        return None
    return state if state.load == "loaded" else None


def _not_asked(reason: str, engine: Engine, unit: str, unit_state: Optional[UnitState]) -> Evidence:
    """The evidence of an engine that must not be asked: only what files say of its next start."""
    evidence = Evidence(state="stopped" if unit_state else "unreachable")
    for key in _OF_THE_ENGINE:
        evidence[key] = Unreadable(reason)
    if unit_state and socket_holder.is_of(unit, engine.address.path):
        start = daemon_config.start_of_unit(unit, unit_state)
        evidence["configured"] = Later(lambda: daemon_config.next_start(start, None))
        evidence["environment_next"] = Later(lambda: daemon_config.next_environment(start, None))
    else:
        evidence["configured"] = Unreadable(f"no unit is known that starts what listens on {engine.address.path}")
    evidence["seccomp_profile_next"] = Later(lambda: daemon_config.seccomp_next(evidence, None))
    packet_filter.collect_modules(evidence)
    return evidence


def _ask(engine: Engine, evidence: Evidence) -> Evidence:
    """What the engine says of itself; one reason for all where it doesn't answer, or isn't dockerd."""
    try:
        version = engine.get("/version")
        names = [str(part.get("Name")) for part in version.get("Components") or ()]
        if any(name.startswith("Podman") for name in names):
            raise Unreadable("Podman answers on this socket, and these rules judge dockerd")
    except (EngineError, Unreadable) as reason:
        for key in ("version", "info", "bridge", "volumes", "networks", "endpoints"):
            evidence[key] = Unreadable(str(reason))
        return evidence
    evidence["version"] = version
    evidence["info"] = Later(lambda: _get(engine, "/info", shape.INFO))
    evidence["volumes"] = Later(lambda: _volumes(engine))
    evidence["networks"] = Later(lambda: packet_filter.list_networks(engine))
    evidence["endpoints"] = Later(lambda: packet_filter.list_endpoints(engine))
    try:
        bridge = engine.get("/networks/bridge")
        wrong = shape.document_problem(bridge, shape.BRIDGE)
        evidence["bridge"] = Unreadable(f"network bridge: {wrong}") if wrong else bridge
    except EngineError as error:
        if error.status != 404:  # dockerd --bridge none has no such network
            evidence["bridge"] = Unreadable(str(error))
    return evidence


def _get(engine: Engine, path: str, expected: Optional[Mapping[str, Any]] = None) -> Dict[str, Any]:
    """The answer. expected: its shape; what has another is unreadable, as nobody can say what it means."""
    try:
        answer = engine.get(path)
    except EngineError as error:
        raise Unreadable(str(error))
    wrong = shape.document_problem(answer, expected) if expected else ""
    if wrong:
        raise Unreadable(f"GET {path}: {wrong}")
    return answer


def _volumes(engine: Engine) -> Dict[str, Optional[Dict[str, str]]]:
    """The options of each local volume, by name. Other drivers are not asked: a plugin may hang."""
    answer = _get(engine, "/volumes?filters=" + quote(json.dumps({"driver": ["local"]})), shape.VOLUMES)
    return {volume["Name"]: volume.get("Options") for volume in answer.get("Volumes") or ()}


def _process(engine: Engine, listening: socket_holder.Listening) -> Union[Unreadable, daemon_process.DaemonProcess]:
    """The dockerd that serves this address, or why it is not known."""
    path = engine.address.path
    try:
        if listening.dockerd:
            return daemon_process.read(min(listening.dockerd))
        pid = daemon_process.peer(path, 5)
        if pid in (0, 1) and listening.hidden:
            return Unreadable(f"dockerd's process: {privilege.lacking()}")
        if pid in (0, 1):
            return Unreadable(f"{path} was made by systemd, and no unit's process serves it")
        return daemon_process.read(pid)
    except PermissionError as error:
        return Unreadable(f"dockerd's process: {error.strerror}; {privilege.lacking()}")
    except (OSError, ValueError) as error:
        return Unreadable(f"dockerd's process: {getattr(error, 'strerror', None) or error}")


def _data_root_labels(evidence: Evidence) -> Any:
    """See data_root.inspect_labels. What reads file contexts is loaded only where a rule of SELinux asks."""
    selinux = on_demand.load()
    policy = selinux.state.read_config().policy
    if policy is None:
        raise Unreadable(f"/{selinux.state.CONFIG} doesn't name the policy, and so not its file contexts")
    info = evidence["info"]
    stored = selinux.data_root.uses_containerd_store(info)
    try:
        return selinux.data_root.inspect_labels(info["DockerRootDir"], selinux.file_contexts.load(policy), stored)
    except OSError as error:
        raise Unreadable(f"the file contexts of the policy {policy}: {error.strerror}")


def _or_reason(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except OSError as error:
        raise Unreadable(f"dockerd's process: {error.strerror}")
