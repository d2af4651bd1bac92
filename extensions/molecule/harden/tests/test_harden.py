# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hardened engine as systemd, the kernel, `docker info` and a process in a container show it."""

import json

import pytest

FOREIGN = b'{\n\t"log-opts": {"max-size": "7m"},\n\t"max-concurrent-downloads":4'
BEFORE_24 = "20."


@pytest.fixture(scope="module")
def off(now):
    """What is true at the end, after user namespaces were turned off."""
    return now("daemon", "containers", "processes", "new")


def options(state):
    return {option.split(",")[0] for option in state["info"]["SecurityOptions"]}


def content(state):
    return state["daemon_json"]["text"].encode("utf-8", "surrogateescape")


def same_processes(one, other, names):
    for name in names:
        assert one["containers"][name]["running"] and one["containers"][name]["ticks"]
        assert one["containers"][name] == other["containers"][name]


def test_before_it_was_weak(snapshot):
    state = snapshot("before")
    assert state["new"] == {"no_new_privs": "0", "uid_map": ["0", "0", "4294967295"], "proxies": 2}
    assert not state["info"]["LiveRestoreEnabled"]


@pytest.mark.parametrize("step", ["before", "hardened", "again", "empty", "full", "waiting"])
def test_the_engine_keeps_the_image_store_that_is_meant_for_this_host(snapshot, has_its_store, step):
    info = snapshot(step)["info"]
    assert has_its_store(info["Driver"], info["DriverStatus"])


def test_remapped_users_are_in_another_store_and_the_first_one_is_back_without_them(snapshot, off, has_its_store):
    assert snapshot("remapped")["info"]["Driver"] == "overlay2"
    assert has_its_store(off["info"]["Driver"], off["info"]["DriverStatus"])


def test_check_mode_told_the_truth_and_changed_nothing(snapshot, result):
    before = snapshot("before")
    assert (
        snapshot("asked")["daemon_json"] == before["daemon_json"] and snapshot("asked")["dockerd"] == before["dockerd"]
    )
    assert snapshot("asked")["journal"] == []
    assert result("asked")["changed"] and result("asked")["activation"] == result("hardened")["activation"] == "restart"
    assert (
        sorted(result("asked")["containers"]["kept"])
        == sorted(result("hardened")["containers"]["kept"])
        == ["kept", "sharing"]
    )


def test_a_fleet_stops_at_the_first_host_that_fails(snapshot, result):
    before = snapshot("before")
    # no host but the first one was even asked
    recap = [line.partition(":")[0].strip() for line in result("fleet")["recap"].split("\n") if ": ok=" in line]
    assert recap == [result("fleet")["first"]] and "failed=1" in result("fleet")["recap"]
    after = snapshot("fleet")
    # the first host's file was put aside and back, which the kernel notes
    assert {**after["daemon_json"], "changed": 0} == {**before["daemon_json"], "changed": 0}
    assert after["dockerd"] == before["dockerd"]


def test_a_new_container_is_contained(snapshot):
    state = snapshot("hardened")
    assert state["new"]["no_new_privs"] == "1"
    # what "kept" publishes had its proxies from the daemon before; a new port gets none
    assert state["new"]["proxies"] == 0
    if not state["info"]["ServerVersion"].startswith(BEFORE_24):
        assert "name=no-new-privileges" in options(state)
    assert "name=cgroupns" in options(state)
    assert state["info"]["LiveRestoreEnabled"] and not state["info"]["ExperimentalBuild"]


def test_running_containers_are_the_same_processes(snapshot):
    before = snapshot("before")
    for later in ("hardened", "again"):
        same_processes(before, snapshot(later), ["kept", "sharing"])


def test_it_took_one_restart(snapshot):
    before, hardened = snapshot("before"), snapshot("hardened")
    assert before["dockerd"] != hardened["dockerd"]
    assert hardened["unit"]["NRestarts"] == "0"


def test_what_is_not_in_force_yet_is_said(snapshot, result):
    for step in ("hardened", "again"):
        assert snapshot(step)["bridge"]["com.docker.network.bridge.enable_icc"] == "true"
        assert [item["key"] for item in result(step)["pending"]] == ["icc"]
    assert snapshot("empty")["bridge"]["com.docker.network.bridge.enable_icc"] == "false"
    assert result("empty")["pending"] == [] and result("empty")["activation"] == "restart"


def test_foreign_keys_order_indentation_and_rights_stay(snapshot, off):
    for state in (snapshot("hardened"), snapshot("empty"), snapshot("remapped"), off):
        assert content(state).startswith(FOREIGN)
        assert state["daemon_json"]["mode"] == "0o640" and state["daemon_json"]["owner"] == [0, 0]
        assert json.loads(content(state))["log-opts"] == {"max-size": "7m"}


@pytest.mark.parametrize(("first", "second"), [("hardened", "again"), ("remapped", "remapped_again")])
def test_a_second_run_moves_nothing(first, second, snapshot, result):
    one = snapshot(first)
    assert not result(second)["changed"] and result(second)["activation"] == "none"
    assert one["dockerd"] == snapshot(second)["dockerd"] and one["daemon_json"] == snapshot(second)["daemon_json"]


