# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule host-devices."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.evidence.runtime_spec import devices_of
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device, parse_permissions
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

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
    Case("container", "unknown", "a device without a path", {DEVICES: [{}]}, "has no PathOnHost"),
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


def specification(devices=(), rules=()):
    """What the runtime was given: what the engine gives each container, and these."""
    own = [{"allow": False, "access": "rwm"}, {"allow": True, "type": "c", "major": 1, "minor": 3, "access": "rwm"}]
    linux = {"devices": list(devices), "resources": {"devices": own + list(rules)}}
    return {"specification": tuple(devices_of(linux))}


def allow(kind, major, minor, access="rwm"):
    """A permission of the specification."""
    return {"allow": True, "type": kind, "major": major, "minor": minor, "access": access}


GPU = {"path": "/dev/nvidia0", "type": "c", "major": 195, "minor": 0}
ENGINES_OWN = b"c 136:* rwm\nc 5:2 rwm\nc 5:1 rwm\nc 5:0 rwm\nc 1:9 rwm\nc 1:8 rwm\nc 1:7 rwm\nb *:* m\nc *:* m\n"
DOUBT = {"runtime_doubt": "the runtime nvidia (nvidia-container-runtime) may change what a container is made of"}
NO_KERNEL = {"mounts": GONE, "processes": GONE}
CASES += (
    Case("container", "pass", "the runtime was given nothing more", specification()),
    Case("container", "fail", "a runtime added a node", specification(devices=[GPU]), "/dev/nvidia0 (c 195:0)"),
    Case("container", "fail", "a runtime added a permission", specification(rules=[allow("b", 8, 0)]), "b 8:0 rwm"),
    Case("container", "fail", "a permission for all", specification(rules=[{"allow": True, "access": "rwm"}]), "a *:*"),
    Case("container", "pass", "a permission that opens nothing", specification(rules=[allow("b", -1, -1, "m")])),
    Case(
        "container",
        "pass",
        "what the site allows, in the words of the runtime",
        both(
            specification([{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}], [allow("c", 10, 229)]),
            {DEVICES: device("/dev/fuse"), ALLOWED: ["/dev/fuse"]},
            at("/dev/fuse", Place("/dev/fuse", "char", number=(10, 229))),
        ),
    ),
    Case(
        "container",
        "fail",
        "another device by the allowed name",
        both(
            specification([{"path": "/dev/fuse", "type": "b", "major": 8, "minor": 0}]),
            {DEVICES: device("/dev/fuse"), ALLOWED: ["/dev/fuse"]},
            at("/dev/fuse", Place("/dev/fuse", "char", number=(10, 229))),
        ),
        "b 8:0",
    ),
    Case(
        "container", "fail", "a hook made a node", {"nodes": [Device("/dev/sda", "block", (8, 0))]}, "the node /dev/sda"
    ),
    Case("container", "pass", "the nodes of all", {"nodes": [Device("/dev/null", "char", (1, 3))]}),
    Case(
        "container",
        "fail",
        "a node that is called null",
        {"nodes": [Device("/dev/null", "block", (8, 0))]},
        "/dev/null",
    ),
    Case(
        "container",
        "pass",
        "its control group allows what all have",
        {"device_permissions": parse_permissions(ENGINES_OWN)},
    ),
    Case(
        "container",
        "fail",
        "its control group allows a disk",
        {"device_permissions": parse_permissions(ENGINES_OWN + b"b 8:0 r\n")},
        "b 8:0 r",
    ),
    Case(
        "container", "fail", "its control group allows all", {"device_permissions": parse_permissions(b"a *:* rwm\n")}
    ),
    Case(
        "container",
        "pass",
        "whiteouts are no devices",
        {"device_permissions": parse_permissions(b"b 0:0 rw\nc 0:0 rw\n")},
    ),
    Case(
        "container",
        "pass",
        "a rootless engine can't limit devices",
        {
            "device_permissions": parse_permissions(b"b *:* rw\nc *:* rw\n"),
            ("daemon", "info", "SecurityOptions"): ["name=seccomp,profile=builtin", "name=rootless"],
        },
    ),
    Case(
        "container",
        "unknown",
        "the kernel doesn't show its device filter",
        {"device_permissions": Unreadable("the device filter of /sys/fs/cgroup/x: Operation not permitted")},
        "not permitted",
    ),
    Case(
        "container", "unknown", "its specification can't be read", {"specification": Unreadable("no shim")}, "no shim"
    ),
    Case("container", "unknown", "its runtime may add some, and it does not run", both(DOUBT, NO_KERNEL), "nvidia"),
    Case("container", "pass", "its runtime may add some, and added none", both(DOUBT, specification())),
)

CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
    "device": [
        ("remove", "--device=/dev/fuse", "devices: [/dev/fuse]"),
        ("remove", "--device=/dev/kmsg:/dev/log:r", 'devices: ["/dev/kmsg:/dev/log:r"]'),
        ("remove", "--device=/dev/mem:/dev/mem:rw", 'devices: ["/dev/mem:/dev/mem:rw"]'),
    ],
    "device-rule": [("remove", "--device-cgroup-rule='c 10:200 rwm'", 'device_cgroup_rules: ["c 10:200 rwm"]')],
    "every-gpu": [("remove", "--gpus=all", "gpus: [{count: all}]")],
    "two-gpus": [("remove", "--gpus='\"device=0,1\"'", 'gpus: [{device_ids: ["0", "1"]}]')],
    "dev": [("remove", "--volume=/dev:/host/dev:ro", 'volumes: ["/dev:/host/dev:ro"]')],
}
