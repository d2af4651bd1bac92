# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import read_fleet
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.audit_tables import ALL, build_tables
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import measure

from ....plugins.filter.report_results import HOSTILE, finding, hostile_result, result, waiver


def action(sentence, ends=1, rules=("privileged",), kind="host", **more):
    return {"kind": kind, "ends": ends, "sentence": sentence, "rules": list(rules), **more}


def texts(fleet, rows=20, width=100):
    return [line.text for line in build_tables(read_fleet(fleet), width, rows)]


def test_host_table_has_the_actions_first_and_a_row_for_each_rule():
    findings = [
        finding(message="It runs with all privileges"),
        finding(subject="container:db", message="It runs with all privileges"),
        finding("unknown", rule="seccomp", severity="high", seen="the process ended"),
        finding("waived", rule="capabilities", severity="high", waiver=waiver()),
        finding("pass", rule="apparmor", severity="medium"),
    ]
    assert texts({"web1": result(*findings, actions=[action("recreate 2 containers: ends 2 findings", 2)])}) == [
        "",
        "web1: 2 fail, 1 unknown, 1 waived, 1 pass, 1 new and 0 resolved since 2026-11-26T04:00:00Z",
        "  Do first:",
        "   1. recreate 2 containers: ends 2 findings",
        "  severity rule         subjects: what is wrong",
        "  critical privileged   containers db, web: It runs with all privileges",
        "  unknown  seccomp      container web: the process ended",
        "  waived   capabilities container web: ops until 2027-01-31: reads counters",
    ]


def test_host_without_findings_has_nothing_to_do():
    assert texts({"web1": result(last={})}) == ["", "web1: nothing was judged", "  Nothing to do."]


def test_subjects_of_one_rule_are_counted_beyond_three_and_the_daemon_comes_first():
    findings = [finding(subject=f"container:c{n}") for n in range(5)] + [finding(subject="daemon", message="It is off")]
    row = texts({"web1": result(*findings)})[-1]
    assert row == "  critical privileged daemon, containers c0, c1 and 3 more: It is off"


def test_a_new_finding_is_marked():
    assert texts({"web1": result(finding(since="new"))})[-1] == "  critical privileged container web (new): Privileged"


def test_fleet_table_has_the_actions_first_and_a_row_of_numbers_for_each_host():
    fleet = {
        "bad": result(finding(), finding(subject="daemon", severity="low"), actions=[action("x: ends 2 findings", 2)]),
        "good": result(last={}, actions=[action("y: ends 1 finding")]),
        "gone": {"failed": True, "msg": "no route"},
    }
    lines = texts(fleet)
    table = lines[lines.index("fleet: 3 hosts, 2 audited, 1 not audited") :]
    assert table[1:3] == ["  Do first:", "   1. Change the host to end privileged: ends 3 findings on bad, good"]
    assert [line.split() for line in table[3:5]] == [
        ["host", "critical", "high", "medium", "low", "unknown", "waived", "new"],
        ["bad", "1", "0", "0", "1", "0", "0", "1"],
    ]
    assert [measure(line) for line in table[3:5]] == [100, 100]
    assert table[5].split() == ["good", "0", "0", "0", "0", "0", "0", "0"]
    assert table[6] == "  gone  not audited: no route"


def test_the_worst_host_comes_first():
    lines = texts({"a": result(finding(severity="low")), "b": result(finding())})
    assert lines.index("  Nothing to do.") and [line for line in lines if line.startswith(("a: ", "b: "))][0][0] == "b"


def test_what_hardening_would_break_stands_below_without_what_is_waived():
    item = {
        "setting": "icc",
        "kind": "link",
        "subject": "container:web",
        "sure": "likely",
        "message": "it asks db",
        "remedy": "x",
    }
    waived = dict(item, message="no", waiver={"owner": "o", "expires": "2027-01-31", "reason": "r", "expired": False})
    obstacle = {"setting": "icc", "subject": "daemon", "reason": "y"}
    audit = result(forecast={"effects": [waived, item], "obstacles": [obstacle]})
    assert texts({"web1": audit})[-3:] == [
        "  Hardening would break:",
        "  likely   icc: container:web: it asks db",
        "  and 1 things that could not be looked at",
    ]


def test_one_host_that_was_not_audited_has_its_reason():
    assert texts({"gone": {"failed": True, "msg": "no route"}}) == ["gone: not audited: no route"]


def test_rows_are_counted_beyond_the_limit_and_all_are_there_without_one():
    findings = [finding(rule=f"rule-{n}") for n in range(30)]
    actions = [action(f"sentence {n}", rules=[f"rule-{n}"]) for n in range(30)]
    fleet = {f"h{n:02}": result(*findings, actions=actions) for n in range(30)}
    few = texts(fleet, rows=4)
    assert "      and 26 more" in few and "  and 26 more rules" in few and "  and 26 more hosts" in few
    assert "26 more hosts have no table here; they are in the table of the fleet." in few
    every = texts(fleet, rows=ALL)
    assert not [line for line in every if " more" in line and "hosts" not in line]
    assert sum("rule-29" in line and line.startswith("  critical") for line in every) == 30


@pytest.mark.parametrize("width", [64, 80, 100])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printable_and_stays_in_its_columns(text, width):
    audit = hostile_result(text)
    audit["actions"] = [action(text)]
    for line in texts({text: audit, "x" + text: audit, "y": {"failed": True, "msg": text}}, width=width):
        assert line.isprintable() and measure(line) <= width, line