def test_user_namespaces_wait_where_they_would_hide_data_and_the_rest_is_enforced(snapshot, result, stored):
    full = snapshot("full")
    assert [item["key"] for item in result("waiting")["waiting"]] == ["userns-remap"]
    why = '"features"."containerd-snapshotter": true' if stored else "2 running containers"
    assert why in result("waiting")["waiting"][0]["reason"]
    settings = json.loads(content(snapshot("waiting")))
    assert settings["max-concurrent-uploads"] == 3 and "userns-remap" not in settings
    assert "name=userns" not in options(snapshot("waiting"))
    same_processes(full, snapshot("waiting"), ["left", "newer"])
    # nothing was prepared for what waits
    assert "dockremap" not in result("waiting")["users"]


def test_strictly_what_waits_is_a_failure_that_names_the_ways(result, stored):
    message = result("waiting")["strict"]
    assert "docker_daemon_strict" in message and "userns-remap" in message
    for setting in (
        "docker_daemon_absent: [features.containerd-snapshotter]" if stored else "docker_daemon_migrate: true",
        "docker_daemon_accept_new_data_root: true",
        "docker_daemon_userns_remap: false",
    ):
        assert setting in message


def test_root_in_a_container_is_nobody_on_the_host(host, snapshot):
    state = snapshot("remapped")
    inside, outside, count = map(int, state["new"]["uid_map"])
    assert inside == 0 and outside >= 100000 and count == 65536
    assert "name=userns" in options(state)
    assert f"dockremap:{outside}:{count}" in host.file("/etc/subuid").content_string.splitlines()
    assert host.user("dockremap").uid < 1000


def test_what_was_left_behind_is_stopped_in_order_and_still_there(host, snapshot, result):
    full = snapshot("full")
    assert result("remapped")["containers"]["stopped"] == ["newer", "left"]
    assert snapshot("remapped")["containers"] == {}
    # no task of theirs is alive, and their files are where the module says
    assert snapshot("remapped")["processes"] == {}
    assert (
        result("remapped")["old_data_root"]
        == full["info"]["DockerRootDir"]
        != snapshot("remapped")["info"]["DockerRootDir"]
    )
    assert host.file(f"{full['info']['DockerRootDir']}/containers/{full['containers']['left']['id']}").is_directory


def test_user_namespaces_are_not_turned_off_over_running_containers(snapshot, result):
    remapped = snapshot("remapped_again")
    assert (
        "2 running containers" in result("off_refused")["msg"]
        and "accept_new_data_root" in result("off_refused")["msg"]
    )
    assert (
        snapshot("off_refused")["daemon_json"] == remapped["daemon_json"]
        and snapshot("off_refused")["dockerd"] == remapped["dockerd"]
    )
    assert all(snapshot("off_refused")["containers"][name]["ticks"] for name in ("inner", "leaning"))


def test_without_user_namespaces_the_first_data_are_back(host, snapshot, result, off):
    full, remapped = snapshot("full"), snapshot("off_refused")
    assert result("off")["containers"]["stopped"] == ["leaning", "inner"]
    assert result("off")["old_data_root"] == remapped["info"]["DockerRootDir"] != full["info"]["DockerRootDir"]
    assert off["info"]["DockerRootDir"] == full["info"]["DockerRootDir"]
    assert off["new"]["uid_map"] == ["0", "0", "4294967295"] and "name=userns" not in options(off)
    assert b"userns-remap" not in content(off)
    stopped = {name: (container["id"], container["running"]) for name, container in off["containers"].items()}
    assert stopped == {name: (full["containers"][name]["id"], False) for name in ("left", "newer")}
    assert off["processes"] == {}
    folder = f"{remapped['info']['DockerRootDir']}/containers/{remapped['containers']['inner']['id']}"
    assert host.file(folder).is_directory


def test_a_host_without_user_namespaces_is_prepared(host, result):
    limit = result("limit")
    machine = limit["closed"][0]
    assert limit["closed"] == [machine, "0", "can not"] and int(machine) > 0
    assert limit["unready"] == "user.max_user_namespaces is 0, so userns-remap can't work"
    assert limit["opened"] == limit["opened_again"] == [machine, "15000", "can"] and limit["again"] is False
    persisted = host.file("/etc/sysctl.d/zz-containment-docker.conf").content_string
    assert persisted == "user.max_user_namespaces=15000\n"


def test_a_host_that_can_not_be_prepared_is_said(result):
    locked = result("limit")["locked"]
    assert "zz-containment-docker.conf" not in result("limit")["files"]
    assert locked.startswith("Allow user namespaces")
    assert "permission denied" in locked or "Read-only file system" in locked


def test_the_unit_is_as_packaged(snapshot):
    before, after = snapshot("before")["unit"], snapshot("remapped")["unit"]
    for name in ("DropInPaths", "FragmentPath", "StartLimitBurst", "StartLimitIntervalUSec", "TimeoutStartUSec"):
        assert before[name] == after[name]
    assert after["StartLimitBurst"] == "3" and after["DropInPaths"] == ""


def test_no_run_is_left_half_way(snapshot):
    assert "transaction.json" not in snapshot("remapped")["journal"]
