# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule kernel-filesystems. Mount lines are those of busybox containers on 20.10, 26.1 and 28.5."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import MASKED, READ_ONLY
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

from ..subjects import GONE, MOUNTINFO, Case, process

HOST = ("inspect", "HostConfig")
LISTED = [path for path in MASKED if path != "/proc/interrupts"]
STOPPED = {"mounts": GONE, "uid_map": GONE, "processes": GONE}
ROOT_IS_ROOT = [(0, 0, 4294967295)]
CPU0 = "/sys/devices/system/cpu/cpu0/thermal_throttle"
# 28.5 on a kernel with thermal_throttle: what 26.1 does not mask yet
NEWEST = {
    ("daemon", "info", "ServerVersion"): "28.5.2",
    ("host", "kernel_paths"): frozenset(READ_ONLY + MASKED + (CPU0,)),
}
NEWER_MASKS = (
    b"901 701 0:5 /null /proc/interrupts rw,nosuid - devtmpfs udev rw",
    b"902 701 0:5 /null /proc/sched_debug rw,nosuid - devtmpfs udev rw",
    b"903 701 0:5 /null /proc/timer_stats rw,nosuid - devtmpfs udev rw",
)


def mounts(*more, **changes):
    """The good mounts with lines replaced (`old` by `new`) and added."""
    data = MOUNTINFO.replace(changes.get("old", b"\0"), changes.get("new", b""))
    return parse_mountinfo(data + b"".join(line + b"\n" for line in more))


def without(point):
    """The good mounts without the one at this point."""
    return [mount for mount in parse_mountinfo(MOUNTINFO) if mount.point != point]


def binds(*binds_):
    """A stopped container that asks for these."""
    return {HOST + ("Binds",): list(binds_), **STOPPED}


def volume(**options):
    """A container with a local volume of these options."""
    return {
        HOST + ("Mounts",): [
            {
                "Type": "volume",
                "Target": "/x",
                "VolumeOptions": {"DriverConfig": {"Name": "local", "Options": options}},
            }
        ]
    }


