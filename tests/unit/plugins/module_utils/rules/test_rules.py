# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each rule over its cases, and the catalogue as a whole."""

import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import CURES, KINDS, LAYERS, SEVERITIES
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import Limit
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from .recorded import cases_module
from .subjects import Case, changed


def cases_of(rule):
    """The cases of a rule; a rule without any fails here."""
    return cases_module(rule).CASES


ALL = [(rule, case) for rule in RULES for case in cases_of(rule)]


@pytest.mark.parametrize("rule, case", ALL, ids=["%s: %s: %s" % (r.id, c.kind, c.why) for r, c in ALL])
def test_case(rule, case):
    finding = judge(rule, case.kind, case.kind, changed(case))
    assert finding["status"] == case.status, finding
    assert case.seen in finding["seen"], finding


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_has_a_passing_a_failing_and_an_unknown_case_of_each_kind(rule):
    for kind in KINDS:
        if getattr(rule, kind):
            assert {"pass", "fail", "unknown"} <= {case.status for case in cases_of(rule) if case.kind == kind}, kind


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_the_good_subject_passes(rule):
    for kind in KINDS:
        if getattr(rule, kind):
            finding = judge(rule, kind, kind, changed(Case(kind, "pass", "")))
            assert finding["status"] in ("pass", "not_applicable"), finding
            assert not finding["drift"], finding


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_texts_are_whole(rule):
    assert re.match(r"[a-z]+(-[a-z]+)*$", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.title and rule.title[0].isupper() and not rule.title.endswith(".")
    for text in (rule.rationale, rule.remediation):
        assert len(text) > 40, "say more than %r" % text
        assert text.endswith("."), "end with a full stop: %r" % text
        assert "  " not in text, "two spaces in %r" % text
    for kind in KINDS:
        assert set(getattr(rule, kind)) <= set(LAYERS)
    assert rule.host or rule.daemon or rule.container
    assert rule.frozen in CURES


@pytest.mark.parametrize(
    "rule, changes, drift",
    [
        ("memory-limit", {("limits", "memory"): Limit(1 << 30, "memory.max")}, True),
        ("memory-limit", {("limits", "memory"): Limit(None, "memory.max shows no limit")}, True),
        ("pids-limit", {("limits", "pids"): Limit(99, "pids.max")}, True),
        ("pids-limit", {("inspect", "HostConfig", "PidsLimit"): None}, False),  # systemd's default is no drift
    ],
)
def test_a_limit_that_the_kernel_has_otherwise_is_drift_and_cured_by_an_update(rule, changes, drift):
    finding = judge(BY_ID[rule], "container", "container", changed(Case("container", "fail", "", changes)))
    assert (finding["drift"], finding["cure"]) == (drift, "update")


def test_ids_are_unique():
    assert len(BY_ID) == len(RULES)
