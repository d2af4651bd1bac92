# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parsers of /proc, over samples and over what a container could put there."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

STATUS = b"""Name:\tevil\\nUid:\\t0\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nPid:\t7\nUid:\t100000\t100000\t100000\t100000
Gid:\t100000\t100000\t100000\t100000\nCapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb
CapBnd:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1
"""
ID = "a" * 64
OTHER = "b" * 64


def test_status():
    status = procfs.parse_status(STATUS)
    assert status.uids == (100000,) * 4
    assert (status.no_new_privs, status.seccomp, status.zombie) == (1, 2, False)
    assert status.gids == (100000, 100000, 100000, 100000)
    assert "SYS_CHROOT" in status.effective and "SYS_ADMIN" not in status.bounding
    assert len(status.bounding) == 14


def test_status_of_an_old_kernel_has_no_such_lines():
    old = b"".join(line for line in STATUS.splitlines(True) if not line.startswith((b"NoNewPrivs", b"Seccomp")))
    status = procfs.parse_status(old)
    assert (status.no_new_privs, status.seccomp, status.ambient) == (None, None, frozenset())


@pytest.mark.parametrize("line", [b"CapInh", b"CapPrm", b"CapEff", b"CapBnd", b"CapAmb"])
def test_a_capability_in_any_set_counts(line):
    sets = dict.fromkeys((b"CapInh", b"CapPrm", b"CapEff", b"CapBnd", b"CapAmb"), b"0" * 16)
    sets[line] = b"0000000000200000"
    data = b"Name:\tx\nState:\tS\nUid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\n" + b"".join(
        b"%s:\t%s\n" % item for item in sorted(sets.items())
    )
    assert procfs.parse_status(data).capabilities == {"SYS_ADMIN"}


def test_a_capability_newer_than_the_table_has_a_name_too():
    assert procfs.capabilities(1 << 62) == {"CAP_62"}


def test_mountinfo():
    line = b"36 35 98:0 /mnt1 /mnt\\0402\\134x rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n"
    mount = procfs.parse_mountinfo(line)[0]
    assert (mount.root, mount.point, mount.fstype, mount.source) == ("/mnt1", "/mnt 2\\x", "ext3", "/dev/root")
    assert mount.options == {"rw", "noatime"} and mount.propagation == ("master:1", "shared:2")


def test_a_carriage_return_in_a_path_ends_no_line():
    line = b"36 35 98:0 / /mnt/a\r99 rw - ext3 /dev/root rw\n"
    assert [mount.point for mount in procfs.parse_mountinfo(line)] == ["/mnt/a\r99"]


@pytest.mark.parametrize("line", [b"36 35 98:0 /\n", b"x 35 98:0 / / rw - a b c\n", b"garbage\n"])
def test_what_the_kernel_does_not_write_is_an_error(line):
    with pytest.raises(ValueError):
        procfs.parse_mountinfo(line)


@pytest.mark.parametrize(
    "cgroup, expected",
    [
        ("0::/system.slice/docker-%s.scope\n" % ID, ID),
        ("11:pids:/docker/%s\n1:name=systemd:/docker/%s\n" % (ID, ID), ID),
        ("0::/custom/parent/%s/init.scope\n" % ID, ID),
        ("0::/docker/%s/docker/%s\n" % (ID, "c" * 64), ID),  # a nested engine's container belongs to the outer one
        ("0::/docker/%s/%s\n" % (ID, OTHER), OTHER),  # started with --cgroup-parent /docker/ID
        ("0::/user.slice/x%s\n" % ID, None),
        ("0::/docker/%s0\n" % ID, None),
        ("0::/\n", None),
    ],
)
def test_which_container_a_cgroup_names(cgroup, expected):
    assert procfs.container_in(cgroup.encode(), frozenset((ID, OTHER))) == expected


def test_a_container_that_each_hierarchy_names_is_told_once_and_the_outermost_first():
    cgroup = "2:cpu:/docker/%s/%s\n1:name=systemd:/docker/%s/%s\n0::/docker/%s\n" % (OTHER, ID, OTHER, ID, ID)
    assert procfs.containers_in(cgroup.encode(), frozenset((ID, OTHER))) == (OTHER, ID)


def test_an_id_that_the_engine_does_not_know_is_no_container():
    assert procfs.container_in(("0::/docker/%s\n" % ID).encode(), frozenset((OTHER,))) is None


@pytest.mark.parametrize(
    "cgroup, expected",
    [
        ("2:pids:/\n1:name=systemd:/\n0::/system.slice\n", True),
        ("2:pids:/docker/%s\n1:rdma:/\n" % ID, False),
        ("0::/\n", False),  # version 2 goes on to show where it was
        ("", False),
    ],
)
def test_a_thread_that_has_ended_is_in_the_roots_of_version_1(cgroup, expected):
    assert procfs.in_roots(cgroup.encode()) is expected


def test_stat_with_a_name_that_looks_like_fields():
    fields = " ".join(["S", "55"] + ["0"] * 17 + ["4711", "0"])
    assert procfs.parse_stat(b"7 (a) R 1 (b)) " + fields.encode()) == (55, 4711)


@pytest.mark.parametrize(
    "state, flags, ended, exiting", [("S", 0x400100, False, False), ("S", 0x404, False, True), ("Z", 0x40C, True, True)]
)
def test_task_is_ended_by_its_state_and_exiting_by_its_flags(state, flags, ended, exiting):
    fields = " ".join([state, "55", "0", "0", "0", "0", str(flags)] + ["0"] * 10 + ["3", "0", "4711", "0"])
    assert procfs.parse_task(b"7 (a b) " + fields.encode()) == ("a b", ended, exiting, 55, 4711, 3)


def test_id_map():
    assert procfs.parse_id_map(b"         0     100000      65536\n") == [(0, 100000, 65536)]


@pytest.mark.parametrize(
    "parse, text",
    [
        (procfs.parse_status, b"\nUid:\t\n"),  # nobody is root where there is no uid
        (procfs.parse_status, b"\nUid:\t1000\t1000\n"),
        (procfs.parse_status, b"\nUid:\t1_0\t1\t1\t1\n"),
        (procfs.parse_status, b"\nNoNewPrivs:\t2\n"),
        (procfs.parse_status, b"\nSeccomp:\t-1\n"),
        (procfs.parse_id_map, b"0 100000\n"),
        (procfs.parse_id_map, b"0 -1 65536\n"),
        (procfs.parse_stat, b"1 (a) R 1 2 3"),
    ],
)
def test_what_the_kernel_does_not_write_is_a_value_error(parse, text):
    whole = b"Name:\ta\nState:\tS (sleeping)\nUid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nCapBnd:\t0\nCapEff:\t0\nNoNewPrivs:\t1\nSeccomp:\t2\n"
    if parse is procfs.parse_status:
        name = text.split(b":")[0] + b":"
        start = whole.index(name)
        text = whole[:start] + text + whole[whole.index(b"\n", start + 1) :]
    with pytest.raises(ValueError):
        parse(text)
