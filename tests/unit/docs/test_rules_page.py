# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/rules.md says what the catalogue says."""

import re

import pytest
import yaml

from ansible_collections.containment.docker.plugins.module_utils.judge import waiver
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, SEVERITIES
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.tools import rule_examples
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


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_example_is_a_failing_finding_of_the_rule(rule):
    _case, finding = rule_examples.first_failure(rule)
    text = rule_examples.example(rule)
    assert f"fail {rule.severity} {rule.id} {finding['subject']}: {finding['message']}" in text
    assert " fails   " in text


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_each_rule_shows_why_it_is_unknown(rule):
    lines = rule_examples.unknowns(rule).splitlines()[2:]
    assert 1 <= len(lines) <= rule_examples.UNKNOWN_SHOWN


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_waiver_to_copy_is_one_when_its_last_day_is_filled_in(rule):
    block = rule_examples.waiver(rule).partition("```yaml\n")[2].partition("```")[0]
    (entry,) = yaml.safe_load(block)["docker_audit_waivers"]
    with pytest.raises(ValueError, match="is not a date"):
        waiver.parse(0, entry, BY_ID)
    assert waiver.parse(0, dict(entry, expires="2027-01-31"), BY_ID).selector.rule == rule.id


def test_each_severity_is_explained(page):
    assert [
        line.split(" | ")[0] for line in page.splitlines() if line.startswith(tuple(f"| {s} |" for s in SEVERITIES))
    ] == [f"| {severity}" for severity in SEVERITIES[::-1]]


def test_a_case_that_comes_out_otherwise_is_named_with_both():
    rule = RULES[0]
    case, _finding = rule_examples.first_failure(rule)
    with pytest.raises(rule_examples.Unfinished, match=f"{rule.id}: its case .* is fail, not unknown: mend"):
        rule_examples.finding_of(rule, case._replace(status="unknown"))
