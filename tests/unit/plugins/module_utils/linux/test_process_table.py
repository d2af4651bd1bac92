# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The census over tables of processes, one for each look; the scenario `hide` takes it of a real host."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import process_table
from ansible_collections.containment.docker.plugins.module_utils.linux.attribution import Process

from .. import real_process

A, B = "a" * 64, "b" * 64
SHIM_A, SHIM_B = 10, 20
NAMESPACES = {11: ("pid:a", "mnt:a"), 21: ("pid:b", "mnt:b")}


def process(pid, parent, *cgroup, **more):
    return Process(pid, parent, more.get("start", 5), more.get("name", "x"), cgroup, more.get("living", pid))


USUAL = (
    process(1, 0),
    process(SHIM_A, 1, name="containerd-shim"),
    process(11, SHIM_A, A),
    process(SHIM_B, 1, name="containerd-shim"),
    process(21, SHIM_B, B),
    process(300, 1),
)


@pytest.fixture(name="census")
def _census(monkeypatch):
    """Take a census of looks at what is there beside the usual; namespaces: pid -> (pid's, mnt's), the host's otherwise."""

    def take(*looks, **more):
        remaining = list(looks)

        def table(_known):
            look = remaining.pop(0) if len(remaining) > 1 else remaining[0]
            return {one.pid: one for one in USUAL + tuple(look)}

        spaces = {**NAMESPACES, **{int(pid[1:]): links for pid, links in more.items()}}
        monkeypatch.setattr(process_table, "_table", table)
        monkeypatch.setattr(process_table, "_served", lambda pid, _known: {SHIM_A: A, SHIM_B: B, 99: B}.get(pid))
        monkeypatch.setattr(process_table, "_is_engines", lambda *_: True)
        monkeypatch.setattr(
            process_table, "_link", lambda pid, kind: spaces.get(pid, ("pid:host", "mnt:host"))[kind == "mnt"]
        )
        monkeypatch.setattr(process_table.time, "sleep", take.pauses.append)
        return process_table.census(frozenset((A, B)), "/nowhere")

    take.pauses = []
    return take


def disputed(census):
    return [one.process.pid for one in census.disputed]


def test_the_usual(census):
    assert census(()) == ({A: [11], B: [21]}, {}, [])


def test_a_container_below_the_control_group_of_another_has_its_own_processes(census):
    assert census([process(12, SHIM_A, B, A)]).pids == {A: [11, 12], B: [21]}


def test_one_that_left_its_control_group_is_still_its_containers(census):
    result = census([process(12, 11)], p12=("pid:a", "mnt:a"))
    assert (result.pids[A], result.strays) == ([11, 12], {12: 5})


def test_one_that_moved_to_another_control_group_is_nobodys(census):
    result = census([process(12, 11, B)])
    assert (result.pids, disputed(result)) == ({A: [11], B: [21]}, [12])
    assert result.disputed[0].containers == {A}


def test_one_of_the_host_in_a_containers_control_group_is_nobodys(census):
    result = census([process(400, 300, A)])
    assert (disputed(result), result.disputed[0].containers) == ([400], frozenset())


def test_one_that_entered_the_namespaces_of_a_container_is_nobodys(census):
    assert disputed(census([process(400, 300)], p400=("pid:a", "mnt:a"))) == [400]
    assert disputed(census([process(400, 300)], p400=("pid:host", "mnt:a"))) == [400]


def test_what_is_disputed_in_one_look_only_was_a_race(census):
    assert disputed(census([process(400, 300, A)], [])) == []
    assert disputed(census([process(400, 300, A)], [], [process(400, 300, A)])) == []


def test_who_forks_all_the_time_does_not_escape(census):
    looks = [[process(pid, 300, A, start=pid)] for pid in (400, 401, 402, 403)]
    assert disputed(census(*looks)) == [403]


def test_the_runtime_at_work_is_not_the_containers(census):
    assert census([process(12, SHIM_A)], [process(13, SHIM_A, start=6)], [process(14, SHIM_A, start=7)]).pids[A] == [11]
    assert census([process(12, SHIM_A)], []).pids[A] == [11]


def test_one_that_escaped_to_the_hosts_mounts_for_good_is_the_containers(census):
    assert census([process(12, SHIM_A)]).pids[A] == [11, 12]


