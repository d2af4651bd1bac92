# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the scenario `hide`, its score, and what docs/attempts.md says of them."""

import pytest

from ansible_collections.containment.docker.extensions.molecule.hide.files import generate
from ansible_collections.containment.docker.extensions.molecule.hide.tests import score
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.tools import render_attempts

CASES = generate.cases()
TABLE, SCORE = render_attempts.load_hiding("cases.yml"), render_attempts.load_hiding("score.yml")
CASE = {"id": "x", "row": "x-{a}", "guilty": True, "rules": ["privileged"], "fresh": False}
SUBJECT = ("container:x", "privileged")


def test_there_are_enough_cases_and_each_has_a_container_of_its_own():
    assert sum(case["guilty"] for case in CASES) >= 120
    assert sum(not case["guilty"] for case in CASES) >= 40
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("row", TABLE["guilty"], ids=[row["id"] for row in TABLE["guilty"]])
def test_a_guilty_row_says_what_it_tries_and_which_rules_are_about_it(row):
    assert row["tries"] and row["rules"] and set(row["rules"]) <= set(BY_ID)


def test_the_rules_that_innocents_pass_are_of_the_catalogue():
    assert set(score.OF_INNOCENTS) | {score.PROCESSES} <= set(BY_ID)


def test_the_score_is_of_this_table():
    counts = {}
    for case in CASES:
        counts[case["row"]] = counts.get(case["row"], 0) + 1
    assert {row: every for row, (_good, every) in SCORE["rows"].items()} == counts


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("pass", "fail", []),
        ("pass", "unknown", []),
        ("pass", "pass", ["privileged is pass"]),
        ("fail", "fail", ["privileged was fail before it did anything"]),
        (None, "fail", ["privileged was absent before it did anything"]),
    ],
)
def test_complaints_about_a_guilty_case(first, last, expected):
    before = {SUBJECT: first} if first else {}
    assert score.complaints(CASE, before, {SUBJECT: last}) == expected


def test_complaints_about_an_innocent_case():
    sound = {("container:x", rule): "pass" for rule in score.OF_INNOCENTS}
    assert score.complaints({**CASE, "guilty": False}, {}, sound) == []
    assert score.complaints({**CASE, "guilty": False}, {}, {**sound, SUBJECT: "unknown"}) == ["privileged is unknown"]


def test_a_case_that_did_not_run_is_not_found():
    before, after = {SUBJECT: "pass"}, {SUBJECT: "fail"}
    assert score.summary([CASE], {}, before, after) == {"x-{a}": [1, 1]}
    assert score.summary([CASE], {"x": "its process ended"}, before, after) == {"x-{a}": [0, 1]}


def test_a_worse_score_changes_the_page():
    rows = {row: [0, every] for row, (_good, every) in SCORE["rows"].items()}
    page = render_attempts.render_hiding(TABLE, {**SCORE, "rows": rows})
    assert "Found: **0 of" in page and page != render_attempts.render_hiding(TABLE, SCORE)
