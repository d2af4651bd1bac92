# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel and the docker client showed before and after each run, and that each run said the same."""

import json
import os
from pathlib import Path

import pytest

NAMES = ("open", "undoable", "socket", "networked", "waived", "spared", "always")


@pytest.fixture(scope="module")
def load(host):
    def load_(step, what):
        path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{host.backend.name}-{step}-{what}.json")
        return json.loads(path.read_text(encoding="utf-8"))

    return load_


@pytest.fixture(scope="module")
def seen(load):
    return lambda step: load(step, "seen")


@pytest.fixture(scope="module")
def said(load):
    return lambda step: load(step, "said")


def outcomes(result):
    """{(subject, rule): outcome}"""
    return {(item["subject"].replace("container:", ""), item["rule"]): item["outcome"] for item in result["found"]}


def processes(seen):
    return {name: container.get("process") for name, container in seen["containers"].items()}


def frozen(container):
    groups = container["control_group"]
    return groups.get("freezer.state") == "FROZEN" or groups.get("cgroup.freeze") == "1"


def restart_policy(container):
    policy = container["inspect"]["HostConfig"]["RestartPolicy"]
    return policy["Name"], policy["MaximumRetryCount"]


def test_the_host_really_drifted(seen):
    before = seen("before")
    assert before["info"]["Debug"] and not before["info"]["LiveRestoreEnabled"]
    assert before["no_new_privileges"] == "0" and "registry.example:5000" in before["registries"]
    can = {name for name, container in before["containers"].items() if container["can_write_proc_sys"]}
    assert can == {"open", "undoable"}
    assert set(before["containers"]) == set(NAMES)


def test_check_mode_changed_nothing(seen):
    assert seen("asked") == seen("before")


def test_check_mode_told_what_was_done(said):
    asked, paused = said("asked"), said("paused")
    assert asked["check"] and not paused["check"]
    wanted = {key: outcome for key, outcome in outcomes(asked).items() if key[1] not in ("memory-limit", "pids-limit")}
    assert wanted == {key: outcome for key, outcome in outcomes(paused).items() if key in wanted}
    assert outcomes(asked).keys() == outcomes(paused).keys()
    assert [(step["name"], step["action"]) for step in asked["acted"]] == [
        (step["name"], step["action"]) for step in paused["acted"]
    ]


def test_the_daemon_is_cured_in_one_restart_and_the_running_containers_go_on(seen, said):
    before, after = seen("before"), seen("paused")
    assert after["info"]["LiveRestoreEnabled"] and not after["info"]["Debug"]
    assert after["no_new_privileges"] == "1" and "registry.example:5000" not in after["registries"]
    assert json.loads(after["file"][0])["log-opts"] == {"max-size": "7m"}
    assert processes(after) == processes(before)
    came = outcomes(said("paused"))
    for rule in ("live-restore", "log-level", "no-new-privileges", "insecure-registries", "userland-proxy"):
        assert came["daemon", rule] == "cured"
    assert came["daemon", "inter-container-communication"] == "pending"


def test_a_new_data_root_was_refused_and_hid_nothing(seen, said):
    assert seen("paused")["info"]["DockerRootDir"] == seen("before")["info"]["DockerRootDir"]
    why = [item["why"] for item in said("paused")["refused"] if item["rule"] == "userns-remap"]
    assert any("docker_daemon_accept_new_data_root" in reason for reason in why)


def test_the_kernel_s_filesystems_are_closed_and_said_to_be_held(seen, said):
    after = seen("paused")["containers"]
    assert not after["open"]["can_write_proc_sys"]
    came = outcomes(said("paused"))
    assert came["open", "kernel-filesystems"] == "held until restart"
    assert came["undoable", "kernel-filesystems"] == "acted"
    for name in ("waived", "spared", "networked", "always"):
        assert after[name]["mounts"] == seen("before")["containers"][name]["mounts"]


