# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which control group is a container's own, and what its limits are, as both versions write it."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import (
    UNIFIED,
    Limit,
    find,
    limit,
    parse_hierarchies,
)

ID = "f00" + "0" * 61
V1 = b"""\
2900 2500 0:32 / /srv/shared/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
2628 2627 0:1093 / /sys/fs/cgroup ro,nosuid,nodev,noexec - tmpfs tmpfs ro,size=4096k,nr_inodes=1024,mode=755
2630 2628 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu,cpuacct
2632 2628 0:32 / /sys/fs/cgroup/memory rw,nosuid,nodev,noexec,relatime shared:9 - cgroup cgroup rw,memory
2636 2628 0:36 / /sys/fs/cgroup/pids rw,nosuid,nodev,noexec,relatime - cgroup cgroup rw,pids
2637 2628 0:37 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime - cgroup systemd rw,name=systemd
2416 2628 0:38 / /sys/fs/cgroup/unified rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup2 rw
"""
V2 = b"30 21 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
CGROUP_V1 = "8:pids:/docker/%s\n4:memory:/docker/%s\n0::/docker/%s\n" % (ID, ID, ID)
CGROUP_V2 = "0::/system.slice/docker-%s.scope\n" % ID


def where(cgroup, controller="memory", mountinfo=V1):
    return find(cgroup.encode(), controller, ID, parse_hierarchies(mountinfo))


def test_a_group_of_version_1():
    assert where(CGROUP_V1) == ("/docker/" + ID, "/sys/fs/cgroup/memory/docker/" + ID, False)
    assert where(CGROUP_V1, "pids").directory == "/sys/fs/cgroup/pids/docker/" + ID


def test_a_group_of_version_2():
    path = "/system.slice/docker-%s.scope" % ID
    assert where(CGROUP_V2, mountinfo=V2) == (path, "/sys/fs/cgroup" + path, True)


@pytest.mark.parametrize("below", ["/init.scope", "/docker/" + "e" * 64, "/docker/" + ID])
def test_a_group_that_the_container_made_below_is_not_taken(below):
    assert where(CGROUP_V2.rstrip("\n") + below, mountinfo=V2).directory.endswith("/docker-%s.scope" % ID)
    assert where("4:memory:/docker/%s%s\n" % (ID, below)).directory == "/sys/fs/cgroup/memory/docker/" + ID


def test_a_process_outside_of_its_container_s_group_has_no_limit_of_its_own():
    for cgroup in ("4:memory:/\n0::/docker/%s\n" % ID, "4:memory:/docker/%s\n" % ("e" * 64), "4:memory:/x%s\n" % ID):
        group = where(cgroup)
        assert group.directory is None and limit(group, "memory").most is None
        assert "not its own" in limit(group, "memory").where


def test_a_kernel_without_the_controller_is_named_as_the_reason(monkeypatch):
    monkeypatch.setattr(cgroups, "_read", {"/sys/fs/cgroup/cgroup.controllers": b"cpu pids\n"}.get)
    for cgroup, mountinfo in (
        (f"8:pids:/docker/{ID}\n", V1),
        (f"8:pids:/docker/{ID}\n0::/\n", V1),
        ("0::/../../..\n", V2),
    ):
        group = where(cgroup, mountinfo=mountinfo)
        assert group.directory is None
        assert limit(group, "memory").where.startswith("this kernel has no memory controller")


def test_a_process_in_another_unified_group_is_there_where_the_kernel_has_the_controller(monkeypatch):
    monkeypatch.setattr(cgroups, "_read", {"/sys/fs/cgroup/cgroup.controllers": b"cpu memory pids\n"}.get)
    assert (
        "control group /elsewhere, which is not its own"
        in limit(where("0::/elsewhere\n", mountinfo=V2), "memory").where
    )


def test_what_containers_have_in_common_changes_no_answer():
    memory = {}
    texts = [
        CGROUP_V1,
        CGROUP_V2,
        CGROUP_V1 + CGROUP_V2,
        f"4:memory:/x-{ID}/y\n",
        f"4:memory:/{ID}{ID}\n8:pids:/{ID}\n",
    ]
    texts += [text[:at] + "e" + text[at + 1 :] for text in texts for at in range(0, len(text), 7)]
    for text in texts:
        for container in (ID, "e" * 64, "1" * 63 + "f"):
            cgroup = text.replace(ID, container).encode()
            for controller in ("memory", "pids", "devices"):
                for mountinfo, shared in ((V1, memory.setdefault(1, {})), (V2, memory.setdefault(2, {}))):
                    hierarchies = parse_hierarchies(mountinfo)
                    answers = []
                    for known in (None, shared):
                        try:
                            answers.append(find(cgroup, controller, container, hierarchies, known))
                        except Unreadable as reason:
                            answers.append(str(reason))
                    assert answers[0] == answers[1]


