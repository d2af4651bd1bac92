# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One good subject of each kind, and a way to change one thing about it."""

import copy
import importlib
import pkgutil
from functools import lru_cache
from typing import Any, Mapping, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape
from ansible_collections.containment.docker.plugins.module_utils.dockerd import validate
from ansible_collections.containment.docker.plugins.module_utils.evidence.api_access import Access
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Listed, Survey
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import Limit
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.linux.process_table import Census
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Status, parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.device_nodes import HARMLESS
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import CommandLine, Config

from .selinux_world import MCS_LABEL, ask_policy, filesystem_at, label_at, listeners_at, others

WEB = Listed("f00" + "0" * 61, "web", "running")
GONE = object()  # as a change: this evidence does not exist for the subject (a stopped container has no processes)
UNMAPPED = {("daemon", "info", "SecurityOptions"): ["name=seccomp,profile=builtin"]}  # as a change of a container


class Case(NamedTuple):
    """Change one thing about the good subject of this kind and get this status.

    changes: {("inspect", "HostConfig", "Privileged"): True}; the value GONE takes the item away.
    seen: what the finding's `seen` must contain. run: whether a failing container's finding tells a change of how it is
    run; None means where its configured layer fails, and the rule has `run`.
    """

    kind: str
    status: str
    why: str
    changes: Mapping[Any, Any] = {}
    seen: str = ""
    run: Any = None


def process(
    pid=4242,
    uids=(100000,) * 4,
    label=MCS_LABEL,
    user_namespace="user:[4026539937]",
    **status,
):
    """A well contained process; keyword arguments change its status."""
    fields = dict(
        zombie=False, uids=uids, bounding=frozenset(("CHOWN",)), effective=frozenset(), no_new_privs=1, seccomp=2
    )
    fields.update(status)
    return Process(pid=pid, status=Status(**fields), label=label, user_namespace=user_namespace)


HOST_NAMESPACES = {
    "cgroup": "cgroup:[4026531835]",
    "ipc": "ipc:[4026531839]",
    "mnt": "mnt:[4026531841]",
    "net": "net:[4026531840]",
    "pid": "pid:[4026531836]",
    "user": "user:[4026531837]",
    "uts": "uts:[4026531838]",
}

# /proc/self/mountinfo of a busybox container on a remapped 26.1 daemon, cgroup v2
MOUNTINFO = b"""\
700 600 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d
701 700 0:63 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
702 700 0:64 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755,uid=100000,gid=100000
703 702 0:65 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=100005,mode=620,ptmxmode=666
704 700 0:66 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
705 704 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate
706 702 0:62 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw
707 702 0:67 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k,uid=100000,gid=100000
708 700 254:1 /var/lib/docker/100000.100000/containers/ID/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda1 rw
709 700 254:1 /var/lib/docker/100000.100000/containers/ID/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw
710 700 254:1 /var/lib/docker/100000.100000/containers/ID/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw
725 702 0:5 /null /dev/null rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
726 702 0:5 /random /dev/random rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
727 702 0:5 /full /dev/full rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
728 702 0:5 /tty /dev/tty rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
729 702 0:5 /zero /dev/zero rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
730 702 0:5 /urandom /dev/urandom rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
711 701 0:63 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw
712 701 0:63 /fs /proc/fs ro,nosuid,nodev,noexec,relatime - proc proc rw
713 701 0:63 /irq /proc/irq ro,nosuid,nodev,noexec,relatime - proc proc rw
714 701 0:63 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
715 701 0:63 /sysrq-trigger /proc/sysrq-trigger ro,nosuid,nodev,noexec,relatime - proc proc rw
716 701 0:68 / /proc/acpi ro,relatime - tmpfs tmpfs ro,uid=100000,gid=100000
717 701 0:69 / /proc/asound ro,relatime - tmpfs tmpfs ro,uid=100000,gid=100000
718 701 0:5 /null /proc/kcore rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
719 701 0:5 /null /proc/keys rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
720 701 0:5 /null /proc/latency_stats rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
721 701 0:5 /null /proc/timer_list rw,nosuid,noexec - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
722 701 0:70 / /proc/scsi ro,relatime - tmpfs tmpfs ro,uid=100000,gid=100000
723 704 0:71 / /sys/firmware ro,relatime - tmpfs tmpfs ro,uid=100000,gid=100000
724 704 0:72 / /sys/devices/virtual/powercap ro,relatime - tmpfs tmpfs ro,uid=100000,gid=100000
""".replace(b"/ID/", b"/f00" + b"0" * 61 + b"/").replace(b"/c,", b"/var/lib/docker/100000.100000/overlay2/e4b1/diff,")

