# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel and the docker client showed before and after each run, and that each run said the same."""

import json

import pytest

NAMES = ("open", "undoable", "socket", "networked", "waived", "spared", "always")
SECTIONS = ("daemon", "containers", "inspected", "kernel")
OPEN = "write /proc/sys/net/ipv4/ip_forward"


def outcomes(result):
    """{(subject, rule): outcome}"""
    return {(item["subject"].replace("container:", ""), item["rule"]): item["outcome"] for item in result["found"]}


def processes(state):
    return {name: process(state, name) for name in state["containers"]}


def process(state, name):
    return [state["containers"][name][key] for key in ("pid", "ticks")]


def frozen(state, name):
    groups = state["kernel"][name]["control_group"] if name in state["kernel"] else {}
    return groups.get("freezer.state") == "FROZEN" or groups.get("cgroup.freeze") == "1"


def restart_policy(state, name):
    policy = state["inspects"][name]["HostConfig"]["RestartPolicy"]
    return policy["Name"], policy["MaximumRetryCount"]


def can_write(state, name):
    """Whether a process in the container can open a setting of the kernel for writing."""
    return state["attempts"][name][OPEN][0]


def registries(state):
    return state["info"]["RegistryConfig"]["IndexConfigs"]


@pytest.fixture(scope="module")
def end(now):
    """What is true now, after the daemon could not be cured and a container was disconnected."""
    return now(*SECTIONS, attempts=[{"name": "late", "write": ["/proc/sys/net/ipv4/ip_forward"]}])


def test_the_host_really_drifted(snapshot):
    before = snapshot("before")
    assert before["info"]["Debug"] and not before["info"]["LiveRestoreEnabled"]
    assert before["new"]["no_new_privs"] == "0" and "registry.example:5000" in registries(before)
    assert {name for name in before["containers"] if can_write(before, name)} == {"open", "undoable"}
    assert set(before["containers"]) == set(NAMES)


def test_the_engine_keeps_the_image_store_that_is_meant_for_this_host(snapshot, end, lab_host, has_its_store):
    for state in (snapshot("before"), snapshot("paused"), snapshot("stopped"), snapshot("restarted"), end):
        assert has_its_store(state["info"]["Driver"], state["info"]["DriverStatus"])
        site = lab_host.get("site_settings", {})
        assert json.loads(state["daemon_json"]["text"]).items() >= site.items()


def test_check_mode_changed_nothing(snapshot):
    assert snapshot("asked") == snapshot("before")


def test_check_mode_told_what_was_done(result):
    foreseen, paused = result("asked"), result("paused")
    assert foreseen["check"] and not paused["check"]
    wanted = {
        key: outcome for key, outcome in outcomes(foreseen).items() if key[1] not in ("memory-limit", "pids-limit")
    }
    assert wanted == {key: outcome for key, outcome in outcomes(paused).items() if key in wanted}
    assert outcomes(foreseen).keys() == outcomes(paused).keys()
    assert [(step["name"], step["action"]) for step in foreseen["acted"]] == [
        (step["name"], step["action"]) for step in paused["acted"]
    ]


def test_the_daemon_is_cured_in_one_restart_and_the_running_containers_go_on(snapshot, result):
    before, after = snapshot("before"), snapshot("paused")
    assert after["info"]["LiveRestoreEnabled"] and not after["info"]["Debug"]
    assert after["new"]["no_new_privs"] == "1" and "registry.example:5000" not in registries(after)
    assert json.loads(after["daemon_json"]["text"])["log-opts"] == {"max-size": "7m"}
    assert processes(after) == processes(before)
    came = outcomes(result("paused"))
    for rule in ("live-restore", "log-level", "no-new-privileges", "insecure-registries", "userland-proxy"):
        assert came["daemon", rule] == "cured"
    assert came["daemon", "inter-container-communication"] == "pending"


def test_a_new_data_root_was_refused_and_hid_nothing(snapshot, result, stored):
    assert snapshot("paused")["info"]["DockerRootDir"] == snapshot("before")["info"]["DockerRootDir"]
    why = [item["why"] for item in result("paused")["refused"] if item["rule"] == "userns-remap"]
    expected = "features.containerd-snapshotter is true" if stored else "docker_daemon_accept_new_data_root"
    assert any(expected in reason for reason in why)


def test_the_kernel_s_filesystems_are_closed_and_said_to_be_held(snapshot, result):
    before, after = snapshot("before"), snapshot("paused")
    assert not can_write(after, "open")
    came = outcomes(result("paused"))
    assert came["open", "kernel-filesystems"] == "held until restart"
    assert came["undoable", "kernel-filesystems"] == "acted"
    for name in ("waived", "spared", "networked", "always"):
        assert after["kernel"][name]["mounts"] == before["kernel"][name]["mounts"]


