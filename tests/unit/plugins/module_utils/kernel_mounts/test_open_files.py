# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who holds what: asked of this process and its threads, whose files and directories the test knows."""

import os
import threading
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import open_files
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.open_files import Reach
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory with part/file; each process counts as one of the container."""
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "file").write_bytes(b"x")
    (tmp_path / "partial").write_bytes(b"x")
    monkeypatch.setattr(process_handle, "open_member", lambda _id, pid: process_handle.ProcessHandle(pid))
    return str(tmp_path)


def mount_of(path):
    descriptor = os.open(path, os.O_PATH)
    try:
        return open_files._own_mount(descriptor)
    finally:
        os.close(descriptor)


def search(*reaches, **options):
    return open_files.search(
        "c", [options.get("pid", os.getpid())], reaches, options.get("deadline", time.monotonic() + 60)
    )


@pytest.mark.parametrize(
    "name, flags, writing, holds",
    [
        ("part/file", os.O_RDONLY, False, True),
        ("part/file", os.O_RDONLY, True, False),
        ("part/file", os.O_WRONLY, True, True),
        ("part/file", os.O_RDWR, True, True),
        ("part/file", os.O_PATH, False, True),  # it can be opened again, below what covers it
        ("part/file", os.O_PATH, True, False),
        ("part", os.O_RDONLY, False, True),
        ("partial", os.O_RDWR, False, False),
    ],
)
def test_descriptors(place, name, flags, writing, holds):
    reach = Reach(mount_of(place), place, "/part", writing)
    descriptor = os.open(os.path.join(place, name), flags)
    try:
        holders = search(reach).holders
    finally:
        os.close(descriptor)
    assert [holder.what for holder in holders] == (["descriptor %d" % descriptor] if holds else [])
    assert search(reach).holders == []


def test_another_mount_of_the_same_path_is_not_held(place):
    with open(os.path.join(place, "part", "file"), "rb"):
        assert search(Reach(mount_of(place) + 100000, place, "/part")).holders == []


def test_relative_to_another_root_any_match_counts(place):
    """As after a chroot: the point in mountinfo is not where the path starts."""
    with open(os.path.join(place, "part", "file"), "rb"):
        assert len(search(Reach(mount_of(place), "/elsewhere", "/part")).holders) == 1
        assert search(Reach(mount_of(place), "/elsewhere", "/nothing")).holders == []


def test_a_working_directory(place):
    before = os.getcwd()
    os.chdir(os.path.join(place, "part"))
    try:
        holders = search(Reach(mount_of(place), place, "/part")).holders
    finally:
        os.chdir(before)
    assert [(holder.pid, holder.what) for holder in holders] == [(os.getpid(), "working directory")]


def test_a_crowd_of_descriptors_is_one_holder(place):
    files = [open(os.path.join(place, "part", "file"), "rb") for _number in range(50)]
    assert len(search(Reach(mount_of(place), place, "/part")).holders) == 1
    for file in files:
        file.close()


def test_limits_are_told(place, monkeypatch):
    reach = Reach(mount_of(place), place, "/part")
    assert "time" in search(reach, deadline=0).reason
    monkeypatch.setattr(open_files, "LINK_LIMIT", 1)
    assert "descriptors" in search(reach).reason
    monkeypatch.setattr(open_files, "THREAD_LIMIT", 1)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert "threads" in search().reason
    finally:
        stop.set()
        thread.join()


def test_the_namespaces(place):
    assert search().namespaces == {os.readlink("/proc/self/ns/mnt"): os.getpid()}


def test_a_process_that_is_gone_is_passed_over(monkeypatch):
    def gone(_id, _pid):
        raise process_handle.Gone("it")

    monkeypatch.setattr(process_handle, "open_member", gone)
    assert search() == ([], {}, None)
