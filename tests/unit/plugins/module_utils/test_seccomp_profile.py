# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What seccomp profiles let through."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.seccomp_profile import WATCHED, lets_through


def profile(default, *rules, **more):
    """A profile's JSON."""
    return json.dumps(dict(more, defaultAction=default, syscalls=list(rules)))


def rule(action, *names, **more):
    """One of its rules."""
    return dict(more, names=list(names), action=action)


ALLOW, ERRNO, KILL = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS"
# as Docker's own has it (moby: profiles/seccomp/default.json)
LIKE_DOCKERS = (
    rule(ALLOW, "read", "write", "clone3", "ptrace"),
    rule(ALLOW, "open_by_handle_at", includes={"caps": ["CAP_DAC_READ_SEARCH"]}),
    rule(ALLOW, "bpf", "mount", "perf_event_open", includes={"caps": ["CAP_SYS_ADMIN"]}),
    rule(ALLOW, "reboot", includes={"caps": ["CAP_SYS_BOOT"]}, excludes={}),
)


@pytest.mark.parametrize(
    "text, expected",
    [
        (profile(ERRNO, *LIKE_DOCKERS), ()),
        (profile(KILL), ()),
        ("{}", WATCHED),
        (profile(""), WATCHED),
        (profile(ALLOW), WATCHED),
        (profile("SCMP_ACT_LOG"), WATCHED),
        (profile("SCMP_ACT_TRACE"), WATCHED),
        (profile("SCMP_ACT_NOTIFY"), WATCHED),
        (profile(ALLOW, rule(ERRNO, "chmod")), WATCHED),
        (profile(ALLOW, rule(ERRNO, *WATCHED)), ()),
        (profile(ALLOW, rule(ERRNO, *WATCHED), rule(ALLOW, "bpf")), ("bpf",)),
        (profile(ALLOW, rule(ERRNO, *WATCHED, args=[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}])), WATCHED),
        (profile(ALLOW, rule(ERRNO, *WATCHED, includes={"arches": ["s390x"]})), WATCHED),
        (profile(ALLOW, rule(ERRNO, *WATCHED, includes={"minKernel": "9.9"})), WATCHED),
        (profile(ALLOW, rule(ERRNO, *WATCHED, excludes={"caps": ["CAP_CHOWN"]})), WATCHED),
        (profile(ALLOW, rule(ERRNO, *WATCHED, excludes={"caps": ["CAP_SYS_ADMIN"]})), ()),
        (profile(ERRNO, rule(ALLOW, "keyctl")), ("keyctl",)),
        (profile(ERRNO, rule("SCMP_ACT_LOG", "keyctl", args=[{"index": 0}])), ("keyctl",)),
        (profile(ERRNO, rule(ALLOW, "keyctl", includes={"caps": ["CAP_CHOWN"]})), ("keyctl",)),
        (profile(ERRNO, {"name": "keyctl", "action": ALLOW}), ("keyctl",)),
        ('{"defaultAction": "%s", "DEFAULTACTION": "%s"}' % (ERRNO, ALLOW), WATCHED),
        ('{"defaultAction": "%s", "syscalls": null}' % ERRNO, ()),
    ],
)
def test_lets_through(text, expected):
    assert lets_through(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unconfined",
        "/etc/own.json",
        "[]",
        "null",
        "[" * 100000,
        profile("ALLOW"),
        profile(ERRNO, rule("nonsense", "read")),
    ],
)
def test_what_is_no_profile(text):
    with pytest.raises(ValueError):
        lets_through(text)
