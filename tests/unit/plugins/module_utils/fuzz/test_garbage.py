# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A failing subject never passes because a part of its evidence is garbage: of a type that no engine and no file gives there."""

import random

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, LAYERS, STATUSES
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

from ..rules.subjects import CHECKED, Case, as_collected, changed
from ..rules.test_rules import cases_of
from . import mutate

EACH = max(2, mutate.INPUTS // 400)  # pieces of garbage for each failing case
FAILING = [(rule, case) for rule in RULES for case in cases_of(rule) if case.status == "fail"]


def places(item, path=()):
    """(container, key, path) of everything below, in an order that is always the same."""
    if isinstance(item, (dict, list)):
        for key in sorted(item) if isinstance(item, dict) else range(len(item)):
            value = dict.__getitem__(item, key) if isinstance(item, dict) else item[key]
            if not isinstance(item, Evidence) or isinstance(value, (dict, list)):
                yield item, key, path + (key,)
            yield from places(value, path + (key,))


def garbage(value):
    """What can't stand where this stands."""
    kinds = [0, 1, -1, 1.5, True, "", "0", "garbage", [], ["garbage"], [[]], {}, {"garbage": "1"}, {"": None}]
    return [one for one in kinds if not _alike(one, value)]


def _alike(one, value):
    """Whether both are of one JSON type. A list and an object may stand where null stands: Go writes null for empty."""
    if value is None:
        return True
    numbers = (int, float)
    if isinstance(value, numbers) and not isinstance(value, bool):
        return isinstance(one, numbers) and not isinstance(one, bool)
    return isinstance(one, type(value))


@pytest.mark.parametrize("rule, case", FAILING, ids=["%s: %s: %s" % (r.id, c.kind, c.why) for r, c in FAILING])
def test_garbage_is_no_pass(rule, case):
    chance = random.Random("%d %s %s" % (mutate.SEED, rule.id, case.why))
    evidence = changed(case)
    before = judge(rule, case.kind, case.kind, as_collected(evidence))
    if before["status"] != "fail":
        return  # what it fails by is of no type that an engine knows
    spots = [(item, key, path) for read in CHECKED for item, key, path in places(dict.get(evidence, read))]
    for item, key, path in chance.sample(spots, min(len(spots), EACH)):
        value = item[key]
        for one in chance.sample(garbage(value), min(len(garbage(value)), 2)):
            item[key] = one
            finding = judge(rule, case.kind, case.kind, as_collected(evidence))
            if finding["status"] == "pass":
                # what a stronger layer says is no garbage, where it said the same before
                decided = [layer for layer in LAYERS[1:] if layer in finding["layers"]][-1:]
                assert decided and finding["layers"][decided[0]] == before["layers"][decided[0]], (path, one, finding)
        item[key] = value


LEAVE_OUT = object()


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_key_that_is_left_out_or_null_breaks_no_rule(rule):
    """A mistake would be raised: see tests/unit/conftest.py."""
    for kind in KINDS:
        evidence = changed(Case(kind, "pass", ""))
        roots = [evidence] + [dict.get(evidence, "daemon")] * (kind != "daemon")
        spots = [
            place
            for root in roots
            for read in CHECKED
            for place in places(dict.get(root, read), (read,))
            if getattr(rule, kind)
        ]
        for item, key, path in spots:
            value = item[key]
            for instead in (None, LEAVE_OUT):
                if instead is LEAVE_OUT and isinstance(item, list):
                    continue
                item[key] = instead
                if instead is LEAVE_OUT:
                    del item[key]
                finding = judge(rule, kind, kind, as_collected(evidence))
                assert finding["status"] in STATUSES, path
            item[key] = value
