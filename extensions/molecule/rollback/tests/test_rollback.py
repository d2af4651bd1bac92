# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After each change that could not come into force the host is as it was, as systemd, the kernel and the engine show it."""

import json
import re
from pathlib import Path

import pytest
import yaml

CASES = yaml.safe_load((Path(__file__).parents[1] / "vars" / "cases.yml").read_text(encoding="utf-8"))
ROLLED_BACK = ["cannot_start", "hangs", "refused_reload", "no_log_server", "dropped_traffic"]
SILENT = "silent_containerd"
REFUSED = ["refused_new_root", "refused_other_store", "refused_flag", "refused_in_swarm", "refused_restart_authorized"]
# Each with a part of what the module says: dockerd would not start again, whatever changes.
UNSAFE = {
    "unsafe_full_disk": "are free at /srv/full (make room there)",
    "unsafe_containerd_stopped": "containerd does not answer",
    "unsafe_kernel_module": "the kernel module overlay is not loaded",
    "unsafe_other_program": "is 99.1.0 by now",
    # before 23.0 by our own look at it, later by dockerd --validate
    "unsafe_certificate": "/srv/cert.pem",
}
KILLED = ["killed_after_restart", "killed_during_stop"]
CONTAINERS = {"plain": "no", "kept": "on-failure", "stubborn": "always", "wanted": "unless-stopped"}
SURVIVED = [*ROLLED_BACK, *REFUSED, *UNSAFE, SILENT, "killed_after_restart"]


@pytest.fixture(scope="module")
def case(snapshot, result):
    """case("hangs"): its snapshots before, after and (of killed ones) in the end, and what the modules said."""

    def load(name):
        steps = ("before", "after", "end") if name in KILLED else ("before", "after")
        return {**result(name), **{step: snapshot(f"{name}-{step}") for step in steps}}

    return load


def content(state):
    return state["daemon_json"]["text"].encode("utf-8", "surrogateescape")


def same_file(one, other):
    return all(one["daemon_json"][key] == other["daemon_json"][key] for key in ("text", "mode", "owner"))


@pytest.mark.parametrize("name", ROLLED_BACK)
def test_the_file_and_the_engine_are_as_before(case, name):
    outcome = case(name)
    before, after = outcome["before"], outcome["after"]
    assert outcome["change"]["rolled_back"] is True
    assert same_file(before, after) and after["daemon_json"]["mode"] == "0o600"
    assert after["unit"]["ActiveState"] == "active" and "transaction.json" not in after["journal"]
    for key in ("LiveRestoreEnabled", "SecurityOptions", "DockerRootDir", "Labels", "DefaultRuntime"):
        assert before["info"][key] == after["info"][key]
    assert after["info"]["LiveRestoreEnabled"] is False


@pytest.mark.parametrize("name", SURVIVED)
def test_running_containers_are_the_same_processes(case, name):
    outcome = case(name)
    for container in CONTAINERS:
        assert (
            outcome["before"]["containers"][container]["running"]
            and outcome["before"]["containers"][container]["ticks"]
        )
        assert outcome["before"]["containers"][container] == outcome["after"]["containers"][container]


def test_the_reason_is_dockerds_own(case):
    assert "/opt/lab" in case("cannot_start")["change"]["msg"]
    assert "no.such-runtime" in case("refused_reload")["change"]["msg"]
    assert "within 10 s" in case("hangs")["change"]["msg"]


def test_what_containers_could_do_before_they_can_do_afterwards(case, host):
    assert "no container starts any more" in case("no_log_server")["change"]["msg"]
    assert "127.0.0.1:24224" in case("no_log_server")["change"]["msg"]
    assert re.search(r"kept can't reach \S+ \(ICMP echo\) any more", case("dropped_traffic")["change"]["msg"])
    assert "since everything was brought back" not in case("dropped_traffic")["change"]["msg"]
    # nothing of the probes is left
    assert "containment-probe" not in host.check_output("docker ps --all --format '{{.Names}}'")


@pytest.mark.parametrize("name", [*REFUSED, *UNSAFE, SILENT])
def test_a_refusal_touches_nothing(case, name):
    outcome = case(name)
    assert outcome["change"]["rolled_back"] is False and outcome["change"]["changed"] is False
    assert (
        outcome["before"]["daemon_json"] == outcome["after"]["daemon_json"]
        and outcome["before"]["dockerd"] == outcome["after"]["dockerd"]
    )


