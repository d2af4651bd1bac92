# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In no state does the audit say of the daemon what is not true."""

import json
import re
from pathlib import Path

import pytest
import yaml

STATES = yaml.safe_load((Path(__file__).parents[1] / "vars" / "states.yml").read_text(encoding="utf-8"))["states"]
NAMES = [state["name"] for state in STATES if "suite" not in state]
# What the audit calls an engine that can't tell.
SILENT = {"hung": "unreachable", "stopped": "stopped", "down": "stopped", "not-installed": "unreachable"}
WHOLE = [state["name"] for state in STATES if "suite" not in state and "rules" not in state]
# What is true in a state, by what a new container, the kernel and the engine showed there.
HOLDS = {
    "no-new-privileges": r"NoNewPrivs:\s+1",
    "userland-proxy": r"proxies 0",
    "inter-container-communication": r"enable_icc:false",
    "live-restore": r"Live Restore Enabled: true",
    "userns-remap": r"^\s*0\s+[1-9]\d+\s",
}


@pytest.fixture(scope="module")
def kept(result):
    """{state: {"posture": …, "truth": text}}"""
    return {state: result(state) for state in NAMES}


def daemon(kept, state):
    return {f["rule"]: f for f in kept[state]["posture"]["findings"] if f["subject"] == "daemon"}


@pytest.mark.parametrize("rule", HOLDS)
@pytest.mark.parametrize("state", [name for name in WHOLE if name not in SILENT])
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


@pytest.mark.parametrize("state", [name for name in NAMES if name not in SILENT])
def test_the_engine_has_the_image_store_that_is_meant_for_this_host(kept, state, has_its_store):
    (line,) = [line for line in kept[state]["truth"].splitlines() if line.startswith("store ")]
    _store, driver, status = line.split(" ", 2)
    assert has_its_store(driver, json.loads(status))


def test_a_file_that_is_not_in_force_is_drift(kept):
    finding = daemon(kept, "edited")["inter-container-communication"]
    assert finding["drift"] and finding["layers"]["configured"]["ok"] is True


def test_the_container_from_before_the_setting_is_named_with_its_cure(kept):
    findings = [f for f in kept["survivor"]["posture"]["findings"] if f["subject"] == "container:old"]
    nnp = next(f for f in findings if f["rule"] == "no-new-privileges")
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
    findings = [f for f in posture["findings"] if f["subject"].startswith("container:")]
    assert {f["subject"] for f in findings} == {"container:*"}
    assert {f["status"] for f in findings} <= {"unknown", "not_applicable"}
    assert posture["engine"]["state"] == SILENT[state]


def test_what_only_root_may_see_is_unknown_to_another_user(kept):
    findings = kept["unprivileged"]["posture"]["findings"]
    namespaces = next(f for f in findings if (f["subject"], f["rule"]) == ("container:seen", "host-namespaces"))
    assert namespaces["layers"]["kernel"]["ok"] is None
    assert "only root" in namespaces["layers"]["kernel"]["seen"]
    proxy = daemon(kept, "unprivileged")["userland-proxy"]
    assert proxy["status"] == "unknown" and "only root" in proxy["seen"]
    assert kept["unprivileged"]["posture"]["engine"]["state"] == "running"


@pytest.mark.parametrize("state", ["stopped", "down"])
def test_looking_did_not_start_a_stopped_daemon(kept, state):
    assert kept[state]["truth"].split("\n")[0] == "active inactive"


def test_no_engine_is_said_and_nothing_passes(kept):
    posture = kept["not-installed"]["posture"]
    assert kept["not-installed"]["truth"].split("\n")[0] == "active inactive"
    assert "/var/run/docker.sock: No such file" in posture["engine"]["reason"]
    assert {f["status"] for f in posture["findings"]} <= {"unknown", "not_applicable"}


def test_containers_that_come_and_go_keep_it_from_nothing(kept):
    posture = kept["churning"]["posture"]
    findings = {f["rule"]: f for f in posture["findings"] if f["subject"] == "container:stays"}
    assert posture["engine"]["state"] == "running" and "container:*" not in {f["subject"] for f in posture["findings"]}
    assert findings["no-new-privileges"]["status"] == findings["non-root-user"]["status"] == "pass"
    assert findings["userns-remap"]["status"] == "fail"


def test_a_process_can_t_hide_behind_its_first_thread_that_has_ended(kept):
    """It only moved into the container's control group, as another container's could: nobody's, and told so."""
    stray = read_finding(kept, "headless", "host", "unattributed-processes")
    assert stray["status"] == "fail" and "control group: headless" in stray["seen"], stray
    assert read_finding(kept, "headless", "container:headless", "non-root-user")["status"] == "pass"