# /proc/1/mountinfo of its host, with the container's root as the engine mounted it
HOST_MOUNTINFO = b"""\
21 27 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
22 27 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
23 27 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=1003796k,nr_inodes=250949,mode=755
26 27 0:23 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=203520k,mode=755
27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 21 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
34 23 0:28 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw
590 27 0:60 / /var/lib/docker/100000.100000/overlay2/e4b1/merged rw,relatime shared:301 - overlay overlay rw,lowerdir=/a
"""

_SECCOMP_INFO = [
    "name=seccomp,profile=builtin",
    "name=selinux",
    "name=userns",
    "name=cgroupns",
    "name=no-new-privileges",
]

_SETTINGS = {
    "no-new-privileges": True,
    "userns-remap": "default",
    "selinux-enabled": True,
    "live-restore": True,
    "icc": False,
    "userland-proxy": False,
    "log-level": "info",
    "debug": False,
    "iptables": True,
    "experimental": False,
    "hosts": ["fd://"],
    "tls": False,
}


def places_at(there=None):
    """A host's place_at: path -> Place of what stands there, elsewhere a directory; the engine's init is there."""
    init = "/usr/libexec/docker/docker-init"
    nodes = {path: Place(path, kind, number=number) for path, (kind, number) in HARMLESS.items()}
    there = {init: Place(init, "file"), **nodes, **(there or {})}
    return lambda path: there.get(path) or Place(path, "dir")


@lru_cache(maxsize=1)
def _makers():
    """What the rules' cases files do to a good subject, so that it passes their rule, too: `make_good(kind, evidence)`."""
    from . import cases  # its files import this one

    names = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
    modules = [importlib.import_module("%s.%s" % (cases.__name__, name)) for name in names]
    return [module.make_good for module in modules if hasattr(module, "make_good")]


def good(kind):
    """A subject that passes every rule: a container, daemon or host as evidence.py would collect it."""
    evidence = _base(kind)
    parts = {"host": evidence["host"], "daemon": evidence if kind == "daemon" else evidence["daemon"]}
    if kind == "container":
        parts[kind] = evidence
    for make_good in _makers():
        for part, of_part in parts.items():
            make_good(part, of_part)
    return evidence


