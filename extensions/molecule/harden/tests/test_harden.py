# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hardened engine as systemd, the kernel, `docker info` and a process in a container show it."""

import base64
import json
import os
from pathlib import Path

import pytest

FOREIGN = b'{\n\t"log-opts": {"max-size": "7m"},\n\t"max-concurrent-downloads":4'
BEFORE_24 = "20."


@pytest.fixture(scope="module")
def step(host):
    """step("hardened") is what the probe saw then; .said is what the module returned before."""

    def load(name):
        path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{host.backend.name}-{name}.json")
        return json.loads(path.read_text(encoding="utf-8"))

    return load


def options(seen):
    return {option.split(",")[0] for option in seen["info"]["SecurityOptions"]}


def content(seen):
    return base64.b64decode(seen["file"]["bytes"])


def same_processes(one, other, names):
    for name in names:
        assert one["containers"][name]["running"] and one["containers"][name]["ticks"]
        assert one["containers"][name] == other["containers"][name]


def test_before_it_was_weak(step):
    seen = step("before")["seen"]
    assert seen["new"] == {"no_new_privs": "0", "uid_map": ["0", "0", "4294967295"], "proxies": 2}
    assert not seen["info"]["LiveRestoreEnabled"]


def test_check_mode_told_the_truth_and_changed_nothing(step):
    before, asked, hardened = step("before")["seen"], step("asked"), step("hardened")
    assert asked["seen"]["file"] == before["file"] and asked["seen"]["dockerd"] == before["dockerd"]
    assert asked["seen"]["journal"] == []
    assert asked["said"]["changed"] and asked["said"]["activation"] == hardened["said"]["activation"] == "restart"
    assert (
        sorted(asked["said"]["containers"]["kept"])
        == sorted(hardened["said"]["containers"]["kept"])
        == ["kept", "sharing"]
    )


def test_a_fleet_stops_at_the_first_host_that_fails(step):
    before, fleet = step("before")["seen"], step("fleet")
    # no host but the first one was even asked
    recap = [line.partition(":")[0].strip() for line in fleet["said"]["recap"].split("\n") if ": ok=" in line]
    assert recap == [fleet["said"]["first"]] and "failed=1" in fleet["said"]["recap"]
    assert fleet["seen"]["file"] == before["file"] and fleet["seen"]["dockerd"] == before["dockerd"]


def test_a_new_container_is_contained(step):
    seen = step("hardened")["seen"]
    assert seen["new"]["no_new_privs"] == "1"
    # what "kept" publishes had its proxies from the daemon before; a new port gets none
    assert seen["new"]["proxies"] == 0
    if not seen["info"]["ServerVersion"].startswith(BEFORE_24):
        assert "name=no-new-privileges" in options(seen)
    assert "name=cgroupns" in options(seen)
    assert seen["info"]["LiveRestoreEnabled"] and not seen["info"]["ExperimentalBuild"]


def test_running_containers_are_the_same_processes(step):
    before = step("before")["seen"]
    for later in ("hardened", "again"):
        same_processes(before, step(later)["seen"], ["kept", "sharing"])


def test_it_took_one_restart(step):
    before, hardened = step("before")["seen"], step("hardened")["seen"]
    assert before["dockerd"] != hardened["dockerd"]
    assert hardened["unit"]["NRestarts"] == "0"


def test_what_is_not_in_force_yet_is_said(step):
    hardened, again, empty = step("hardened"), step("again"), step("empty")
    for state in (hardened, again):
        assert state["seen"]["bridge"]["com.docker.network.bridge.enable_icc"] == "true"
        assert [item["key"] for item in state["said"]["pending"]] == ["icc"]
    assert empty["seen"]["bridge"]["com.docker.network.bridge.enable_icc"] == "false"
    assert empty["said"]["pending"] == [] and empty["said"]["activation"] == "restart"


def test_foreign_keys_order_indentation_and_rights_stay(step):
    for name in ("hardened", "empty", "remapped", "off"):
        seen = step(name)["seen"]
        assert content(seen).startswith(FOREIGN)
        assert seen["file"]["mode"] == "0o640" and seen["file"]["owner"] == [0, 0]
        assert json.loads(content(seen))["log-opts"] == {"max-size": "7m"}


@pytest.mark.parametrize(("first", "second"), [("hardened", "again"), ("remapped", "remapped_again")])
def test_a_second_run_moves_nothing(step, first, second):
    one, two = step(first)["seen"], step(second)
    assert not two["said"]["changed"] and two["said"]["activation"] == "none"
    assert one["dockerd"] == two["seen"]["dockerd"] and one["file"] == two["seen"]["file"]


