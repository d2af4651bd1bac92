# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engine's own answers say about a setting: the strongest evidence that a file is in force. Pure."""

import ipaddress
import re
from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import engine_release
from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids

# The default bridge is left as it is while containers run (moby: daemon/daemon_unix.go, initNetworkController:
# "updated network configuration will not take affect").
BRIDGE_KEYS = (
    "bip",
    "bip6",
    "bridge",
    "default-gateway",
    "default-gateway-v6",
    "fixed-cidr",
    "fixed-cidr-v6",
    "icc",
    "ip",
    "ip-masq",
    "ipv6",
    "mtu",
)
_OPTION = "com.docker.network."
_LOOPBACK = ("127.0.0.0/8", "::1/128")
_LIST_REPLACES_LOOPBACK = (29, 10)


def matches(key: str, wanted: Any, info: Mapping[str, Any], bridge: Optional[Mapping[str, Any]]) -> Optional[bool]:
    """Whether the engine says that `key` is in force as `wanted`; None where it doesn't show that key.

    wanted: the value in daemon.json's terms, None for a key without value and default; paths without symbolic links.
    info: GET /info; bridge: GET /networks/bridge, None where there is no such network.
    An answer of a shape that no engine gives is None, too.
    """
    if wanted is None:
        return None
    try:
        if key in _INFO:
            return _INFO[key](wanted, info)
        return _BRIDGE[key](wanted, bridge) if bridge and key in _BRIDGE else None
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _option(name: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    def compare(wanted: bool, info: Mapping[str, Any]) -> bool:
        return bool(wanted) == (name in engine_info.security_options(info))

    return compare


def _userns(wanted: str, info: Mapping[str, Any]) -> Optional[bool]:
    """Whether it remaps at all; to whom, only the data root tells (moby: daemon/daemon_unix.go, setupDaemonRoot)."""
    remaps = "userns" in engine_info.security_options(info)
    shall = bool(wanted) and not subordinate_ids.turns_off(str(wanted))
    return None if remaps and shall else remaps == shall


def _no_new_privileges(wanted: bool, info: Mapping[str, Any]) -> Optional[bool]:
    says = engine_info.says_no_new_privileges(info)
    return None if says is None else says == wanted


def _seccomp(wanted: str, info: Mapping[str, Any]) -> bool:
    profile = engine_info.security_options(info).get("seccomp", {}).get("profile")
    if wanted in ("", "builtin"):  # 20.10 calls its own profile "default"
        return profile in ("builtin", "default")
    return profile == wanted


def _data_root(wanted: str, info: Mapping[str, Any]) -> bool:
    root = info["DockerRootDir"]  # a remapped daemon works in <data-root>/<uid>.<gid>
    return root == wanted or bool(re.match(r"\d+\.\d+\Z", root[len(wanted) + 1 :])) and root.startswith(wanted + "/")


def _insecure(wanted: Sequence[str], info: Mapping[str, Any]) -> bool:
    """From 29.10 on, a list in the file takes the place of loopback, which every earlier engine adds to it."""
    registries = info["RegistryConfig"]
    replaces = (engine_release(info.get("ServerVersion")) or (0, 0)) >= _LIST_REPLACES_LOOPBACK
    added = () if replaces else _LOOPBACK
    reported = {name for name, index in registries["IndexConfigs"].items() if not index["Secure"]}
    reported |= {network for network in registries["InsecureRegistryCIDRs"] if network not in added}
    return reported == {_registry(name) for name in wanted} - set(added)


def _registry(name: str) -> str:
    """As moby keeps it (daemon/pkg/registry/config.go): without scheme, a network with its host bits cleared."""
    name = re.sub(r"^https?://", "", name.lower()).rstrip("/")
    try:
        return str(ipaddress.ip_network(name, strict=False)) if "/" in name else name
    except ValueError:
        return name


def _same_set(reported: Sequence[str], wanted: Sequence[str]) -> bool:
    return sorted(reported or ()) == sorted(wanted)


_INFO: Dict[str, Callable[[Any, Mapping[str, Any]], Optional[bool]]] = {
    "authorization-plugins": lambda wanted, info: list(info["Plugins"]["Authorization"] or ()) == list(wanted),
    "data-root": _data_root,
    "debug": lambda wanted, info: info["Debug"] == wanted,
    "default-cgroupns-mode": lambda wanted, info: (
        (wanted == "private") == ("cgroupns" in engine_info.security_options(info))
    ),
    "default-runtime": lambda wanted, info: info["DefaultRuntime"] == wanted,
    "experimental": lambda wanted, info: info["ExperimentalBuild"] == wanted,
    "insecure-registries": _insecure,
    "labels": lambda wanted, info: _same_set(info["Labels"], wanted),
    "live-restore": lambda wanted, info: info["LiveRestoreEnabled"] == wanted,
    "log-driver": lambda wanted, info: info["LoggingDriver"] == wanted,
    "no-new-privileges": _no_new_privileges,
    "registry-mirrors": lambda wanted, info: _same_set(
        [mirror.rstrip("/") for mirror in info["RegistryConfig"]["Mirrors"] or ()],
        [mirror.rstrip("/") for mirror in wanted],
    ),
    "runtimes": lambda wanted, info: None if set(wanted) <= set(info["Runtimes"]) else False,  # names, not paths
    "seccomp-profile": _seccomp,
    "selinux-enabled": _option("selinux"),
    "storage-driver": lambda wanted, info: info["Driver"] == wanted,
    "userns-remap": _userns,
}


def _bridge_option(name: str, text: Callable[[Any], str]) -> Callable[[Any, Mapping[str, Any]], bool]:
    def compare(wanted: Any, bridge: Mapping[str, Any]) -> bool:
        return bridge["Options"][_OPTION + name] == text(wanted)

    return compare


def _go_bool(value: bool) -> str:
    return "true" if value else "false"


def _bip(wanted: str, bridge: Mapping[str, Any]) -> bool:
    interface = ipaddress.ip_interface(wanted)
    return any(
        pool.get("Gateway") == str(interface.ip) and pool["Subnet"] == str(interface.network)
        for pool in bridge["IPAM"]["Config"]
    )


_BRIDGE: Dict[str, Callable[[Any, Mapping[str, Any]], Optional[bool]]] = {
    "bip": _bip,
    "icc": _bridge_option("bridge.enable_icc", _go_bool),
    "ip": _bridge_option("bridge.host_binding_ipv4", str),
    "ip-masq": _bridge_option("bridge.enable_ip_masquerade", _go_bool),
    "ipv6": lambda wanted, bridge: bridge["EnableIPv6"] == wanted,
    "mtu": _bridge_option("driver.mtu", str),
}

# What a reload event says of settings that /info doesn't show (moby: daemon/reload.go, reload_unix.go).
_EVENT: Dict[str, Callable[[Any], str]] = {
    "default-ipc-mode": str,
    "default-cgroupns-mode": str,
    "debug": _go_bool,
    "live-restore": _go_bool,
    "max-concurrent-downloads": str,
    "max-concurrent-uploads": str,
    "max-download-attempts": str,
    "shutdown-timeout": str,
}


def reloaded(events: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Whether the newest of the daemon's reload events tells that `keys` are in force as in `settings`.

    The event comes only after a reload without an error; it carries values for some keys, and for the others it is
    itself the evidence that the file was taken.
    """
    if not events:
        return False
    says = events[-1]["Actor"]["Attributes"]
    return all(
        says[key] == _EVENT[key](settings[key])
        for key in keys
        if key in _EVENT and key in says and settings.get(key) is not None
    )
