# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux.types import (
    explain_weakness,
    level_of,
    list_overlapping,
    parse_categories,
    type_of,
)


@pytest.mark.parametrize(
    "level, wanted",
    [
        ("", set()),
        ("s0", set()),
        ("s0:c1,c2", {1, 2}),
        ("s0-s0:c0.c3", {0, 1, 2, 3}),
        ("s0:c1-s0:c1,c5.c7", {1, 5, 6, 7}),
        ("s0:c0.c1023", set(range(1024))),
        ("s0:c5.c3", set()),
    ],
)
def test_categories(level, wanted):
    assert parse_categories(level) == wanted


@pytest.mark.parametrize(
    "level",
    ["SystemHigh", "s0:", "s0:c1,", "s0:c1,c2\n", "s0:c99999", "c1,c2", "s0:c1.c2.", "-", "s0:c0.c9.c", "s0:1,2"],
)
def test_no_level(level):
    with pytest.raises(ValueError):
        parse_categories(level)


@pytest.mark.parametrize(
    "label, wanted",
    [
        ("system_u:system_r:container_t:s0:c1,c2", None),
        ("system_u:system_r:web.process:s0:c1,c2", None),
        ("system_u:system_r:container_t", None),
        ("system_u:system_r:spc_t:s0", "spc_t is not confined"),
        ("unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023", "unconfined_t is not confined"),
        ("system_u:system_r:container_t:s0:c0.c1023", "it has every category"),
        ("system_u:system_r:container_t:s0:c0.c511,c512.c1023", "it has every category"),
        ("", "no label"),
        ("kernel", "no label"),
        ("a:b:c:every", "'every' is no level of SELinux"),
    ],
)
def test_weak(label, wanted):
    assert explain_weakness(label) == wanted


def test_fields():
    label = "system_u:system_r:container_t:s0:c1,c2"
    assert (type_of(label), level_of(label)) == ("container_t", "s0:c1,c2")
    assert (type_of("kernel"), level_of("a:b:c")) == ("", "")


class _Peer:
    def __init__(self, labels=(), stored=""):
        self.labels, self.stored = frozenset("u:r:t:" + level for level in labels), stored and "u:r:t:" + stored


PEERS = {
    "own": _Peer(["s0:c1,c2"]),
    "same": _Peer(["s0:c9", "s0:c1,c2"]),
    "more": _Peer(["s0:c1,c2,c3"]),
    "less": _Peer(["s0-s0:c2"]),
    "other": _Peer(["s0:c1,c3"]),
    "none": _Peer(["s0"]),
    "odd": _Peer(["odd"]),
    "stopped": _Peer(stored="s0:c1,c2"),
    "unlabelled": _Peer(),
}


@pytest.mark.parametrize(
    "label, stored, wanted",
    [
        ("u:r:t:s0:c1,c2", False, ["same", "more", "less"]),
        ("u:r:t:s0:c1,c2", True, ["same", "more", "less", "stopped"]),
        ("u:r:t:s0", True, []),
        ("u:r:t:odd", True, []),
        ("", True, []),
    ],
)
def test_overlapping(label, stored, wanted):
    assert sorted(list_overlapping(label, "own", PEERS, stored)) == sorted(wanted)
