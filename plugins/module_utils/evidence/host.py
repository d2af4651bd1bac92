# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the host itself is: its namespaces, LSMs and kernel files. I/O only: decides nothing."""

import os
from functools import lru_cache
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple, TypeVar, Union

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    cgroups,
    mount_table,
    places,
    privilege,
    process_handle,
    processes,
    procfs,
    socket_tables,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import CPU_DIRECTORY, PER_CPU
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand

_OWN, _FIRST = "/proc/self/mountinfo", "/proc/1/mountinfo"
_VIEW = ("ns/mnt", "root")  # what decides how a process sees the mounts


class _Mountinfo(NamedTuple):
    """The bytes of this process's mount table and of that of the host's first; each may be Unreadable."""

    own: Union[bytes, Unreadable]
    first: Union[bytes, Unreadable]


def collect(kernel_paths: tuple) -> Evidence:
    """namespaces (of pid 1), selinux (None, "disabled", "permissive", "enforcing"), apparmor (bool), cgroup (1 or 2),
    bridge_netfilter, bridge_netfilter6 (whether the packet filter sees what stays on one bridge, of IPv4 and of IPv6;
    False without br_netfilter),
    kernel_paths (those of the given paths that this kernel has, and what it has of each CPU's), mounts (pid 1's), own_mounts,
    place_at (path -> places.Place, what stands there now; raises places.NotLooked), name_below (as in places),
    abstract_sockets (names of those that listen in pid 1's network namespace),
    hierarchies (where this process sees the control groups), pid_max (how many processes there can be).

    With SELinux: selinux_boot (what the next boot goes by: selinux_state's Config and CommandLine), selinux_access
    (asks the loaded policy, as selinux_access.decide), label_at (path, device -> labelled_path.Labelled, by the
    kernel's own path; device None: by one that may have links in it), listeners_at (path of a socket -> the
    listeners.Listener that serve it, empty where nobody is seen), filesystem_at (path -> path_label.Located).
    """
    mountinfo = lru_cache(maxsize=1)(_mountinfo)  # as long as the host has mounts, some for each container
    own_mounts = lru_cache(maxsize=1)(lambda: _parsed(_OWN, mountinfo().own, procfs.parse_mountinfo))
    return Evidence(
        namespaces=Later(_namespaces),
        selinux=Later(_selinux),
        selinux_boot=Later(_selinux_boot),
        selinux_access=Later(_selinux_access),
        label_at=Later(lambda: _label_at(own_mounts())),
        listeners_at=Later(_listeners_at),
        filesystem_at=Later(lambda: _filesystem_at(own_mounts())),
        apparmor=Later(_apparmor),
        af_alg=Later(_af_alg),
        cgroup=Later(_cgroup),
        bridge_netfilter=Later(lambda: _bridge_netfilter("iptables")),
        bridge_netfilter6=Later(lambda: _bridge_netfilter("ip6tables")),
        kernel_paths=Later(lambda: _kernel_paths(kernel_paths)),
        mounts=Later(lambda: _mounts(mountinfo(), own_mounts)),
        own_mounts=Later(own_mounts),
        place_at=Later(lambda: _place_at(own_mounts())),
        name_below=Later(lambda: _name_below(own_mounts())),
        abstract_sockets=Later(_abstract_sockets),
        hierarchies=Later(lambda: _parsed(_OWN, mountinfo().own, cgroups.parse_hierarchies)),
        pid_max=Later(_pid_max),
    )


Parsed = TypeVar("Parsed")


def _kernel_paths(paths: Sequence[str]) -> FrozenSet[str]:
    try:
        cpus = os.listdir(CPU_DIRECTORY)
    except OSError:
        cpus = []
    per_cpu = (f"{CPU_DIRECTORY}/{cpu}/thermal_throttle" for cpu in cpus)
    candidates = list(paths) + [path for path in per_cpu if PER_CPU.match(path)]
    return frozenset(path for path in candidates if os.path.lexists(path))


def _mountinfo() -> _Mountinfo:
    """Read both mount tables: but one where this process has the namespace and the root of the host's first one."""
    own = _read_all(_OWN)
    return _Mountinfo(own, own if _has_the_view_of_the_first() else _read_all(_FIRST))


def _has_the_view_of_the_first() -> bool:
    try:
        return all(os.path.samestat(os.stat(f"/proc/self/{name}"), os.stat(f"/proc/1/{name}")) for name in _VIEW)
    except OSError:
        return False