def test_the_refusals_say_why(case):
    assert "accept_new_data_root" in case("refused_new_root")["change"]["msg"]
    assert "4 running containers" in case("refused_new_root")["change"]["msg"]
    assert (
        "means another store, where the engine no longer sees 4 running" in case("refused_other_store")["change"]["msg"]
    )
    assert "log-level is set by a flag of the next start, too" in case("refused_flag")["change"]["msg"]
    assert "does not start with live-restore" in case("refused_in_swarm")["change"]["msg"]
    assert "a reload drops the --authorization-plugin" in case("refused_restart_authorized")["change"]["msg"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_start_that_would_fail_anyway_is_refused_as_such(case, name):
    message = case(name)["change"]["msg"]
    assert "not because of this change" in message and UNSAFE[name] in message


def test_a_containerd_that_hangs_is_named_where_dockerd_waits_for_it(case):
    message = case(SILENT)["change"]["msg"]
    assert "containerd does not answer at" in message and "not because of this change" in message


def test_the_swarm_goes_on(case):
    outcome = case("refused_in_swarm")
    for state in (outcome["before"], outcome["after"]):
        assert state["info"]["Swarm"]["LocalNodeState"] == "active"
    assert outcome["before"]["info"]["Swarm"]["NodeID"] == outcome["after"]["info"]["Swarm"]["NodeID"]


def test_the_plugin_still_guards_the_engine(case, host):
    after = case("refused_restart_authorized")["after"]
    assert after["info"]["Plugins"]["Authorization"] == ["allow-all"] and not after["info"]["LiveRestoreEnabled"]
    assert "/AuthZPlugin.AuthZReq /v" in host.file("/srv/authorized").content_string


@pytest.mark.parametrize("bad", CASES["files"], ids=lambda bad: bad["file"])
def test_a_bad_file_is_named_with_the_reason(result, bad):
    refusal = result("files")["refusals"][bad["file"]]
    assert f"/srv/files/{bad['file']}" in refusal and bad["reason"] in refusal


def test_bad_files_are_left_as_they_are(result):
    outcome = result("files")
    assert outcome["before"] == outcome["after"]


def test_runs_at_once_lose_no_change(host):
    written = json.loads(host.file("/srv/at-once.json").content_string)
    assert written == {key: value for change in CASES["at_once"] for key, value in change.items()}


def test_stopped_containers_are_started_again(case):
    outcome = case("new_root_fails")
    before, after = outcome["before"], outcome["after"]
    assert outcome["change"]["containers"]["stopped"] == ["plain", "wanted", "stubborn", "kept"]
    assert outcome["change"]["containers"]["started"] == ["kept", "stubborn", "wanted", "plain"]
    assert same_file(before, after) and after["info"]["DockerRootDir"] == before["info"]["DockerRootDir"]
    assert (outcome["change"]["old_data_root"], outcome["change"]["left_behind"]) == (None, None)
    for container in CONTAINERS:
        assert before["containers"][container]["id"] == after["containers"][container]["id"]
        assert after["containers"][container]["running"]


def test_what_somebody_else_writes_is_left_and_named(case):
    outcome = case("edited_before_restart")
    after = outcome["after"]
    assert outcome["change"]["rolled_back"] is False and outcome["change"]["changed"] is True
    assert "changed by someone else" in outcome["change"]["msg"] and "look at the file" in outcome["change"]["msg"]
    assert json.loads(content(after)) == {"debug": False, "labels": ["theirs=1"]}
    assert outcome["before"]["dockerd"] == after["dockerd"] and "transaction.json" not in after["journal"]


def test_an_edit_before_a_restart_costs_no_container_its_life(case):
    outcome = case("edited_before_restart")
    assert outcome["after"]["info"]["LiveRestoreEnabled"] is True
    for container in CONTAINERS:
        assert outcome["before"]["containers"][container] == outcome["after"]["containers"][container]


def test_a_second_run_at_once_is_locked_out(case):
    message = case("killed_after_restart")["second"]["msg"]
    assert re.search(r"another run \(process [0-9]+\) holds the lock /run/containment.docker.lock", message)


def test_what_a_killed_run_had_restarted_is_finished_by_the_next(case):
    outcome = case("killed_after_restart")
    assert outcome["before"]["dockerd"] != outcome["after"]["dockerd"]
    assert "finished" in outcome["next"]["recovered"]
    assert json.loads(content(outcome["end"]))["userland-proxy"] is False and b"live-restore" not in content(
        outcome["end"]
    )
    assert outcome["after"]["dockerd"] == outcome["end"]["dockerd"]
    for container in CONTAINERS:
        assert outcome["before"]["containers"][container] == outcome["end"]["containers"][container]


def test_containers_that_a_killed_run_had_stopped_run_again(case):
    outcome = case("killed_during_stop")
    before, after, end = outcome["before"], outcome["after"], outcome["end"]
    assert not after["containers"]["stubborn"]["running"]
    assert "undone" in outcome["next"]["recovered"]
    for container in CONTAINERS:
        assert before["containers"][container]["id"] == end["containers"][container]["id"]
        assert end["containers"][container]["running"]
    assert end["info"]["DockerRootDir"] == before["info"]["DockerRootDir"]
    assert b"data-root" not in content(end)


def test_what_was_stopped_for_a_new_exec_root_runs_again(case):
    outcome = case("new_exec_root")
    before, after = outcome["before"], outcome["after"]
    assert outcome["change"]["activation"] == "restart" and outcome["change"]["left_behind"] is None
    assert outcome["change"]["containers"]["started"] == outcome["change"]["containers"]["stopped"][::-1]
    assert json.loads(content(after))["exec-root"] == "/run/engine"
    for container in CONTAINERS:
        assert before["containers"][container]["id"] == after["containers"][container]["id"]
        assert after["containers"][container]["running"]


def test_a_stopped_daemon_stays_stopped(case):
    outcome = case("stopped")
    assert outcome["before"]["unit"]["ActiveState"] == outcome["after"]["unit"]["ActiveState"] == "inactive"
    assert outcome["after"]["unit"]["MainPID"] == "0"
    assert json.loads(content(outcome["after"]))["no-new-privileges"] is True
    assert "next start" in outcome["change"]["reason"]


@pytest.mark.parametrize("name", [*SURVIVED, "new_root_fails", "new_exec_root"])
def test_no_process_of_a_container_is_an_orphan(case, name):
    after = case(name)["after"]
    known = {container["id"] for container in after["containers"].values()}
    assert after["processes"] and set(after["processes"]) <= known


def test_the_packaged_unit_keeps_its_own_limits(case):
    unit = case("stopped")["after"]["unit"]
    assert unit["StartLimitBurst"] == "3" and unit["TimeoutStartUSec"] == "infinity" and unit["DropInPaths"] == ""
