# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule that the tutorial writes is one: it is judged by the tutorial's own cases."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.rules import cases, subjects

PAGE = Path(__file__).parents[3] / "docs" / "tutorials" / "4-write-a-rule.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
RULE_TEXT, CASES_TEXT = (text for language, text in BLOCKS if language == "python")


def load(name, text, folder):
    """A module out of a block of the page."""
    path = folder / f"{name.rpartition('.')[2]}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tutorial(tmp_path):
    """(the rule, the module of its cases)."""
    return load("cgroup_parent", RULE_TEXT, tmp_path).RULE, load(
        f"{cases.__name__}.cgroup_parent", CASES_TEXT, tmp_path
    )


def test_the_tutorial_s_cases_come_out_as_they_say(tutorial):
    rule, module = tutorial
    assert {case.status for case in module.CASES} == {"pass", "fail", "unknown"}
    for case in module.CASES:
        evidence = subjects.changed(case)
        finding = judge(rule, case.kind, "container:web", evidence)
        assert (finding["status"], case.seen in finding["seen"]) == (case.status, True), case.why


def test_the_good_container_passes(tutorial):
    evidence = subjects.good("container")
    assert judge(tutorial[0], "container", "container:web", evidence)["status"] == "pass"


def test_the_tutorial_s_entry_is_one_of_the_scenario(tutorial):
    (entry,) = [entry for language, text in BLOCKS if language == "yaml" for entry in yaml.safe_load(text)]
    assert set(entry) == {"name", "run", "rules", "probe", "shows"}
    assert entry["rules"] == [tutorial[0].id]
