# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What covers what, and where the host has what a container's mount shows."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import (
    covered,
    covers,
    host_mounts,
    host_paths,
    root_mount,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

HOST = host_mounts(
    parse_mountinfo(b"""\
27 1 254:1 / / rw shared:1 - ext4 /dev/vda1 rw
28 27 254:2 /data /srv rw shared:2 master:9 - ext4 /dev/vda2 rw
29 27 254:2 /data/pub /pub rw - ext4 /dev/vda2 rw
30 27 0:33 /@/home /home rw - btrfs /dev/vdb rw
""")
)


def mount(device, root):
    return parse_mountinfo(("9 8 %s %s /x rw - ext4 none rw" % (device, root)).encode())[0]


@pytest.mark.parametrize(
    "device, root, expected",
    [
        ("254:1", "/etc/ssh", ["/etc/ssh"]),
        ("254:1", "/", ["/"]),
        ("254:1", "/etc//deleted", ["/etc"]),
        ("254:2", "/data/pub/a", ["/srv/pub/a", "/pub/a"]),
        ("254:2", "/data", ["/srv"]),
        ("254:2", "/database", []),
        ("254:2", "/", []),
        ("0:33", "/@/home/ann", ["/home/ann"]),
        ("0:99", "/etc", []),
    ],
)
def test_host_paths(device, root, expected):
    assert host_paths(HOST, mount(device, root)) == expected


def test_peers_are_shared_groups_only():
    assert HOST.peers == {"shared:1", "shared:2"}


def test_root_is_the_lowest_mount_whatever_the_order():
    listed = parse_mountinfo(b"5 4 0:9 / / rw - tmpfs t rw\n4 1 0:8 / / rw - overlay o rw\n")
    assert root_mount(listed).id == 4


def test_root_that_is_its_own_parent():
    assert root_mount(parse_mountinfo(b"4 4 0:8 / / rw - overlay o rw\n")).id == 4


def test_no_root():
    with pytest.raises(ValueError):
        root_mount(parse_mountinfo(b"6 4 0:7 / /proc rw - proc p rw\n"))


def test_covered_by_itself_and_by_a_parent_on_the_same_mount_only():
    proc, *others = parse_mountinfo(b"""\
6 4 0:7 / /proc rw - proc p rw
7 6 0:7 /sys /proc/sys ro - proc p rw
8 6 0:9 / /proc/driver ro - tmpfs t rw
9 4 0:9 / /proc/bus ro - tmpfs t rw
""")
    by = covers([proc] + others)
    assert covered(proc, "/sys", by)
    assert covered(proc, "/driver/rtc", by)
    assert not covered(proc, "/bus", by)  # it is mounted on what lies beneath proc
    assert not covered(proc, "/sysrq-trigger", by)
    assert not covered(others[0], "/net", by)
