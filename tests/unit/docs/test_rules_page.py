# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/rules.md says what the catalogue says."""

import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tools.render_rules import PATH, evidence_of, render

HOW = "run python -m ansible_collections.containment.docker.tools.render_rules"


@pytest.fixture(scope="module")
def page():
    """The page, once."""
    return render(RULES)


def test_the_committed_page_is_current(page):
    assert PATH.read_text(encoding="utf-8") == page, HOW


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_has_its_section_with_its_texts(page, rule):
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    (section,) = [section for section in sections if section.startswith(rule.id + "\n")]
    for text in (rule.severity, *rule.settings, *(i for ids in rule.references.values() for i in ids)):
        assert text in section
    assert rule.rationale.split(".")[0].replace("_", "\\_") in section


def test_a_changed_text_changes_the_page(page):
    first = RULES[0]
    assert render((first._replace(rationale="Another reason."), *RULES[1:])) != page
    assert "## " + first.id not in render(RULES[1:])


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_evidence_of_each_layer_is_named(rule):
    for kind in KINDS:
        for layer in getattr(rule, kind):
            assert evidence_of(rule, kind, layer), f"{kind}: reads names no evidence of the layer {layer}"
