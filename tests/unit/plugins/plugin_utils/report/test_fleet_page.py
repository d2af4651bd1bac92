# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from ansible_collections.containment.docker.plugins.plugin_utils.report import fleet_data, fleet_summary
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import read_fleet

RULE = fleet_data.RuleText("icc", "Containers do not talk", "medium", "because", "turn it off", "CIS 2.2")


def finding(rule, subject, status, severity, **more):
    layers = {"kernel": {"ok": False, "seen": "it is on"}}
    return dict(
        {"rule": rule, "subject": subject, "status": status, "severity": severity, "seen": "on", "layers": layers},
        **more,
    )


def action(ends, kind="host", rules=("icc",), **more):
    return dict({"kind": kind, "ends": ends, "sentence": f"do it: ends {ends}", "rules": list(rules)}, **more)


def fleet(**hosts):
    return fleet_data.sort_worst_first(read_fleet(hosts))


def result(*findings, **more):
    return dict({"findings": list(findings)}, **more)


def test_hosts_are_sorted_by_their_gravest_failures_and_not_audited_ones_last():
    reports = fleet(
        a={"failed": True, "msg": "no"},
        b=result(*[finding("icc", f"container:{n}", "fail", "low") for n in range(9)]),
        c=result(finding("icc", "daemon", "fail", "critical")),
        d=result(),
        e=result(finding("icc", "daemon", "unknown", "critical")),
    )
    assert [report.host for report in reports] == ["c", "b", "e", "d", "a"]


def test_a_cell_is_the_worst_status_of_a_rule_on_a_host():
    subjects = [("pass", "low"), ("unknown", "critical"), ("fail", "low"), ("fail", "medium"), ("waived", "critical")]
    findings = [finding("icc", f"container:{n}", *pair) for n, pair in enumerate(subjects)]
    data = fleet_data.fleet_data(fleet(a=result(*findings), b=result()), {"a": ["web"]}, [RULE])
    assert data["hosts"] == [
        {"name": "a", "groups": ["web"], "cells": "M"},
        {"name": "b", "groups": [], "cells": "-"},
    ]


def test_what_needs_no_attention_is_left_out_and_each_text_stands_once():
    waiver = {"reason": "r", "owner": "o", "expires": "2027-01-31", "expired": False}
    findings = [
        finding("icc", "daemon", "fail", "medium", since="new", cause={"rule": "privileged", "subject": "container:x"}),
        finding("icc", "container:x", "pass", "medium"),
        finding("icc", "container:y", "pass", "medium", drift=True, disagreement="they differ"),
        finding("icc", "container:z", "waived", "medium", waiver=waiver),
    ]
    data = fleet_data.fleet_data(fleet(a=result(*findings)), {}, [RULE])
    rows = [dict(zip(fleet_data.FINDING, row)) for row in data["findings"]]
    texts = data["texts"]
    assert [texts[row["subject"]] for row in rows] == ["daemon", "container:z", "container:y"]
    assert [row["new"] for row in rows] == [1, 0, 0] and [row["waiver"] for row in rows] == [-1, 0, -1]
    assert texts[rows[0]["cause"]] == "privileged of container:x" and texts[rows[0]["kernel"]] == "-it is on"
    assert rows[0]["configured"] == -1 and texts[rows[2]["disagreement"]] == "they differ"
    assert data["waivers"] == [{"rule": "icc", **waiver}]
    assert len(set(texts)) == len(texts)


def test_a_rule_of_another_release_is_shown_by_its_id():
    data = fleet_data.fleet_data(fleet(a=result(finding("of-tomorrow", "daemon", "fail", "high"))), {}, [RULE])
    assert [rule["id"] for rule in data["rules"]] == ["icc", "of-tomorrow"]
    assert [rule["seen"] for rule in data["rules"]] == [False, True]


def test_equal_actions_of_hosts_are_one_and_what_ends_most_comes_first():
    settings = {"settings": {"icc": False}}
    reports = fleet(
        a=result(actions=[action(2, "restart_daemon", **settings), action(4)]),
        b=result(actions=[action(3, "restart_daemon", settings={"live-restore": True})]),
        c=result(actions=[action(1, "host", ["privileged"])]),
        d={"failed": True},
    )
    actions = fleet_summary.sum_up_actions(reports)
    assert [(item.ends, item.hosts) for item in actions] == [(5, [0, 1]), (4, [0]), (1, [2])]
    assert actions[0].sentence == "Restart dockerd once with icc, live-restore"
    assert actions[0].details == [("a", "do it: ends 2"), ("b", "do it: ends 3")]
    assert actions[1].sentence == "a: do it: ends 4"


def test_hosts_of_an_action_that_are_not_named_are_counted():
    reports = fleet(**{f"h{n:03}": result(actions=[action(1)]) for n in range(fleet_summary.DETAILS + 3)})
    (only,) = fleet_summary.sum_up_actions(reports)
    assert (
        len(only.details) == fleet_summary.DETAILS and only.more == 3 and len(only.hosts) == fleet_summary.DETAILS + 3
    )


def test_waivers_are_counted_over_the_fleet_and_unused_ones_are_told():
    waiver = {"reason": "r", "owner": "o", "expires": "2027-01-31", "expired": False}
    unused = {"rule": "icc", "reason": "old", "owner": "o", "expires": "2026-12-31", "kind": "daemon", "value": ""}
    waived = finding("icc", "daemon", "waived", "medium", waiver=waiver)
    rows = fleet_summary.sum_up_waivers(fleet(a=result(waived, waived), b=result(waived, unused_waivers=[unused])))
    assert [(row["reason"], row["findings"], row["hosts"], row["unused"]) for row in rows] == [
        ("old", 0, 1, True),
        ("r", 3, 2, False),
    ]


def test_what_is_resolved_names_its_host():
    item = {"rule": "icc", "subject": "daemon", "was": "fail", "why": "it passes now"}
    assert fleet_summary.resolved_since(fleet(a=result(last={"new": 0, "resolved": [item]}), b=result())) == [
        dict(item, host="a")
    ]
