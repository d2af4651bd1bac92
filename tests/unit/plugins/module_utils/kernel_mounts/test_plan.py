# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mounts would be changed, in which order, and what is left; also of mounts that only an attacker makes."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import (
    BENEATH_LIMIT,
    BIND,
    CHANGE_LIMIT,
    COMPONENT_LIMIT,
    MASK,
    STEP_LIMIT,
    plan,
)
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import READ_ONLY as FLAG
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.waivers import Selector
from ansible_collections.containment.docker.plugins.module_utils.linux import kernel_view
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import MASKED, READ_ONLY
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.work import lines_run

READ = [path for path in READ_ONLY if path in ("/proc/sys", "/proc/bus")]
HIDE = [path for path in MASKED if path in ("/proc/kcore", "/sys/firmware")]
# `--security-opt systempaths=unconfined` on 26.1
BASE = (
    "10 1 0:60 / / rw - overlay overlay rw",
    "11 10 0:61 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw",
    "12 10 0:62 / /dev rw,nosuid - tmpfs tmpfs rw",
    "13 10 0:63 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro",
    "14 13 0:30 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw",
)
PROC = {(BIND, "/proc/sys"), (BIND, "/proc/bus"), (MASK, "/proc/kcore"), (MASK, "/sys/firmware")}


def planned(*lines, waivers=(), owns_cgroups=False, base=BASE):
    mounts = parse_mountinfo("".join(line + "\n" for line in base + lines).encode("utf-8", "surrogateescape"))
    return plan(mounts, kernel_view.find(mounts, READ, HIDE, owns_cgroups), waivers)


def changes(decision):
    return {(change.action, change.path) for change in decision.changes}


def test_unconfined_paths_are_bound_and_masked():
    decision = planned()
    assert changes(decision) == PROC and decision.left == []


def test_binds_come_before_masks_and_flags_before_both():
    decision = planned("20 10 0:30 / /cgroup rw - cgroup2 cgroup rw")
    assert [change.action for change in decision.changes] == [FLAG, BIND, BIND, MASK, MASK]


def test_a_mount_of_its_own_only_gets_its_flag():
    decision = planned("20 11 0:61 /sys /proc/sys rw,nosuid - proc proc rw")
    assert (FLAG, "/proc/sys") in changes(decision) and (BIND, "/proc/sys") not in changes(decision)


def test_the_kernel_under_another_name():
    decision = planned("20 10 0:5 / /host/proc rw - proc proc rw", "21 10 0:5 /kcore /k rw - proc proc rw")
    more = {(BIND, "/host/proc/sys"), (BIND, "/host/proc/bus"), (MASK, "/host/proc/kcore"), (FLAG, "/k"), (MASK, "/k")}
    assert changes(decision) == PROC | more


def test_a_second_plan_of_what_the_first_made_is_empty():
    decision = planned(
        "20 11 0:61 /sys /proc/sys ro - proc proc rw",
        "21 11 0:61 /bus /proc/bus ro - proc proc rw",
        "22 11 0:9 /null /proc/kcore ro - tmpfs tmpfs rw",
        "23 13 0:70 / /sys/firmware ro - tmpfs tmpfs ro",
    )
    assert decision == ([], [])


def test_on_a_shared_mount_flags_change_and_nothing_is_put():
    decision = planned(
        "20 10 0:5 / /s/proc rw shared:7 - proc proc rw",
        "21 10 0:6 / /s/sys rw shared:8 master:3 - sysfs sysfs rw",
    )
    assert changes(decision) - PROC == {(FLAG, "/s/sys")}
    remainders = {item.path: item for item in decision.left}
    assert set(remainders) == {"/s/proc/sys", "/s/proc/bus", "/s/proc/kcore", "/s/sys/firmware"}
    assert all("shared" in item.reason and item.cure == "recreate" for item in remainders.values())


def test_a_slave_mount_is_no_shared_one():
    decision = planned("20 10 0:5 / /s/proc rw master:7 - proc proc rw")
    assert (BIND, "/s/proc/sys") in changes(decision)


def test_an_unbindable_mount_is_masked_but_not_bound():
    decision = planned("20 10 0:5 / /u rw unbindable - proc proc rw")
    assert (MASK, "/u/kcore") in changes(decision)
    assert {item.path for item in decision.left} == {"/u/sys", "/u/bus"}


