# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads in a made /proc: their ids begin anew only after some millions of processes."""

import os
from pathlib import Path

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import members, process_handle, tasks

LEADER, OLDER, YOUNGER = 5000, 5001, 7
OWN = {name: f"{name}:[1]" for name in tasks.NAMESPACES}
OTHER = dict(OWN, mnt="mnt:[2]")


@pytest.fixture
def directory(tmp_path):
    """The descriptor of a /proc/<pid> in which a thread with a low id has a mount namespace of its own."""
    for thread, links in ((LEADER, OWN), (OLDER, OWN), (YOUNGER, OTHER)):
        folder = tmp_path / "task" / str(thread)
        (folder / "ns").mkdir(parents=True)
        (folder / "status").write_bytes(Path("/proc/self/status").read_bytes())
        (folder / "mountinfo").write_bytes(b"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n")
        (folder / "uid_map").write_bytes(b"0 0 4294967295\n")
        for name, link in links.items():
            (folder / "ns" / name).symlink_to(link)
    descriptor = os.open(str(tmp_path), os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_a_thread_with_a_lower_id_than_the_first_one_hides_nothing(directory):
    collected = members.Members(OWN, [], [])
    collected.add(LEADER, directory, first=True)
    assert [item.thread for item in collected.processes] == [0, YOUNGER]
    (view,) = collected.views
    assert view.pid == YOUNGER and view.namespaces["mnt"] == "mnt:[2]" and view.mounts[0].point == "/"


def test_the_first_thread_is_the_first_of_a_list_whatever_its_id_is(monkeypatch):
    monkeypatch.setattr(process_handle.os, "listdir", lambda path: [str(OLDER), str(YOUNGER), str(LEADER)])
    assert process_handle.thread_ids(LEADER) == [LEADER, YOUNGER, OLDER]
