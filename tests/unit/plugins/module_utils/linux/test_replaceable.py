# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that can't be replaced is known before anything is written. Each fault is a real one of the kernel's."""

import errno
import os
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import procfs, replaceable
from ansible_collections.containment.docker.plugins.module_utils.linux.replaceable import obstacle


@pytest.mark.parametrize("name", ["daemon.json", "missing.json", "no/such/directory/daemon.json"])
def test_a_file_in_a_directory_that_can_be_written(tmp_path, name):
    (tmp_path / "daemon.json").write_text("{}")
    assert obstacle(str(tmp_path / name)) == ""
    assert sorted(os.listdir(str(tmp_path))) == ["daemon.json"]


@pytest.mark.parametrize(
    "change, reason",
    [
        (dict(f_flag=os.ST_RDONLY), errno.EROFS),
        (dict(f_bfree=0, f_bavail=0), errno.ENOSPC),
        (dict(f_files=10, f_ffree=0), errno.ENOSPC),
        (dict(f_files=0, f_ffree=0), None),
    ],
)
def test_what_the_filesystem_says(tmp_path, monkeypatch, change, reason):
    here = os.statvfs(str(tmp_path))
    names = [name for name in dir(here) if name.startswith("f_")]
    space = type("Space", (), dict({name: getattr(here, name) for name in names}, **change))
    monkeypatch.setattr(os, "statvfs", lambda path: space)
    assert obstacle(str(tmp_path / "daemon.json")) == (os.strerror(reason) if reason else "")


def test_a_directory_that_is_not_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert obstacle(str(tmp_path / "daemon.json")) == "Permission denied"


def test_the_machines_own_mounts_are_known_as_such():
    """/proc is a mount in every namespace, and read-only or not it can't be replaced."""
    with open("/proc/self/mountinfo", "rb") as stream:
        files = [mount.point for mount in procfs.parse_mountinfo(stream.read())]
    assert "/proc" in files and replaceable._is_mount_point("/proc") and not replaceable._is_mount_point("/proc/self")


def test_an_immutable_file_or_directory(tmp_path):
    path = tmp_path / "daemon.json"
    path.write_text("{}")
    for place in (path, tmp_path):
        done = subprocess.run(["chattr", "+i", str(place)], stderr=subprocess.PIPE, check=False)
        try:
            if done.returncode == 0:  # this filesystem, and this user, has such attributes
                assert "immutable" in obstacle(str(path))
            else:
                assert obstacle(str(path)) == ""
        finally:
            subprocess.run(["chattr", "-i", str(place)], stderr=subprocess.PIPE, check=False)
    assert obstacle(str(path)) == ""
