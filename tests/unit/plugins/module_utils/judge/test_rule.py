# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""judge: which layer decides, and that unknown never passes."""

import gc
import weakref

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Evidence,
    Later,
    Unreadable,
    computed_once,
)
from ansible_collections.containment.docker.plugins.module_utils.common.text import SEEN_LIMIT, inert
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, ask

T, F, U = True, False, None
SILENT = "silent"


def rule(kind, says, **fields):
    """A rule whose layers say what the dict says; SILENT for a layer without a word."""
    predicates = {
        layer: (lambda evidence, ok=ok: None if ok == SILENT else Verdict(ok, "says %s" % ok))
        for layer, ok in says.items()
    }
    values = dict(id="x", title="X", severity="high", rationale="r", remediation="do", references={})
    values.update(fields, **{kind: predicates})
    return Rule(**values)


@pytest.mark.parametrize(
    "kind, configured, effective, kernel, status, drift",
    [
        ("daemon", T, T, T, "pass", False),
        ("daemon", F, T, SILENT, "pass", True),  # edited for the worse, not restarted: in force it still holds
        ("daemon", T, F, SILENT, "fail", True),  # edited for the better, not restarted
        ("daemon", T, U, SILENT, "unknown", False),
        ("daemon", F, U, SILENT, "fail", False),
        ("daemon", T, T, U, "unknown", False),
        ("daemon", T, F, U, "fail", True),
        ("daemon", T, SILENT, SILENT, "pass", False),
        ("daemon", SILENT, SILENT, SILENT, "unknown", False),
        ("container", F, SILENT, T, "fail", True),  # it lowered itself: exec and restart undo that
        ("container", T, T, F, "fail", True),
        ("container", T, T, T, "pass", False),
        ("container", SILENT, SILENT, U, "unknown", False),
        ("container", F, U, U, "fail", False),
    ],
)
def test_the_strongest_layer_decides(kind, configured, effective, kernel, status, drift):
    says = {"configured": configured, "effective": effective, "kernel": kernel}
    finding = judge(rule(kind, says), kind, kind, Evidence())
    assert (finding["status"], finding["drift"]) == (status, drift)
    assert set(finding["layers"]) == {layer for layer, ok in says.items() if ok != SILENT}


def test_a_rule_without_a_predicate_for_the_kind_has_no_finding():
    assert judge(rule("daemon", {"configured": T}), "container", "container:x", Evidence()) is None


@pytest.mark.parametrize(
    "error", [KeyError("HostConfig"), TypeError("null"), ValueError("nonsense"), AttributeError("get")]
)
def test_a_mistake_of_ours_is_unknown_on_a_host_and_an_error_in_tests(error, mistakes_as_on_a_host):
    def predicate(evidence):
        raise error

    one = rule("daemon", {})._replace(daemon={"kernel": predicate})
    finding = judge(one, "daemon", "daemon", Evidence())
    assert finding["status"] == "unknown" and "report this mistake" in finding["seen"] and str(error) in finding["seen"]
    mistakes_as_on_a_host.undo()
    with pytest.raises(type(error)):
        judge(one._replace(daemon={"kernel": predicate}), "daemon", "daemon", Evidence())


def write(evidence):
    evidence["note"] = 1


WRITES = (
    write,
    lambda evidence: evidence.update(note=1),
    lambda evidence: evidence.setdefault("note", 1),
    lambda evidence: evidence.pop("thing"),
    lambda evidence: evidence.__delitem__("thing"),
)


@pytest.mark.parametrize("act", WRITES)
def test_a_predicate_that_writes_into_the_evidence_is_a_mistake(act):
    def predicate(evidence):
        act(evidence)
        return Verdict(True, "written")

    evidence = Evidence(thing=Later(lambda: 5))
    act(Evidence(evidence))  # a collector may, before it is judged
    with pytest.raises(TypeError, match="only read"):
        judge(rule("daemon", {})._replace(daemon={"kernel": predicate}), "daemon", "daemon", evidence)
    assert dict.keys(evidence) == {"thing"} and evidence["thing"] == 5  # what is collected late is still kept


