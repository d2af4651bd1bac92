# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A profile as dockerd reads it: what applies on this machine, and what is no profile."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.seccomp.profile import NO_FILTER, machine, parse

ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
HERE = machine(frozenset(("CHOWN", "SYS_CHROOT")), "x86_64", "4.18.0-553.el8_10.x86_64")
NOWHERE = machine(frozenset(("CHOWN",)))


def profile(*rules, **more):
    """A profile's JSON."""
    return json.dumps(dict({"defaultAction": ERRNO, "syscalls": list(rules)}, **more))


def certain(on, **conditions):
    """True or False where the rule applies or doesn't, None where it may."""
    rules = parse(profile(dict(conditions, names=["mount"], action=ALLOW)), on).rules
    return False if not rules else rules[0].certain or None


@pytest.mark.parametrize(
    "conditions, here, nowhere",
    [
        ({}, True, True),
        ({"includes": {"caps": ["CAP_CHOWN"]}}, True, True),
        ({"includes": {"caps": ["CAP_CHOWN", "CAP_SYS_ADMIN"]}}, False, False),
        # dockerd compares to the letter, so neither of these ever applies
        ({"includes": {"caps": ["CHOWN"]}}, False, False),
        ({"includes": {"caps": ["cap_chown"]}}, False, False),
        ({"excludes": {"caps": ["CAP_SYS_CHROOT"]}}, False, True),
        ({"excludes": {"caps": ["chown"]}}, True, True),
        ({"includes": {"arches": ["amd64", "x86"]}}, True, None),
        ({"includes": {"arches": ["s390x"]}}, False, None),
        ({"excludes": {"arches": ["amd64"]}}, False, None),
        ({"excludes": {"arches": ["s390x"]}}, True, None),
        ({"includes": {"minKernel": "4.8"}}, True, None),
        ({"includes": {"minKernel": "4.18"}}, True, None),
        ({"includes": {"minKernel": "5.4"}}, False, None),
        ({"excludes": {"minKernel": "4.8"}}, False, None),
        ({"excludes": {"minKernel": "5.4"}}, True, None),
        ({"includes": {"caps": ["CAP_CHOWN"], "minKernel": "5.4"}}, False, None),
        ({"includes": {"caps": ["CAP_BPF"], "minKernel": "4.8"}}, False, False),
        ({"excludes": {"caps": ["CAP_CHOWN"], "arches": ["s390x"]}}, False, False),
        ({"includes": {"arches": ["amd64"]}, "excludes": {"caps": ["CAP_CHOWN"]}}, False, False),
        ({"includes": {}, "excludes": {}}, True, True),
    ],
)
def test_conditions_are_evaluated_as_dockerd_does(conditions, here, nowhere):
    assert (certain(HERE, **conditions), certain(NOWHERE, **conditions)) == (here, nowhere)


def test_neither_default_nor_calls_is_no_filter():
    assert parse("{}", HERE) == parse('{"defaultAction": "", "syscalls": []}', HERE) == NO_FILTER


def test_keys_are_read_in_any_letter_case_and_the_last_wins():
    assert parse('{"defaultAction": "%s", "DEFAULTACTION": "%s"}' % (ERRNO, ALLOW), HERE).by_default
    assert not parse('{"defaultAction": "%s", "syscalls": null}' % ERRNO, HERE).by_default


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unconfined",
        "/etc/own.json",
        "[]",
        "null",
        "[" * 100000,
        profile(defaultAction="ALLOW"),
        profile({"names": ["read"], "action": "nonsense"}),
        profile({"names": ["read"]}),
        profile({"name": "read", "names": ["write"], "action": ALLOW}),
        profile({"names": "read", "action": ALLOW}),
        profile({"names": [1], "action": ALLOW}),
        profile("read"),
        profile(syscalls={"names": ["read"]}),
        profile({"names": ["read"], "action": ALLOW, "args": [{"index": 0, "op": "EQ"}]}),
        profile({"names": ["read"], "action": ALLOW, "args": [{"index": 6, "op": "SCMP_CMP_EQ"}]}),
        profile({"names": ["read"], "action": ALLOW, "args": [{"index": 0, "value": -1, "op": "SCMP_CMP_EQ"}]}),
        profile({"names": ["read"], "action": ALLOW, "args": [{"index": 0, "value": True, "op": "SCMP_CMP_EQ"}]}),
        profile({"names": ["read"], "action": ALLOW, "args": [{"index": 0, "value": 1.5, "op": "SCMP_CMP_EQ"}]}),
        profile({"names": ["read"], "action": ALLOW, "args": "x"}),
        profile({"names": ["read"], "action": ALLOW, "includes": ["x"]}),
        profile({"names": ["read"], "action": ALLOW, "includes": {"caps": "CAP_CHOWN"}}),
        profile({"names": ["read"], "action": ALLOW, "includes": {"minKernel": "new"}}),
        profile(architectures=["SCMP_ARCH_X86_64"], archMap=[{"architecture": "SCMP_ARCH_X86_64"}]),
    ],
)
def test_what_dockerd_does_not_take_is_refused(text):
    with pytest.raises(ValueError):
        parse(text, HERE)