@pytest.mark.parametrize(
    "lines, reason",
    [
        (("20 10 0:5 / /h/proc rw - proc proc rw", "21 10 0:8 / /h rw - tmpfs t rw"), "the tmpfs at '/h' stands"),
        (("20 10 0:8 / /h rw - tmpfs t rw", "21 10 0:5 / /h/proc rw - proc proc rw"), "the tmpfs at '/h' stands"),
    ],
)
def test_a_mount_that_another_hides_can_t_be_reached(lines, reason):
    remainders = planned(*lines).left
    assert {item.path for item in remainders} == {"/h/proc/sys", "/h/proc/bus", "/h/proc/kcore"}
    assert all(item.reason.startswith(reason) and item.cure == "restart" for item in remainders)


def test_a_mount_that_reaches_through_what_covers_is_reached():
    decision = planned("20 10 0:8 / /h rw - tmpfs t rw", "21 20 0:5 / /h/proc rw - proc proc rw")
    assert (BIND, "/h/proc/sys") in changes(decision)


def test_stacked_mounts_the_upper_is_changed():
    decision = planned("20 11 0:5 / /proc rw - proc proc rw")
    assert {change.mount.id for change in decision.changes if change.path.startswith("/proc")} == {20}


@pytest.mark.parametrize("fstype", ["fuse.sshfs", "nfs4", "9p", "fuse"])
def test_a_filesystem_that_may_hang_is_never_walked(fstype):
    decision = planned("20 10 0:8 / /f rw - %s x rw" % fstype, "21 20 0:5 / /f/proc rw - proc proc rw")
    assert changes(decision) == PROC
    assert all(fstype in item.reason for item in decision.left) and len(decision.left) == 3


def test_a_deleted_mount_point_is_left_to_the_look_up_that_fails():
    """The kernel marks it so, and no path can contain it: the child's walk ends with ENOENT."""
    assert (BIND, "/gone//deleted/sys") in changes(planned("20 10 0:5 / /gone//deleted rw - proc proc rw"))


def test_odd_names_stay_what_they_are():
    decision = planned("20 10 0:5 /sys /a\\040b\\012\\134040 rw - proc proc rw")
    assert (FLAG, "/a b\n\\040") in changes(decision)


@pytest.mark.parametrize(
    "waived, remaining",
    [
        ("/proc/sys", {"/proc/sys"}),
        ("/proc/sys/net", {"/proc/sys"}),
        ("/proc", {"/proc/sys", "/proc/bus", "/proc/kcore"}),
        ("/proc/sysrq-trigger", set()),
        ("/", {"/proc/sys", "/proc/bus", "/proc/kcore", "/sys/firmware"}),
    ],
)
def test_waivers(waived, remaining):
    decision = planned(waivers=[Waiver(Selector(waived, ()), "needed", "", None)])
    assert {item.path for item in decision.left} == remaining
    assert {path for _action, path in changes(decision)} == {path for _action, path in PROC} - remaining
    assert all(item.cure == "waived" and "needed" in item.reason for item in decision.left)


def test_what_a_bind_would_take_along_is_bounded():
    beneath = [
        "%d 11 0:5 / /proc/sys/%d ro - tmpfs t rw" % (number, number) for number in range(100, 101 + BENEATH_LIMIT)
    ]
    decision = planned(*beneath)
    assert [item.path for item in decision.left] == ["/proc/sys"] and "below it" in decision.left[0].reason
    assert planned(*beneath[1:]).left == []


def test_a_path_of_too_many_components():
    decision = planned("20 10 0:5 /sys %s rw - proc proc rw" % ("/d" * (COMPONENT_LIMIT + 1)))
    assert "components" in decision.left[0].reason


def test_too_many_openings_are_told_and_not_followed():
    lines = ["%d 10 0:30 / /c/%d rw - cgroup2 c rw" % (number, number) for number in range(100, 200 + CHANGE_LIMIT)]
    decision = planned(*lines)
    assert len(decision.changes) == CHANGE_LIMIT and decision.left[-1].cure == "recreate"


def test_no_root_is_an_error_not_a_pass():
    with pytest.raises(ValueError):
        planned(base=BASE[1:])


def hostile(count):
    """Stacks, one on the other, on a deep path, and procs below."""
    lines = ["%d %d 0:8 / /s rw - tmpfs t rw" % (100 + n, 99 + n if n else 10) for n in range(count)]
    deep = "/s" + "/d" * 200
    return lines + ["%d %d 0:5 / %s/%d rw - proc p rw" % (900000 + n, 99 + count, deep, n) for n in range(count // 10)]


def test_work_grows_with_the_length_only():
    def work(count):
        lines = hostile(count)
        return lines_run(lambda: planned(*lines))

    assert work(4 * STEP_LIMIT) < 5 * work(STEP_LIMIT)