def test_what_is_computed_once_is_not_kept_for_a_copy_with_another_item():
    calls = []

    @computed_once
    def double(evidence):
        calls.append(1)
        return 2 * evidence["thing"]

    evidence = Evidence(thing=1)
    assert [double(evidence), double(evidence), double(Evidence(evidence, thing=3))] == [2, 2, 6]
    assert len(calls) == 2 and dict.keys(evidence) == {"thing"}


def test_absent_evidence_leaves_the_layer_silent_and_unreadable_evidence_is_unknown():
    def reads(evidence):
        return Verdict(evidence["thing"], "read")

    one = rule("daemon", {})._replace(daemon={"effective": reads})
    assert judge(one, "daemon", "daemon", Evidence(thing=True))["status"] == "pass"
    assert judge(one, "daemon", "daemon", Evidence())["layers"] == {}
    finding = judge(one, "daemon", "daemon", Evidence(thing=Unreadable("no permission")))
    assert (finding["status"], finding["seen"]) == ("unknown", "no permission")


def test_inapplicable_is_neither_pass_nor_fail_and_an_unreadable_reason_is_unknown():
    one = rule("daemon", {"effective": F}, inapplicable=lambda evidence: "the kernel has none")
    assert judge(one, "daemon", "daemon", Evidence())["status"] == "not_applicable"
    one = one._replace(inapplicable=lambda evidence: evidence["thing"])
    assert judge(one, "daemon", "daemon", Evidence(thing=Unreadable("no")))["status"] == "unknown"


def test_later_is_done_once_and_its_reason_is_kept():
    calls = []

    def work():
        calls.append(1)
        raise Unreadable("gone")

    evidence = Evidence(thing=Later(work))
    for _again in range(2):
        with pytest.raises(Unreadable):
            evidence["thing"]
    assert len(calls) == 1


def test_a_reason_that_containers_share_does_not_keep_their_evidence_in_memory():
    shared = Evidence(asked=Unreadable("no answer"), later=Later(lambda: Evidence(asked=Unreadable("never"))["asked"]))
    evidence = Evidence(daemon=shared)
    reference = weakref.ref(evidence)
    gc.disable()  # circles wait for the collector, and megabytes with them
    try:
        for key in ("asked", "later"):
            assert ask(lambda one, key=key: one["daemon"][key], evidence).ok is None
        del evidence
        assert reference() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "configured, frozen, cure",
    [
        (SILENT, "create", "recreate"),
        (SILENT, "start", "restart"),
        (F, "start", "recreate"),
        (SILENT, "never", "update"),
        (F, "never", "update"),
    ],
)
def test_what_cures_a_container(configured, frozen, cure):
    one = rule("container", {"configured": configured, "kernel": F}, frozen=frozen)
    assert judge(one, "container", "container:x", Evidence())["cure"] == cure


def unreadable(_evidence):
    raise Unreadable("only root may look")


@pytest.mark.parametrize(
    "ok, obstacle, expected",
    [
        (F, lambda _evidence: "take it\nout", {"obstacle": r"take it\nout"}),
        (F, lambda _evidence: None, {}),
        (F, unreadable, {}),
        (T, lambda _evidence: "take it out", {}),
    ],
)
def test_what_the_engine_would_not_start_with_is_shown_where_the_rule_fails(ok, obstacle, expected):
    one = rule("daemon", {"effective": ok}, obstacle=obstacle)
    finding = judge(one, "daemon", "daemon", Evidence())
    assert {key: finding[key] for key in finding if key == "obstacle"} == expected


def test_hostile_text_is_shown_inert():
    assert inert("a\x1b[31m\r\nb\u202e") == r"a\x1b[31m\r\nb\u202e"
    assert inert("lone \udcff") == r"lone \udcff"
    assert len(inert("x" * 10000)) == SEEN_LIMIT
