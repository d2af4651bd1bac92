# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A seccomp filter and AF_ALG: the ways that a filter leaves. The rule's cases have the ways by architecture."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.seccomp import crypto, profile

ON = profile.machine(frozenset(), "x86_64", "6.1.0")
ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
STOPS_ALG = {"names": ["socket"], "action": ERRNO, "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}


def find_way(default=ERRNO, calls=(), **more):
    return crypto.way_to_crypto(json.dumps(dict(more, defaultAction=default, syscalls=list(calls))), ON)


def allow(*conditions):
    return {"names": ["socket"], "action": ALLOW, "args": list(conditions)}


@pytest.mark.parametrize(
    "calls, expected",
    [
        ([], ""),
        ([allow()], "socket"),
        ([allow({"index": 0, "value": 40, "op": "SCMP_CMP_NE"})], "socket"),
        ([allow({"index": 0, "value": 38, "op": "SCMP_CMP_NE"})], ""),
        ([allow({"index": 0, "value": 2, "op": "SCMP_CMP_EQ"})], ""),
        ([allow({"index": 1, "value": 5, "op": "SCMP_CMP_NE"})], "socket"),
        # runc makes a rule of each of several conditions on one argument
        ([allow(*({"index": 0, "value": n, "op": "SCMP_CMP_NE"} for n in (38, 40)))], "socket"),
    ],
)
def test_the_family_is_read_from_the_conditions(calls, expected):
    assert find_way(calls=calls) == expected


@pytest.mark.parametrize(
    "calls, more, expected",
    [
        ([], {}, "socket"),
        ([STOPS_ALG], {}, ""),
        ([dict(STOPS_ALG, args=[{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}])], {}, "socket"),
        ([dict(STOPS_ALG, args=[{"index": 1, "value": 5, "op": "SCMP_CMP_EQ"}])], {}, "socket"),
        ([STOPS_ALG], {"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]}, "socketcall"),
        (
            [STOPS_ALG, {"names": ["socketcall"], "action": ERRNO}],
            {"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]},
            "",
        ),
    ],
)
def test_what_lets_all_through_by_default(calls, more, expected):
    assert find_way(ALLOW, calls, **more) == expected


def test_a_profile_s_map_of_architectures_counts_as_well():
    alg = allow({"index": 0, "value": 38, "op": "SCMP_CMP_NE"})
    arches = [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]
    assert find_way(calls=[alg], archMap=arches) == "socketcall"
    assert (
        find_way(calls=[alg], archMap=[{"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}])
        == ""
    )


@pytest.mark.parametrize("text", ["[]", "nonsense", '{"defaultAction": "SCMP_ACT_ERRNO", "architectures": 3}'])
def test_what_is_no_profile_means_nothing(text):
    with pytest.raises(Meaningless):
        crypto.way_to_crypto(text, ON)
