# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule copy-on-write."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

from ..subjects import GONE, MOUNTINFO, Case

INFO = ("info", "Driver")
DRIVER = ("inspect", "Driver")
UPPER = b"upperdir=/var/lib/docker/100000.100000/overlay2/e4b1/diff"


def root(line):
    """The good mounts with another root."""
    return {"mounts": parse_mountinfo(b"700 600 " + line + b"\n" + MOUNTINFO.split(b"\n", 1)[1])}


def upper(new):
    return {"mounts": parse_mountinfo(MOUNTINFO.replace(UPPER, new))}


CASES = (
    Case("daemon", "pass", "overlay2"),
    Case("daemon", "pass", "containerd's overlayfs", {INFO: "overlayfs"}),
    Case("daemon", "fail", "vfs", {INFO: "vfs"}, "copies the whole image"),
    Case("daemon", "fail", "aufs", {INFO: "aufs"}, "aufs"),
    Case("daemon", "fail", "devicemapper", {INFO: "devicemapper"}, "removed"),
    Case("daemon", "fail", "the old overlay, which is not overlay2", {INFO: "overlay"}, "removed"),
    Case("daemon", "fail", "without d_type", {("info", "DriverStatus"): [["Supports d_type", "false"]]}, "d_type"),
    Case("daemon", "unknown", "a driver from a plugin", {INFO: "vendor/driver:latest"}, "vendor"),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case(
        "daemon",
        "fail",
        "stopped, and vfs is configured",
        {
            "info": Unreadable("docker.service is inactive"),
            ("configured", "storage-driver"): "vfs",
        },
    ),
    Case("container", "pass", "overlay2"),
    Case("container", "pass", "an overlay whose options are relative", upper(b"upperdir=overlay2/e4b1/diff")),
    Case(
        "container",
        "fail",
        "it writes to another's layer",
        upper(
            b"upperdir=/var/lib/docker/100000.100000/overlay2/0th3r/diff",
        ),
        "0th3r",
    ),
    Case("container", "fail", "a layer whose name only ends the same", upper(b"upperdir=b1/diff"), "b1/diff"),
    Case(
        "container",
        "pass",
        "an overlay that can't be written",
        {
            "mounts": parse_mountinfo(MOUNTINFO.replace(UPPER, b"index=off")),
        },
        "nobody can write",
    ),
    Case(
        "container",
        "fail",
        "vfs: the root is a directory",
        root(
            b"254:1 /var/lib/docker/vfs/dir/1a2b / rw,relatime - ext4 /dev/vda1 rw",
        ),
        "/var/lib/docker/vfs/dir/1a2b",
    ),
    Case(
        "container",
        "fail",
        "vfs on a host whose own root is an overlay: the root is a directory of that",
        root(
            b"0:21 /var/lib/docker/vfs/dir/1a2b / rw,relatime - overlay overlay rw,lowerdir=/x,upperdir=/y,workdir=/z"
        ),
        "of the host's overlay",
    ),
    Case(
        "container",
        "fail",
        "vfs on zfs",
        root(b"0:50 /var/lib/docker/vfs/dir/1a2b / rw,relatime - zfs rpool/root rw,xattr"),
        "of the host's zfs",
    ),
    Case("container", "pass", "zfs", root(b"0:50 / / rw,relatime - zfs rpool/docker/1a2b rw,xattr")),
    Case(
        "container",
        "fail",
        "vfs on btrfs",
        root(b"0:44 /@/var/lib/docker/vfs/dir/1a2b / rw,relatime - btrfs /dev/vda1 rw,subvolid=5"),
        "of vfs",
    ),
    Case(
        "container",
        "pass",
        "btrfs",
        {
            DRIVER: "btrfs",
            **root(
                b"0:44 /@/var/lib/docker/btrfs/subvolumes/1a2b / rw,relatime - btrfs /dev/vda1 rw,subvolid=5",
            ),
        },
    ),
    Case(
        "container",
        "fail",
        "a whole btrfs filesystem",
        {
            DRIVER: "btrfs",
            **root(
                b"0:44 / / rw,relatime - btrfs /dev/vda1 rw,subvolid=5",
            ),
        },
        "whole",
    ),
    Case(
        "container",
        "pass",
        "an overlay mounted over the root by the container does not count",
        {
            "mounts": parse_mountinfo(b"10 700 0:99 / / rw - tmpfs none rw\n" + MOUNTINFO),
        },
    ),
    Case("container", "fail", "stopped, vfs", {DRIVER: "vfs", "mounts": GONE}, "vfs"),
    Case(
        "container",
        "pass",
        "stopped, 29 names the snapshotter elsewhere",
        {
            DRIVER: "",
            ("inspect", "Storage"): {"RootFS": {"Snapshot": {"Name": "overlayfs"}}},
            "mounts": GONE,
        },
    ),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}, "4242"),
    Case("container", "unknown", "no root in the list", {"mounts": []}, "no root mount"),
)