def test_limits_and_restart_policies_are_those_of_the_site_where_the_kernel_has_them(seen, said):
    before, after, came = seen("before"), seen("paused"), outcomes(said("paused"))
    assert restart_policy(before["containers"]["always"]) == ("always", 0)
    assert restart_policy(after["containers"]["always"]) == restart_policy(after["containers"]["socket"])
    assert restart_policy(after["containers"]["always"]) == ("on-failure", 5)
    assert restart_policy(after["containers"]["open"]) == ("no", 0)
    groups = after["containers"]["always"]["control_group"]
    for supported, rule, files, value in (
        (after["info"]["MemoryLimit"], "memory-limit", ("memory.limit_in_bytes", "memory.max"), str(64 << 20)),
        (after["info"]["PidsLimit"], "pids-limit", ("pids.max",), "100"),
    ):
        if supported:
            assert came["always", rule] == "cured" and value in [groups.get(name) for name in files]
        else:
            assert came["always", rule] == "refused"


def test_only_what_can_t_be_cured_is_paused(seen, said):
    after = seen("paused")["containers"]
    assert {name for name in NAMES if frozen(after[name])} == {"undoable"}
    acted = [step for step in said("paused")["acted"] if step["action"] != "update"]
    assert [(step["name"], step["undo"]) for step in acted] == [("undoable", ["docker unpause undoable"])]


def test_a_waived_and_a_spared_container_are_left_alone_in_all_runs(seen, said):
    for step in ("paused", "stopped", "again", "failed"):
        for name in ("waived", "spared"):
            now, before = seen(step)["containers"][name], seen("before")["containers"][name]
            assert now["process"] == before["process"] and now["interfaces"] == before["interfaces"]
            assert not frozen(now)
    came = outcomes(said("paused"))
    assert came["waived", "engine-sockets"] == "waived" and came["spared", "engine-sockets"] == "needs recreation"


def test_what_was_stopped_stays_stopped_when_the_engine_starts_anew(seen, said):
    for step in ("stopped", "again", "restarted", "failed"):
        container = seen(step)["containers"]["socket"]
        assert not container["inspect"]["State"]["Running"] and restart_policy(container) == ("no", 0)
    assert seen("restarted")["dockerd"] != seen("again")["dockerd"]
    (stop,) = [step for step in said("stopped")["acted"] if step["action"] == "stop"]
    assert stop["name"] == "socket" and "docker start socket" in stop["undo"]
    assert any("restart" in command and "on-failure:5" in command for command in stop["undo"])


def test_a_second_run_changes_nothing(seen, said):
    assert seen("again") == seen("stopped")
    assert said("again")["failure"] == ""
    assert not [step for step in said("again")["acted"] if step["changed"]]


def test_a_transaction_that_fails_is_told_and_the_rest_is_done(seen, said):
    restarted, after, result = seen("restarted"), seen("failed"), said("failed")
    assert after["file"][0] == restarted["file"][0] and '"userland-proxy": true' in after["file"][0]
    assert after["info"]["LiveRestoreEnabled"] and after["dockerd"][0]
    assert "daemon: " in result["failure"] and len(result["failures"]) == 1
    came = outcomes(result)
    assert came["daemon", "userland-proxy"] == "refused"
    assert restarted["containers"]["late"]["can_write_proc_sys"]
    assert not after["containers"]["late"]["can_write_proc_sys"]
    assert came["late", "kernel-filesystems"] == "held until restart"


def test_a_disconnected_container_has_no_network_and_goes_on(seen):
    before, after = seen("restarted")["containers"]["networked"], seen("failed")["containers"]["networked"]
    assert "eth0" in before["interfaces"] and after["interfaces"] == ["lo"]
    assert after["inspect"]["NetworkSettings"]["Networks"] == {} and after["process"] == before["process"]


def test_nobody_else_was_touched(seen):
    assert processes(seen("failed")) == processes(seen("restarted"))


def test_containers_that_need_a_new_one_are_told_what_to_change(said):
    flags = {
        container["subject"]: [change["flag"] for change in container["run"]]
        for container in said("paused")["needs_recreation"]
    }
    assert "--cap-add=SYS_ADMIN" in flags["container:undoable"]
    assert "--security-opt=systempaths=unconfined" in flags["container:open"]
