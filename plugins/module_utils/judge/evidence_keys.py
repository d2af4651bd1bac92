# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of the evidence: each key that collectors write and rules read. Pure data.

A rule names in `reads` the keys that it reads, as `container.inspect`, `daemon.info` or `policy`. Any key may be missing
(Absent: this subject does not offer it) or hold a reason (Unreadable). The subjects of the three kinds hold:

host: the keys of `host` under "host" of its own, those of `daemon` under "daemon", `containers`, `policy`.
daemon: its own keys, "host", `policy`.
container: its own keys, "host", "daemon", `policy`.
"""

from typing import Mapping, NamedTuple, Tuple

HOST, DAEMON, CONTAINER = SUBJECTS = ("host", "daemon", "container")
# Which layer a key is evidence of. An inspect has, besides what was asked for, what the engine made of it.
_CONFIGURED, _EFFECTIVE, _KERNEL = ("configured",), ("effective",), ("kernel",)
_BOTH, _NONE = _CONFIGURED + _EFFECTIVE, ()


class Key(NamedTuple):
    """One key of the evidence.

    layers: of which it is evidence for its own subject; none for what only helps to judge. source: where it comes from,
    as documentation says it. shape: what a value is. types: its Python types. lazy: whether it is collected only when it
    is read. root: whether collecting it needs root; what the engine's socket says needs access to that alone.
    """

    layers: Tuple[str, ...]
    source: str
    shape: str
    types: Tuple[type, ...]
    lazy: bool
    root: bool


_FUNCTION = type(lambda: None)
_LAZY, _NOW, _ROOT, _ANYONE = True, False, True, False
_NOTHING = type(None)

_OF_HOST: Mapping[str, Key] = {
    "abstract_sockets": Key(_NONE, "/proc/1/net/unix", "[name of a listening abstract socket]", (list,), _LAZY, _ROOT),
    "af_alg": Key(_KERNEL, "AF_ALG in the kernel", "see crypto_sockets", (str,), _LAZY, _ANYONE),
    "apparmor": Key(_KERNEL, "AppArmor's switch in /sys/module", "true or false", (bool,), _LAZY, _ANYONE),
    "bridge_netfilter": Key(_KERNEL, "bridge-nf-call-iptables", "true or false", (bool,), _LAZY, _ANYONE),
    "bridge_netfilter6": Key(_KERNEL, "bridge-nf-call-ip6tables", "true or false", (bool,), _LAZY, _ANYONE),
    "cgroup": Key(_KERNEL, "version of control groups", "1 or 2", (int,), _LAZY, _ANYONE),
    "containers": Key(_KERNEL, "all processes of the host", "evidence.container.Survey", (tuple,), _LAZY, _ROOT),
    "filesystem_at": Key(_NONE, "filesystems of paths", "path -> path_label.Located", (object,), _LAZY, _ANYONE),
    "hierarchies": Key(_NONE, "mounts of control groups", "see cgroups.parse_hierarchies", (dict,), _LAZY, _ANYONE),
    "kernel_paths": Key(_KERNEL, "which kernel files exist", "frozenset of paths", (frozenset,), _LAZY, _ANYONE),
    "label_at": Key(_NONE, "SELinux labels of paths", "(path, device) -> path_label.Labelled", (object,), _LAZY, _ROOT),
    "listeners_at": Key(_NONE, "who serves a socket", "path -> listeners.Listener", (object,), _LAZY, _ROOT),
    "mounts": Key(_KERNEL, "mountinfo of process 1", "mount_table.HostMounts", (tuple,), _LAZY, _ROOT),
    "name_below": Key(_NONE, "names of a file", "(directory, identity) -> path or None", (object,), _LAZY, _ROOT),
    "namespaces": Key(_KERNEL, "namespaces of process 1", "{name: link of /proc/1/ns}", (dict,), _LAZY, _ROOT),
    "pid_max": Key(_KERNEL, "kernel.pid_max", "number", (int,), _LAZY, _ANYONE),
    "own_mounts": Key(_NONE, "this process's mountinfo", "[procfs.Mount]", (list,), _LAZY, _ANYONE),
    "place_at": Key(_NONE, "what stands at a path", "path -> places.Place", (object,), _LAZY, _ROOT),
    "selinux": Key(
        _KERNEL, "SELinux's mode", "null, disabled, permissive or enforcing", (str, _NOTHING), _LAZY, _ANYONE
    ),
    "selinux_access": Key(_NONE, "the loaded policy", "see selinux.access.decide", (object,), _LAZY, _ROOT),
    "selinux_boot": Key(
        _CONFIGURED, "SELinux's mode of the next boot", "(state.Config, state.CommandLine)", (tuple,), _LAZY, _ANYONE
    ),
}
_OF_DAEMON: Mapping[str, Key] = {
    "access": Key(_KERNEL, "who may connect to dockerd's unix sockets", "[api_access.Access]", (list,), _LAZY, _ROOT),
    "bridge": Key(_EFFECTIVE, "network bridge", "as GET /networks/bridge", (dict,), _NOW, _ANYONE),
    "changed": Key(_NONE, "age of daemon.json and unit", "daemon_config.Changed", (tuple,), _LAZY, _ROOT),
    "configured": Key(_CONFIGURED, "configuration of the next start", "{key: value}", (dict,), _LAZY, _ROOT),
    "contexts": Key(_NONE, "contexts of the docker command", "[contexts.Context]", (list,), _LAZY, _ROOT),
    "data_root_labels": Key(
        _KERNEL, "labels of the data root, and file contexts", "{path, verdict, why, expected}", (dict,), _LAZY, _ROOT
    ),
    "endpoints": Key(_NONE, "running containers in networks", "[endpoints.Endpoints]", (list,), _LAZY, _ANYONE),
    "environment": Key(_EFFECTIVE, "dockerd's environment", "{variable: value}", (dict,), _LAZY, _ROOT),
    "environment_next": Key(_CONFIGURED, "environment of the next start", "{variable: value}", (dict,), _LAZY, _ROOT),
    "filter_modules": Key(
        _NONE, "kernel modules of the packet filter", "[kernel_modules.Missing]", (list,), _LAZY, _ROOT
    ),
    "info": Key(_EFFECTIVE, "docker info", "as GET /info", (dict,), _LAZY, _ANYONE),
    "inherited": Key(_KERNEL, "sockets from systemd", "[address]", (list,), _LAZY, _ROOT),
    "label": Key(_KERNEL, "SELinux label of dockerd", "text", (str,), _LAZY, _ROOT),
    "listeners": Key(_KERNEL, "dockerd's TCP sockets", "[address]", (list,), _LAZY, _ROOT),
    "newer": Key(_NONE, "configuration newer than the table of settings", "[sentence]", (list,), _LAZY, _ROOT),
    "networks": Key(_NONE, "bridge networks", "as GET /networks", (list,), _LAZY, _ANYONE),
    "packet_filter": Key(_KERNEL, "iptables-save, or nft", "packet_filter.PacketFilter", (tuple,), _LAZY, _ROOT),
    "packet_filter6": Key(
        _KERNEL, "ip6tables-save, or nft, where IPv6 is in use", "packet_filter.PacketFilter", (tuple,), _LAZY, _ROOT
    ),
    "packages": Key(_NONE, "packages of engine and kernel", "{component: packages.Package}", (dict,), _LAZY, _ANYONE),
    "process": Key(_NONE, "dockerd's process", "dockerd.process.DaemonProcess", (tuple,), _NOW, _ROOT),
    "proxies": Key(_KERNEL, "docker-proxy processes", "[pid]", (list,), _LAZY, _ROOT),
    "relays": Key(_KERNEL, "processes that may pass the API on", "[relays.Relay]", (list,), _LAZY, _ROOT),
    "running": Key(_EFFECTIVE, "what the daemon was started with", "{key: value}", (dict,), _LAZY, _ROOT),
    "seccomp_profile": Key(_EFFECTIVE, "seccomp profile in force", "JSON as text", (str,), _LAZY, _ROOT),
    "seccomp_profile_next": Key(_CONFIGURED, "seccomp profile of the next start", "JSON as text", (str,), _LAZY, _ROOT),
    "start_ticks": Key(_KERNEL, "when dockerd was started", "clock ticks since boot", (int,), _LAZY, _ROOT),
    "state": Key(_NONE, "whether the daemon runs", "running, stopped, unreachable or remote", (str,), _NOW, _ANYONE),
    "version": Key(_EFFECTIVE, "docker version", "as GET /version", (dict,), _NOW, _ANYONE),
    "volumes": Key(_NONE, "options of the local volumes", "{name: {option: value} or null}", (dict,), _LAZY, _ANYONE),
}
_OF_CONTAINER: Mapping[str, Key] = {
    "cgroup": Key(_NONE, "cgroup of its first process", "text of /proc/PID/cgroup", (bytes,), _NOW, _ROOT),
    "device_permissions": Key(_KERNEL, "device control group", "see device_list.permissions", (object,), _LAZY, _ROOT),
    "image": Key(_NONE, "image", "as GET /images/NAME/json", (dict,), _LAZY, _ANYONE),
    "incomplete": Key(_NONE, "whether all of it was looked at", "reason, empty where all was", (str,), _NOW, _ROOT),
    "inspect": Key(_BOTH, "docker inspect", "as GET /containers/NAME/json", (dict,), _NOW, _ANYONE),
    "limits": Key(_KERNEL, "limits of its control groups", "{memory, pids: cgroups.Limit}", (dict,), _LAZY, _ROOT),
    "log_size": Key(_EFFECTIVE, "files of its log", "bytes", (int,), _LAZY, _ROOT),
    "made": Key(_EFFECTIVE, "config.v2.json", "what the daemon stored of the container", (dict,), _LAZY, _ROOT),
    "modes_of": Key(
        _CONFIGURED, "what another container asks for", "id or name -> {PidMode: text, …}", (object,), _NOW, _ANYONE
    ),
    "mounts": Key(_KERNEL, "mountinfo", "[procfs.Mount] of its first process", (list,), _NOW, _ROOT),
    "namespaces": Key(_KERNEL, "namespaces", "{name: link of /proc/PID/ns}", (dict,), _NOW, _ROOT),
    "nodes": Key(
        _KERNEL, "nodes in its /dev", "[device_list.Device]; null without a /dev of its own", (object,), _LAZY, _ROOT
    ),
    "others": Key(
        _KERNEL,
        "labels of all containers' processes",
        "{labels: selinux.peers.Peers}, itself lazy",
        (dict,),
        _NOW,
        _ROOT,
    ),
    "parents": Key(_NONE, "ancestors of its processes", "{pid: parent's pid or null}", (dict,), _LAZY, _ROOT),
    "processes": Key(
        _KERNEL, "every process", "[members.Process], one for each thread that differs", (list,), _NOW, _ROOT
    ),
    "runtime_doubt": Key(_NONE, "its runtime", "reason, empty where the runtime is known", (str,), _LAZY, _ANYONE),
    "seccomp_applied": Key(_KERNEL, "seccomp filter that runc was given", "JSON as text", (str,), _LAZY, _ROOT),
    "specification": Key(
        _KERNEL, "config.json that its runtime was given", "(device_list.Device, …)", (tuple,), _LAZY, _ROOT
    ),
    "stat": Key(_KERNEL, "start and parent of its first process", "(parent's pid, clock ticks)", (tuple,), _NOW, _ROOT),
    "uid_map": Key(_KERNEL, "uid_map", "[(inside, outside, count)]", (list,), _NOW, _ROOT),
    "views": Key(_KERNEL, "namespaces that single threads have for themselves", "[members.View]", (list,), _NOW, _ROOT),
}
POLICY = Key(_NONE, "what the site allows", "see judge.policy.DEFAULT", (dict,), _NOW, _ANYONE)
BY_SUBJECT: Mapping[str, Mapping[str, Key]] = {HOST: _OF_HOST, DAEMON: _OF_DAEMON, CONTAINER: _OF_CONTAINER}
SHARED = ("policy",)
KEYS: Mapping[str, Key] = dict(
    {f"{subject}.{name}": key for subject, keys in BY_SUBJECT.items() for name, key in keys.items()}, policy=POLICY
)
