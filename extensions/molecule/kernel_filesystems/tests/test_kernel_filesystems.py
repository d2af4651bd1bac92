# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was open is closed in the running container, what is left is told, and the host's own mounts never moved."""

import re
from pathlib import Path

import pytest
import yaml

DATA = yaml.safe_load((Path(__file__).parents[1] / "vars" / "containers.yml").read_text(encoding="utf-8"))
CONTAINERS, REMAPPED = [c for c in DATA["containers"] if c["name"] != "for-the-role"], DATA["remapped"]
NAMES = [container["name"] for container in CONTAINERS]
STEPS = ("before", "asked", "closed", "again")
FAULTS, STRUCK = DATA["faults"], DATA["struck"]
each = pytest.mark.parametrize("container", CONTAINERS, ids=NAMES)
each_remapped = pytest.mark.parametrize("container", REMAPPED, ids=[container["name"] for container in REMAPPED])


@pytest.fixture(scope="module")
def answers(result):
    """{name of the run: what the module answered}"""
    return result("runs")


def answer(answers, run, name):
    """What a run said of one container."""
    if run != "planned" and name.startswith("old-"):
        run += "_old"
    return next(container for container in answers[run]["containers"] if container["name"] == name)


def test_the_host_s_mounts_and_superblocks_are_what_they_were(host, snapshot):
    assert len({snapshot(step)["host"] for step in STEPS}) == 1
    assert snapshot("remapped_before")["host"] == snapshot("remapped_closed")["host"]
    assert len(snapshot("before")["host"].splitlines()) > 10


def whole(snapshot, step, name):
    """All that a snapshot has of one container."""
    state = snapshot(step)
    return state["containers"][name], state["kernel"][name]["mounts"], state["attempts"][name]


@each
def test_asking_changed_nothing(snapshot, container):
    assert whole(snapshot, "asked", container["name"]) == whole(snapshot, "before", container["name"])


@each
def test_nothing_was_restarted(snapshot, container):
    states = [snapshot(step)["containers"][container["name"]] for step in STEPS]
    assert len({(state["pid"], state["ticks"], state["started"], state["restarts"]) for state in states}) == 1


def closes(container):
    """The attempts that work before and not afterwards."""
    return {f"write {path}" for path in container.get("closes", ())} | {
        f"read {path}" for path in container.get("hides", ())
    }


def stays(container):
    return {f"write {path}" for path in container.get("stays", ())} | {
        f"read {path}" for path in container.get("shows", ())
    }


def can(snapshot, step, container):
    attempts = snapshot(step)["attempts"][container["name"]]
    return {attempt for attempt, (worked, _output) in attempts.items() if worked}


@each
def test_what_should_be_closed_was_open_and_is_closed(snapshot, container):
    assert can(snapshot, "before", container) == closes(container) | stays(container)
    assert can(snapshot, "closed", container) == stays(container)


@each_remapped
def test_the_same_with_remapped_users(host, snapshot, answers, container):
    assert can(snapshot, "remapped_before", container) == closes(container)
    assert can(snapshot, "remapped_closed", container) == set()
    check_answer(answer(answers, "remapped", container["name"]), container)


@each
def test_what_is_said_of_it(answers, container):
    check_answer(answer(answers, "closed", container["name"]), container)


def check_answer(result, container):
    assert result["state"] == container["state"]
    assert re.search(container.get("says", "^$"), "\n".join(result["reasons"]))
    assert result["needs_recreation"] is (container["state"] == "needs recreation")
    assert bool(result["changes"]) is bool(closes(container))
    assert result["held_until_restart"] is bool(closes(container))


@each
def test_a_second_run_changes_nothing_and_says_the_same(snapshot, answers, container):
    name = container["name"]
    assert whole(snapshot, "again", name) == whole(snapshot, "closed", name)
    assert answer(answers, "again", name)["changes"] == []
    assert answer(answers, "again", name)["state"] == container["state"]
    assert not answers["again"]["changed"] and not answers["again_old"]["changed"]


@each
def test_what_was_planned_is_what_was_done(answers, container):
    name = container["name"]
    planned, done = (answer(answers, run, name)["changes"] for run in ("planned", "closed"))
    if name == "old-false-null":  # planned for a kernel that can bring the host's /dev/null along
        failed = {remainder["path"] for remainder in answer(answers, "closed", name)["left"]}
        assert {"/proc/keys", "/proc/timer_list"} <= failed
        planned = [change for change in planned if change["path"] not in failed]
    assert planned == done


def test_the_planned_difference_is_what_came_out(answers):
    planned = {difference["after_header"]: difference for difference in answers["planned"]["diff"]}
    done = {difference["after_header"]: difference for difference in answers["closed"]["diff"]}
    assert len(done) > 10
    for name in done:
        assert planned[name] == done[name]


def test_only_mounts_of_the_container_changed_and_only_their_own_flags(snapshot):
    """A filesystem's own options stand behind the dash; docker's own mounts in there stay too."""
    for name in NAMES:
        before, after = (
            {line.split()[0]: line.split(" - ", 1) for line in snapshot(step)["kernel"][name]["mounts"].splitlines()}
            for step in ("before", "closed")
        )
        for number, (mount, filesystem) in before.items():
            assert after[number][1] == filesystem
            fields, now = mount.split(), after[number][0].split()
            assert (fields[:5], fields[6:]) == (now[:5], now[6:])
            old, new = set(fields[5].split(",")), set(now[5].split(","))
            assert new == old or new == old - {"rw"} | {"ro"}
        for number in set(after) - set(before):
            mount, filesystem = after[number]
            assert "ro" in mount.split()[5].split(",") and not mount.split()[6:]  # read-only and private
            assert not filesystem.startswith("tmpfs tmpfs rw,size=4k")


