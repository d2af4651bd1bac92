# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container shares a namespace of the host."""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, readable
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every

_MODES = (
    ("pid", "PidMode"),
    ("net", "NetworkMode"),
    ("ipc", "IpcMode"),
    ("uts", "UTSMode"),
    ("cgroup", "CgroupnsMode"),
)
_HOPS = 16  # a container of a container of a container; the engine itself knows no limit
_NAMESPACES = tuple(name for name, _mode in _MODES) + ("mnt",)


def _container_configured(evidence: Evidence) -> Verdict:
    inspect = evidence["inspect"]
    host_config = inspect["HostConfig"]
    shared, reasons = [], []
    for name, mode in _MODES:
        try:
            if _mode(evidence, mode) == "host":
                shared.append(name)
        except Unreadable as reason:
            reasons.append(str(reason))
    if "State" in inspect and not host_config.get("CgroupnsMode"):
        shared.append("cgroup")  # made by an engine before 20.10, which had no such namespace to give
    if host_config.get("UsernsMode") == "host" and _maps_users(evidence):
        shared.append("user")
    if shared:
        return Verdict(False, f"asks for the host's {', '.join(shared)}")
    if reasons:
        return Verdict(None, "; ".join(reasons))
    return Verdict(True, "asks for no namespace of the host")


def _mode(evidence: Evidence, mode: str) -> str:
    """This mode of the container, or of the one whose namespace it asks for. Raises Unreadable."""
    value = evidence["inspect"]["HostConfig"].get(mode) or ""
    for _hop in range(_HOPS):
        if not value.startswith("container:"):
            return value
        try:
            modes = evidence["modes_of"](value[len("container:") :])
        except Absent:
            raise Unreadable(f"{mode} is {value}, and what that one has is not known here")
        value = modes.get(mode) or ""
    raise Unreadable(f"{mode} goes through more than {int(_HOPS)} containers")


def _container_kernel(evidence: Evidence) -> Verdict:
    own, host = evidence["namespaces"], evidence["host"]["namespaces"]
    names = _NAMESPACES
    if own["user"] == host["user"] and _maps_users(evidence):
        names += ("user",)
    shared = [name for name in names if own[name] == host[name]]
    if shared:
        return Verdict(False, f"{', '.join((own[name] for name in shared))} is pid 1's")
    return Verdict(True, f"none of {', '.join(names)} is pid 1's")


def _maps_users(evidence: Evidence) -> bool:
    """A daemon that gives no user namespace has none to give up: that is userns-remap's business."""
    try:
        return "userns" in info.security_options(evidence["daemon"]["info"])
    except Absent:
        return True


def _run(evidence: Evidence) -> List[RunChange]:
    inspect = evidence["inspect"]
    host_config, shared = inspect["HostConfig"], readable(_shared, evidence)
    changes = []
    for name, mode in _MODES:
        value = host_config.get(mode) or ""
        if mode == "CgroupnsMode":
            # The host's may also be the daemon's default, so leaving a flag out is not enough.
            if value == "host" or ("State" in inspect and not value):
                changes.append(RunChange("add", mode, "private"))
        elif value == "host" or (value.startswith("container:") and (name in shared or _is_hosts(evidence, mode))):
            changes.append(RunChange("remove", mode, value))
    if host_config.get("UsernsMode") == "host" and _maps_users(evidence):
        changes.append(RunChange("remove", "UsernsMode", "host"))
    return changes


def _is_hosts(evidence: Evidence, mode: str) -> bool:
    try:
        return _mode(evidence, mode) == "host"
    except Unreadable:
        return False


def _shared(evidence: Evidence) -> List[str]:
    own, host = evidence["namespaces"], evidence["host"]["namespaces"]
    return [name for name in _NAMESPACES if own[name] == host[name]]


RULE = Rule(
    id="host-namespaces",
    title="Containers share no namespace with the host",
    severity="high",
    weakness={"container": "it shares namespaces with the host"},
    rationale=(
        "In the host's pid namespace a process sees, signals and perhaps traces those of the host; in its network "
        "namespace it reaches local-only services and every abstract socket; in its ipc namespace shared memory; in "
        "its cgroup namespace the names of all others. The host's pid and ipc namespace also switch SELinux "
        "labels off."
    ),
    remediation=(
        "Recreate the container without `--pid`, `--network`, `--ipc`, `--uts`, `--cgroupns` or `--userns` set to "
        "host. On cgroup v1 the cgroup namespace is the host's by default: set default-cgroupns-mode to private in "
        "daemon.json."
    ),
    references={
        "CIS 1.6": ("5.10", "5.16", "5.17", "5.21", "5.31"),
        "CIS 1.8": ("5.10", "5.16", "5.17", "5.21", "5.31"),
        "STIG": ("DKER-EE-002000", "DKER-EE-002060", "DKER-EE-002120"),
        "NIST SP 800-190": ("4.4.2", "4.4.3"),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.modes_of",
        "container.namespaces",
        "container.views",
        "daemon.info",
        "host.namespaces",
    ),
    container={"configured": _container_configured, "kernel": every.of_namespaces(_container_kernel)},
    settings={"default-cgroupns-mode": "private"},
    frozen="create",
    run=_run,
    explains=("PidMode", "IpcMode", "UsernsMode"),
)
