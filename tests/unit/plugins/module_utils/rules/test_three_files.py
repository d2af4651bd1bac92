# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rule is three files: itself, its cases, its entry in the scenario `audit`. All else follows from them."""

from pathlib import Path

import pytest

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, UPDATE
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

from . import recorded

ROOT = Path(__file__).parents[5]
RULE_FILES = {
    path.stem: path
    for path in (ROOT / "plugins" / "module_utils" / "rules").glob("*.py")
    if path.stem not in ("__init__", "catalogue")
}
CASES = {path.stem: path for path in (Path(__file__).parent / "cases").glob("*.py") if path.stem != "__init__"}


def test_the_catalogue_has_each_rule_once_and_the_gravest_first():
    assert sorted(rule.id for rule in RULES) == sorted(name.replace("_", "-") for name in RULE_FILES)
    order = [(-SEVERITIES.index(rule.severity), rule.id) for rule in RULES]
    assert order == sorted(order)


def test_each_rule_has_its_cases_and_no_cases_are_without_a_rule():
    assert set(CASES) == set(RULE_FILES)


@pytest.mark.parametrize(
    "path", [*RULE_FILES.values(), *CASES.values()], ids=lambda path: path.parent.name + "/" + path.stem
)
def test_a_template_is_filled_in(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "FILL IN" in line] == [], "see docs/adding-a-rule.md"


@pytest.mark.parametrize("name", ["RECORDED", "CREATED"])
def test_tables_name_containers_of_the_samples(name):
    known = recorded.EVERY_RECORDED if name == "RECORDED" else recorded.EVERY_CREATED
    assert set(recorded.table(RULES, name)) <= set(known)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.frozen == "never"], ids=lambda rule: rule.id)
def test_what_an_update_cures_says_which_one(rule):
    assert rule.remedy is not None and rule.remedy.module == UPDATE and rule.remedy.option and rule.remedy.without
