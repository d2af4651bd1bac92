# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_csv, read by Python's csv in its strict mode."""

import csv
import io
import re

import pytest

from ansible_collections.containment.docker.plugins.filter.findings_to_csv import FilterModule
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_csv import COLUMNS

from .report_results import HOSTILE, finding, hostile_result, result, waiver

findings_to_csv = FilterModule().filters()["findings_to_csv"]
# RFC 4180, each field quoted: records end with CR LF, and a quote inside a field is doubled.
GRAMMAR = re.compile(r'(?:"(?:[^"\r\n]|"")*"(?:,"(?:[^"\r\n]|"")*")*\r\n)+\Z')


def read(results):
    """The rows as dicts."""
    text = findings_to_csv(results)
    assert GRAMMAR.match(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS and {len(row) for row in rows} == {len(COLUMNS)}
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


def test_rule_for_a_subject_is_a_row():
    waived = finding("waived", remediation="Recreate it.", since="new", waiver=waiver(ticket="SEC-1"))
    (row,) = read({"web1": result(waived)})
    assert {key: value for key, value in row.items() if value} == {
        "host": "web1",
        "subject": "container:web",
        "rule": "privileged",
        "title": "Containers are not privileged",
        "severity": "critical",
        "status": "waived",
        "since": "new",
        "message": "Privileged",
        "remediation": "Recreate it.",
        "waiver_owner": "ops",
        "waiver_expires": "2027-01-31",
        "waiver_reason": "reads counters",
        "waiver_ticket": "SEC-1",
        "references": row["references"],
        "collected_at": "2026-11-27T04:00:00Z",
    }
    assert "CIS 1.8 5." in row["references"]


def test_hosts_stand_under_one_another_and_none_is_missing():
    rows = read({"web2": result(finding(), finding("pass", subject="daemon")), "web1": None})
    assert [(row["host"], row["status"]) for row in rows] == [
        ("web1", "not audited"),
        ("web2", "fail"),
        ("web2", "pass"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", " =1", "\uff1d1", "|calc", "%0A=1"])
def test_formula_is_text(text):
    (row,) = read({"web1": result(finding(seen=text))})
    assert row["message"] == "'" + text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_row_or_cell_and_is_no_formula(text):
    rows = read({text: hostile_result(text)})
    assert [row["rule"] for row in rows[:3]] == ["privileged", "privileged", "seccomp"]
    assert {row["host"] for row in rows} == {rows[0]["host"]}
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.strip()[:1] in set("=+-@\t\r\uff1d") and cell] == []
    assert all(cell.isprintable() for cell in cells)
