# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule host-devices."""

from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.mounts import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rule import Unreadable

from ..mounting import at
from ..subjects import GONE, MOUNTINFO, Case, both

DEVICES = ("inspect", "HostConfig", "Devices")
RULES = ("inspect", "HostConfig", "DeviceCgroupRules")
REQUESTS = ("inspect", "HostConfig", "DeviceRequests")
ALLOWED = ("policy", "allowed_devices")


def device(path):
    """One --device."""
    return [{"PathOnHost": path, "PathInContainer": "/dev/x", "CgroupPermissions": "rwm"}]


def mounts(*lines):
    """The good container's mounts and these."""
    return parse_mountinfo(MOUNTINFO + b"".join(line + b"\n" for line in lines))


def gpus(*names):
    """One --gpus."""
    return [{"Driver": "", "Count": 0 if names else -1, "DeviceIDs": list(names) or None, "Capabilities": [["gpu"]]}]


CASES = (
    Case("container", "pass", "none"),
    Case("container", "fail", "a disk", {DEVICES: device("/dev/sda")}, "/dev/sda"),
    Case("container", "fail", "stopped, a disk", {DEVICES: device("/dev/sda"), "mounts": GONE}),
    Case("container", "pass", "an allowed one", {DEVICES: device("/dev/fuse"), ALLOWED: ["/dev/fuse"]}),
    Case("container", "pass", "one that every container has", {DEVICES: device("/dev/full")}),
    Case("container", "fail", "out of a harmless one by ..", {DEVICES: device("/dev/null/../sda")}),
    Case(
        "container",
        "fail",
        "out of an allowed directory by ..",
        {DEVICES: device("/dev/snd/../sda"), ALLOWED: ["/dev/snd"]},
    ),
    Case(
        "container",
        "fail",
        "a name that begins like an allowed one",
        {DEVICES: device("/dev/fuse2"), ALLOWED: ["/dev/fuse"]},
    ),
    Case("container", "fail", "a broad device-cgroup rule", {RULES: ["b *:* rwm"]}, "b *:* rwm"),
    Case("container", "pass", "a device-cgroup rule that every container has", {RULES: ["c *:* m"]}),
    Case(
        "container",
        "pass",
        "a device-cgroup rule that the site allows",
        {RULES: ["c 188:* rmw"], ALLOWED: ["c 188:* rmw"]},
    ),
    Case("container", "fail", "all GPUs", {REQUESTS: gpus()}, "gpu"),
    Case("container", "fail", "one GPU", {REQUESTS: gpus("0")}),
    Case(
        "container",
        "pass",
        "an allowed device of a vendor",
        {REQUESTS: gpus("vendor.com/net=a"), ALLOWED: ["vendor.com/net=a"]},
    ),
    Case("container", "fail", "privileged", {("inspect", "HostConfig", "Privileged"): True}),
    Case(
        "container",
        "fail",
        "the host's /dev under another name",
        {
            "mounts": mounts(b"730 700 0:5 / /mnt/d rw,nosuid - devtmpfs udev rw"),
        },
        "'/dev' of the host",
    ),
    Case(
        "container",
        "fail",
        "a node under another name",
        {
            "mounts": mounts(b"730 700 0:5 /sda /tmp/a rw,nosuid - devtmpfs udev rw"),
        },
        "/dev/sda",
    ),
    Case(
        "container",
        "fail",
        "a node, from a host whose /dev is a tmpfs",
        {
            ("host", "mounts"): host_mounts(parse_mountinfo(b"23 27 0:99 / /dev rw - tmpfs tmpfs rw\n")),
            "mounts": mounts(b"730 700 0:99 /sda /tmp/a rw,nosuid - tmpfs tmpfs rw"),
        },
        "/dev/sda",
    ),
    Case(
        "container",
        "fail",
        "a request to mount the host's /dev",
        {
            ("inspect", "HostConfig", "Binds"): ["/dev/:/mnt/d:ro"],
            "mounts": GONE,
        },
        "'/dev' of the host",
    ),
    Case(
        "container",
        "fail",
        "/dev taken over from another container",
        {
            ("inspect", "Mounts"): [{"Type": "bind", "Source": "/dev", "Destination": "/d", "RW": False}],
            "mounts": GONE,
        },
    ),
    Case(
        "container",
        "pass",
        "shared memory of the host is no device",
        {
            "mounts": mounts(b"730 702 0:28 / /dev/shm rw,nosuid - tmpfs tmpfs rw"),
        },
    ),
    Case(
        "container",
        "pass",
        "runc binds the ordinary nodes for a remapped container",
        {
            "mounts": mounts(b"730 702 0:5 /null /dev/null rw,nosuid - devtmpfs udev rw"),
        },
    ),
    Case(
        "container",
        "pass",
        "an allowed node of a remapped container",
        {
            ALLOWED: ["/dev/fuse"],
            "mounts": mounts(b"730 702 0:5 /fuse /dev/fuse rw,nosuid - devtmpfs udev rw"),
        },
    ),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}),
    Case("container", "unknown", "a device without a path", {DEVICES: [{}]}),
)
DISK = Place("/dev/shm/disk", "block", (28, 9), (8, 0))
CASES += (
    Case(
        "container",
        "fail",
        "a disk's node among shared memory",
        both({DEVICES: device("/dev/shm/disk")}, at("/dev/shm/disk", DISK)),
        "/dev/shm/disk",
    ),
    Case("container", "fail", "the same in a create request", {DEVICES: device("/dev/shm/disk"), "host": GONE}),
    Case(
        "container",
        "fail",
        "a disk's node that is called null",
        both({DEVICES: device("/dev/null")}, at("/dev/null", DISK)),
    ),
    Case(
        "container",
        "pass",
        "null by another name",
        both({DEVICES: device("/srv/n")}, at("/srv/n", Place("/srv/n", "char", number=(1, 3)))),
    ),
    Case(
        "container",
        "fail",
        "that node bound from shared memory",
        both(
            at("/dev/shm/disk", DISK),
            {"mounts": mounts(b"730 702 0:28 /disk /srv/x rw - tmpfs tmpfs rw")},
        ),
        "/dev/shm/disk",
    ),
)
