# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/attempts.md says what the scenario `attempts` recorded, and what it records is right."""

import pytest

from ansible_collections.containment.docker.extensions.molecule.attempts.tests import states
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tools import render_attempts

HOW = "run python -m ansible_collections.containment.docker.tools.render_attempts"
ATTEMPTS = render_attempts.load("attempts.yml")["attempts"]
CONFIGURATIONS = render_attempts.load("configurations.yml")["configurations"]
MATRIX = render_attempts.load("matrix.yml")
W, R, A, S, N = states.WORKS, states.REFUSED, states.ABSENT, states.STOPPED, states.NOT_STARTED


def test_the_committed_page_is_current():
    assert render_attempts.PATH.read_text(encoding="utf-8") == render_attempts.rendered(), HOW


def test_a_changed_cell_changes_the_page():
    cells = {**MATRIX["cells"], "core-pattern": {states.OPEN: "default"}}
    assert render_attempts.render(ATTEMPTS, CONFIGURATIONS, {**MATRIX, "cells": cells}) != render_attempts.rendered()


def test_every_recorded_cell_is_of_an_attempt_and_a_configuration_and_may_be():
    assert list(MATRIX["cells"]) == [attempt["id"] for attempt in ATTEMPTS]
    names = {configuration["name"] for configuration in CONFIGURATIONS}
    for row in MATRIX["cells"].values():
        assert set(row) <= set(render_attempts.SYMBOLS)
        assert all(which == states.EVERYWHERE or set(which.split()) <= names for which in row.values())


def test_the_rules_are_of_the_catalogue():
    assert {rule for attempt in ATTEMPTS for rule in attempt["rules"]} <= {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("before", "cured", "recreated", "expected"),
    [
        (W, R, R, states.LIVE),
        (W, W, R, states.RECREATED),
        (W, None, R, states.RECREATED),
        (W, W, N, states.RECREATED),
        (W, S, S, states.POLICY),
        (W, W, S, states.POLICY),
        (W, S, R, states.POLICY),
        (W, W, W, states.OPEN),
        (W, R, W, states.OPEN),
        (W, S, W, states.OPEN),
        (W, A, A, states.ABSENT),
        (R, R, R, states.REFUSED),
        (R, S, N, states.REFUSED),
        (A, A, A, states.ABSENT),
        (R, R, W, states.OPENED),
        (A, W, R, states.OPENED),
    ],
)
def test_a_cell_s_state(before, cured, recreated, expected):
    assert states.state(before, cured, recreated) == expected


def test_what_works_nowhere_is_absent_and_not_refused():
    refused = {"a": {"it": [R, "EPERM"]}, "b": {"it": [A, "ENOENT"]}}
    assert states.cells(["it"], refused, {}, refused) == {"it": {"a": A, "b": A}}
    assert states.grouped({"it": {"a": A, "b": A}}) == {"it": {A: states.EVERYWHERE}}


@pytest.mark.parametrize(
    ("then", "now", "wrong", "not_shown"),
    [
        (states.LIVE, states.LIVE, False, False),
        (states.LIVE, A, False, True),  # not passed, and said
        (R, A, False, True),
        (A, states.LIVE, False, False),
        (A, R, False, False),
        (A, states.OPEN, True, False),
        (A, states.OPENED, True, False),
        (R, states.OPEN, True, False),
        (R, states.LIVE, True, False),
        (states.LIVE, states.OPEN, True, False),
        (states.OPEN, states.LIVE, True, False),
    ],
)
def test_a_run_against_the_record(then, now, wrong, not_shown):
    row = {"one": now, "other": states.OPEN}
    recorded = states.grouped({"it": {"one": then, "other": states.OPEN}})
    assert bool(states.differences(recorded, "it", row)) is wrong
    assert states.not_shown(recorded, "it", row) == ("one" if not_shown else "")


def test_what_can_no_longer_be_shown_anywhere_is_neither_wrong_nor_passed():
    recorded = states.grouped({"it": {"one": states.LIVE, "other": R}})
    row = {"one": A, "other": A}
    assert states.differences(recorded, "it", row) == []
    assert states.not_shown(recorded, "it", row) == states.EVERYWHERE
