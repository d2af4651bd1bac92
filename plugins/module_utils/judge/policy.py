# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a site allows: the measure that some rules judge by."""

import re
from typing import Any, Dict, Mapping

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import CAPABILITIES

# moby: oci/caps/defaults.go, DefaultCapabilities
DEFAULT_CAPABILITIES = (
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
)

# /dev/fuse, `c 188:* rmw`, vendor.com/class=name (Container Device Interface)
_DEVICE = re.compile(r"(/.*|[abc] (\d+|\*):(\d+|\*) [rwm]{1,3}|[\w.-]+/[\w.-]+=[\w.:-]+)\Z")

DEFAULT: Dict[str, Any] = {
    "allowed_capabilities": DEFAULT_CAPABILITIES,
    # host paths that containers may mount although they are sensitive; a directory allows what is below it
    "allowed_mounts": (),
    # host devices, as /dev/fuse
    "allowed_devices": (),
    # registries that may be spoken to without TLS, as docker info shows them; loopback always may
    "allowed_insecure_registries": (),
    # users who may connect to the engine's local socket, besides root
    "allowed_engine_users": (),
    # whether a kernel without SELinux is a failure, and not one that these rules don't apply to
    "require_selinux": False,
}


# What adds to the policy's value, or to its default, in place of replacing it.
ADDS = {"allowed_capabilities_add": "allowed_capabilities"}


def merged(parameters: Mapping[str, Any]) -> Dict[str, Any]:
    """The policy with what a person gave in place of the defaults. ValueError for what can't be meant."""
    policy = dict(DEFAULT)
    for key, default in DEFAULT.items():
        if parameters.get(key) is not None:
            policy[key] = parameters[key] if isinstance(default, bool) else tuple(parameters[key])
    for key, whole in ADDS.items():
        policy[whole] += tuple(parameters.get(key) or ())
    for path in policy["allowed_mounts"]:
        if not path.startswith("/"):
            raise ValueError(f"allowed_mounts: {path!r} is not an absolute path")
    for device in policy["allowed_devices"]:
        if not _DEVICE.match(device):
            raise ValueError(f"allowed_devices: {device!r} is no absolute path, device-cgroup rule or CDI name")
    names = (name.upper() for name in policy["allowed_capabilities"])
    policy["allowed_capabilities"] = tuple(name[4:] if name.startswith("CAP_") else name for name in names)
    for name in policy["allowed_capabilities"]:
        if name not in CAPABILITIES:
            raise ValueError(f"allowed_capabilities: {name!r} is no capability of Linux")
    return policy
