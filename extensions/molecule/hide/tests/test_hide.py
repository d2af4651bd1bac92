# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each guilty container is found by the rules that are about it, no innocent one is, and the score is as recorded."""

import importlib.util
from pathlib import Path

import pytest
import score
import yaml

HERE = Path(__file__).resolve().parents[1]


def load_generator():
    """Return files/generate.py as a module: the scenario's folder is no package here."""
    spec = importlib.util.spec_from_file_location("hide_generate", HERE / "files" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = load_generator().cases()


@pytest.fixture(scope="module")
def hidden(result):
    """What the audits said: before and after as {(subject, rule): status}, and the findings of after."""
    audits = result("hidden")
    before, after = score.statuses(audits["before"]), score.statuses(audits["after"])
    return {"not_run": audits["not_run"], "before": before, "after": after, "findings": audits["after"]}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(hidden, case):
    assert case["id"] not in hidden["not_run"], hidden["not_run"][case["id"]]
    assert score.complaints(case, hidden["before"], hidden["after"]) == []


def test_the_victim_is_not_accused(hidden):
    assert [rule for rule in score.OF_INNOCENTS if hidden["after"]["container:victim", rule] != "pass"] == []


def test_a_process_in_the_victims_control_group_is_a_finding_of_its_own(hidden):
    assert hidden["before"]["host", score.PROCESSES] == "pass"
    (finding,) = [item for item in hidden["findings"] if item["rule"] == score.PROCESSES]
    assert finding["status"] == "fail" and "-victims-group; control group: victim" in finding["seen"]


def test_the_score_is_as_recorded(hidden):
    rows = score.summary(CASES, hidden["not_run"], hidden["before"], hidden["after"])
    for guilty, what in ((True, "found"), (False, "not accused")):
        counts = [rows[row] for row in {case["row"] for case in CASES if case["guilty"] is guilty}]
        print(f"{what}: {sum(good for good, _every in counts)} of {sum(every for _good, every in counts)}")
    assert rows == yaml.safe_load((HERE / "vars" / "score.yml").read_text(encoding="utf-8"))["rows"]