def test_user_namespaces_wait_where_they_would_hide_data_and_the_rest_is_enforced(step):
    full, waiting = step("full")["seen"], step("waiting")
    assert [item["key"] for item in waiting["said"]["waiting"]] == ["userns-remap"]
    assert "2 running containers" in waiting["said"]["waiting"][0]["reason"]
    settings = json.loads(content(waiting["seen"]))
    assert settings["max-concurrent-uploads"] == 3 and "userns-remap" not in settings
    assert "name=userns" not in options(waiting["seen"])
    same_processes(full, waiting["seen"], ["left", "newer"])
    # nothing was prepared for what waits
    assert "dockremap" not in waiting["said"]["users"]


def test_strictly_what_waits_is_a_failure_that_names_the_ways(step):
    said = step("waiting")["said"]["strict"]
    assert "docker_daemon_strict" in said and "userns-remap" in said
    for way in ("docker save", "docker_daemon_accept_new_data_root: true", "docker_daemon_userns_remap: false"):
        assert way in said


def test_root_in_a_container_is_nobody_on_the_host(step, host):
    seen = step("remapped")["seen"]
    inside, outside, count = map(int, seen["new"]["uid_map"])
    assert inside == 0 and outside >= 100000 and count == 65536
    assert "name=userns" in options(seen)
    assert f"dockremap:{outside}:{count}" in host.file("/etc/subuid").content_string.splitlines()
    assert host.user("dockremap").uid < 1000


def test_what_was_left_behind_is_stopped_in_order_and_still_there(step, host):
    full, remapped = step("full")["seen"], step("remapped")
    assert remapped["said"]["containers"]["stopped"] == ["newer", "left"]
    assert remapped["seen"]["containers"] == {}
    # no task of theirs is alive, and their files are where the module says
    assert remapped["seen"]["processes"] == {}
    assert (
        remapped["said"]["old_data_root"] == full["info"]["DockerRootDir"] != remapped["seen"]["info"]["DockerRootDir"]
    )
    assert host.file(f"{full['info']['DockerRootDir']}/containers/{full['containers']['left']['id']}").is_directory


def test_user_namespaces_are_not_turned_off_over_running_containers(step):
    remapped, refused = step("remapped_again")["seen"], step("off_refused")
    assert "2 running containers" in refused["said"]["msg"] and "accept_new_data_root" in refused["said"]["msg"]
    assert refused["seen"]["file"] == remapped["file"] and refused["seen"]["dockerd"] == remapped["dockerd"]
    assert all(refused["seen"]["containers"][name]["ticks"] for name in ("inner", "leaning"))


def test_without_user_namespaces_the_first_data_are_back(step, host):
    full, remapped, off = step("full")["seen"], step("off_refused")["seen"], step("off")
    assert off["said"]["containers"]["stopped"] == ["leaning", "inner"]
    assert off["said"]["old_data_root"] == remapped["info"]["DockerRootDir"] != full["info"]["DockerRootDir"]
    assert off["seen"]["info"]["DockerRootDir"] == full["info"]["DockerRootDir"]
    assert off["seen"]["new"]["uid_map"] == ["0", "0", "4294967295"] and "name=userns" not in options(off["seen"])
    assert b"userns-remap" not in content(off["seen"])
    found = {name: (container["id"], container["running"]) for name, container in off["seen"]["containers"].items()}
    assert found == {name: (full["containers"][name]["id"], False) for name in ("left", "newer")}
    assert off["seen"]["processes"] == {}
    left = f"{remapped['info']['DockerRootDir']}/containers/{remapped['containers']['inner']['id']}"
    assert host.file(left).is_directory


def test_a_host_without_user_namespaces_is_prepared(step, host):
    limit = step("limit")
    machine = limit["closed"][0]
    assert limit["closed"] == [machine, "0", "can not"] and int(machine) > 0
    assert limit["unready"] == "user.max_user_namespaces is 0, so userns-remap can't work"
    assert limit["opened"] == limit["opened_again"] == [machine, "15000", "can"] and limit["again"] is False
    persisted = host.file("/etc/sysctl.d/zz-containment-docker.conf").content_string
    assert persisted == "user.max_user_namespaces=15000\n"


def test_a_host_that_can_not_be_prepared_is_said(step):
    locked = step("limit")["locked"]
    assert "zz-containment-docker.conf" not in step("limit")["files"]
    assert locked.startswith("Allow user namespaces")
    assert "permission denied" in locked or "Read-only file system" in locked


def test_the_unit_is_as_packaged(step):
    before, after = step("before")["seen"]["unit"], step("remapped")["seen"]["unit"]
    for name in ("DropInPaths", "FragmentPath", "StartLimitBurst", "StartLimitIntervalUSec", "TimeoutStartUSec"):
        assert before[name] == after[name]
    assert after["StartLimitBurst"] == "3" and after["DropInPaths"] == ""


def test_no_run_is_left_half_way(step):
    assert "transaction.json" not in step("remapped")["seen"]["journal"]
