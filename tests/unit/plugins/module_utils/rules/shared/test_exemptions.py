# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tries to hide behind each exemption of the rules about mounts."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.evidence.runtime_spec import devices_of
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device, parse_permissions
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.exemptions import EXEMPTIONS

from ..mounting import HOST, MOUNTS, at, binds, host_has, mounted
from ..subjects import MOUNTINFO, Case, both, changed

ROOT_DIR = b"/var/lib/docker/100000.100000"
OTHER = b"e00" + b"0" * 61
OWN = b"f00" + b"0" * 61
INIT = "/sbin/docker-init"


def of_disk(path, point, options=b"rw"):
    """A mount of the host's disk."""
    return mounted(b"900 700 254:1 %s %s %s - ext4 /dev/vda1 rw" % (path, point, options))


def rooted(line):
    """The good container with another root."""
    return {"mounts": parse_mountinfo(line + b"\n" + MOUNTINFO.partition(b"\n")[2])}


def show_mount(kind, target):
    """The engine's account of a mount."""
    return {MOUNTS: [{"Type": kind, "Source": "/srv/a", "Destination": target, "RW": False, "Propagation": ""}]}


WITH_INIT = {HOST + ("Init",): True}
HIDING = (
    ("the container's root", rooted(b"700 600 254:1 / / rw - ext4 /dev/vda1 rw")),
    ("the container's root", rooted(b"700 600 254:1 /etc / rw - ext4 /dev/vda1 rw")),
    ("the container's root", rooted(b"700 600 254:1 /var/lib/docker / rw - ext4 /dev/vda1 rw")),
    ("the container's root", rooted(b"700 600 254:1 %s/containers/%s / rw - ext4 d rw" % (ROOT_DIR, OTHER))),
    (
        "resolv.conf, hostname, hosts and mounts/ of the engine",
        of_disk(b"%s/containers/%s/hosts" % (ROOT_DIR, OTHER), b"/etc/hosts"),
    ),
    (
        "resolv.conf, hostname, hosts and mounts/ of the engine",
        of_disk(b"%s/containers/%s/mounts/secrets" % (ROOT_DIR, OTHER), b"/run/secrets"),
    ),
    (
        "resolv.conf, hostname, hosts and mounts/ of the engine",
        of_disk(b"/root%s/containers/%s/hosts" % (ROOT_DIR, OWN), b"/etc/hosts"),
    ),
    (
        "resolv.conf, hostname, hosts and mounts/ of the engine",
        both(
            host_has(b"50 27 254:1 %s/containers/%s/hosts /etc/hosts rw - ext4 d rw" % (ROOT_DIR, OWN)),
            of_disk(b"%s/containers/%s/hosts" % (ROOT_DIR, OWN), b"/etc/hosts"),
        ),
    ),
    ("a volume", of_disk(b"/root/volumes/data/_data", b"/data")),
    ("a volume", of_disk(b"/root%s/volumes/data/_data" % ROOT_DIR, b"/data")),
    (
        "a volume",
        both(
            host_has(b"50 27 254:1 /etc %s/volumes/data/_data rw - ext4 d rw" % ROOT_DIR),
            of_disk(b"/etc", b"/data"),
        ),
    ),
    (
        "a volume",
        both(
            host_has(b"50 27 0:77 / %s/volumes/data/_data rw - mqueue none rw" % ROOT_DIR),
            mounted(b"900 700 0:77 / /data rw - mqueue none rw"),
        ),
    ),
    (
        "a volume",
        both(
            host_has(b"50 27 0:77 / %s/volumes/data/_data rw - overlay o rw,lowerdir=/root" % ROOT_DIR),
            mounted(b"900 700 0:77 / /data rw - overlay o rw,lowerdir=/root"),
        ),
    ),
    (
        "a part of a volume that the engine mounts for another container",
        both(
            host_has(b"50 27 254:1 %s/volumes/data/_data/x /root/containers/mounts rw - ext4 d rw" % ROOT_DIR),
            of_disk(b"%s/volumes/data/_data" % ROOT_DIR, b"/data"),
        ),
    ),
    ("an image that is mounted", both(show_mount("image", "/x"), of_disk(b"/etc", b"/x"))),
    ("an image that is mounted", both(show_mount("tmpfs", "/x"), of_disk(b"/etc", b"/x"))),
    (
        "an image that is mounted",
        both(
            show_mount("image", "/x"),
            host_has(b"50 27 0:77 / /run/jail rw - overlay o rw"),
            mounted(b"900 700 0:77 / /x rw - overlay o rw"),
        ),
    ),
    (
        "the host's shared memory and message queues with --ipc=host",
        both({HOST + ("IpcMode",): "host"}, mounted(b"900 702 0:23 / /dev/shm rw - tmpfs tmpfs rw")),
    ),
    (
        "the host's shared memory and message queues with --ipc=host",
        mounted(b"900 702 0:28 / /dev/shm rw - tmpfs tmpfs rw"),
    ),
    (
        "the host's shared memory and message queues with --ipc=host",
        both({HOST + ("IpcMode",): "host"}, mounted(b"900 702 0:28 / /x rw - tmpfs tmpfs rw")),
    ),
    (
        "the six harmless nodes that a runtime binds in a user namespace",
        both(
            at("/dev/null", Place("/dev/null", "block", (1, 9), (8, 0))),
            mounted(b"9 702 0:5 /null /n rw - devtmpfs u rw"),
        ),
    ),
    (
        "a device that was asked for",
        both(
            {HOST + ("Devices",): [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse"}]},
            mounted(b"900 702 0:5 /fuse /srv/x rw - devtmpfs udev rw"),
        ),
    ),
    (
        "a device that was asked for",
        both(
            {HOST + ("Devices",): [{"PathOnHost": "/etc", "PathInContainer": "/etc"}]},
            of_disk(b"/etc", b"/etc"),
        ),
    ),
    (
        "/sbin/docker-init",
        both({HOST + ("Init",): False}, of_disk(b"/usr/libexec/docker/docker-init", INIT.encode(), b"ro")),
    ),
    ("/sbin/docker-init", both(WITH_INIT, of_disk(b"/usr/libexec/docker/docker-init", INIT.encode()))),
    ("/sbin/docker-init", both(WITH_INIT, of_disk(b"/root", INIT.encode(), b"ro"))),
    ("/sbin/docker-init", both(WITH_INIT, of_disk(b"/usr/libexec/docker", INIT.encode(), b"ro"))),
    (
        "/sbin/docker-init",
        both(WITH_INIT, show_mount("bind", INIT), of_disk(b"/usr/libexec/docker/docker-init", INIT.encode(), b"ro")),
    ),
    (
        "/sbin/docker-init",
        both(
            WITH_INIT,
            at("/usr/libexec/docker/docker-init", Place("/root", "dir")),
            of_disk(b"/root", INIT.encode(), b"ro"),
        ),
    ),
    ("the host's time zone", binds("/etc/localtime:/etc/localtime")),
    ("the host's time zone", binds("/usr/share/zoneinfo/../../../etc:/x:ro")),
    ("/var of an ostree deployment below /sysroot", binds("/sysroot/ostree/deploy/os/var/lib/docker:/x:ro")),
    ("/var of an ostree deployment below /sysroot", binds("/sysroot/ostree/deploy/os/deploy/abc.0/etc:/x:ro")),
)
TUN = {"allow": True, "type": "c", "major": 10, "minor": 200, "access": "rwm"}
OTHERS = (
    (
        "terminals of the container's own devpts",
        "host-devices",
        {"nodes": [Device("/dev/pts/0", "block", (136, 0))]},
    ),
    (
        "tun, which runc before 1.2 allows to each container",
        "host-devices",
        {"nodes": [Device("/dev/net/tun", "char", (10, 200))]},
    ),
    (
        "tun, which runc before 1.2 allows to each container",
        "host-devices",
        {"specification": tuple(devices_of({"resources": {"devices": [TUN]}}))},
    ),
    (
        "tun, which runc before 1.2 allows to each container",
        "host-devices",
        {HOST + ("DeviceCgroupRules",): ["c 10:200 rwm"]},
    ),
    (
        "a permission to make nodes",
        "host-devices",
        {"device_permissions": parse_permissions(b"b *:* rm\n")},
    ),
    (
        "the kernel's own filesystems",
        "kernel-filesystems",
        mounted(b"900 700 0:21 /sys /x rw - proc proc rw"),
    ),
    (
        "the kernel's own filesystems",
        "kernel-filesystems",
        mounted(b"900 700 0:78 / /x rw - fusectl none rw"),
    ),
    (
        "the six harmless nodes that a runtime binds in a user namespace",
        "host-devices",
        both(
            at("/dev/null", Place("/dev/null", "block", (1, 9), (8, 0))),
            mounted(b"9 702 0:5 /null /n rw - devtmpfs u rw"),
        ),
    ),
)
ALL = [(name, "sensitive-mounts", changes) for name, changes in HIDING] + list(OTHERS)


@pytest.mark.parametrize("name, rule, changes", ALL, ids=["%d: %s" % (i, item[0]) for i, item in enumerate(ALL)])
def test_nobody_hides_behind(name, rule, changes):
    finding = judge(BY_ID[rule], "container", "container", changed(Case("container", "fail", name, changes)))
    assert finding["status"] == "fail", finding


def test_each_exemption_is_tried():
    assert {exemption.name for exemption in EXEMPTIONS} == {name for name, _rule, _changes in ALL}