def test_a_process_of_a_container_can_t_be_another_containers_shim(census):
    forged = [process(99, 11, name="containerd-shim"), process(98, 99, A)]
    assert census(forged, p99=("pid:a", "mnt:a")).pids == {A: [11, 98, 99], B: [21]}


def test_an_orphan_of_a_container_in_anothers_pid_namespace(census):
    sidecar = [process(22, SHIM_B, B), process(13, 11, B)]
    result = census(sidecar, p22=("pid:a", "mnt:b"), p13=("pid:a", "mnt:b"))
    assert (result.pids, disputed(result)) == ({A: [11], B: [13, 21, 22]}, [])


def test_one_that_has_ended_is_nobodys_and_no_finding(census):
    assert census([process(13, 11, B, living=0)]) == ({A: [11], B: [21]}, {}, [])


def test_one_whose_first_thread_has_ended_has_the_namespaces_of_another(census):
    sidecar = [process(22, SHIM_B, B), process(13, 11, B, living=14)]
    assert census(sidecar, p22=("pid:a", "mnt:b"), p14=("pid:a", "mnt:b"), p13=(None, None)).pids[B] == [13, 21, 22]


def test_the_shims_own_child_is_not_adopted_from_a_shared_pid_namespace(census):
    assert census([process(22, SHIM_B, B)], p22=("pid:a", "mnt:else")).pids[B] == [21, 22]


def test_the_real_table_knows_which_thread_goes_on():
    with real_process.process(real_process.FIRST_THREAD_ENDS) as child:
        real_process.wait_for_zombie(child.pid)
        assert process_table._process(child.pid, frozenset()).living not in (0, child.pid)
    with real_process.process("") as child:
        real_process.wait_for_zombie(child.pid)
        assert process_table._process(child.pid, frozenset()).living == 0


V1_ROOTS = b"2:cpu:/\n1:name=systemd:/\n0::/init.scope\n"


@pytest.mark.parametrize("flags, threads_read", [(0x400000, 0), (0x400004, 1)])
def test_threads_are_asked_for_control_groups_only_where_the_first_is_exiting(monkeypatch, flags, threads_read):
    stat = b"7 (x) S 1 0 0 0 0 %d 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0" % flags
    reads = []

    def read(path, _limit, end):
        reads.append(path)
        if path.endswith("task/9/cgroup"):
            return b"1:name=systemd:/docker/" + A.encode() + b"\n"
        return stat if path.endswith("stat") else V1_ROOTS

    monkeypatch.setattr(process_table.bounded_file, "read", read)
    monkeypatch.setattr(process_table, "thread_ids", lambda _pid: [9])
    assert process_table._process(7, frozenset((A,))).cgroup == (A,) * threads_read
    assert len(reads) == 2 + threads_read


def test_the_real_table_has_this_process():
    table = process_table._table(frozenset())
    own = table[os.getpid()]
    assert (own.parent, own.cgroup) == (os.getppid(), ())
    assert process_table._link(os.getpid(), "mnt") == os.readlink("/proc/self/ns/mnt")


def test_a_shim_is_not_known_by_its_arguments_alone():
    assert process_table._shims({5: process(5, 1, name="containerd-shim")}, frozenset((A,)), 0) == {}
    assert process_table._is_engines(os.getpid(), os.getuid() + 1, (None,)) is False


@pytest.fixture(name="shims")
def _shims(monkeypatch):
    """shims(*processes, owner=0, ...): the shims among them. Each has the same command line, user ids and mounts."""

    def find(*processes, owner=0, uids="0 0 0 0", mounts="host", arguments=("-namespace", "moby", "-id", A)):
        def read(path, *_limits, **_options):
            if path.endswith("/cmdline"):
                return b"\0".join(word.encode() for word in ("/usr/bin/containerd-shim-runc-v2", *arguments, ""))
            return b"Name:\tx\nUid:\t%s\nGid:\t0 0 0 0\n" % uids.replace(" ", "\t").encode()

        monkeypatch.setattr(process_table.bounded_file, "read", read)
        monkeypatch.setattr(
            process_table, "_link", lambda pid, kind: mounts and f"{kind}:{'host' if pid == 1 else mounts}"
        )
        return process_table._shims({one.pid: one for one in processes}, frozenset((A,)), owner)

    return find