CASES = (
    Case("container", "pass", "as each engine makes it"),
    Case("container", "pass", "stopped, created with the defaults", STOPPED),
    Case(
        "container",
        "pass",
        "20.10 masks neither interrupts nor powercap",
        {
            ("daemon", "info", "ServerVersion"): "20.10.24+dfsg1",
            "mounts": without("/sys/devices/virtual/powercap"),
            HOST + ("MaskedPaths",): [path for path in LISTED if path != "/sys/devices/virtual/powercap"],
        },
    ),
    Case("container", "fail", "26.1 masks powercap", {"mounts": without("/sys/devices/virtual/powercap")}, "powercap"),
    Case(
        "container",
        "fail",
        "a mask of the list that the runtime left out, CVE-2025-31133",
        {
            "mounts": without("/proc/kcore"),
        },
        "/proc/kcore is not masked",
    ),
    Case(
        "container",
        "fail",
        "a fake /dev/null: a file of /proc is bound over the mask, CVE-2025-31133",
        {
            "mounts": mounts(b"900 718 0:63 /sys/kernel/core_pattern /proc/kcore rw,relatime - proc proc rw"),
        },
        "/proc/sys/kernel/core_pattern is writable at '/proc/kcore'",
    ),
    Case(
        "container",
        "fail",
        "a file of /proc as the terminal, CVE-2025-52565",
        {
            "mounts": mounts(b"900 702 0:63 /sysrq-trigger /dev/console rw,relatime - proc proc rw"),
        },
        "/proc/sysrq-trigger is writable at '/dev/console'",
    ),
    Case(
        "container",
        "pass",
        "what the kernel lacks needs no mount",
        {
            ("host", "kernel_paths"): frozenset(("/proc/sys",)),
            "mounts": without("/proc/irq"),
        },
    ),
    Case(
        "container",
        "fail",
        "/proc/sys remounted writable",
        {
            "mounts": mounts(old=b"/proc/sys ro,", new=b"/proc/sys rw,"),
        },
        "/proc/sys is writable",
    ),
    Case(
        "container",
        "fail",
        "the runtime forgot /proc/sysrq-trigger",
        {
            "mounts": without("/proc/sysrq-trigger"),
        },
        "/proc/sysrq-trigger is writable",
    ),
    Case(
        "container",
        "pass",
        "the options of the filesystem are not the mount's",
        {
            "mounts": mounts(old=b"- sysfs sysfs ro", new=b"- sysfs sysfs rw"),
        },
    ),
    Case(
        "container",
        "fail",
        "/sys writable, its filesystem read-only",
        {
            "mounts": mounts(old=b"/sys ro,nosuid,nodev,noexec,relatime - sysfs", new=b"/sys rw,nosuid - sysfs"),
        },
        "/sys is writable",
    ),
    Case(
        "container",
        "fail",
        "a new proc on top of the old one and its masks",
        {
            "mounts": mounts(b"900 701 0:63 / /proc rw,relatime - proc proc rw"),
        },
        "/proc/sys is writable",
    ),
    Case(
        "container",
        "fail",
        "a new proc put beneath the masks' proc, which is then taken away",
        {
            "mounts": [m for m in mounts(b"900 700 0:63 / /proc rw,relatime - proc proc rw") if m.parent != 701],
        },
        "is writable",
    ),
    Case(
        "container",
        "pass",
        "all of /proc covered by an empty directory",
        {
            "mounts": [m for m in mounts(b"900 701 0:80 / /proc rw - tmpfs none rw") if m.parent != 701 or m.id == 900],
        },
    ),
    Case(
        "container",
        "fail",
        "covered in the list's order only: the cover is on another mount",
        {
            "mounts": [m for m in mounts(b"900 1 0:80 / /proc rw - tmpfs none rw") if m.parent != 701],
        },
        "is writable",
    ),
    Case(
        "container",
        "fail",
        "a second proc",
        {
            "mounts": mounts(b"900 700 0:63 / /tmp/a\\040b\\012c rw - proc proc rw"),
        },
        "at '/tmp/a b\\nc'",
    ),
    Case(
        "container",
        "fail",
        "the host's /proc, read-only",
        {
            "mounts": mounts(b"900 700 0:21 / /host/proc ro,relatime - proc proc rw"),
        },
        "/proc/kcore is not masked at '/host/proc'",
    ),
    Case(
        "container",
        "fail",
        "a directory of the host's /proc, writable",
        {
            "mounts": mounts(b"900 700 0:21 /sys/net /net rw,relatime - proc proc rw"),
        },
        "/proc/sys/net is writable at '/net'",
    ),
    Case(
        "container",
        "pass",
        "a directory of the host's /proc, read-only, nothing masked in it",
        {
            "mounts": mounts(b"900 700 0:21 /driver/nvidia/gpus /proc/driver/nvidia/gpus ro,relatime - proc proc rw"),
        },
    ),
    Case(
        "container",
        "fail",
        "the host's firmware, read-only",
        {
            "mounts": mounts(b"900 700 0:20 /firmware/efi /efi ro,relatime - sysfs sysfs rw"),
        },
        "/sys/firmware/efi is not masked",
    ),
    Case(
        "container",
        "fail",
        "the host's debugfs",
        {
            "mounts": mounts(b"900 700 0:7 / /debug rw,relatime - debugfs debugfs rw"),
        },
        "debugfs at '/debug' is writable",
    ),
    Case("container", "pass", "cgroups are writable for each remapped container"),
    Case("container", "fail", "userns=host on a remapped daemon: really open", {"uid_map": ROOT_IS_ROOT}, "cgroup"),
    Case(
        "container",
        "pass",
        "cgroup v1: the tmpfs above is writable, each controller is not",
        {
            "uid_map": ROOT_IS_ROOT,
            "mounts": mounts(
                b"801 705 0:29 /docker/f00 /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu",
                old=b"0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate",
                new=b"0:79 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755",
            ),
        },
    ),
    Case(
        "container",
        "fail",
        "cgroup v1: one controller is writable",
        {
            "uid_map": ROOT_IS_ROOT,
            "mounts": mounts(
                b"801 705 0:29 /docker/f00 /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu",
                b"802 705 0:31 /docker/f00 /sys/fs/cgroup/pids rw,nosuid,nodev,noexec,relatime - cgroup cgroup rw,pids",
                old=b"0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate",
                new=b"0:79 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755",
            ),
        },
        "'/sys/fs/cgroup/pids'",
    ),
    Case(
        "container",
        "pass",
        "SYS_ADMIN is another rule's, but said",
        {
            "processes": [process(bounding=frozenset(("SYS_ADMIN",)))],
        },
        "SYS_ADMIN can remount",
    ),
    Case("container", "fail", "created by 26.1, the engine is 28.5 now", NEWEST, "not masked"),
    Case(
        "container",
        "pass",
        "28.5 masks each CPU's thermal_throttle too",
        {
            **NEWEST,
            HOST + ("MaskedPaths",): list(MASKED + (CPU0,)),
            "mounts": mounts(
                *NEWER_MASKS,
                b"904 704 0:72 / /sys/devices/system/cpu/cpu0/thermal_throttle ro,relatime - tmpfs tmpfs ro",
            ),
        },
    ),
    Case(
        "container",
        "fail",
        "28.5 and one CPU is not masked",
        {
            **NEWEST,
            HOST + ("MaskedPaths",): list(MASKED + (CPU0,)),
            "mounts": mounts(*NEWER_MASKS),
        },
        "thermal_throttle is not masked",
    ),
    Case(
        "container",
        "fail",
        "privileged, stopped; null means that nothing is masked",
        {
            HOST + ("Privileged",): True,
            HOST + ("MaskedPaths",): None,
            HOST + ("ReadonlyPaths",): None,
            **STOPPED,
        },
        "Privileged",
    ),
    Case(
        "container",
        "fail",
        "systempaths=unconfined, stopped",
        {
            HOST + ("MaskedPaths",): [],
            HOST + ("ReadonlyPaths",): [],
            **STOPPED,
        },
        "MaskedPaths lacks",
    ),
    Case(
        "container",
        "fail",
        "a read-only path less",
        {
            HOST + ("ReadonlyPaths",): [path for path in READ_ONLY if path != "/proc/sys"],
            **STOPPED,
        },
        "ReadonlyPaths lacks /proc/sys",
    ),
    Case(
        "container",
        "fail",
        "a masked path less",
        {
            HOST + ("MaskedPaths",): [path for path in LISTED if path != "/proc/keys"],
            **STOPPED,
        },
        "MaskedPaths lacks /proc/keys",
    ),
    Case(
        "container",
        "pass",
        "masked instead of read-only, and a directory above",
        {
            HOST + ("MaskedPaths",): LISTED + ["/proc/sys", "/proc/bus/"],
            HOST + ("ReadonlyPaths",): list(READ_ONLY[1:3]),
            ("host", "kernel_paths"): frozenset(("/proc/sys", "/proc/bus", "/proc/fs", "/proc/irq")),
            **STOPPED,
        },
    ),
    Case(
        "container",
        "pass",
        "a create request: null means the daemon's defaults",
        {
            HOST + ("MaskedPaths",): None,
            HOST + ("ReadonlyPaths",): None,
            ("inspect", "Mounts"): GONE,
            **STOPPED,
            "daemon": GONE,
            "host": GONE,
        },
    ),
    Case(
        "container",
        "fail",
        "a create request with an empty list, no host to look at",
        {
            HOST + ("MaskedPaths",): [],
            ("inspect", "Mounts"): GONE,
            **STOPPED,
            "daemon": GONE,
            "host": GONE,
        },
        "MaskedPaths lacks",
    ),
    Case(
        "container",
        "fail",
        "writable-cgroups",
        {
            HOST + ("SecurityOpt",): ["writable-cgroups=true"],
            **STOPPED,
        },
        "writable-cgroups",
    ),
    Case(
        "container",
        "pass",
        "writable-cgroups turned off again",
        {
            HOST + ("SecurityOpt",): ["writable-cgroups=true", "writable-cgroups=false"],
            **STOPPED,
        },
    ),
    Case("container", "fail", "asks for the host's /proc, read-only", binds("/proc:/host/proc:ro"), "/proc is mounted"),
    Case("container", "fail", "asks for / under another spelling", binds("/etc/..:/host:ro"), "/ is mounted"),
    Case("container", "fail", "asks for /proc/sys", binds("//proc/./sys:/x"), "/proc/sys is mounted"),
    Case("container", "pass", "asks for a harmless directory of /sys, read-only", binds("/sys/class/net:/x:ro")),
    Case("container", "fail", "a directory that contains a masked one, read-only", binds("/sys/devices:/x:ro")),
    Case("container", "pass", "/procedures is not /proc", binds("/procedures:/x", "/system:/y")),
    Case("container", "fail", "/sys by a volume", volume(type="none", o="ro,bind", device="/sys"), "/sys is mounted"),
    Case("container", "fail", "proc as a volume", volume(type="proc", device="none"), "/proc is mounted"),
    Case(
        "container",
        "unknown",
        "gone while looked at",
        {
            "mounts": Unreadable("process 4242 ended"),
            "uid_map": Unreadable("process 4242 ended"),
        },
        "4242 ended",
    ),
    Case(
        "container",
        "unknown",
        "a create request that takes over mounts",
        {
            HOST + ("VolumesFrom",): ["other"],
            ("inspect", "Mounts"): GONE,
            **STOPPED,
        },
        "other",
    ),
    Case("container", "unknown", "no mount map", {"uid_map": Unreadable("only root may see this")}, "only root"),
)

RECORDED = {"system-paths": ["remove --security-opt=systempaths=unconfined"]}
CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
    "system-paths": [("remove", "--security-opt=systempaths=unconfined", 'security_opt: ["systempaths=unconfined"]')],
    "proc": [("remove", "--volume=/proc:/host/proc", 'volumes: ["/proc:/host/proc"]')],
}
