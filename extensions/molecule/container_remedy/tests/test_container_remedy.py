# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of the containers, as the kernel, docker and a process in them tell. The daemon restarts in the last test."""

import json
import re

import pytest

MIB = 1 << 20


@pytest.fixture(scope="module")
def runs(result):
    """What the module said in check mode, when it did it, and in Molecule's idempotence step: each a list of entries."""
    return {name: result(name) for name in ("foreseen", "done", "again")}


@pytest.fixture(scope="module")
def info(host):
    """What `docker info` says."""
    return json.loads(host.check_output("docker info --format '{{json .}}'"))


@pytest.fixture(scope="module")
def limits(info):
    """Whether this host's kernel can limit containers at all, by docker info."""
    assert info["MemoryLimit"] == info["PidsLimit"]
    return info["MemoryLimit"]


def look(host):
    return {
        inspect["Name"][1:]: inspect
        for inspect in json.loads(host.check_output("docker inspect $(docker ps --all --quiet)"))
    }


@pytest.fixture(scope="module")
def inspects(host):
    """What `docker inspect` says of each container, by name, before a test restarts any."""
    return look(host)


def inside(host, name, command):
    return host.run("docker exec %s sh -c %s", name, command)


def control_group(host, inspect, *files):
    """The first of these files in the container's control groups, None if there is none of them."""
    for file in files:
        content = host.check_output("find /sys/fs/cgroup -path %s -name %s -exec cat {} +", f"*{inspect['Id']}*", file)
        if content:
            return content.split("\n")[0]
    return None


def refused(runs, name, action):
    return [entry["refused"] for entry in runs["done"] if (entry["name"], entry["action"]) == (name, action)]


def test_the_engine_has_the_image_store_that_is_meant_for_this_host(info, has_its_store):
    assert has_its_store(info["Driver"], info["DriverStatus"])


def test_the_check_was_true_and_touched_nothing_and_the_second_run_changed_nothing(host, runs):
    assert host.run("cmp /srv/untouched.json /srv/checked.json").rc == 0
    assert re.sub("it uses [0-9]+", "", str(runs["foreseen"])) == re.sub("it uses [0-9]+", "", str(runs["done"]))
    assert not [entry for entry in runs["again"] if entry["changed"]]
    assert [entry["after"] for entry in runs["done"]] == [entry["after"] for entry in runs["again"]]


def test_limits_are_the_kernel_s(host, inspects, runs, limits):
    config = inspects["limited"]["HostConfig"]
    memory = control_group(host, inspects["limited"], "memory.max", "memory.limit_in_bytes")
    pids = control_group(host, inspects["limited"], "pids.max")
    if limits:
        assert (memory, pids) == (str(64 * MIB), "30")
        assert (config["Memory"], config["MemorySwap"], config["PidsLimit"]) == (64 * MIB, 64 * MIB, 30)
    else:
        assert (memory, pids, config["Memory"], config["MemorySwap"]) == (None, None, 0, 0)
        assert "no memory limits" in refused(runs, "limited", "update")[1]


def test_limits_stop_a_process(host, limits):
    assert (
        "forked" not in inside(host, "limited", "for i in $(seq 40); do sleep 2 & done; echo forked").stdout
    ) == limits
    taken = inside(host, "limited", "dd if=/dev/zero of=/dev/null bs=100M count=1 && echo taken").stdout
    assert ("taken" not in taken) == limits


def test_a_limit_that_was_raised_past_the_engine_is_back(host, inspects, limits):
    limit = control_group(host, inspects["raised"], "memory.max", "memory.limit_in_bytes")
    assert limit == (str(64 * MIB) if limits else None)


@pytest.mark.parametrize("name, processes", [("roomy", 1), ("crowded", 30)])
def test_what_uses_too_much_is_left_alone(host, inspects, runs, limits, name, processes):
    assert ("more than 80 %" if limits else "kernel has no") in refused(runs, name, "update")[0]
    assert len(host.check_output("docker top %s -o pid", name).split("\n")) == processes + 1
    config = inspects[name]["HostConfig"]
    assert config["Memory"] == 0 and not config["PidsLimit"]


def test_restart_policies(host, inspects, runs):
    assert inspects["limited"]["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 5}
    assert inspects["passing"]["HostConfig"]["RestartPolicy"]["Name"] in ("", "no")
    assert "--rm" in refused(runs, "passing", "update")[0]


def test_a_paused_one_does_nothing(host, inspects):
    assert inspects["ticking"]["State"]["Paused"]
    assert control_group(host, inspects["ticking"], "freezer.state", "cgroup.freeze") in ("1", "FROZEN")
    count = "wc -c </proc/$(docker inspect --format '{{.State.Pid}}' ticking)/root/ticks"
    before = host.check_output(count)
    assert int(before) > 0 and host.check_output(f"sleep 0.5; {count}") == before


def reaches(host, name, peer, seconds=5):
    return inside(host, name, f"ping -c 1 -w {seconds} {peer}").rc == 0


def test_a_disconnected_one_reaches_nothing(host, inspects):
    assert inspects["cut"]["NetworkSettings"]["Networks"] == {}
    assert inside(host, "cut", "ls /sys/class/net").stdout.split() == ["lo"]
    assert not reaches(host, "cut", "172.31.1.1", 1) and not reaches(host, "peer", "cut", 1)


def test_a_disconnected_one_is_off_its_networks_when_it_is_started_again(host):
    host.check_output("docker restart cut")
    assert inside(host, "cut", "ls /sys/class/net").stdout.split() == ["lo"]


def test_the_undo_connects_it_as_before(host, inspects):
    assert reaches(host, "cut-and-undone", "peer") and reaches(host, "peer", "cut-and-undone-alias")
    back = inspects["cut-and-undone"]["NetworkSettings"]["Networks"]["back"]
    assert back["IPAddress"] == "172.31.2.20" and "db" in back["Aliases"]


def test_networks_that_the_engine_can_t_take_away(host, runs):
    assert "host's network" in refused(runs, "on-the-host", "disconnect")[0]
    assert "docker0" in inside(host, "on-the-host", "ls /sys/class/net").stdout
    assert "has to be disconnected" in refused(runs, "borrowing", "disconnect")[0]
    assert refused(runs, "alone", "disconnect") == [""]


def test_what_a_stop_would_remove_or_never_end_still_runs(host, inspects, runs):
    assert "would remove it" in refused(runs, "passing", "stop")[0]
    assert "may take 3600 s" in refused(runs, "waiting", "stop")[0]
    assert inspects["passing"]["State"]["Running"] and inspects["waiting"]["State"]["Running"]


def test_another_one_under_the_name_or_the_id_of_one_that_is_gone_still_runs(host, inspects, runs):
    gone = host.check_output("cat /srv/gone")
    assert refused(runs, "replaced", "stop") == ["it is gone"]
    assert inspects["replaced"]["State"]["Running"] and inspects[gone]["State"]["Running"]


def test_a_stopped_one_stays_stopped_when_the_daemon_restarts(host):
    host.check_output("docker rm --force waiting")  # the daemon would wait for it
    host.check_output("systemctl reset-failed docker.service docker.socket; systemctl restart docker")
    inspects = look(host)
    restarted = {name: inspects[name] for name in ("always", "always-and-undone", "always-untouched")}
    assert {name: inspect["State"]["Running"] for name, inspect in restarted.items()} == {
        "always": False,
        "always-and-undone": True,
        "always-untouched": True,
    }
    assert restarted["always-and-undone"]["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
