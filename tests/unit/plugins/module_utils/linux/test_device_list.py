# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The nodes in a /dev and a device control group's list."""

import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import device_list
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device


@pytest.fixture(name="process")
def _process(tmp_path):
    """(descriptor of what stands for /proc/<pid>, its /dev, the device that it is on)."""
    dev = tmp_path / "root" / "dev"
    dev.mkdir(parents=True)
    descriptor = os.open(str(tmp_path), os.O_RDONLY | os.O_DIRECTORY)
    number = os.stat(str(dev)).st_dev
    yield descriptor, dev, "%d:%d" % (os.major(number), os.minor(number))
    os.close(descriptor)


@pytest.fixture(name="as_node")
def _as_node(monkeypatch):
    """Files called node are disks: to make one needs a capability."""
    real = os.stat

    def fake(name, **more):
        status = real(name, **more)
        if name != "node":
            return status

        class Node:
            st_mode, st_rdev, st_dev = stat.S_IFBLK | 0o600, os.makedev(8, 0), status.st_dev

        return Node

    monkeypatch.setattr(device_list.os, "stat", fake)


def test_nodes_are_found_in_directories_too(process, as_node):
    descriptor, dev, device = process
    (dev / "disk").mkdir()
    (dev / "disk" / "node").touch()
    (dev / "file").touch()
    (dev / "link").symlink_to("/dev/null")
    assert device_list.nodes(descriptor, device) == [Device("/dev/disk/node", "block", (8, 0))]


def test_something_else_at_dev_is_unknown(process):
    with pytest.raises(Unreadable, match="something else"):
        device_list.nodes(process[0], "0:1")


def test_a_link_at_dev_is_not_followed(process):
    descriptor, dev, device = process
    dev.rmdir()
    dev.symlink_to("/dev")
    with pytest.raises(Unreadable):
        device_list.nodes(descriptor, device)


def test_too_many_and_too_deep_are_unknown(process, monkeypatch):
    descriptor, dev, device = process
    (dev / "a" / "b" / "c" / "d" / "e").mkdir(parents=True)
    with pytest.raises(Unreadable, match="too deep"):
        device_list.nodes(descriptor, device)
    monkeypatch.setattr(device_list, "ENTRIES", 2)
    with pytest.raises(Unreadable, match="more than 2"):
        device_list.nodes(descriptor, device)


def test_permissions_of_the_kernel():
    assert device_list.parse_permissions(b"c 1:3 rwm\nb *:* m\na *:* rwm\n") == [
        Device("c 1:3 rwm", "char", (1, 3), "rwm"),
        Device("b *:* m", "block", (None, None), "m"),
        Device("a *:* rwm", "", (None, None), "rwm"),
    ]


@pytest.mark.parametrize("data", [b"x 1:3 rwm\n", b"c 1 rwm\n", b"c 1:3 rwmx\n"])
def test_what_no_kernel_writes(data):
    with pytest.raises(ValueError):
        device_list.parse_permissions(data)


def test_without_a_version_1_hierarchy_there_is_no_list():
    assert device_list.permissions("f" * 64, b"0::/docker/x\n", {}) is None
