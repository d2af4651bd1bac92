# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_lines: what is new, what is resolved, and who disagrees."""

import pytest

from ansible_collections.containment.docker.plugins.filter.findings_to_lines import FilterModule

findings_to_lines = FilterModule().filters()["findings_to_lines"]
LAST = {
    "at": "2026-06-01T10:00:00Z",
    "reason": "",
    "new": 1,
    "unchanged": 2,
    "resolved": [{"rule": "seccomp", "subject": "container:old", "was": "fail", "why": "gone with the container"}],
    "updated": ["container:web"],
    "not_kept": "",
}


def finding(status="fail", **changes):
    made = {"rule": "privileged", "subject": "container:web", "status": status, "severity": "critical", "seen": "it is"}
    made.update(changes)
    return made


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ({}, "it is"),
        ({"since": "unchanged"}, "it is"),
        ({"since": "new"}, "(new) it is"),
        ({"since": "new", "was": "waived"}, "(was waived) it is"),
    ],
)
def test_what_is_new_is_marked(marks, shown):
    line = findings_to_lines([finding(**marks)])[0]
    assert line.split() == ["fail", "critical", "privileged", "container:web", *shown.split()]


def test_what_is_resolved_and_updated_follows_the_findings():
    lines = findings_to_lines([finding()], last=LAST)
    assert lines[1].split() == ["resolved", "seccomp", "container:old", *"was fail, gone with the container".split()]
    assert lines[2:] == [
        "updated: container:web",
        "since 2026-06-01T10:00:00Z: 1 new, 1 resolved, 2 unchanged",
        "1 fail, 0 unknown, 0 waived, 0 pass, 0 not applicable",
    ]


def test_why_there_is_no_comparison_and_none_the_next_time():
    lines = findings_to_lines([], last=dict(LAST, at="", reason="/x is a link\x1b[2J", not_kept="/x is a link"))
    assert lines[:-1] == [r"no comparison: /x is a link\x1b[2J", "not kept for the next audit: /x is a link"]


def test_who_disagrees_is_told_whole_and_for_a_pass_too():
    text = "holds in the running daemon, not in the container: " + "x" * 100
    lines = findings_to_lines([finding("pass", disagreement=text)])
    assert lines[0].startswith("disagreement") and lines[0].endswith(text)


def test_without_a_last_result_nothing_is_said_of_it():
    assert (
        findings_to_lines([], last={})
        == findings_to_lines([])
        == ["0 fail, 0 unknown, 0 waived, 0 pass, 0 not applicable"]
    )


def test_names_are_inert():
    hostile = "container:\x1b[2J\n"
    resolved = [dict(LAST["resolved"][0], subject=hostile)]
    last = dict(LAST, resolved=resolved, updated=[hostile])
    assert all(line.isprintable() for line in findings_to_lines([finding(subject=hostile)], last=last))