def test_masks_are_the_null_device_and_empty_directories(host):
    for name in ("unconfined", "old-unconfined"):
        kind = host.check_output(f"docker exec {name} stat -c '%t:%T %F' /proc/keys")
        assert kind == "1:3 character special file"
        assert host.check_output(f"docker exec {name} ls -A /sys/firmware /proc/acpi 2>/dev/null || true").split() in (
            ["/sys/firmware:", "/proc/acpi:"],
            ["/proc/acpi:", "/sys/firmware:"],
        )


def test_the_container_can_t_change_the_host_s_null_device(host):
    before = host.check_output("stat -c '%a %u %Z' /dev/null")
    refused = host.run("docker exec unconfined chmod 600 /proc/keys")
    assert "Read-only file system" in refused.stderr
    assert host.check_output("stat -c '%a %u %Z' /dev/null") == before


def test_nothing_of_a_hostile_image_was_opened_or_ran(host):
    opened = host.file("/run/watch.log").content_string
    by_us = [line for line in opened.splitlines() if re.search(r"/usr/lib|/lib|locale|mount$|python", line)]
    assert by_us == []
    for name in ("hostile", "old-unconfined"):
        assert host.run(f"docker exec {name} test -e /marker").rc == 1
    # the watch works: it sees a file that is opened in there
    host.check_output("docker exec hostile cat /usr/bin/mount")
    host.check_output("timeout 60 sh -c 'until grep /usr/bin/mount /run/watch.log; do sleep 0.1; done'")
    host.check_output("docker exec hostile sh /usr/bin/mount")
    assert host.run("docker exec hostile test -e /marker").rc == 0


def test_a_container_that_is_not_there_is_missed(answers):
    assert answers["closed"]["missing"] == ["not-there"]


def test_the_paused_container_stayed_paused_and_is_closed(host, snapshot):
    assert all(snapshot(step)["containers"]["paused"]["paused"] for step in STEPS)
    refused = host.run("docker exec paused sh -c ': >>/proc/sys/net/ipv4/ip_forward'")
    assert "Read-only file system" in refused.stderr


def test_the_role_reports_by_default_and_closes_when_told_to(host, snapshot, answers):
    assert answers["reported"] == answers["planned"]["containers"]
    assert whole(snapshot, "again", "for-the-role") == whole(snapshot, "before", "for-the-role")
    assert len(can(snapshot, "again", {"name": "for-the-role"})) == 3
    closed = next(container for container in answers["role"] if container["name"] == "for-the-role")
    assert closed["state"] == "held until restart" and closed["changes"]
    refused = host.run("docker exec for-the-role sh -c ': >>/proc/sys/net/ipv4/ip_forward'")
    assert "Read-only file system" in refused.stderr


def test_unrest_stops_nothing(snapshot, answers):
    """Each run answered for all containers, and never claimed more than it could see of those that moved."""
    states = {}
    for run in answers["unrest"]:
        for container in run["containers"]:
            states.setdefault(container["name"], set()).add(container["state"])
    for name in set(NAMES) - {"waived"}:
        assert states[name] == {answer(answers, "again", name)["state"]} or name == "old-false-null"
    assert states["swapping"] == {"needs recreation"}
    short = states.get("short-1", set()) | states.get("short-2", set())
    assert short and short <= {"gone", "held until restart"}


def test_the_host_is_the_same_after_the_unrest(host, snapshot):
    assert host.check_output("cat /proc/1/mountinfo") + "\n" == snapshot("before")["host"]
    assert host.run("docker ps --quiet --filter name=short").stdout == ""


@pytest.mark.parametrize("container", FAULTS, ids=[container["name"] for container in FAULTS])
def test_what_happens_while_it_is_looked_at_is_told_and_stops_nothing(snapshot, answers, container):
    name = container["name"]
    result = next(result for result in answers["faults"]["containers"] if result["name"] == name)
    assert result["state"] == container["state"]
    assert bool(result["changes"]) is container["changed"]
    if container["state"] == "gone":
        assert not snapshot("faults")["containers"].get(name, {}).get("running")
    else:
        assert can(snapshot, "faults", container) == stays(container)
    if container["state"] in ("gone", "unknown"):
        assert result["reasons"]
    assert snapshot("faults")["containers"].get(name, {}).get("paused", False) is (name == "pauses")


@pytest.mark.parametrize("container", STRUCK, ids=[container["name"] for container in STRUCK])
def test_a_child_that_is_struck_leaves_nothing_half_done(snapshot, answers, container):
    name = container["name"]
    run = answers["hanging" if name == "hanging" else "killed"]
    result = next(result for result in run["containers"] if result["name"] == name)
    assert result["state"] == container["state"]
    assert re.search(container.get("says", "^$"), "\n".join(result["reasons"]))
    assert [change["path"] for change in result["changes"]] == ["/net"]  # and that was done
    assert closes(container) | stays(container) <= can(snapshot, "faults_before", container)
    assert can(snapshot, "faults", container) == stays(container)
    before, after = (snapshot(step)["kernel"][name]["mounts"].splitlines() for step in ("faults_before", "faults"))
    assert len(before) == len(after)
    assert [line.split()[4] for line, now in zip(before, after) if line != now] == ["/net"]


def test_no_process_stays_in_a_container(answers):
    assert answers["lingering"] == []


def test_what_was_struck_can_be_closed_later(answers):
    assert {result["state"] for result in answers["healed"]["containers"]} == {"held until restart"}


def test_it_says_that_it_needs_root(answers):
    assert "only root may see this" in answers["not_root"]["msg"]


def test_a_restart_undoes_it(host):
    host.check_output("docker restart --time 0 unconfined")
    host.check_output("docker exec unconfined sh -c ': >>/proc/sys/net/ipv4/ip_forward'")
