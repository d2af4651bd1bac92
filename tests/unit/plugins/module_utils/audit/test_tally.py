# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judging several subjects rule by rule gives what judging one after the other gives."""

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.judge import rule as rule_module
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from ..rules.recorded import cases_module
from ..rules.subjects import changed, good

TODAY = datetime.date(2026, 11, 27)
WAIVERS = [
    waiver.parse(0, dict(rule=rule, selector=selector, reason="r", owner="o", expires="2027-01-01"), BY_ID)
    for rule, selector in (("privileged", "container:web"), ("seccomp", "container:web"), ("userns-remap", "daemon"))
]


def containers(step):
    """Each case of each rule, or each so many-th, as a container of its own."""
    cases = [case for rule in RULES for case in cases_module(rule).CASES if case.kind == "container"]
    return [(f"container:c{number}", changed(case)) for number, case in enumerate(cases[::step])]


@pytest.mark.parametrize("size, whole, step", [(8, True, 1), (100, False, 7)])
def test_a_batch_is_judged_as_each_of_it_alone(monkeypatch, size, whole, step):
    # some cases fit no rule but their own
    mistakes = (LookupError, TypeError, ValueError, AttributeError, AssertionError)
    monkeypatch.setattr(rule_module, "MISTAKES", mistakes)
    singly, together = (Tally(RULES, WAIVERS, TODAY, whole) for _time in range(2))
    first = [singly.add("daemon", "daemon", good("daemon"))]
    first += [singly.add("container", *one) for one in containers(step)]
    subjects = containers(step)
    second = [together.add("daemon", "daemon", good("daemon"))]
    for start in range(0, len(subjects), size):
        second += together.add_all("container", subjects[start : start + size])
    assert first == second
    assert singly.conclude() == together.conclude()
    assert singly.used == together.used
