# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On real processes, which count as the container's here; the scenarios look at those of real containers."""

import os

from ansible_collections.containment.docker.plugins.module_utils import processes
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.real_process import (
    FIRST_THREAD_ENDS,
    process,
    wait_for_zombie,
)

ID = "a" * 64


def looked_at(pids):
    return [found.pid for found in processes.look(ID, os.getpid(), pids)["processes"]]


def thread_of(pid):
    return next(thread for thread in map(int, os.listdir("/proc/%d/task" % pid)) if thread != pid)


def test_a_process_that_has_ended_is_left_out(monkeypatch):
    monkeypatch.setattr(processes.procfs, "container_in", lambda _data, _known: ID)
    with process("") as child:
        wait_for_zombie(child.pid)
        assert looked_at([os.getpid(), child.pid]) == [os.getpid()]


def test_a_process_can_t_hide_behind_its_first_thread_that_has_ended(monkeypatch):
    monkeypatch.setattr(processes.procfs, "container_in", lambda _data, _known: ID)
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        assert looked_at([os.getpid(), child.pid]) == [os.getpid(), thread_of(child.pid)]


def test_nor_by_the_cgroup_that_version_1_shows_no_more(monkeypatch):
    monkeypatch.setattr(processes.procfs, "container_in", lambda data, _known: ID if b"own" in data else None)
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        thread = thread_of(child.pid)
        shown = {child.pid: b"1:pids:/\n0::/\n", thread: b"1:pids:/own\n0::/\n"}
        monkeypatch.setattr(processes, "_cgroup", lambda pid: shown.get(pid, b""))
        assert processes.census(frozenset((ID,))) == {ID: [thread]}


def test_labels_of_processes_as_they_are_now(monkeypatch):
    taken = {1: "system_u:system_r:a_t:s0", 2: "system_u:system_r:b_t:s0", 3: None, 4: "system_u:system_r:a_t:s0"}

    def hold(container, pid):
        if pid not in taken:
            raise processes.Gone("ended")
        descriptor = os.open("/proc/self", os.O_RDONLY)
        held[descriptor] = pid
        return descriptor

    held = {}
    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(processes, "hold", hold)
    monkeypatch.setattr(processes, "_label", lambda descriptor: taken[held[descriptor]])
    assert processes.labels("c", [1, 2, 3, 4, 5]) == {"system_u:system_r:a_t:s0", "system_u:system_r:b_t:s0", ""}
    assert len(os.listdir("/proc/self/fd")) == before
