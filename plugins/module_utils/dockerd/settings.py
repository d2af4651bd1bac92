# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key that dockerd 20.10 to 29 (Linux) takes from daemon.json, as one table.

Read from moby at v20.10.24 … docker-v29.7.2: daemon/config/config.go, config_linux.go (config_unix.go),
builder.go (keys and types), cmd/dockerd/config.go, config_unix.go, options.go, later daemon/command/ (flags),
daemon/reload.go, reload_unix.go (what SIGHUP applies).
Not here, because they do nothing in the file though moby has a tag for them: swarm-raft-*, default-init,
resolv-conf, containerd-plugin-namespace (no flag of that name, so refused), and http-proxy and its like at the top
level (accepted and ignored: they count only inside "proxies").
"""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

# The release at which the table was read. A later one may know more: what is not in the table is left to that engine.
READ_AT = (29, 7)
# Keys of later releases that are known by name alone, from their release notes; their values are left to the engine.
ANNOUNCED = ("extension-config",)
RELOAD = "reload"
RESTART = "restart"
# A shape is "bool", "int", "string", "ip", "zoned ip", "size", "any", [shape] (a list), {"*": shape} (a map with free keys), or
# {"name": shape} (an object with fixed keys; Go matches those of nested objects without regard to case).
LIST = ["string"]
MAP = {"*": "string"}

_RULE = {
    "all": "bool",
    "filter": "any",
    "keepStorage": "string",
    "reservedSpace": "string",
    "maxUsedSpace": "string",
    "minFreeSpace": "string",
}
BUILDER = {
    "gc": {
        "enabled": "bool",
        "policy": [_RULE],
        "defaultKeepStorage": "string",
        "defaultReservedSpace": "string",
        "defaultMaxUsedSpace": "string",
        "defaultMinFreeSpace": "string",
    },
    "entitlements": {"network-host": "bool", "security-insecure": "bool", "device": "bool"},
    "history": {"maxAge": "any", "maxEntries": "int"},
}
RUNTIMES = {"*": {"path": "string", "runtimeArgs": LIST, "runtimeType": "string", "options": {"*": "any"}}}
PROXIES = {"http-proxy": "string", "https-proxy": "string", "no-proxy": "string"}
ULIMITS = {"*": {"Name": "string", "Hard": "int", "Soft": "int"}}
NRI = {"enable": "bool", "plugin-path": "string", "plugin-config-path": "string", "socket-path": "string"}


# The name of a kind of value, [shape] of a list's items, {key: shape}.
Shape = Union[str, List[Any], Dict[str, Any]]


class Setting(NamedTuple):
    """One key.

    flag     the long flag that sets the same, or None
    letter   its one-letter form, or ""
    applies  RELOAD: SIGHUP puts a new value in force; RESTART: only a start does
    reset    True where a reload also forgets a key that is gone from the file; otherwise that needs a restart
    since, until  first and last release that knows the key, (0, 0) and (99, 99) where the table's range doesn't say
    default  what holds without the key; None where that is nothing, or depends on version or machine
    """

    name: str
    shape: Shape
    flag: Optional[str]
    letter: str = ""
    applies: str = RESTART
    reset: bool = False
    since: Tuple[int, int] = (0, 0)
    until: Tuple[int, int] = (99, 99)
    default: Any = None


def _row(
    name: str,
    shape: Shape,
    flag: Optional[str] = "",
    **more: Any,
) -> Setting:
    return Setting(name, shape, name if flag == "" else flag, **more)


SETTINGS = (
    _row("allow-direct-routing", "bool", since=(28, 2), default=False),
    _row("allow-nondistributable-artifacts", LIST, applies=RELOAD),
    _row("api-cors-header", "string", until=(28, 99)),  # 28 takes only the empty string
    _row("authorization-plugins", LIST, "authorization-plugin", applies=RELOAD, reset=True),
    _row("bip", "string"),
    _row("bip6", "string", since=(28, 0)),
    _row("bridge", "string", letter="b"),
    _row("bridge-accept-fwmark", "string", since=(29, 0)),
    _row("builder", BUILDER, None),
    _row("cdi-spec-dirs", LIST, "cdi-spec-dir", since=(25, 0)),
    _row("cgroup-parent", "string"),
    _row("cluster-advertise", "string", applies=RELOAD, until=(23, 0)),
    _row("cluster-store", "string", applies=RELOAD, until=(23, 0)),
    _row("cluster-store-opts", MAP, "cluster-store-opt", applies=RELOAD, until=(23, 0)),
    _row("containerd", "string"),
    _row("containerd-namespace", "string"),
    _row("cpu-rt-period", "int"),
    _row("cpu-rt-runtime", "int"),
    _row("cri-containerd", "bool", default=False),
    _row("data-root", "string"),
    _row("debug", "bool", letter="D", applies=RELOAD, default=False),
    _row("default-address-pools", [{"base": "string", "size": "int"}], "default-address-pool"),
    _row("default-cgroupns-mode", "string", applies=RELOAD),
    _row("default-gateway", "ip"),
    _row("default-gateway-v6", "ip"),
    _row("default-ipc-mode", "string", applies=RELOAD, default="private"),
    _row("default-network-opts", {"*": MAP}, "default-network-opt", since=(24, 0)),
    _row("default-runtime", "string", applies=RELOAD, default="runc"),
    _row("default-shm-size", "size", applies=RELOAD),
    _row("default-stop-timeout", "int", applies=RELOAD, since=(29, 7)),
    _row("default-ulimits", ULIMITS, "default-ulimit"),
    _row("deprecated-key-path", "string", None),
    _row("dns", ["zoned ip"]),
    _row("dns-opts", LIST, "dns-opt"),
    _row("dns-search", LIST),
    _row("exec-opts", LIST, "exec-opt"),
    _row("exec-root", "string"),
    _row("experimental", "bool", default=False),
    _row("features", {"*": "bool"}, "feature", applies=RELOAD, reset=True),
    _row("firewall-backend", "string", since=(29, 0)),
    _row("fixed-cidr", "string"),
    _row("fixed-cidr-v6", "string"),
    _row("graph", "string", letter="g", until=(20, 10)),
    _row("group", "string", letter="G"),
    _row("host-gateway-ip", "ip"),
    _row("host-gateway-ips", ["zoned ip"], None, since=(28, 0)),
    _row("hosts", LIST, "host", letter="H"),
    _row("icc", "bool", default=True),
    _row("init", "bool", default=False),
    _row("init-path", "string"),
    _row("insecure-registries", LIST, "insecure-registry", applies=RELOAD),
    _row("ip", "ip"),
    _row("ip-forward", "bool", default=True),
    _row("ip-forward-no-drop", "bool", since=(28, 0), default=False),
    _row("ip-masq", "bool", default=True),
    _row("ip6tables", "bool"),  # default false up to 26, true from 27
    _row("iptables", "bool", default=True),
    _row("ipv6", "bool", default=False),
    _row("labels", LIST, "label", applies=RELOAD),
    _row("live-restore", "bool", applies=RELOAD, default=False),
    _row("log-driver", "string", default="json-file"),
    _row("log-format", "string", since=(25, 0)),
    _row("log-level", "string", letter="l", default="info"),
    _row("log-opts", MAP, "log-opt"),
    _row("max-concurrent-downloads", "int", applies=RELOAD, reset=True, default=3),
    _row("max-concurrent-uploads", "int", applies=RELOAD, reset=True, default=5),
    _row("max-download-attempts", "int", applies=RELOAD, reset=True, default=5),
    _row("metrics-addr", "string"),
    _row("min-api-version", "string", None, since=(29, 0)),
    _row("mtu", "int"),
    _row("network-control-plane-mtu", "int", default=1500),
    _row("network-diagnostic-port", "int", applies=RELOAD, reset=True),
    _row("no-new-privileges", "bool", default=False),
    _row("node-generic-resources", LIST, "node-generic-resource"),
    _row("nri-opts", NRI, applies=RELOAD, reset=True, since=(29, 2)),
    _row("oom-score-adjust", "int", until=(25, 0)),
    _row("pidfile", "string", letter="p"),
    _row("proxies", PROXIES, None, since=(23, 0)),
    _row("raw-logs", "bool", default=False),
    _row("registry-mirrors", LIST, "registry-mirror", applies=RELOAD),
    _row("rootless", "bool"),
    _row("runtimes", RUNTIMES, "add-runtime", applies=RELOAD),
    _row("seccomp-profile", "string"),
    _row("selinux-enabled", "bool", default=False),
    _row("shutdown-timeout", "int", applies=RELOAD, default=15),
    _row("storage-driver", "string", letter="s"),
    _row("storage-opts", LIST, "storage-opt"),
    _row("swarm-default-advertise-addr", "string"),
    _row("tls", "bool", default=False),
    _row("tlscacert", "string"),
    _row("tlscert", "string"),
    _row("tlskey", "string"),
    _row("tlsverify", "bool"),
    _row("userland-proxy", "bool", default=True),
    _row("userland-proxy-path", "string"),
    _row("userns-remap", "string"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
# What holds without a key, where that is the same in every supported release.
DEFAULTS = {setting.name: setting.default for setting in SETTINGS if setting.default is not None}
# Flags that stand for no key of the file. dockerd's own check takes such a word in the file for known
# (it only looks the flag up) and then ignores it.
FLAGS_ONLY = {
    "config-file": "string",
    "validate": "bool",
    "version": "bool",
    "help": "bool",
    "restart": "bool",
    "containerd-plugins-namespace": "string",
    "http-proxy": "string",
    "https-proxy": "string",
    "no-proxy": "string",
}
FLAGS_ONLY_LETTERS = {"v": "version", "h": "help", "r": "restart"}
# Features that only a start looks at, and those looked at on every request.
FEATURES_BY_RELOAD = ("buildkit",)


def engine_release(version: Optional[str]) -> Optional[Tuple[int, int]]:
    """(20, 10) of '20.10.24+dfsg1'; None for None or what doesn't start like a version."""
    parts = []
    for word in (version or "").lstrip("v").split(".")[:2]:
        digits = ""
        for char in word:
            if not char.isdigit():
                break
            digits += char
        if not digits or len(digits) > 4:
            return None
        parts.append(int(digits))
    return (parts[0], parts[1]) if len(parts) == 2 else None


def is_newer(version: Optional[str]) -> bool:
    """Return whether an engine of this version ("29.8.1") came after the table was read; False where that is not known."""
    release = engine_release(version)
    return release is not None and release > READ_AT


def known_to(setting: Setting, version: Optional[str]) -> bool:
    """Whether that engine knows the key; any engine of the table's range where version is None."""
    release = engine_release(version)
    return release is None or setting.since <= release <= setting.until