def test_a_limit_above_is_read_once_for_all_containers_below_it(monkeypatch):
    files = {
        f"/sys/fs/cgroup/memory/docker/{name * 64}/memory.limit_in_bytes": b"9223372036854771712" for name in "abc"
    }
    files["/sys/fs/cgroup/memory/docker/memory.limit_in_bytes"] = b"4096"
    reads = []
    monkeypatch.setattr(cgroups, "_read", lambda path: reads.append(path) or files.get(path))
    memory = {}
    for name in "abc":
        cgroup = f"4:memory:/docker/{name * 64}\n".encode()
        result = cgroups.limits(name * 64, cgroup, parse_hierarchies(V1), memory)["memory"]
        assert result.where.endswith("/memory/docker above it has 4096, which all in it share")
    assert reads.count("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes") == 1


def test_a_group_outside_of_what_is_mounted_here_is_unknown():
    for cgroup, mountinfo in (
        ("4:memory:/../docker/%s\n" % ID, V1),
        (CGROUP_V1, V2),
        (CGROUP_V2, V1.replace(b" / /sys/fs/cgroup/unified", b" /other /sys/fs/cgroup/unified")),
    ):
        with pytest.raises(Unreadable, match="not to be seen here"):
            where(cgroup, mountinfo=mountinfo)


def test_a_mount_of_a_part_shows_what_is_below_it():
    mountinfo = V2.replace(b"0:30 / ", b"0:30 /system.slice ")
    assert where(CGROUP_V2, mountinfo=mountinfo).directory == "/sys/fs/cgroup/docker-%s.scope" % ID


@pytest.fixture(name="tree")
def _tree(tmp_path):
    """Writes files of a control group and returns what find gives for it."""
    directory = tmp_path / ("docker-%s.scope" % ID)
    directory.mkdir()

    def write(unified=True, **files):
        for name, text in files.items():
            (directory / name.replace("__", ".")).write_text(text)
        name = "0::" if unified else "1:memory,pids:"
        mounts = {hierarchy: [("/", str(tmp_path))] for hierarchy in (UNIFIED, "memory", "pids")}
        return find(("%s/docker-%s.scope\n" % (name, ID)).encode(), "memory", ID, mounts)

    return write


@pytest.mark.parametrize(
    "unified, files, expected",
    [
        (True, {"memory__max": "67108864\n"}, Limit(67108864, "memory.max")),
        (True, {"memory__max": "0\n"}, Limit(0, "memory.max")),
        (True, {"memory__max": "max\n"}, Limit(None, "memory.max shows no limit")),
        (True, {}, Limit(None, "its control group has no memory.max: the memory controller is off")),
        (False, {"memory__limit_in_bytes": "67108864\n"}, Limit(67108864, "memory.limit_in_bytes")),
        (
            False,
            {"memory__limit_in_bytes": "9223372036854771712\n"},  # 4 KiB pages
            Limit(None, "memory.limit_in_bytes shows no limit"),
        ),
        (
            False,
            {"memory__limit_in_bytes": "9223372036854710272\n"},  # 64 KiB pages
            Limit(None, "memory.limit_in_bytes shows no limit"),
        ),
    ],
)
def test_limits(tree, unified, files, expected):
    assert limit(tree(unified, **files), "memory") == expected


def test_what_is_no_number_or_gone_is_unknown(tree):
    group = tree(memory__max="many\n")
    with pytest.raises(Unreadable, match="no number"):
        limit(group, "memory")
    for name in os.listdir(group.directory):
        os.unlink(os.path.join(group.directory, name))
    os.rmdir(group.directory)
    with pytest.raises(Unreadable, match="is gone"):
        limit(group, "memory")


def test_a_process_of_no_container_is_unknown():
    with pytest.raises(Unreadable, match="none of the container's"):
        cgroups.limits_now(ID, os.getpid(), {})


@pytest.mark.parametrize(
    "limits, words",
    [
        ({"docker": 1 << 30}, "/memory/docker above it has 1073741824, which all in it share"),
        ({}, "memory.limit_in_bytes shows no limit"),
        ({"": 1 << 30}, "/memory above it has"),
    ],
)
def test_a_limit_of_the_group_above_is_told_and_is_none_of_its_own(monkeypatch, limits, words):
    base = "/sys/fs/cgroup/memory"
    known = {(base + "/" + name).rstrip("/"): value for name, value in limits.items()}
    monkeypatch.setattr(cgroups, "_number", lambda directory, _name: known.get(directory, 1 << 63))
    result = limit(where(CGROUP_V1), "memory")
    assert result.most is None and words in result.where