def _mounts(mountinfo: _Mountinfo, own_mounts: Callable[[], List[procfs.Mount]]) -> mount_table.HostMounts:
    same = mountinfo.first is mountinfo.own
    return mount_table.host_mounts(own_mounts() if same else _parsed(_FIRST, mountinfo.first, procfs.parse_mountinfo))


def _slow_points(own_mounts: List[procfs.Mount]) -> FrozenSet[str]:
    return frozenset(mount.point for mount in own_mounts if places.is_slow(mount.fstype))


def _name_below(own_mounts: List[procfs.Mount]) -> Callable[..., Optional[str]]:
    points = _slow_points(own_mounts)
    return lru_cache(maxsize=256)(lambda path, identity: places.name_below(path, identity, points))


def _abstract_sockets() -> List[str]:
    return _of_process("/proc/1/net/unix", socket_tables.listening_abstract)


def _place_at(own_mounts: List[procfs.Mount]) -> Callable[[str], places.Place]:
    points = _slow_points(own_mounts)
    known: Dict[str, places.Place] = {}
    obstacles: Dict[str, str] = {}

    def place_at(path: str) -> places.Place:
        if path not in known and path not in obstacles:
            try:
                known[path] = places.look(path, points)
            except places.NotLooked as reason:
                obstacles[path] = str(reason)
        if path in obstacles:
            raise places.NotLooked(obstacles[path])
        return known[path]

    return place_at


def _of_process(path: str, parse: Callable[[bytes], Parsed]) -> Parsed:
    return _parsed(path, _read_all(path), parse)


def _read_all(path: str) -> Union[bytes, Unreadable]:
    """The bytes of a file, or Unreadable."""
    try:
        return bounded_file.read(path, process_handle.READ_LIMIT)
    except OSError as error:
        return Unreadable(f"{path}: {error.strerror}; {privilege.lacking()}")
    except ValueError as error:
        return Unreadable(f"{path}: {error}")


def _parsed(path: str, data: Union[bytes, Unreadable], parse: Callable[[bytes], Parsed]) -> Parsed:
    if isinstance(data, Unreadable):
        raise Unreadable(str(data))
    try:
        return parse(data)
    except ValueError as error:
        raise Unreadable(f"{path}: {error}")


def _pid_max() -> int:
    path = "/proc/sys/kernel/pid_max"
    try:
        return int(_read(path))
    except ValueError as error:
        raise Unreadable(f"{path}: {error}")


def _namespaces() -> Dict[str, str]:
    try:
        return processes.namespaces(1)
    except OSError as error:
        raise Unreadable(f"/proc/1/ns: {error.strerror}; {privilege.lacking()}")


def _selinux() -> Optional[str]:
    if b"\tselinuxfs\n" not in _read("/proc/filesystems"):
        return None  # the answer of most hosts, without a module for it
    try:
        return on_demand.load().state.read_mode()
    except OSError as error:
        raise Unreadable(f"{error.filename or '/sys/fs/selinux'}: {error.strerror}")


def _selinux_boot() -> Tuple[Any, Any]:
    selinux_state = on_demand.load().state
    try:
        return selinux_state.read_config(), selinux_state.read_command_line()
    except OSError as error:
        raise Unreadable(f"/proc/cmdline: {error.strerror}")


def _selinux_access() -> Callable[..., Any]:
    return lru_cache(maxsize=4096)(
        on_demand.load().access.decide
    )  # containers ask the same of one domain after the other


def _label_at(own_mounts: List[procfs.Mount]) -> Callable[..., Any]:
    path_label = on_demand.load().path_label
    slow = path_label.find_slow_points(own_mounts)
    return lambda path, device: path_label.read_mounted_label(path, device, slow)


def _filesystem_at(own_mounts: List[procfs.Mount]) -> Callable[..., Any]:
    path_label = on_demand.load().path_label
    slow = path_label.find_slow_points(own_mounts)
    return lambda path: path_label.locate(path, own_mounts, slow)


def _listeners_at() -> Callable[..., Any]:
    return on_demand.load().listeners.list_listeners


def _apparmor() -> bool:
    path = "/sys/module/apparmor/parameters/enabled"
    return os.path.exists(path) and _read(path).strip() == b"Y"


def _af_alg() -> str:
    from ansible_collections.containment.docker.plugins.module_utils.linux import crypto_sockets

    try:
        return crypto_sockets.read_state()
    except (OSError, ValueError) as error:
        raise Unreadable(f"whether this kernel has AF_ALG: {error}")


def _cgroup() -> int:
    return 2 if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else 1


def _bridge_netfilter(filters: str) -> bool:
    path = "/proc/sys/net/bridge/bridge-nf-call-" + filters
    return os.path.exists(path) and _read(path).strip() == b"1"


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(65536)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