def _base(kind):
    host = Evidence(
        namespaces=dict(HOST_NAMESPACES),
        selinux="enforcing",
        selinux_boot=(Config("enforcing", "targeted", ""), CommandLine()),
        selinux_access=ask_policy,
        label_at=label_at,
        listeners_at=listeners_at,
        filesystem_at=filesystem_at,
        apparmor=False,
        cgroup=2,
        bridge_netfilter=True,
        bridge_netfilter6=True,
        kernel_paths=frozenset(
            (
                "/proc/bus",
                "/proc/fs",
                "/proc/irq",
                "/proc/sys",
                "/proc/sysrq-trigger",
                "/proc/acpi",
                "/proc/interrupts",
                "/proc/kcore",
                "/proc/keys",
                "/proc/timer_list",
                "/proc/scsi",
                "/sys/devices/virtual/powercap",
                "/sys/firmware",
            )
        ),
        mounts=host_mounts(parse_mountinfo(HOST_MOUNTINFO)),
        place_at=places_at(),
        abstract_sockets=[],
        pid_max=32768,
    )
    daemon = Evidence(
        host=host,
        policy=dict(policy.DEFAULT),
        state="running",
        configured=dict(_SETTINGS),
        running=dict(_SETTINGS),
        info={
            "ServerVersion": "26.1.5",
            "SecurityOptions": list(_SECCOMP_INFO),
            "LiveRestoreEnabled": True,
            "Driver": "overlay2",
            "DriverStatus": [["Backing Filesystem", "extfs"], ["Supports d_type", "true"]],
            "ExperimentalBuild": False,
            "LoggingDriver": "json-file",
            "Debug": False,
            "Warnings": None,
            "DockerRootDir": "/var/lib/docker/100000.100000",
            "CgroupVersion": "2",
            "RegistryConfig": {
                "InsecureRegistryCIDRs": ["127.0.0.0/8"],
                "IndexConfigs": {
                    "docker.io": {"Name": "docker.io", "Mirrors": [], "Secure": True, "Official": True},
                },
            },
            "Swarm": {"LocalNodeState": "inactive"},
            "MemTotal": 8 << 30,
        },
        version={"Version": "26.1.5", "ApiVersion": "1.45"},
        bridge={"Options": {"com.docker.network.bridge.enable_icc": "false"}},
        listeners=[],
        inherited=[],
        proxies=[],
        relays=[],
        contexts=[],
        access=[Access("/run/docker.sock", 0o660, "docker", False, ())],
        start_ticks=1000,
        endpoints=[],
        volumes={"data": None},
        data_root_labels={
            "path": "/var/lib/docker",
            "verdict": "right",
            "why": "",
            "expected": "u:r:container_var_lib_t:s0",
        },
    )
    if kind == "host":
        containers = Survey([WEB], Census({WEB.id: [4242]}, {}, []))
        return Evidence(host=host, daemon=daemon, policy=daemon["policy"], containers=containers)
    if kind == "daemon":
        return daemon
    return Evidence(
        host=host,
        daemon=daemon,
        policy=daemon["policy"],
        others=Evidence(labels=others(db="s0:c1,c2")),
        inspect={
            "Id": "f00" + "0" * 61,
            "Name": "/web",
            "Image": "sha256:" + "1" * 64,
            "State": {"Status": "running", "Running": True, "Pid": 4242},
            "AppArmorProfile": "",
            "ProcessLabel": MCS_LABEL,
            "MountLabel": "system_u:object_r:container_file_t:s0:c12,c345",
            "Driver": "overlay2",
            "GraphDriver": {
                "Name": "overlay2",
                "Data": {
                    "UpperDir": "/var/lib/docker/100000.100000/overlay2/e4b1/diff",
                },
            },
            "Config": {"User": "1000", "Labels": {}, "Env": []},
            "Mounts": [],
            "HostConfig": {
                "Privileged": False,
                "CapAdd": ["CAP_CHOWN"],
                "CapDrop": ["ALL"],
                "SecurityOpt": None,
                "PidMode": "",
                "IpcMode": "private",
                "NetworkMode": "bridge",
                "UTSMode": "",
                "CgroupnsMode": "private",
                "UsernsMode": "",
                "Devices": [],
                "DeviceCgroupRules": None,
                "DeviceRequests": None,
                "Binds": None,
                "Mounts": None,
                "ReadonlyRootfs": False,
                "VolumesFrom": None,
                "Memory": 256 << 20,
                "PidsLimit": 100,
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5},
                "MaskedPaths": [
                    "/proc/asound",
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware",
                    "/sys/devices/virtual/powercap",
                ],
                "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
            },
        },
        made={
            "NoNewPrivileges": True,
            "SeccompProfile": "",
            "AppArmorProfile": "",
            "ProcessLabel": MCS_LABEL,
        },
        modes_of=lambda _reference: {"PidMode": "", "NetworkMode": "bridge", "IpcMode": "shareable"},
        image={"RepoDigests": [], "Config": {"Labels": None}},
        processes=[process()],
        namespaces={name: link.replace("[40265318", "[40265399") for name, link in HOST_NAMESPACES.items()},
        mounts=parse_mountinfo(MOUNTINFO),
        uid_map=[(0, 100000, 65536)],
        stat=(4200, 5000),
        limits=Evidence(memory=Limit(256 << 20, "memory.max"), pids=Limit(100, "pids.max")),
    )


def both(*changes):
    """Several changes as one."""
    together = {}
    for part in changes:
        together.update(part)
    return together


# What an engine or a file says, and what its collector finds wrong with its shape. All else our own parsers make.
CHECKED = {
    "inspect": lambda value: shape.container_problem(value, engine="State" in value),
    "info": lambda value: shape.document_problem(value, shape.INFO),
    "bridge": lambda value: shape.document_problem(value, shape.BRIDGE),
    "image": lambda value: shape.document_problem(value, shape.IMAGE),
    "made": lambda value: shape.document_problem(value, shape.STORED),
    "configured": lambda value: "; ".join(validate.misshapen(value)),
    "running": lambda value: "; ".join(validate.misshapen(value)),
}


def as_collected(evidence):
    """The evidence as the collectors hand it over: unreadable where it has another shape."""
    taken = Evidence(evidence)
    for key, problem in CHECKED.items():
        value = dict.get(evidence, key)
        if isinstance(value, dict) and problem(value):
            taken[key] = Unreadable(problem(value))
    if isinstance(dict.get(evidence, "daemon"), Evidence):
        taken["daemon"] = as_collected(evidence["daemon"])
    return taken


def changed(case):
    """The good subject of the case's kind with the case's changes, as the collectors hand it over."""
    evidence = copy.deepcopy(good(case.kind))
    for path, value in case.changes.items():
        path = (path,) if isinstance(path, str) else path
        item = evidence
        for key in path[:-1]:
            item = item[key]
        if value is GONE:
            del item[path[-1]]
        else:
            item[path[-1]] = value
    return as_collected(evidence)