NOT_RESTARTED = "not in the running daemon: the daemon was not restarted since daemon.json changed"
DISAGREEMENTS = [
    ("edited", "daemon", "inter-container-communication", NOT_RESTARTED),
    ("survivor", "container:old", "no-new-privileges", "the container was created before the running daemon started"),
    ("first", "daemon", "inter-container-communication", NOT_RESTARTED),
    (
        "first",
        "container:entered",
        "non-root-user",
        "a process that entered the container, as docker exec does, breaks it",
    ),
    ("first", "container:inside", "kernel-filesystems", "its mounts were changed since, from inside or by hand"),
    ("later", "container:old", "no-new-privileges", "the container was created before the running daemon started"),
    (
        "later",
        "container:held",
        "kernel-filesystems",
        "not in what the container was asked to be: held until its restart",
    ),
    # Default-bridge settings wait until no container runs.
    ("later", "daemon", "inter-container-communication", "was started with this configuration, and does otherwise"),
]


def read_finding(kept, state, subject, rule):
    findings = kept[state]["posture"]["findings"]
    return next(f for f in findings if (f["subject"], f["rule"]) == (subject, rule))


def last(kept, state):
    return kept[state]["posture"]["last"]


def resolved(kept, state):
    return {(item["subject"], item["rule"]): item["why"] for item in last(kept, state)["resolved"]}


@pytest.mark.parametrize(("state", "subject", "rule", "sentence"), DISAGREEMENTS)
def test_who_disagrees_with_whom(kept, state, subject, rule, sentence):
    assert read_finding(kept, state, subject, rule)["disagreement"].endswith(sentence)


def test_the_second_audit_finds_nothing_new(kept):
    assert last(kept, "first")["reason"].startswith("there is no earlier result")
    same = last(kept, "same")
    assert (same["reason"], same["new"], same["resolved"], same["updated"]) == ("", 0, [], [])
    assert same["unchanged"] > 10


def test_what_was_cured_is_resolved_and_what_came_is_new(kept):
    assert (
        resolved(kept, "later").items()
        >= {
            ("daemon", "no-new-privileges"): "passes",
            ("container:entered", "non-root-user"): "passes",
            ("container:inside", "kernel-filesystems"): "passes",
            ("container:replaced", "kernel-filesystems"): "gone with the container; another one has its name",
        }.items()
    )
    assert last(kept, "later")["updated"] == ["container:old"]
    assert read_finding(kept, "later", "container:late", "seccomp")["since"] == "new"
    assert read_finding(kept, "later", "container:replaced", "non-root-user")["since"] == "new"
    for subject, rule in (("container:old", "no-new-privileges"), ("container:held", "kernel-filesystems")):
        assert (
            read_finding(kept, "later", subject, rule)["status"],
            read_finding(kept, "later", subject, rule)["since"],
        ) == (
            "fail",
            "unchanged",
        )


def test_what_was_not_looked_at_is_resolved_by_the_first_audit_that_looks(kept):
    assert read_finding(kept, "later", "container:old", "restart-policy")["status"] == "fail"
    assert last(kept, "partial")["at"] and last(kept, "partial")["resolved"] == []
    assert resolved(kept, "checked") == {("container:old", "restart-policy"): "passes"}
    assert resolved(kept, "up")["container:old", "restart-policy"] == "passes"


def test_an_engine_that_is_down_resolves_and_forgets_nothing(kept):
    assert last(kept, "down")["at"] and last(kept, "down")["resolved"] == []
    assert read_finding(kept, "up", "container:old", "no-new-privileges")["since"] == "unchanged"
    assert {why for (subject, _rule), why in resolved(kept, "up").items() if subject == "container:inside"} == {
        "gone with the container"
    }
    assert "container:brief" not in str(last(kept, "up"))


def test_check_mode_compares_and_keeps_nothing(kept):
    assert read_finding(kept, "checked", "container:brief", "seccomp")["since"] == "new"
    assert last(kept, "checked")["not_kept"] == "check mode writes nothing"
    assert records(kept, "checked") == records(kept, "partial")


def test_a_record_that_others_could_have_written_is_not_believed(kept):
    unsafe = last(kept, "unsafe")
    assert "writable for others" in unsafe["reason"] and (unsafe["at"], unsafe["resolved"]) == ("", [])
    assert records(kept, "unsafe")[1:] == records(kept, "checked")[1:]


def test_only_root_keeps_a_record(kept):
    assert last(kept, "unprivileged")["not_kept"].startswith("Only root sees what the kernel and the engine show")


def records(kept, state):
    """mode, owner, kind and inode of the record's directory and of what is in it, as the host saw them."""
    return [line.split(" ", 1)[1] for line in kept[state]["truth"].splitlines() if line.startswith("record ")]


def test_the_record_is_roots_alone_and_is_replaced_not_rewritten(kept):
    inodes = []
    for state in ("first", "same", "later", "partial", "down", "up"):
        directory, record = records(kept, state)
        assert directory.startswith("700 0 directory ")
        assert record.startswith("600 0 regular file ")
        inodes.append(record.split()[-1])
    assert all(before != after for before, after in zip(inodes, inodes[1:]))
