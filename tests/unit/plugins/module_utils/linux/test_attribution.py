# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a process is, when a container has chosen what it can choose."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import attribution
from ansible_collections.containment.docker.plugins.module_utils.linux.attribution import (
    DISPUTED,
    HOST,
    Claims,
    Process,
)

A, B = "a" * 64, "b" * 64
NOBODY = frozenset()


@pytest.mark.parametrize(
    "why, ancestors, cgroup, namespaces, expected",
    [
        ("an ordinary process", {A}, (A,), NOBODY, A),
        ("one that left its control group", {A}, (), NOBODY, A),
        ("one started with --cgroup-parent /docker/B", {A}, (B, A), NOBODY, A),
        ("one in a group with B's id that A made", {A}, (A, B), NOBODY, A),
        ("one that moved to B's group", {A}, (B,), NOBODY, DISPUTED),
        ("one of the host", NOBODY, (), NOBODY, HOST),
        ("a host's process moved to A's group", NOBODY, (A,), NOBODY, DISPUTED),
        ("one that root entered by nsenter", NOBODY, (), {A}, DISPUTED),
        ("A's orphan where B has A's pid namespace", {A, B}, (A,), {A}, A),
        ("B's orphan in A's pid namespace", {A, B}, (B,), {B}, B),
        ("B's orphan in A's pid namespace, moved to A's group", {A, B}, (A,), {B}, DISPUTED),
        ("B's orphan in A's pid namespace, with mounts of its own", {A, B}, (B,), {A, B}, DISPUTED),
        ("B's orphan in A's pid namespace that left its group", {A, B}, (), {B}, DISPUTED),
    ],
)
def test_owner(why, ancestors, cgroup, namespaces, expected):
    claims = Claims(frozenset(ancestors), cgroup, frozenset(namespaces))
    assert attribution.owner(claims, frozenset((A, B))) == expected, why


@pytest.mark.parametrize(
    "cgroup, namespaces, expected",
    [((A,), NOBODY, A), ((A, B), NOBODY, DISPUTED), ((A,), {B}, DISPUTED), ((A,), {A}, A)],
)
def test_owner_where_no_shim_is_known(cgroup, namespaces, expected):
    assert attribution.owner(Claims(NOBODY, cgroup, frozenset(namespaces)), NOBODY) == expected


def table(*parents):
    return {pid: Process(pid, parent, 1, "x", (), pid) for pid, parent in parents}


def test_a_process_descends_from_the_shim_above_it():
    processes = table((1, 0), (10, 1), (11, 10), (12, 11), (20, 1), (21, 20))
    shims = {10: A, 20: B}
    assert attribution.ancestors(12, processes, shims, {}) == {A}
    assert attribution.ancestors(21, processes, shims, {}) == {B}
    assert attribution.ancestors(10, processes, shims, {}) == NOBODY


def test_who_shares_the_pid_namespace_of_the_first_process_may_own_what_it_adopted():
    processes = table((10, 1), (11, 10), (12, 11))
    assert attribution.ancestors(12, processes, {10: A}, {11: frozenset((A, B))}) == {A, B}
    assert attribution.ancestors(11, processes, {10: A}, {11: frozenset((A, B))}) == {A}


def test_a_circle_of_parents_ends():
    assert attribution.ancestors(1, table((1, 2), (2, 1)), {}, {}) == NOBODY


@pytest.mark.parametrize(
    "pid, mnt, expected",
    [("p", "m", {A}), ("p", "else", {A, B}), ("else", "m", {A}), ("else", "else", NOBODY), (None, None, NOBODY)],
)
def test_namespaces_name_who_has_both(pid, mnt, expected):
    owners = attribution.namespace_owners({A: {"p", "m"}, B: {"p", "n"}})
    assert attribution.claimed_by_namespaces(pid, mnt, owners) == expected


def test_claims_in_words():
    claims = Claims(frozenset((A,)), (B,), NOBODY)
    assert attribution.described(claims, {A: "hidden", B: "victim"}) == (
        "ancestors: hidden; control group: victim; namespaces: no container's"
    )