def test_limits_and_restart_policies_are_those_of_the_site_where_the_kernel_has_them(snapshot, result):
    before, after, came = snapshot("before"), snapshot("paused"), outcomes(result("paused"))
    assert restart_policy(before, "always") == ("always", 0)
    assert restart_policy(after, "always") == restart_policy(after, "socket")
    assert restart_policy(after, "always") == ("on-failure", 5)
    assert restart_policy(after, "open") == ("no", 0)
    groups = after["kernel"]["always"]["control_group"]
    for supported, rule, files, value in (
        (after["info"]["MemoryLimit"], "memory-limit", ("memory.limit_in_bytes", "memory.max"), str(64 << 20)),
        (after["info"]["PidsLimit"], "pids-limit", ("pids.max",), "100"),
    ):
        if supported:
            assert came["always", rule] == "cured" and value in [groups.get(name) for name in files]
        else:
            assert came["always", rule] == "refused"


def test_only_what_can_t_be_cured_is_paused(snapshot, result):
    assert {name for name in NAMES if frozen(snapshot("paused"), name)} == {"undoable"}
    acted = [step for step in result("paused")["acted"] if step["action"] != "update"]
    assert [(step["name"], step["undo"]) for step in acted] == [("undoable", ["docker unpause undoable"])]


def test_a_waived_and_a_spared_container_are_left_alone_in_all_runs(snapshot, result, end):
    before = snapshot("before")
    for after in (snapshot("paused"), snapshot("stopped"), snapshot("stopped_again"), end):
        for name in ("waived", "spared"):
            assert process(after, name) == process(before, name) and not frozen(after, name)
            assert after["kernel"][name]["interfaces"] == before["kernel"][name]["interfaces"]
    came = outcomes(result("paused"))
    assert came["waived", "engine-sockets"] == "waived" and came["spared", "engine-sockets"] == "needs recreation"


def test_what_was_stopped_stays_stopped_when_the_engine_starts_anew(snapshot, result, end):
    for after in (snapshot("stopped"), snapshot("stopped_again"), snapshot("restarted"), end):
        assert not after["containers"]["socket"]["running"] and restart_policy(after, "socket") == ("no", 0)
    assert snapshot("restarted")["dockerd"] != snapshot("stopped_again")["dockerd"]
    (stop,) = [step for step in result("stopped")["acted"] if step["action"] == "stop"]
    assert stop["name"] == "socket" and "docker start socket" in stop["undo"]
    assert any("restart" in command and "on-failure:5" in command for command in stop["undo"])


@pytest.mark.parametrize("step", ["paused_again", "stopped_again"])
def test_a_second_run_changes_nothing(snapshot, result, step):
    """Molecule's idempotence step has run it, and no task of it said that it changed anything."""
    assert snapshot(step) == snapshot("stopped")
    assert result(step)["failure"] == ""
    assert not [action for action in result(step)["acted"] if action["changed"]]


def test_a_transaction_that_fails_is_told_and_the_rest_is_done(snapshot, result, end):
    restarted, failed = snapshot("restarted"), result("failed")
    text = end["daemon_json"]["text"]
    assert text == restarted["daemon_json"]["text"] and '"userland-proxy": true' in text
    assert end["info"]["LiveRestoreEnabled"] and end["dockerd"][0]
    assert "daemon: " in failed["failure"] and len(failed["failures"]) == 1
    came = outcomes(failed)
    assert came["daemon", "userland-proxy"] == "refused"
    assert can_write(restarted, "late") and not can_write(end, "late")
    assert came["late", "kernel-filesystems"] == "held until restart"


def test_a_disconnected_container_has_no_network_and_goes_on(snapshot, end):
    before = snapshot("restarted")
    assert "eth0" in before["kernel"]["networked"]["interfaces"] and end["kernel"]["networked"]["interfaces"] == ["lo"]
    assert end["inspects"]["networked"]["NetworkSettings"]["Networks"] == {}
    assert process(end, "networked") == process(before, "networked")


def test_nobody_else_was_touched(snapshot, end):
    assert processes(end) == processes(snapshot("restarted"))


def test_containers_that_need_a_new_one_are_told_what_to_change(result):
    flags = {
        container["subject"]: [change["flag"] for change in container["run"]]
        for container in result("paused")["needs_recreation"]
    }
    assert "--cap-add=SYS_ADMIN" in flags["container:undoable"]
    assert "--security-opt=systempaths=unconfined" in flags["container:open"]
