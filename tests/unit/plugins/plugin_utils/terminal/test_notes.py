# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.terminal import notes
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import measure

from ....plugins.filter.report_results import HOSTILE


def take(*entries):
    log = notes.Notes()
    for note in entries:
        log.add(*note)
    lines = [line.text for line in log.take()]
    assert log.take() == []
    return lines


def test_equal_messages_of_hosts_are_one_line():
    hosts = [("changed", "Write", f"h{n}") for n in range(7)]
    assert take(*hosts) == ["changed: h0, h1, h2, h3, h4 and 2 more: Write"]


def test_other_messages_are_other_lines_in_their_order():
    assert take(("failed", "x", "a", ["no"]), ("failed", "x", "b", ["never"]), ("failed", "x", "c", ["no"])) == [
        "failed: a, c: x: no",
        "failed: b: x: never",
    ]


def test_long_messages_stand_below():
    assert take(("diff", "Write", "a", ["-1", "+2"])) == ["diff: a: Write", "    -1", "    +2"]


@pytest.mark.parametrize(
    "result, lines",
    [
        ({"msg": "no route"}, ["no route"]),
        ({}, ["failed"]),
        ({"msg": "MODULE FAILURE", "module_stderr": "a\nb\n"}, ["MODULE FAILURE", "a", "b"]),
        ({"msg": "All items", "results": [{"failed": True, "msg": "first"}, {"msg": "fine"}]}, ["first"]),
        ({"msg": "secret", "_ansible_no_log": True}, ["its result is hidden by no_log"]),
        ({"censored": "the output has been hidden"}, ["its result is hidden by no_log"]),
        ({"msg": "a\x1b[2J\nb"}, ["a\\x1b[2J\\nb"]),
    ],
)
def test_failed_task_says_why(result, lines):
    assert notes.read_message(result) == lines


@pytest.mark.parametrize(
    "result, lines",
    [
        ({"msg": "one\ntwo", "changed": False, "_ansible_verbose_always": True}, ["one", "two"]),
        ({"msg": ["one", "two"]}, ["one", "two"]),
        ({"msg": {"pending": [{"key": "icc", "reason": "later"}]}}, ["pending:", "  key: icc", "  reason: later"]),
        ({"x": {"a": 1}, "failed": False}, ["x:", "  a: 1"]),
        ({"msg": "secret", "_ansible_no_log": True}, ["its result is hidden by no_log"]),
    ],
)
def test_what_debug_shows_becomes_lines(result, lines):
    assert notes.read_shown(result) == lines


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printable_in_every_note(text):
    log = notes.Notes()
    log.add("failed", text, text, notes.read_message({"msg": text, "stderr": text}))
    log.add("shown", text, text, notes.read_shown({text: text, "list": [text, {text: [text]}]}))
    log.add("diff", text, text, notes.read_diff(text))
    for line in log.take():
        for part in notes.fold(line.text, 100):
            assert part.isprintable() and measure(part) <= 100


def test_long_line_is_folded_with_its_margin():
    assert notes.fold("    one two three", 14) == ["    one", "        two", "        three"]
    assert notes.fold("one two", 14) == ["one two"]


def test_what_a_host_says_is_bounded():
    assert len(notes.read_shown({"msg": ["x"] * 9999})) == notes.LINES
    assert max(map(len, notes.read_message({"msg": "x" * 99999}))) == notes.MESSAGE
