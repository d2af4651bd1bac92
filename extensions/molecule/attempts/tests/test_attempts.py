# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the probe could do before and after is what is recorded, and nothing is open without a finding."""

import os
from pathlib import Path

import pytest
import states
import yaml

HERE = Path(__file__).resolve().parents[1]
RESULTS = HERE.parents[2] / "build" / "results"
EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])


def load(name):
    return yaml.safe_load((HERE / "vars" / name).read_text(encoding="utf-8"))


ATTEMPTS = {attempt["id"]: attempt for attempt in load("attempts.yml")["attempts"]}
RULES = sorted({rule for attempt in ATTEMPTS.values() for rule in attempt["rules"]})
RECORDED = load("matrix.yml")["cells"]
CRYPTO = "crypto-socket"
STEPS = ("remapped", "packaged", "cured", "recreated")


@pytest.fixture(scope="module")
def step(result):
    """{step: what was attempted and found then}"""
    return {name: result(name) for name in STEPS}


@pytest.fixture(scope="module")
def cells(step):
    """{attempt: {configuration: state}}, written down beside what was seen."""
    tried = {name: outcomes["tried"] for name, outcomes in step.items()}
    table = states.cells(ATTEMPTS, {**tried["remapped"], **tried["packaged"]}, tried["cured"], tried["recreated"])
    record = {"ran_on": step["recreated"]["host"], "cells": states.grouped(table)}
    head = [
        line for line in (HERE / "vars" / "matrix.yml").read_text(encoding="utf-8").splitlines() if line[:1] in "-#"
    ]
    text = yaml.safe_dump(record, sort_keys=False, width=120)
    (EPHEMERAL / "matrix.yml").write_text("\n".join([*head, text]), encoding="utf-8")
    return table


@pytest.fixture(scope="module")
def absent(cells):
    """{attempt: where this machine can't show it}, told at the end of the run: it is not passed."""
    places = {attempt: states.not_shown(RECORDED, attempt, row) for attempt, row in cells.items()}
    texts = [f"{attempt} ({names})" for attempt, names in places.items() if names]
    if texts:
        text = f"attempts that this machine can't show: {', '.join(texts)}\n"
        (RESULTS / "not-run-attempts.txt").write_text(text, encoding="utf-8")
    return places


def findings(step, container):
    """Rules that fail for the container, or for the daemon where the rule is only about that."""
    failing, judged = {}, set()
    for finding in step["findings"]:
        if finding["status"] == "fail":
            failing.setdefault(finding["subject"], set()).add(finding["rule"])
        if finding["subject"] == f"container:{container}":
            judged.add(finding["rule"])
    return failing.get(f"container:{container}", set()) | failing.get("daemon", set()) - judged


def working(step, attempt):
    """Containers in which the attempt works."""
    return [name for name, outcomes in step["tried"].items() if states.outcome(outcomes, attempt) == states.WORKS]


def test_the_probe_tries_what_is_described(step):
    for record in step.values():
        assert all(
            set(outcomes) == set(ATTEMPTS) for outcomes in record["tried"].values() if isinstance(outcomes, dict)
        )
    ran = [
        name
        for name in ("remapped", "packaged")
        for outcomes in step[name]["tried"].values()
        if isinstance(outcomes, dict)
    ]
    assert len(ran) == len(load("configurations.yml")["configurations"])


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_is_as_recorded(cells, absent, attempt):
    wrong = states.differences(RECORDED, attempt, cells[attempt])
    assert wrong == [], f"if this is right, record it: copy {EPHEMERAL / 'matrix.yml'} to {HERE / 'vars'}"
    if absent[attempt]:
        pytest.skip(f"absent: {absent[attempt]}")


@pytest.mark.parametrize("name", STEPS)
def test_nothing_is_open_without_a_finding(step, name):
    for attempt, about in ATTEMPTS.items():
        for container in working(step[name], attempt):
            assert findings(step[name], container) & set(about["rules"]), f"{attempt} works in {container}"


def test_seccomp_filter_decides_about_crypto_sockets_whatever_the_kernel_has(step):
    """A filter that stops the call answers EPERM; what it lets through the kernel does, or answers EAFNOSUPPORT.

    Docker's own filter stops it from 29.4.2 on.
    """
    for name in ("remapped", "packaged", "recreated"):
        tried = step[name]["tried"].items()
        stopped = {
            container
            for container, outcomes in tried
            if isinstance(outcomes, dict) and outcomes[CRYPTO] == ["refused", "EPERM"]
        }
        assert stopped == {container for container, _outcomes in tried if container == "seccomp-crypto"}
        others = [
            outcomes[CRYPTO] for container, outcomes in tried if isinstance(outcomes, dict) and container not in stopped
        ]
        assert others and all(outcome in (["works", "a socket"], ["absent", "EAFNOSUPPORT"]) for outcome in others)


@pytest.mark.parametrize("rule", RULES)
def test_without_what_a_rule_asks_for_an_attempt_works(step, cells, rule):
    attempts = [attempt for attempt, about in ATTEMPTS.items() if rule in about["rules"]]
    if not any(states.is_shown(cells[attempt]) for attempt in attempts):
        pytest.skip(f"absent: {', '.join(attempts)}")
    assert any(
        rule in findings(step[name], container)
        for name in ("remapped", "packaged")
        for attempt in attempts
        for container in working(step[name], attempt)
    )
