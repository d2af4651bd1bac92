# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why dockerd takes a configuration and then does not start with it: what --validate doesn't look at. Pure.

Each check stands for a start of a real dockerd that failed (20.10, 26.1, 28.5 and 29; tests/unit/…/dockerd/start_cases.py and
its samples) and names where moby does it. What only the host can tell is asked through `exists`.
"""

import re
from typing import Any, Callable, Iterator, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    log_options,
    refused_values,
    start_network,
    start_storage,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import READ_AT, engine_release

# Tell of an absolute path whether the host has it; None where nothing is asked of a host.
Has = Callable[[str], Optional[bool]]
_CGROUP_V2 = "/sys/fs/cgroup/cgroup.controllers"
_NEWEST_API = [1, 55]  # of READ_AT
_HOST_PORT = re.compile(
    r"([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:.]+\])(:([0-9]+))?\Z"
)
_SIZE = re.compile(r"[0-9]+(\.[0-9]+)?( ?[kKmMgGtTpP]?[iI]?[bB]?|%)\Z")


def problems(settings: Mapping[str, Any], version: Optional[str] = None, exists: Optional[Has] = None) -> List[str]:
    """Return why no dockerd of this version starts so, one sentence each; [] where nothing is known against it.

    settings  of file and flags together, without problems of daemon_validate
    version   the engine's; with None only what holds for all from 20.10 to 29
    exists    see Has; without it nothing is asked of a host
    """
    release = engine_release(version)
    has: Has = exists or (lambda path: None)
    texts = start_network.problems(settings, release) + start_storage.problems(settings, release)
    texts += log_options.problems(settings, release)
    for check in (
        _registries,
        _runtimes,
        _exec_options,
        _control_groups,
        _files,
        _bridge,
        _tls,
        _others,
        _garbage_limits,
    ):
        texts.extend(check(settings, release, has))
    return texts


def _registries(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], _has: Has) -> Iterator[str]:
    """moby: registry/config.go, loadInsecureRegistries, ValidateMirror, loadAllowNondistributableArtifacts."""
    for registry in settings.get("insecure-registries") or ():
        host = re.sub(r"(?i)\Ahttps?://", "", registry)
        match = _HOST_PORT.match(host)
        network = re.match(r"[0-9a-fA-F.:]+/[0-9]+\Z", host)
        if not network and (not match or int(match.group(6) or 0) > 65535):
            yield f'"insecure-registries" takes host, host:port or a network, not {show_json(registry)}'
    if release and release < (23, 0):
        for mirror in settings.get("registry-mirrors") or ():
            if re.match(r"(?i)https?://[^/]+/.", mirror):
                yield f'"registry-mirrors" takes no path before Docker 23.0: {show_json(mirror)}'
    if release and release < (28, 0):
        for registry in settings.get("allow-nondistributable-artifacts") or ():
            if "://" in registry:
                yield f'"allow-nondistributable-artifacts" takes no "://": {show_json(registry)}'


def _runtimes(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], _has: Has) -> Iterator[str]:
    """moby: daemon/runtime_unix.go, setupRuntimes."""
    named = settings.get("runtimes") or {}
    default = settings.get("default-runtime") or "runc"
    if default != "runc" and default not in named and not re.search("[./]", default):
        yield f'"default-runtime" is {show_json(default)}, which "runtimes" doesn\'t define'
    if release and release < (23, 0):
        return
    for name, runtime in named.items():
        have = {key.lower() for key, value in runtime.items() if value}
        if {"path", "runtimetype"} <= have:
            yield f'"runtimes".{show_json(name)} has both path and runtimeType'
        elif not have & {"path", "runtimetype"}:
            yield f'"runtimes".{show_json(name)} has neither path nor runtimeType'
        elif {"runtimetype", "runtimeargs"} <= have:
            yield f'"runtimes".{show_json(name)}: runtimeArgs can\'t be used with runtimeType'
        elif {"path", "options"} <= have:
            yield f'"runtimes".{show_json(name)}: options can\'t be used with path'


def _exec_options(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], _has: Has) -> Iterator[str]:
    """moby: daemon/daemon_unix.go, verifyDaemonSettings and getCD; 28: daemon/config/config_linux.go."""
    for option in settings.get("exec-opts") or ():
        key, equals, value = option.partition("=")
        if key == "native.cgroupdriver" and equals:
            if value not in ("cgroupfs", "systemd"):
                yield f'"exec-opts": native.cgroupdriver is cgroupfs or systemd, not {show_json(value)}'
        elif release and release >= (28, 0):
            yield f'"exec-opts" knows only native.cgroupdriver=…, not {show_json(option)}'


def _control_groups(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], has: Has) -> Iterator[str]:
    """moby: daemon/daemon_unix.go, verifyDaemonSettings, UsingSystemd."""
    drivers = [option.partition("=")[2] for option in settings.get("exec-opts") or () if "cgroupdriver=" in option]
    systemd = drivers[-1] == "systemd" if drivers else has(_CGROUP_V2) and has("/run/systemd/system")
    parent = settings.get("cgroup-parent") or ""
    if systemd and parent and not (len(parent) > 6 and parent.endswith(".slice")):
        yield f'"cgroup-parent" must be named like x.slice under systemd, not {show_json(parent)}'
    if has(_CGROUP_V2) and release and release >= (23, 0):
        for name in ("cpu-rt-runtime", "cpu-rt-period"):
            if settings.get(name):
                yield f"{show_json(name)} works only with cgroup v1"


def _files(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], has: Has) -> Iterator[str]:
    """moby: daemon/seccomp_linux.go, daemon/config/config_linux.go (userland-proxy-path)."""
    profile = settings.get("seccomp-profile") or ""
    builtin = not profile or (profile in ("builtin", "unconfined") and not (release and release < (23, 0)))
    if not builtin and has("/" + profile.lstrip("/")) is False:
        yield f'"seccomp-profile" is {show_json(profile)}, which does not exist'
    proxy = settings.get("userland-proxy-path") or ""
    if proxy and settings.get("userland-proxy") is not False and not (release and release < (26, 0)):
        if not proxy.startswith("/"):
            yield f'"userland-proxy-path" must be an absolute path, not {show_json(proxy)}'
        elif has(proxy) is False:
            yield f'"userland-proxy-path" is {show_json(proxy)}, which does not exist'


def _bridge(settings: Mapping[str, Any], _release: Optional[Tuple[int, int]], has: Has) -> Iterator[str]:
    """moby: libnetwork/drivers/bridge/setup_device_linux.go."""
    bridge = settings.get("bridge") or ""
    if bridge not in ("", "none", "docker0") and "/" not in bridge and has("/sys/class/net/" + bridge) is False:
        yield f'"bridge" is {show_json(bridge)}, and dockerd makes no bridge of another name than docker0'


def _tls(settings: Mapping[str, Any], _release: Optional[Tuple[int, int]], has: Has) -> Iterator[str]:
    """moby: daemon/command/daemon.go: tlsverify in the file, even as false, switches TLS on."""
    if settings.get("tls") is not True and "tlsverify" not in settings:
        return
    for name in ("tlscert", "tlskey"):
        path = settings.get(name)
        if not path:
            yield f"TLS is on, and {show_json(name)} is not set"
        elif has("/" + path.lstrip("/")) is False:
            yield f"{show_json(name)} is {show_json(path)}, which does not exist"


def _lowest_api(text: str, release: Optional[Tuple[int, int]]) -> Iterator[str]:
    """As dockerd compares it, what is no number counts as 0. moby: daemon/server/middleware/version.go."""
    parts = [int(part) if re.match(r"[0-9]{1,9}\Z", part) else 0 for part in text.split(".")]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    known = release is not None and release <= READ_AT
    if text and (parts < [1, 24] or (known and parts > _NEWEST_API)):
        upper = f" and at most {_NEWEST_API[0]}.{_NEWEST_API[1]}" if known else ""
        yield f'"min-api-version" must be at least 1.24{upper}, not {show_json(text)}'


def _others(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], has: Has) -> Iterator[str]:
    """moby: daemon/command/metrics.go, daemon/config (api-cors-header, 28), opts.ValidateDNSSearch."""
    address = settings.get("metrics-addr") or ""
    looks = settings.get("experimental") or not (release and release < (23, 0))
    if address and looks and not re.search(r":[0-9a-z-]*\Z", address):
        yield f'"metrics-addr" must be address:port, not {show_json(address)}'
    if release and release >= (28, 0) and settings.get("api-cors-header"):
        yield '"api-cors-header" was removed; from Docker 28.0 on dockerd does not start with it'
    namespace = settings.get("containerd-namespace") or "moby"
    if release and release >= (29, 0) and not re.match(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*\Z", namespace):
        yield f'"containerd-namespace" must be letters and digits, parted by . _ or -, not {show_json(namespace)}'
    yield from _lowest_api(settings.get("min-api-version") or "", release)
    if (settings.get("features") or {}).get("embedded-containerd") and settings.get("cri-containerd"):
        yield 'dockerd does not start with "features"."embedded-containerd" and "cri-containerd" together'
    yield from refused_values.store_conflicts(settings, release)
    root = (settings.get("data-root") or settings.get("graph") or "/var/lib/docker").rstrip("/")
    # moby: daemon/cluster/cluster.go, Start: the node's state is what it is started from
    if settings.get("firewall-backend") == "nftables" and has(root + "/swarm/docker-state.json"):
        yield 'dockerd does not start a node of a swarm with "firewall-backend": "nftables"'
    if settings.get("cluster-advertise") and not settings.get("cluster-store"):
        yield '"cluster-advertise" needs "cluster-store"'


def _garbage_limits(settings: Mapping[str, Any], release: Optional[Tuple[int, int]], _has: Has) -> Iterator[str]:
    """moby: daemon/config/builder.go, builder/builder-next: sizes are read when the builder is made."""
    collect = {key.lower(): value for key, value in ((settings.get("builder") or {}).get("gc") or {}).items()}
    sizes = (
        [(key, value) for key, value in collect.items() if key.startswith("default")] if collect.get("enabled") else []
    )
    for rule in collect.get("policy") or ():
        if not release or release >= (28, 0):
            sizes += [(key, value) for key, value in rule.items() if key.lower() not in ("all", "filter")]
        filters = rule.get("filter") if isinstance(rule.get("filter"), list) else ()
        if release and release < (23, 0) and any("=" not in str(item) for item in filters):
            yield '"builder"."gc"."policy": a filter without "=" ends dockerd 20.10'
    for key, value in sizes:
        if value and not _SIZE.match(value):
            yield f'"builder"."gc": {show_json(key)} must be a size, not {show_json(value)}'
