# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the host itself is: its namespaces, LSMs and kernel files. I/O only: decides nothing."""

import os
from functools import lru_cache
from typing import Dict, Union

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    cgroups,
    mount_table,
    places,
    privilege,
    processes,
    procfs,
    socket_tables,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import CPU_DIRECTORY, PER_CPU


def collect(kernel_paths: tuple) -> Evidence:
    """namespaces (of pid 1), selinux (None, "disabled", "permissive", "enforcing"), apparmor (bool), cgroup (1 or 2),
    bridge_netfilter, bridge_netfilter6 (whether the packet filter sees what stays on one bridge, of IPv4 and of IPv6;
    False without br_netfilter),
    kernel_paths (those of the given paths that this kernel has, and what it has of each CPU's), mounts (pid 1's),
    place_at (path -> places.Place, what stands there now; raises places.NotLooked), name_below (as in places),
    abstract_sockets (names of those that listen in pid 1's network namespace),
    hierarchies (where this process sees the control groups), pid_max (how many processes there can be).

    With SELinux: selinux_boot (what the next boot goes by: selinux_state's Config and CommandLine), selinux_access
    (asks the loaded policy, as selinux_access.decide), label_at (path, device -> labelled_path.Labelled, by the
    kernel's own path; device None: by one that may have links in it), listeners_at (path of a socket -> the
    listeners.Listener that serve it, empty where nobody is seen), filesystem_at (path -> path_label.Located).
    """
    return Evidence(
        namespaces=Later(_namespaces),
        selinux=Later(_selinux),
        selinux_boot=Later(_selinux_boot),
        selinux_access=Later(_selinux_access),
        label_at=Later(_label_at),
        listeners_at=Later(_listeners_at),
        filesystem_at=Later(_filesystem_at),
        apparmor=Later(_apparmor),
        cgroup=Later(_cgroup),
        bridge_netfilter=Later(lambda: _bridge_netfilter("iptables")),
        bridge_netfilter6=Later(lambda: _bridge_netfilter("ip6tables")),
        kernel_paths=Later(lambda: _kernel_paths(kernel_paths)),
        mounts=Later(_mounts),
        place_at=Later(_place_at),
        name_below=Later(_name_below),
        abstract_sockets=Later(_abstract_sockets),
        hierarchies=Later(_hierarchies),
        pid_max=Later(_pid_max),
    )


def _kernel_paths(paths):
    try:
        cpus = os.listdir(CPU_DIRECTORY)
    except OSError:
        cpus = []
    per_cpu = (f"{CPU_DIRECTORY}/{cpu}/thermal_throttle" for cpu in cpus)
    candidates = list(paths) + [path for path in per_cpu if PER_CPU.match(path)]
    return frozenset(path for path in candidates if os.path.lexists(path))


def _mounts():
    return _of_process("/proc/1/mountinfo", lambda data: mount_table.host_mounts(procfs.parse_mountinfo(data)))


def _slow_points():
    return frozenset(mount.point for mount in _own_mounts() if places.is_slow(mount.fstype))


def _name_below():
    points = _slow_points()
    return lru_cache(maxsize=256)(lambda path, identity: places.name_below(path, identity, points))


def _abstract_sockets():
    return _of_process("/proc/1/net/unix", socket_tables.listening_abstract)


def _place_at():
    points = _slow_points()
    known: Dict[str, Union[places.Place, str]] = {}

    def place_at(path):
        if path not in known:
            try:
                known[path] = places.look(path, points)
            except places.NotLooked as reason:
                known[path] = str(reason)
        if isinstance(known[path], str):
            raise places.NotLooked(known[path])
        return known[path]

    return place_at


def _hierarchies():
    return _of_process("/proc/self/mountinfo", cgroups.parse_hierarchies)


def _of_process(path, parse):
    try:
        return parse(bounded_file.read(path, processes.READ_LIMIT))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}; {privilege.lacking()}")
    except ValueError as error:
        raise Unreadable(f"{path}: {error}")


def _pid_max():
    path = "/proc/sys/kernel/pid_max"
    try:
        return int(_read(path))
    except ValueError as error:
        raise Unreadable(f"{path}: {error}")


def _namespaces():
    try:
        return processes.namespaces(1)
    except OSError as error:
        raise Unreadable(f"/proc/1/ns: {error.strerror}; {privilege.lacking()}")


def _selinux():
    if b"\tselinuxfs\n" not in _read("/proc/filesystems"):
        return None  # the answer of most hosts, without a module for it
    from ansible_collections.containment.docker.plugins.module_utils.selinux import state as selinux_state

    try:
        return selinux_state.read_mode()
    except OSError as error:
        raise Unreadable(f"{error.filename or '/sys/fs/selinux'}: {error.strerror}")


def _selinux_boot():
    from ansible_collections.containment.docker.plugins.module_utils.selinux import state as selinux_state

    try:
        return selinux_state.read_config(), selinux_state.read_command_line()
    except OSError as error:
        raise Unreadable(f"/proc/cmdline: {error.strerror}")


def _selinux_access():
    from ansible_collections.containment.docker.plugins.module_utils.selinux import access

    return lru_cache(maxsize=4096)(access.decide)  # containers ask the same of one domain after the other


def _label_at():
    from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label

    slow = path_label.find_slow_points(_own_mounts())
    return lambda path, device: path_label.read_mounted_label(path, device, slow)


def _filesystem_at():
    from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label

    mounts = _own_mounts()
    slow = path_label.find_slow_points(mounts)
    return lambda path: path_label.locate(path, mounts, slow)


def _own_mounts():
    return _of_process("/proc/self/mountinfo", procfs.parse_mountinfo)


def _listeners_at():
    from ansible_collections.containment.docker.plugins.module_utils.selinux import listeners

    return listeners.list_listeners


def _apparmor():
    path = "/sys/module/apparmor/parameters/enabled"
    return os.path.exists(path) and _read(path).strip() == b"Y"


def _cgroup():
    try:
        return 2 if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else 1
    except OSError as error:
        raise Unreadable(f"/sys/fs/cgroup: {error.strerror}")


def _bridge_netfilter(filters):
    path = "/proc/sys/net/bridge/bridge-nf-call-" + filters
    return os.path.exists(path) and _read(path).strip() == b"1"


def _read(path):
    try:
        with open(path, "rb") as stream:
            return stream.read(65536)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
