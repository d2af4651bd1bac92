# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run may claim: never more than the kernel showed, and never a plain pass for what is only held."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import (
    BIND,
    MASK,
    READ_ONLY,
    Change,
    OpenPath,
)
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.report import (
    Aftermath,
    covered_parts,
    expected_lines,
    lines,
    report,
    summary,
    warnings,
    ways_to_undo,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Status, parse_mountinfo

HOST, OWN, NESTED = "user:[4026531837]", "user:[4026532000]", "user:[4026532001]"
MOUNTS = parse_mountinfo(
    b"10 1 0:60 / / rw - overlay overlay rw\n"
    b"11 10 0:61 / /proc rw,nosuid - proc proc rw\n"
    b"12 10 0:63 / /sys rw - sysfs sysfs rw\n"
    b"13 11 0:64 / /proc/sys/fs/binfmt_misc rw - binfmt_misc b rw\n"
)
PROC, SYS = MOUNTS[1], MOUNTS[2]
SYSCTL = Change(BIND, PROC, "/sys", "/proc/sys", "/proc/sys")
KCORE = Change(MASK, PROC, "/kcore", "/proc/kcore", "/proc/kcore")
WHOLE = Change(READ_ONLY, SYS, "", "/sys", "/sys")
HELD_OPEN = OpenPath("/proc/sys", "held", "restart")
SHARED = OpenPath("/s", "shared", "recreate")
WAIVED = OpenPath("/proc/bus", "waived: x", "waived")
AGAIN = OpenPath("/proc/fs", "it could not be made read-only: x", "retry")


@pytest.mark.parametrize(
    "observed, state, is_held, recreate",
    [
        (Aftermath([], [], [], False), "closed", False, False),
        (Aftermath([], [], [], None), "unknown", False, False),
        (Aftermath([SYSCTL], [], [], True), "held until restart", True, False),
        (
            Aftermath([SYSCTL], [], [], False),
            "held until restart",
            True,
            False,
        ),  # the runtime failed, not the configuration
        (Aftermath([], [], [], True), "held until restart", True, False),  # a second run
        (Aftermath([SYSCTL], [HELD_OPEN], [], True), "restart needed", True, False),
        (Aftermath([], [HELD_OPEN], [], True), "restart needed", False, False),
        (Aftermath([], [AGAIN], [], True), "open", False, False),
        (Aftermath([SYSCTL], [SHARED], [], True), "needs recreation", True, True),
        (Aftermath([SYSCTL], [], ["SYS_ADMIN"], True), "needs recreation", True, True),
        (Aftermath([], [], ["SYS_ADMIN"], True), "needs recreation", True, True),
        (
            Aftermath([], [], ["SYS_ADMIN"], False),
            "closed",
            False,
            False,
        ),  # as the engine made it: what it may do is another rule's
        (Aftermath([], [WAIVED], [], False), "waived", False, False),
        (Aftermath([SYSCTL], [WAIVED], [], True), "held until restart", True, False),
    ],
)
def test_states(observed, state, is_held, recreate):
    result = report(observed, False)
    assert (result["state"], result["held_until_restart"], result["needs_recreation"]) == (state, is_held, recreate)
    assert len(result["changes"]) == len(observed.changes) and len(result["left"]) == len(observed.left)


def test_check_mode_calls_open_what_is_open():
    result = report(Aftermath([SYSCTL], [], [], True), True)
    assert result["state"] == "open" and not result["held_until_restart"]
    assert summary("web", result, True) == ["web: open", "  would be read-only: /proc/sys"]


def test_waived_paths_are_no_reason_and_the_rest_is():
    assert report(Aftermath([], [WAIVED, HELD_OPEN], ["it can undo it"], True), False)["reasons"] == [
        "it can undo it",
        "/proc/sys: held",
    ]


def test_a_hostile_name_is_shown_inert():
    change = SYSCTL._replace(path="/a\x1b[2J\n" + "x" * 5000)
    result = report(Aftermath([change], [HELD_OPEN._replace(path="/\x1b")], [], True), False)
    text = "".join(summary("w", result, False)) + result["changes"][0]["path"] + result["left"][0]["path"]
    assert "\x1b" not in text and "\n" not in text and len(text) < 2000


def process(pid=7, user_namespace=HOST, bounding=()):
    return Process(pid, Status(False, (0,) * 4, frozenset(bounding), frozenset(), 0, 0), None, user_namespace)


@pytest.mark.parametrize(
    "subject, owners, shares_pids, expected",
    [
        (process(bounding=["CHOWN", "SYS_PTRACE"]), {HOST}, False, []),
        (process(bounding=["SYS_ADMIN"]), {HOST}, False, ["SYS_ADMIN"]),
        (process(bounding=["SYS_MODULE"]), {HOST}, False, ["SYS_MODULE"]),
        (process(bounding=["SYS_PTRACE"]), {HOST}, True, ["SYS_PTRACE"]),
        (
            process(user_namespace=OWN, bounding=["SYS_ADMIN"]),
            {OWN, HOST},
            False,
            ["SYS_ADMIN"],
        ),  # a remapped container
        (process(user_namespace=NESTED, bounding=["SYS_ADMIN"]), {OWN, HOST}, False, []),  # a browser's sandbox in it
        (process(user_namespace=HOST, bounding=["SYS_ADMIN"]), {OWN, HOST}, False, ["SYS_ADMIN"]),
        (process(user_namespace=None, bounding=["SYS_ADMIN"]), {OWN, HOST}, False, ["SYS_ADMIN"]),
    ],
)
def test_ways_to_undo(subject, owners, shares_pids, expected):
    ways = ways_to_undo([process(pid=1), subject], frozenset(owners), shares_pids)
    assert len(ways) == len(expected)
    assert all(name in words and "process 7" in words for name, words in zip(expected, ways))


def test_one_process_for_each_way_is_enough():
    crowd = [process(pid, bounding=["SYS_ADMIN"]) for pid in range(1, 500)]
    assert len(ways_to_undo(crowd, frozenset((HOST,)), False)) == 1


@pytest.mark.parametrize(
    "processes, names, changes, word",
    [
        ([process(1, OWN), process(2, NESTED)], {}, [SYSCTL], "user namespaces"),
        ([process()], {1: "systemd"}, [WHOLE], "systemd"),
        ([process()], {1: "sh", 2: "keepalived"}, [SYSCTL], "keepalived"),
    ],
)
def test_warnings(processes, names, changes, word):
    assert any(word in text for text in warnings(processes, names, changes))
    assert warnings(processes, names, []) == []


def test_no_warning_without_cause():
    assert warnings([process(1), process(2)], {1: "systemd", 2: "nginx"}, [SYSCTL]) == []
    assert warnings([process()], {1: "keepalived"}, [KCORE]) == []


def test_lines_before_and_after():
    assert lines(MOUNTS) == [
        "/proc proc / writable",
        "/proc/sys/fs/binfmt_misc binfmt_misc / writable",
        "/sys sysfs / writable",
    ]
    assert expected_lines(MOUNTS, [WHOLE, SYSCTL, KCORE]) == [
        "/proc proc / writable",
        "/proc/kcore covered",
        "/proc/sys proc /sys read-only",
        "/proc/sys/fs/binfmt_misc binfmt_misc / writable",
        "/proc/sys/fs/binfmt_misc binfmt_misc / writable",
        "/sys sysfs / read-only",
    ]


def test_covered_parts():
    mounts = MOUNTS + parse_mountinfo(
        b"20 11 0:61 /sys /proc/sys ro - proc proc rw\n"
        b"21 10 0:61 /keys /k ro - proc proc rw\n"
        b"22 21 0:9 /null /k ro - tmpfs t rw\n"
        b"23 10 0:61 /sys/net /n ro - proc proc rw\n"
    )
    parts = [
        (mount.id, part)
        for mount, part in covered_parts(mounts, [("proc", ["/sys", "/bus"]), ("sysfs", ["/firmware"])])
    ]
    assert parts == [(11, "/sys"), (21, "")]
