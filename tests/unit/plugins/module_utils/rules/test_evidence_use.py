# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How rules use what they judge: each over its cases, by a recording of all that it read. The same to each Python."""

import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.judge.evidence_keys import KEYS
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import ask
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

from .recorded import cases_module
from .recording import functions_of, reads_of
from .subjects import changed

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


def plain(value):
    """The evidence as plain data: comparable, and without where functions and exceptions are in memory."""
    if isinstance(value, dict):
        return {key: plain(dict.get(value, key)) for key in dict.keys(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


@each_rule
def test_reads_names_exactly_what_the_rule_reads(rule):
    read = reads_of(rule, cases_module(rule).CASES)
    assert sorted(read - set(KEYS)) == [], "no collector writes these: see judge/evidence_keys.py"
    assert rule.reads == tuple(sorted(read)), "write reads=%r" % (tuple(sorted(read)),)


@each_rule
def test_no_function_of_a_rule_writes_into_what_it_judges(rule):
    """Also not below the evidence's own items: an inspect is judged by all rules, one after the other."""
    for case in cases_module(rule).CASES:
        evidence, untouched = changed(case), changed(case)
        fails = judge(rule, case.kind, case.kind, evidence)["status"] == "fail"
        for function in functions_of(rule, case.kind, fails):
            ask(function, evidence)
        assert plain(evidence) == plain(untouched), case.why
