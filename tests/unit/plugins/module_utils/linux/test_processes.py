# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On real processes, which count as the container's here; the scenarios look at those of real containers."""

import os
import time
from pathlib import Path

from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle, processes, procfs
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.real_process import (
    FIRST_THREAD_ENDS,
    process,
    wait_for_zombie,
)

ID = "a" * 64


def looked_at(pids):
    return [item.thread or item.pid for item in processes.look(ID, os.getpid(), pids)["processes"]]


def thread_of(pid):
    return next(thread for thread in map(int, os.listdir("/proc/%d/task" % pid)) if thread != pid)


def test_a_process_that_has_ended_is_left_out(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    with process("") as child:
        wait_for_zombie(child.pid)
        assert looked_at([os.getpid(), child.pid]) == [os.getpid()]


def test_a_process_can_t_hide_behind_its_first_thread_that_has_ended(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        assert looked_at([os.getpid(), child.pid]) == [os.getpid(), thread_of(child.pid)]


SECOND_THREAD_DIFFERS = """
import ctypes, sys, threading
def differ():
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no_new_privs, which is each thread's own
    print(threading.get_native_id() if hasattr(threading, "get_native_id") else 0, flush=True)
    sys.stdin.read()
threading.Thread(target=differ).start()
threading.Thread(target=sys.stdin.read).start()
sys.stdin.read()
"""


def test_a_thread_that_differs_is_looked_at_and_those_that_don_t_are_not_repeated(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    with process(SECOND_THREAD_DIFFERS) as child:
        threads = wait_for(lambda: threads_of(child.pid))
        assert {(one.pid, one.status.no_new_privs) for one in threads} == {(child.pid, 0), (child.pid, 1)}
        assert [one.thread for one in threads if one.status.no_new_privs] != [0]


def test_the_threads_of_the_first_process_are_listed_where_it_has_more_than_one(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    with process(SECOND_THREAD_DIFFERS) as child:
        assert wait_for(lambda: len(processes.look(ID, child.pid, [])["processes"]) == 2)
    with process("import sys; print(flush=True); sys.stdin.read()") as child:
        wait_for(lambda: "sys.stdin" in Path("/proc/%d/cmdline" % child.pid).read_text())
        expected = processes.look(ID, child.pid, [])["processes"]
        monkeypatch.setattr(processes.tasks, "_ids", lambda _directory: [])
        assert processes.look(ID, child.pid, [])["processes"] == expected != []


def threads_of(pid):
    threads = [one for one in processes.look(ID, os.getpid(), [pid])["processes"] if one.pid == pid]
    return threads if len(threads) > 1 else None


def wait_for(work):
    deadline = time.monotonic() + 20
    while True:
        result = work()
        if result or time.monotonic() > deadline:
            return result
        time.sleep(0.02)


def test_more_threads_than_are_looked_at_are_incomplete(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    monkeypatch.setattr(processes.members, "THREAD_LIMIT", 1)
    with process("import sys; sys.stdin.read()") as child:
        evidence = processes.look(ID, os.getpid(), [child.pid])
        assert evidence["incomplete"] == "more than 1 threads; not all were looked at"
    monkeypatch.setattr(processes.members, "THREAD_LIMIT", 99)
    assert processes.look(ID, os.getpid(), [])["incomplete"] == ""


def test_a_container_whose_first_thread_has_ended_has_its_mounts_and_namespaces(monkeypatch):
    monkeypatch.setattr(procfs, "container_in", lambda _data, _known: ID)
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        evidence = processes.look(ID, child.pid, [child.pid])
        assert (
            evidence["namespaces"] == processes.namespaces(os.getpid()) and evidence["mounts"] and evidence["uid_map"]
        )
        assert [item.thread for item in evidence["processes"]] == [thread_of(child.pid)]
        with process_handle.open_living_member(ID, child.pid) as living:
            assert os.path.samestat(os.stat("root", dir_fd=living.directory), os.stat("/"))


def test_one_that_left_its_control_group_is_known_by_its_start(monkeypatch):
    with process("import sys; sys.stdin.read()") as child:
        start = process_handle.start_ticks(child.pid)
        monkeypatch.setattr(process_handle, "open_member", lambda _container, pid: refuse(pid, child.pid))
        monkeypatch.setattr(processes, "open_member", lambda _container, pid: refuse(pid, child.pid))
        for strays, expected in (({}, 1), ({child.pid: start}, 2), ({child.pid: start + 1}, 1)):
            assert len(processes.look(ID, os.getpid(), [child.pid], strays)["processes"]) == expected


def refuse(pid, child):
    if pid == child:
        raise process_handle.Gone("its control group is another")
    return process_handle.ProcessHandle(pid)


def test_labels_of_processes_as_they_are_now(nothing_stays_open, monkeypatch):
    taken = {1: "system_u:system_r:a_t:s0", 2: "system_u:system_r:b_t:s0", 3: None, 4: "system_u:system_r:a_t:s0"}

    def open_member(_container, pid):
        if pid not in taken:
            raise process_handle.Gone("ended")
        process = process_handle.ProcessHandle(os.getpid())
        opened[process.directory] = pid
        return process

    opened = {}
    monkeypatch.setattr(processes, "open_member", open_member)
    monkeypatch.setattr(processes.tasks, "label_of", lambda _prefix, descriptor: taken[opened[descriptor]])
    assert processes.labels("c", [1, 2, 3, 4, 5]) == {"system_u:system_r:a_t:s0", "system_u:system_r:b_t:s0", ""}
