# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container reaches the host's devices."""

from ansible_collections.containment.docker.plugins.module_utils import container_mounts
from ansible_collections.containment.docker.plugins.module_utils.host_path import below, clean
from ansible_collections.containment.docker.plugins.module_utils.mounts import host_paths
from ansible_collections.containment.docker.plugins.module_utils.rule import Rule, Verdict

# What every container has (moby: daemon/pkg/oci/defaults.go; runc: libcontainer/specconv, AllowedDevices; a remapped
# container can't make nodes, so runc binds these from the host's /dev), and what is no device
_HARMLESS = frozenset(("null", "zero", "full", "random", "urandom", "tty", "shm", "mqueue", "hugepages", "log"))
_EVERY_NODE = ("c *:* m", "b *:* m")


def _container_configured(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged"):
        return Verdict(False, "a privileged container has every device of the host")
    allowed = _allowed(evidence)
    for device in host_config.get("Devices") or ():
        if not (_is_harmless(clean(device["PathOnHost"])) or _is_allowed(device["PathOnHost"], allowed)):
            return Verdict(False, "device %r (%s)" % (device["PathOnHost"], device.get("CgroupPermissions") or "rwm"))
    for rule in host_config.get("DeviceCgroupRules") or ():
        if rule not in allowed and not _only_makes_nodes(rule):
            return Verdict(False, "device-cgroup rule %r" % rule)
    for request in host_config.get("DeviceRequests") or ():
        names = request.get("DeviceIDs") or ()
        if not names or not all(name in allowed for name in names):
            which = (
                ", ".join(map(repr, names))
                if names
                else "%s with %s"
                % ("all" if request.get("Count") == -1 else request.get("Count"), request.get("Capabilities"))
            )
            return Verdict(False, "device request to driver %r: %s" % (request.get("Driver") or "", which))
    return _mounted(evidence, [(m.source, m.target) for m in container_mounts.configured(evidence)]) or Verdict(
        True, "no device of the host, or only allowed ones"
    )


def _container_effective(evidence):
    mounts = container_mounts.effective(evidence)
    return _mounted(evidence, [(mount.source, mount.target) for mount in mounts]) if mounts else None


def _container_kernel(evidence):
    host = evidence["host"]["mounts"]
    shown = (
        (path, mount.point)
        for mount in evidence["mounts"]
        if mount.device in host.places
        for path in host_paths(host, mount)
    )
    return _mounted(evidence, shown)  # nodes made in the container's own /dev are no mounts, and can't be seen here


def _mounted(evidence, mounts):
    """False for a path of the host's /dev among (path of the host, where the container has it); else nothing to say."""
    allowed = None
    for path, point in mounts:
        if below(path, "/dev") and not _is_harmless(path):
            allowed = _allowed(evidence) if allowed is None else allowed
            if not _is_allowed(path, allowed):
                return Verdict(False, "%r of the host is mounted at %r" % (path, point))
    return None


def _is_harmless(path):
    return path.startswith("/dev/") and path[5:].partition("/")[0] in _HARMLESS


def _allowed(evidence):
    return evidence["policy"]["allowed_devices"]


def _is_allowed(path, allowed):
    return any(below(clean(path), clean(one)) for one in allowed)


def _only_makes_nodes(rule):
    """As every container may: mknod alone opens nothing (moby: daemon/pkg/oci/defaults.go, `c *:* m`)."""
    return rule in _EVERY_NODE or rule.split(" ")[-1] == "m"


RULE = Rule(
    id="host-devices",
    title="Containers have no devices of the host",
    severity="high",
    rationale=(
        "A raw disk holds every file of the host, whatever mounts and permissions say; others give memory, network "
        "or input. A device-cgroup rule opens what a container that may make device nodes then makes itself."
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
    container={"configured": _container_configured, "effective": _container_effective, "kernel": _container_kernel},
    frozen="create",
)
