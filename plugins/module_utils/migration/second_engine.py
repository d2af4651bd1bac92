# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A second dockerd on the remapped data root, while the first one works on. I/O.

dockerd keeps what belongs to one mapping in a directory of its own, <data-root>/<uid>.<gid>, so the two share no file that
both write. It starts no container: it takes images, volumes, networks and definitions.

It has no network but to pull images. Then it is in the host's, with an empty bridge of ours as its own: without one it would
remove docker0, with docker0 it would change it. It has no filter rules made, and no networks to make.
"""

import json
import os
import shutil
from typing import Any, Dict, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.migration import interfaces, sandbox

UNIT = "containment-docker-migration.service"
DIRECTORY = "/run/containment.docker.migration"
# What an image, a volume or a container's definition is judged by, and how layers are stored.
_KEPT = (
    "data-root",
    "storage-driver",
    "features",
    "storage-opts",
    "containerd",
    "runtimes",
    "default-runtime",
    "selinux-enabled",
    "experimental",
    "exec-opts",
    "cgroup-parent",
    "seccomp-profile",
    "max-concurrent-uploads",
    "registry-mirrors",
    "insecure-registries",
    "max-concurrent-downloads",
    "max-download-attempts",
    "proxies",
)
# Its bridge where it has a network, with addresses that are for documentation.
BRIDGE, _ADDRESS, _MASK = "migration-pull", "192.0.2.1", "255.255.255.252"
_START_SECONDS = 90
# One image may be many gigabytes.
PATIENCE = 4 * 3600.0


def address() -> str:
    """Its Engine API."""
    return f"unix://{DIRECTORY}/engine.sock"


def engine() -> Engine:
    """A client of it."""
    return Engine(address(), PATIENCE)


def configuration(settings: Mapping[str, Any], remap: str) -> Dict[str, Any]:
    """Its daemon.json. settings: those of the first one's next start."""
    result = {key: settings[key] for key in _KEPT if settings.get(key) not in (None, "", [], {})}
    if result.get("storage-driver") not in (None, "overlay2", "vfs", "btrfs", "zfs", "fuse-overlayfs"):
        result.pop("storage-driver")
    result.update(
        {
            "userns-remap": remap,
            "exec-root": f"{DIRECTORY}/exec",
            "pidfile": f"{DIRECTORY}/pid",
            "hosts": [address()],
            "bridge": "none",
            "iptables": False,
            "ip-forward": False,
            "ip-masq": False,
        }
    )
    return result


def start(program: str, config: Mapping[str, Any], network: Optional[Mapping[str, str]] = None) -> None:
    """Start it. program: the path of dockerd; config: made by `configuration`; network: variables by which it reaches
    registries, where it is to have a network. Raises CommandError, OSError."""
    stop()
    os.mkdir(DIRECTORY, 0o700)
    path = f"{DIRECTORY}/daemon.json"
    settings = dict(config)
    properties = {
        "Type": "notify",
        "NotifyAccess": "all",
        "TimeoutStartSec": str(_START_SECONDS),
        "Delegate": "yes",
        "LimitNOFILE": "1048576",
        "TasksMax": "infinity",
    }
    if network is None:
        properties["PrivateNetwork"] = "yes"
    else:
        interfaces.add_bridge(BRIDGE, _ADDRESS, _MASK)
        settings.update({"bridge": BRIDGE, "ip6tables": False, "userland-proxy": False})
        # not on the command line, as a proxy's password is for no other user
        properties["EnvironmentFile"] = f"{DIRECTORY}/environment"
        lines = [f"{name}={_quoted(value)}\n" for name, value in network.items()]
        atomic_file.replace(properties["EnvironmentFile"], "".join(lines).encode("utf-8", "surrogateescape"))
    atomic_file.replace(path, json.dumps(settings, indent=2).encode("ascii"))
    sandbox.start_service(UNIT, properties, [program, f"--config-file={path}"])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def stop() -> None:
    """Stop it, if it runs, and remove its bridge and its files below /run. Raises CommandError, OSError."""
    sandbox.stop_service(UNIT)
    interfaces.remove_bridges([BRIDGE])
    if os.path.lexists(DIRECTORY):
        shutil.rmtree(DIRECTORY)
