# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In no state does the audit say of the daemon what is not true."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

STATES = yaml.safe_load((Path(__file__).parent.parent / "states.yml").read_text(encoding="utf-8"))["states"]
NAMES = [state["name"] for state in STATES if "suite" not in state]
# What the audit calls an engine that can't tell.
SILENT = {"hung": "unreachable", "stopped": "stopped", "not-installed": "unreachable"}
# What is true in a state, by what a new container, the kernel and the engine showed there.
HOLDS = {
    "no-new-privileges": r"NoNewPrivs:\s+1",
    "userland-proxy": r"proxies 0",
    "inter-container-communication": r"enable_icc:false",
    "live-restore": r"Live Restore Enabled: true",
    "userns-remap": r"^\s*0\s+[1-9]\d+\s",
}


@pytest.fixture(scope="module")
def kept(host):
    """{state: {"posture": …, "truth": text}}"""
    directory, name = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]), host.backend.name
    return {state: json.loads((directory / f"{name}-{state}.json").read_text(encoding="utf-8")) for state in NAMES}


def daemon(kept, state):
    return {f["rule"]: f for f in kept[state]["posture"]["findings"] if f["subject"] == "daemon"}


@pytest.mark.parametrize("rule", HOLDS)
@pytest.mark.parametrize("state", [name for name in NAMES if name not in SILENT])
def test_the_verdict_is_true(kept, state, rule):
    holds = bool(re.search(HOLDS[rule], kept[state]["truth"], re.MULTILINE))
    finding = daemon(kept, state)[rule]
    assert finding["status"] in ("pass" if holds else "fail", "unknown"), (kept[state]["truth"], finding)


@pytest.mark.parametrize("state", ["hardened", "spaced", "argv", "flag-false"])
def test_the_daemon_is_known_where_its_file_is_older_than_it(kept, state):
    assert not [rule for rule in HOLDS if daemon(kept, state)[rule]["status"] == "unknown"]


def test_the_states_differ_in_truth(kept):
    """Or else this scenario proves nothing."""
    assert "NoNewPrivs:\t0" in kept["edited"]["truth"] and "NoNewPrivs:\t1" in kept["hardened"]["truth"]
    assert "NoNewPrivs:\t1" in kept["spaced"]["truth"] and "enable_icc:true" in kept["reloaded"]["truth"]


def test_a_file_that_is_not_in_force_is_drift(kept):
    finding = daemon(kept, "edited")["inter-container-communication"]
    assert finding["drift"] and finding["layers"]["configured"]["ok"] is True


def test_the_container_from_before_the_setting_is_named_with_its_cure(kept):
    found = [f for f in kept["survivor"]["posture"]["findings"] if f["subject"] == "container:old"]
    nnp = next(f for f in found if f["rule"] == "no-new-privileges")
    assert (nnp["status"], nnp["cure"]) == ("fail", "recreate")
    assert daemon(kept, "survivor")["no-new-privileges"]["status"] == "pass"


@pytest.mark.parametrize("rule", ["no-new-privileges", "live-restore", "inter-container-communication"])
@pytest.mark.parametrize("state", ["hung", "stopped"])
def test_what_only_the_engine_can_tell_is_unknown_where_it_does_not_answer(kept, state, rule):
    """Its file is as it should be, and that is not enough."""
    finding = daemon(kept, state)[rule]
    assert finding["layers"]["configured"]["ok"] is True
    assert finding["status"] == "unknown"


@pytest.mark.parametrize("state", SILENT)
def test_containers_that_could_not_be_listed_are_unknown(kept, state):
    posture = kept[state]["posture"]
    found = [f for f in posture["findings"] if f["subject"].startswith("container:")]
    assert {f["subject"] for f in found} == {"container:*"}
    assert {f["status"] for f in found} <= {"unknown", "not_applicable"}
    assert posture["engine"]["state"] == SILENT[state]


def test_what_only_root_may_see_is_unknown_to_another_user(kept):
    findings = kept["unprivileged"]["posture"]["findings"]
    namespaces = next(f for f in findings if (f["subject"], f["rule"]) == ("container:seen", "host-namespaces"))
    assert namespaces["layers"]["kernel"]["ok"] is None
    assert "only root" in namespaces["layers"]["kernel"]["seen"]
    proxy = daemon(kept, "unprivileged")["userland-proxy"]
    assert proxy["status"] == "unknown" and "only root" in proxy["seen"]
    assert kept["unprivileged"]["posture"]["engine"]["state"] == "running"


def test_looking_did_not_start_a_stopped_daemon(kept):
    assert kept["stopped"]["truth"].split("\n")[0] == "active inactive"


def test_no_engine_is_said_and_nothing_passes(kept):
    posture = kept["not-installed"]["posture"]
    assert kept["not-installed"]["truth"].split("\n")[0] == "active inactive"
    assert "/var/run/docker.sock: No such file" in posture["engine"]["reason"]
    assert {f["status"] for f in posture["findings"]} <= {"unknown", "not_applicable"}


def test_containers_that_come_and_go_keep_it_from_nothing(kept):
    posture = kept["churning"]["posture"]
    found = {f["rule"]: f for f in posture["findings"] if f["subject"] == "container:stays"}
    assert posture["engine"]["state"] == "running" and "container:*" not in {f["subject"] for f in posture["findings"]}
    assert found["no-new-privileges"]["status"] == found["non-root-user"]["status"] == "pass"
    assert found["userns-remap"]["status"] == "fail"
