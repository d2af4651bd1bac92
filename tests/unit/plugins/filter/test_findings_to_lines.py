# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_lines: what is new, what is resolved, and who disagrees."""

import json

import pytest
from ansible.errors import AnsibleFilterError

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
    fields = {
        "rule": "privileged",
        "subject": "container:web",
        "status": status,
        "severity": "critical",
        "seen": "it is",
    }
    fields.update(changes)
    return fields


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ({}, "it is"),
        ({"since": "unchanged"}, "it is"),
        ({"since": "new"}, "(new) it is"),
        ({"since": "new", "was": "waived"}, "(was waived) it is"),
    ],
)
def test_what_is_new_is_marked(marks, words):
    line = findings_to_lines([finding(**marks)])[0]
    assert line.split() == ["fail", "critical", "privileged", "container:web", *words.split()]


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


def test_a_rule_is_one_line_with_its_subjects_whatever_their_reasons():
    names = ["container:%d" % number for number in range(18)]
    lines = findings_to_lines([finding(subject=name, seen=f"process {name}") for name in names])
    assert len(lines) == 2
    assert ", ".join(names[:16]) + " and 2 more " in lines[0]
    assert lines[0].endswith("process container:0 (and 17 other reasons)") and lines[1].startswith("18 fail")


@pytest.mark.parametrize("change", [{"status": "unknown"}, {"rule": "seccomp"}, {"severity": "low"}])
def test_what_differs_otherwise_has_a_line_of_its_own(change):
    assert len(findings_to_lines([finding(), finding(subject="container:db", **change)])) == 3


def test_the_same_disagreement_of_many_is_one_line():
    many = [finding("pass", subject=f"container:{name}", disagreement="not in force") for name in ("a", "b")]
    assert (
        findings_to_lines(many)[0].split()
        == "disagreement critical privileged container:a, container:b not in force".split()
    )


WAIVER = {"reason": "why", "owner": "who", "expires": "2026-01-01", "expired": True}


def test_an_expired_waiver_has_a_line():
    lines = findings_to_lines([finding(waiver=WAIVER)])
    assert (
        lines[1].split()
        == "expired critical privileged container:web the waiver of who expired 2026-01-01 (why)".split()
    )
    assert len(findings_to_lines([finding("waived", waiver=dict(WAIVER, expired=False))])) == 2


@pytest.mark.parametrize("kind, value, selector", [("container", "web", "container:web"), ("daemon", "", "daemon")])
def test_an_unused_waiver_has_a_line(kind, value, selector):
    unused = dict(WAIVER, rule="privileged", kind=kind, value=value)
    line = findings_to_lines([], unused_waivers=[unused])[0]
    assert line.split()[:4] == ["unused", "waiver", "privileged", selector] and "selects nothing that fails" in line


def test_only_what_a_setting_of_the_daemon_decides():
    mine = [finding(rule="no-new-privileges", subject="daemon"), finding(rule="no-new-privileges"), finding("pass")]
    lines = findings_to_lines([*mine, finding(rule="tcp-socket", subject="daemon")], settable=True)
    assert [line.split()[:4] for line in lines[:1]] == [["fail", "critical", "no-new-privileges", "daemon"]]
    assert lines[1:] == [
        "not settings of the daemon: 2 more fail or are unknown; the audit lists them",
        "1 fail, 0 unknown, 0 waived, 0 pass, 0 not applicable",
    ]


def test_what_is_unknown_for_one_reason_is_one_line_and_comes_first():
    reason = "docker.service is inactive; looking does not start it"
    stopped = [
        finding("unknown", rule=rule, severity=severity, subject="daemon", seen=reason)
        for rule, severity in (("log-level", "low"), ("seccomp", "high"), ("iptables", "medium"))
    ]
    lines = findings_to_lines([finding(), *stopped, finding("unknown", rule="pids-limit", seen="gone")])
    assert lines[0].split(None, 5) == [
        "unknown",
        "high",
        "3",
        "rules",
        "daemon",
        f"{reason} (seccomp, iptables, log-level)",
    ]
    assert [line.split()[:3] for line in lines[1:3]] == [
        ["fail", "critical", "privileged"],
        ["unknown", "critical", "pids-limit"],
    ]
    assert lines[3:] == ["1 fail, 4 unknown, 0 waived, 0 pass, 0 not applicable"]


def test_two_rules_that_are_unknown_for_one_reason_keep_their_lines():
    lines = findings_to_lines([finding("unknown", rule=rule) for rule in ("seccomp", "iptables")])
    assert len(lines) == 3 and "rules" not in "".join(lines)


def caused(name, **changes):
    cause = {"rule": "no-new-privileges", "subject": "daemon"}
    return finding(rule="no-new-privileges", subject=f"container:{name}", cause=cause, **changes)


def result(*findings, **changes):
    counts = {"fail": len(findings), "unknown": 0, "waived": 0, "pass": 7, "not_applicable": 1}
    return {"findings": list(findings), "counts": counts, **changes}


def test_actions_come_first_and_the_counts_are_the_result_s():
    action = {"sentence": "Restart dockerd once with icc in daemon.json: ends 1 finding"}
    lines = findings_to_lines(result(finding(), actions=[action]))
    assert lines[0].split(maxsplit=1) == ["do", action["sentence"]] and lines[1].startswith("fail")
    assert lines[-1] == "1 fail, 0 unknown, 0 waived, 7 pass, 1 not applicable"


def test_the_counts_of_a_result_that_a_file_had_sorted_stand_in_the_order_of_their_weight():
    sorted_result = json.loads(json.dumps(result(finding()), sort_keys=True))
    assert findings_to_lines(sorted_result)[-1] == "1 fail, 0 unknown, 0 waived, 7 pass, 1 not applicable"


def test_fifty_containers_with_one_cause_are_one_line_with_their_number():
    daemon = finding(rule="no-new-privileges", subject="daemon", message="The daemon does not set it")
    lines = findings_to_lines([daemon, *(caused(f"c{n}", since="new") for n in range(50))])
    assert len(lines) == 2
    assert lines[0].endswith("The daemon does not set it: it is; the cause of 50 more: no-new-privileges 50 (50 new)")


def test_what_has_a_cause_that_is_not_shown_has_its_own_line():
    assert findings_to_lines([caused("a")])[0].split()[3] == "container:a"
    waived = finding("waived", rule="no-new-privileges", subject="daemon", waiver=dict(WAIVER, expired=False))
    assert len(findings_to_lines([waived, caused("a")])) == 3


def test_what_is_folded_is_shown_with_passed():
    lines = findings_to_lines(result(passed={"seccomp": 2}, not_applicable={"selinux": "none here"}), passed=True)
    assert [line.split() for line in lines[:2]] == [
        ["pass", "seccomp", "2", "subjects"],
        ["not", "applicable", "selinux", "none", "here"],
    ]


def test_the_settings_of_a_folded_result_are_counted_with_what_passes():
    mine = finding(rule="no-new-privileges", subject="daemon")
    audit = result(mine, passed={"live-restore": 1, "no-new-privileges": 1}, containers=[{"name": "web"}])
    assert findings_to_lines(audit, settable=True)[-1] == "1 fail, 0 unknown, 0 waived, 1 pass, 0 not applicable"


@pytest.mark.parametrize("value", [None, "x", 1, {"findings": 1}, [{}], {"findings": [], "counts": {"fail": "x"}}])
def test_what_is_no_result_is_an_error(value):
    with pytest.raises(AnsibleFilterError):
        findings_to_lines(value)
