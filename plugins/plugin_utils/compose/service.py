# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The create request that compose makes of a service, as far as rules judge it. Pure.

compose-spec: 05-services.md; docker/compose: pkg/compose/create.go
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.compose import mounts, values
from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import Unresolved, resolve

# What rules judge, by the key of a service: the field of HostConfig, and what makes its value.
_FIELDS: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "cap_add": ("CapAdd", values.texts),
    "cap_drop": ("CapDrop", values.texts),
    "cgroup": ("CgroupnsMode", values.text),
    "cgroup_parent": ("CgroupParent", values.text),
    "device_cgroup_rules": ("DeviceCgroupRules", values.texts),
    "devices": ("Devices", values.devices),
    "gpus": ("DeviceRequests", values.gpus),
    "group_add": ("GroupAdd", values.texts),
    "init": ("Init", values.boolean),
    "ipc": ("IpcMode", values.mode),
    "logging": ("LogConfig", values.logging),
    "mem_limit": ("Memory", values.size),
    "network_mode": ("NetworkMode", values.mode),
    "pid": ("PidMode", values.mode),
    "pids_limit": ("PidsLimit", values.number),
    "privileged": ("Privileged", values.boolean),
    "read_only": ("ReadonlyRootfs", values.boolean),
    "restart": ("RestartPolicy", values.restart),
    "runtime": ("Runtime", values.text),
    "security_opt": ("SecurityOpt", values.texts),
    "sysctls": ("Sysctls", values.pairs),
    "tmpfs": ("Tmpfs", values.tmpfs),
    "userns_mode": ("UsernsMode", values.text),
    "uts": ("UTSMode", values.text),
    "volumes_from": ("VolumesFrom", values.volumes_from),
}
_MOUNTED = ("volumes", "secrets", "configs", "use_api_socket")
# Nothing that a rule judges follows from these.
_OTHERS = frozenset(
    """
    annotations attach blkio_config build command container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period
    cpu_rt_runtime cpu_shares cpus cpuset depends_on develop dns dns_opt dns_search domainname entrypoint env_file
    environment expose external_links extra_hosts healthcheck hostname image isolation label_file labels links mac_address
    mem_reservation mem_swappiness memswap_limit models networks oom_kill_disable oom_score_adj platform ports post_start
    pre_stop profiles pull_policy scale shm_size stdin_open stop_grace_period stop_signal storage_opt tty ulimits user
    working_dir
    """.split()
)
_KNOWN = frozenset(_FIELDS) | frozenset(_MOUNTED) | _OTHERS | {"deploy"}
_SERVICE = re.compile(r"service:(.+)\Z", re.S)


def create_request(service: Mapping[str, Any], document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return {Image, User, Labels, HostConfig}. Raise Unresolved where the data don't tell, ValueError for wrong shapes.

    service: with what it extends. document: for its volumes, secrets and configs. place: variables and directories.
    """
    unknown = sorted(str(key) for key in service if key not in _KNOWN and not str(key).startswith("x-"))
    if unknown:
        raise Unresolved(
            f"its key {unknown[0]!r:.60} is none that this filter knows, and may change what the container may do"
        )
    config: dict[str, Any] = {}
    for key, (field, make) in _FIELDS.items():
        if service.get(key) is not None:
            config[field] = make(resolve(service[key], place.variables), key)
    _system_paths(config)
    _deploy(resolve(service.get("deploy") or {}, place.variables), config)
    config.update(mounts.of_service(service, document, place))
    for field in ("IpcMode", "NetworkMode", "PidMode"):
        match = _SERVICE.match(config.get(field, ""))
        if match:
            config[field] = "container:" + match.group(1)
    request = {"Image": "image", "HostConfig": config}
    if service.get("user") is not None:
        request["User"] = values.text(resolve(service["user"], place.variables), "user")
    return request


def _system_paths(config: dict[str, Any]) -> None:
    """Compose, as docker run, makes lists of paths of this option (docker/compose: pkg/compose/create.go, parseSecurityOpts)."""
    options = config.get("SecurityOpt") or []
    if "systempaths=unconfined" in options:
        config["SecurityOpt"] = [option for option in options if option != "systempaths=unconfined"]
        config.update(MaskedPaths=[], ReadonlyPaths=[])


def _deploy(deploy: Any, config: dict[str, Any]) -> None:
    """Add what stands below deploy. What the service says itself wins, but for the restart policy."""
    resources = values.mapping(values.mapping(deploy, "deploy").get("resources") or {}, "deploy.resources")
    limits = values.mapping(resources.get("limits") or {}, "deploy.resources.limits")
    if limits.get("memory") is not None:
        config.setdefault("Memory", values.size(limits["memory"], "deploy.resources.limits.memory"))
    if limits.get("pids") is not None:
        config.setdefault("PidsLimit", values.number(limits["pids"], "deploy.resources.limits.pids"))
    reserved = values.mapping(resources.get("reservations") or {}, "deploy.resources.reservations")
    if reserved.get("devices"):
        config["DeviceRequests"] = config.get("DeviceRequests", []) + values.gpus(reserved["devices"], "devices")
    policy = values.mapping(deploy.get("restart_policy") or {}, "deploy.restart_policy")
    if policy:
        config["RestartPolicy"] = values.deploy_restart(policy)
