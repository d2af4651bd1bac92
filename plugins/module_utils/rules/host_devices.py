# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container reaches the host's devices."""

import posixpath

from ansible_collections.containment.docker.plugins.module_utils.rule import Rule, Verdict

# What every container has (moby: daemon/pkg/oci/defaults.go; runc: libcontainer/specconv, AllowedDevices). A remapped
# container can't make device nodes, so runc binds these from the host's /dev.
_ORDINARY = frozenset("/dev/" + name for name in ("null", "zero", "full", "random", "urandom", "tty"))
_EVERY_NODE = ("c *:* m", "b *:* m")


def _container_configured(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged"):
        return Verdict(False, "a privileged container has every device of the host")
    allowed = evidence["policy"]["allowed_devices"]
    for device in host_config.get("Devices") or ():
        if not _is_allowed(device["PathOnHost"], allowed):
            return Verdict(False, "device %r (%s)" % (device["PathOnHost"], device.get("CgroupPermissions") or "rwm"))
    for rule in host_config.get("DeviceCgroupRules") or ():
        if rule not in allowed and not _only_makes_nodes(rule):
            return Verdict(False, "device-cgroup rule %r" % rule)
    for request in host_config.get("DeviceRequests") or ():
        names = request.get("DeviceIDs") or ()
        if not names or not all(name in allowed for name in names):
            return Verdict(False, "device request: driver %r, %s" % (
                request.get("Driver") or "", "devices %s" % ", ".join(map(repr, names)) if names else
                "count %s, capabilities %s" % (request.get("Count"), request.get("Capabilities"))
            ))
    return Verdict(True, "no device of the host, or only allowed ones")


def _container_kernel(evidence):
    dev, allowed = evidence["host"]["dev"], evidence["policy"]["allowed_devices"]
    for mount in evidence["mounts"]:
        if mount.fstype == "devtmpfs" or mount.device == dev:
            path = posixpath.join("/dev", mount.root.lstrip("/"))
            if path not in _ORDINARY and not _is_allowed(path, allowed):
                return Verdict(False, "%r of the host is mounted at %r" % (posixpath.normpath(path), mount.point))
    return None  # nodes that were made in the container's own /dev are no mounts, and can't be seen here


def _is_allowed(path, allowed):
    path = posixpath.normpath(path)
    return any(path == posixpath.normpath(one) or path.startswith(posixpath.normpath(one) + "/") for one in allowed)


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
    container={"configured": _container_configured, "kernel": _container_kernel},
    frozen="create",
)