SHIM = process(SHIM_A, 1, name="containerd-shim-")


@pytest.mark.parametrize(
    "more, known",
    [
        ({}, True),
        ({"arguments": ("--id", A)}, True),
        ({"arguments": ("-id", B)}, False),
        ({"arguments": (A,)}, False),
        ({"mounts": None}, True),  # it has ended, or only root may see it
        ({"mounts": "other"}, False),
        ({"uids": "0 1000 0 0"}, False),
        ({"uids": "1000 1000 1000 1000"}, False),
        ({"owner": 1000}, False),
        ({"owner": 1000, "uids": "1000 1000 1000 1000", "mounts": "other"}, True),
    ],
)
def test_a_shim_is_of_the_engines_user_in_the_hosts_mounts_and_names_a_container(shims, more, known):
    assert shims(SHIM, **more) == ({SHIM_A: A} if known else {})


def test_a_shim_is_outside_of_containers_and_not_below_another(shims):
    assert shims(process(SHIM_A, 1, A, name="containerd-shim")) == {}
    assert shims(process(SHIM_A, 1, name="containerd")) == {}
    below = [process(31, SHIM_A), process(32, 31, name="containerd-shim")]
    assert shims(SHIM, *below) == {SHIM_A: A}


def test_whose_shims_they_are(tmp_path):
    assert process_table._owner(str(tmp_path)) == os.stat(str(tmp_path)).st_uid
    assert process_table._owner(str(tmp_path / "none")) == 0


def test_one_in_a_containers_control_group_is_not_the_runtime(census):
    assert census([process(12, SHIM_A, A)], [process(13, SHIM_A, A, start=6)]).pids[A] == [11, 12]


def test_namespaces_of_the_runtime_are_not_the_containers(census):
    result = census([process(12, SHIM_A), process(400, 300)], p12=("pid:host", "mnt:c"), p400=("pid:host", "mnt:c"))
    assert disputed(result) == []


def test_a_container_in_the_hosts_pid_namespace_does_not_own_that(census):
    assert census((), p11=("pid:host", "mnt:a")) == ({A: [11], B: [21]}, {}, [])


@pytest.mark.parametrize(
    "looks, expected",
    [
        ([()], []),
        ([[process(400, 300, A)]], [0.1, 0.3, 0.6]),
        ([[process(400, 300, A)], []], [0.1]),
    ],
)
def test_what_is_unsure_is_looked_at_for_a_second(census, looks, expected):
    census(*looks)
    assert census.pauses == expected


@pytest.mark.parametrize(
    "parents, expected, reads",
    [
        ({8: [7, 1]}, {8: 1}, 2),
        ({8: [7, None]}, {}, 2),
        ({8: [7, 7, 7, 7]}, {8: 7}, 3),
        ({8: [1, 7]}, {8: 1}, 1),
        ({8: [0, 7]}, {8: 0}, 1),
    ],
)
def test_one_whose_parent_has_ended_is_read_again(monkeypatch, parents, expected, reads):
    """parents: of each look at it, None where it has ended."""
    looked_at = []

    def read(pid, _known):
        looked_at.append(pid)
        if pid == 1:
            return process(1, 0)
        parent = parents[pid].pop(0)
        return None if parent is None else process(pid, parent)

    monkeypatch.setattr(process_table.os, "listdir", lambda _path: ["1", "8", "self"])
    monkeypatch.setattr(process_table, "_process", read)
    table = process_table._table(frozenset())
    assert {pid: one.parent for pid, one in table.items() if pid != 1} == expected
    assert (looked_at.count(1), looked_at.count(8)) == (1, reads)


def test_by_control_group_the_innermost_known_container_has_a_process_that_lives(monkeypatch):
    table = [
        process(1, 0),
        process(11, 10, A),
        process(12, 10, A, B),
        process(13, 10, A, living=0),
        process(14, 1, B, living=15),
    ]
    monkeypatch.setattr(process_table, "_table", lambda _known: {one.pid: one for one in table})
    assert process_table.list_by_cgroup(frozenset((A, B))) == {A: [11], B: [12, 15]}
