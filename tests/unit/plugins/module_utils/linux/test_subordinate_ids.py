# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import (
    Range,
    added,
    free,
    of,
    overlap,
    parse,
    split_user,
)


def test_parse():
    assert parse("# a comment\n\nalice:100000:65536\n1001:165536:65536\n", "/etc/subuid") == [
        Range("alice", 100000, 65536),
        Range("1001", 165536, 65536),
    ]


@pytest.mark.parametrize("text", ["alice:100000", "alice:x:1", ":1:2", "alice:1:2:3", "alice:99999999999:1"])
def test_a_line_that_nobody_reads_is_named(text):
    with pytest.raises(ValueError, match="/etc/subuid: line 2"):
        parse("ok:1:2\n" + text, "/etc/subuid")


@pytest.mark.parametrize(
    "remap, expected",
    [
        ("default", ("dockremap", "dockremap")),
        ("alice", ("alice", "alice")),
        ("alice:staff", ("alice", "staff")),
        ("1000:1001", ("1000", "1001")),
    ],
)
def test_split_user(remap, expected):
    assert split_user(remap) == expected


MINE = [Range("dockremap", 200000, 65536)]


@pytest.mark.parametrize(
    "others, ids, expected",
    [
        ([], [], None),
        ([Range("bob", 134464, 65536)], [], None),  # ends right before
        ([Range("bob", 265536, 65536)], [], None),  # begins right after
        ([Range("bob", 134465, 65536)], [], "bob"),
        ([Range("bob", 265535, 1)], [], "bob"),
        ([Range("bob", 100, 1000000)], [], "bob"),
        ([Range("dockremap", 200001, 5)], [], "dockremap"),  # with itself
        ([], [199999, 265536], None),
        ([], [200000], "real id 200000"),
    ],
)
def test_overlap(others, ids, expected):
    why = overlap(MINE + others, ["dockremap", "998"], ids)
    assert why is None if expected is None else expected in why


def test_ranges_by_number_belong_to_the_user_too():
    assert of([Range("998", 1, 2), Range("9", 1, 2)], ["dockremap", "998"]) == [Range("998", 1, 2)]


@pytest.mark.parametrize(
    "taken, ids, expected",
    [
        ([], [], 100000),
        ([Range("a", 100000, 65536)], [], 165536),
        ([Range("a", 165536, 65536)], [], 100000),  # a gap that is large enough
        ([Range("a", 100001, 1)], [], 165536),
        ([Range("a", 231072, 65536), Range("b", 100000, 131072)], [], 296608),
        ([Range("a", 100000, 500000000), Range("b", 150000, 10)], [], None),
        ([], [100000 + 70000], 100000),
        ([], [120000], 165536),
        ([Range("a", 5, 0)], [], 100000),
    ],
)
def test_free(taken, ids, expected):
    first = free(taken, ids)
    for item in taken:
        assert first >= item.end or first + 65536 <= item.first
    assert not any(first <= number < first + 65536 for number in ids)
    if len(taken) < 2 or taken[0].count < 1000000:
        assert first == expected


def test_no_room_is_said():
    with pytest.raises(ValueError, match="no 65536 consecutive"):
        free([Range("a", 100000, 600000000)], [])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", "d:1:2\n"),
        ("a:5:6\n", "a:5:6\nd:1:2\n"),
        ("a:5:6", "a:5:6\nd:1:2\n"),
    ],
)
def test_added(text, expected):
    assert added(text, "d", 1, 2) == expected
