# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container reaches the host's devices."""

from typing import AbstractSet, Any, Iterable, Iterator, List, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.binds import HostMount
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, readable
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import (
    device_nodes,
    every,
    given_devices,
    on_host,
)
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts

# Directories of /dev that hold no devices (mount points of systemd's, and where the engine has shared memory), and a
# socket; sensitive-mounts judges them. What is asked for as a device, or stands there as a node, is none of them.
_NO_DEVICES = ("/dev/shm", "/dev/mqueue", "/dev/hugepages", "/dev/log")
_EVERY_NODE = ("c *:* m", "b *:* m")


def _container_configured(evidence: Evidence) -> Verdict:
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged"):
        return Verdict(False, "a privileged container has every device of the host")
    for field, item in _requested(evidence):
        return Verdict(False, _in_words(field, item))
    return _mounted(evidence, _paths(container_mounts.configured_on_host(evidence).mounts)) or Verdict(
        True, "no device of the host, or only allowed ones"
    )


def _requested(evidence: Evidence) -> Iterator[Tuple[str, Any]]:
    """(field of HostConfig, item of it) for each device that is asked for and not allowed."""
    host_config, allowed = evidence["inspect"]["HostConfig"], _allowed(evidence)
    for device in host_config.get("Devices") or ():
        if not (
            device_nodes.is_harmless(evidence, clean(device["PathOnHost"]))
            or _is_allowed(device["PathOnHost"], allowed)
        ):
            yield "Devices", device
    for rule in host_config.get("DeviceCgroupRules") or ():
        if rule not in allowed and not _only_makes_nodes(rule):
            yield "DeviceCgroupRules", rule
    for request in host_config.get("DeviceRequests") or ():
        names = request.get("DeviceIDs") or ()
        if not names or not all(name in allowed for name in names):
            yield "DeviceRequests", request


def _in_words(field: str, item: Any) -> str:
    if field == "Devices":
        return f"device {item['PathOnHost']!r} ({item.get('CgroupPermissions') or 'rwm'})"
    if field == "DeviceCgroupRules":
        return f"device-cgroup rule {item!r}"
    count = "all" if item.get("Count") == -1 else item.get("Count")
    names = ", ".join(map(repr, item.get("DeviceIDs") or ())) or f"{count} with {item.get('Capabilities')}"
    return f"device request to driver {item.get('Driver') or ''!r}: {names}"


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    mounts = container_mounts.effective_on_host(evidence)
    return _mounted(evidence, _paths(mounts.mounts)) if mounts else None


def _container_kernel(evidence: Evidence) -> Optional[Verdict]:
    mounted = _mounted(evidence, _shown_sources(evidence))
    if mounted is not None:
        return mounted
    unasked = given_devices.more_than_asked(evidence)
    if unasked:
        return Verdict(False, "; ".join(unasked[:5]))
    return None if unasked is None else Verdict(True, "no node and no permission that not every container has")


def _paths(mounts: Sequence[HostMount]) -> List[Tuple[str, str]]:
    """(path of the host, where the container has it) of what is asked for."""
    return [(mount.source, mount.target) for mount in mounts]


def _shown_sources(evidence: Evidence) -> Iterable[Tuple[str, str]]:
    """(path of the host, where the container has it). Nodes made in the container's own /dev are no mounts."""
    return ((path, mount.point) for mount, paths in container_mounts.from_host(evidence) for path in paths)


def _mounted(evidence: Evidence, mounts: Iterable[Tuple[str, str]]) -> Optional[Verdict]:
    """False for a path of the host's /dev among (path of the host, where the container has it); else nothing to say."""
    for path, point in _wrong(evidence, mounts):
        return Verdict(False, f"{path!r} of the host is mounted at {point!r}")
    return None


def _wrong(evidence: Evidence, mounts: Iterable[Tuple[str, str]]) -> Iterator[Tuple[str, str]]:
    allowed = None
    for path, point in mounts:
        if below(path, "/dev") and not _is_no_device(evidence, path):
            allowed = _allowed(evidence) if allowed is None else allowed
            if not _is_allowed(path, allowed):
                yield path, point


def _run(evidence: Evidence) -> List[RunChange]:
    changes = unprivileged(evidence["inspect"]["HostConfig"])
    for field, item in _requested(evidence):
        if field == "DeviceRequests" and item.get("Driver") == "cdi":  # docker run takes these as --device
            changes += [RunChange("remove", "Devices", name) for name in item.get("DeviceIDs") or ()]
        else:
            changes.append(RunChange("remove", field, item))
    return changes + container_mounts.without(evidence, _points(evidence))


def _points(evidence: Evidence) -> List[str]:
    """Where the container has devices of the host by a mount."""
    mounts = _paths(container_mounts.asked_on_host(evidence))
    mounts += readable(_shown_sources, evidence)
    return [point for _path, point in _wrong(evidence, mounts)]


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    if readable(lambda container: given_devices.more_than_asked(container) or (), evidence):
        return frozenset()
    return container_mounts.blamed(evidence, _points(evidence))


def _is_no_device(evidence: Evidence, path: str) -> bool:
    """Whether a mount of this path of the host's /dev gives no device but those that every container has."""
    if device_nodes.is_harmless(evidence, path):
        return True
    place = on_host.place_of(evidence, path)
    return any(below(path, entry) for entry in _NO_DEVICES) and (place is None or place.number is None)


def _allowed(evidence: Evidence) -> Sequence[str]:
    return evidence["policy"]["allowed_devices"]


def _is_allowed(path: str, allowed: Sequence[str]) -> bool:
    return any(below(clean(path), clean(one)) for one in allowed)


def _only_makes_nodes(rule: str) -> bool:
    """As every container may: mknod alone opens nothing (moby: daemon/pkg/oci/defaults.go, `c *:* m`)."""
    return rule in _EVERY_NODE or rule.split(" ")[-1] == "m"


RULE = Rule(
    id="host-devices",
    title="Containers have no devices of the host",
    severity="high",
    weakness={"container": "it has devices of the host"},
    rationale=(
        "A raw disk holds every file of the host, whatever mounts and permissions say; others give memory, network "
        "or input. A device-cgroup rule opens what a container that may make device nodes then makes itself. A device is "
        "harmless by its kind and numbers, never by its place. Runtimes, hooks, CDI and NRI add devices of which "
        "HostConfig says nothing: the runtime's specification, the nodes in /dev and the device control group do."
    ),
    remediation=(
        "Recreate the container without `--device`, `--gpus` and `--device-cgroup-rule`, or allow the single device "
        "in the policy; don't mount the host's /dev."
    ),
    references={
        "CIS 1.6": ("5.18",),
        "CIS 1.8": ("5.18",),
        "STIG": ("DKER-EE-002040",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.device_permissions",
        "container.incomplete",
        "container.inspect",
        "container.mounts",
        "container.nodes",
        "container.specification",
        "container.views",
        "daemon.info",
        "daemon.state",
        "host.mounts",
        "host.place_at",
        "policy",
    ),
    container={
        "configured": _container_configured,
        "effective": _container_effective,
        "kernel": every.of_namespaces(_container_kernel),
    },
    frozen="create",
    run=_run,
    judges_mounts=True,
    mounts_at_fault=_mounts_at_fault,
)
