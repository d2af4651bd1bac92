# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing is lost: not by a migration, not by one that fails or is killed, and not on the way back."""

import json
import pathlib

import pytest
import yaml

VARS = yaml.safe_load((pathlib.Path(__file__).parents[1] / "vars" / "cases.yml").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in VARS["cases"]}
PHASES = VARS["phases"]
REMAPPED = "/var/lib/docker/100000.100000"


@pytest.fixture(scope="module")
def is_whole(host):
    """Whether this host is the one with Compose and PostgreSQL."""
    return host.backend.hostname == "molecule-forky"


@pytest.fixture(scope="module")
def is_staged(lab_host, result):
    """is_staged(step, suites, everywhere): whether that trouble was staged on this host, as vars/cases.yml says."""

    def ask(step, suites, everywhere=True):
        staged = everywhere if lab_host["suite"] == "image" else lab_host["suite"] in suites
        if not staged:
            with pytest.raises(KeyError):
                result(step)
        return staged

    return ask


@pytest.fixture(scope="module")
def state(host):
    """state(step): what files/state.py printed then."""
    return lambda step: json.loads(host.check_output("cat /srv/states/%s.json", step))


def same(one, other):
    """What is in both states, but for where it is and by whom."""
    for part in ("volumes", "networks", "images", "project"):
        assert one[part] == other[part], part
    assert other["stale rules"] == []
    assert set(one["containers"]) == set(other["containers"])
    for name, before in one["containers"].items():
        after = other["containers"][name]
        assert {k: v for k, v in before.items() if k != "mapping"} == {
            k: v for k, v in after.items() if k != "mapping"
        }, name


def test_the_host_was_in_use(state, is_whole):
    before, more = state("before"), 4 if is_whole else 0
    assert before["first"] == 0 and len(before["containers"]) == 9 + more and len(before["images"]) >= 5
    assert sum(item["running"][0] for item in before["containers"].values()) == 7 + more
    assert len(before["volumes"]["awkward"][2]) > 25


def test_images_in_the_store_of_containerd_are_a_refusal_that_touches_nothing(result, is_whole):
    store = result("store")
    assert (store is not None) == is_whole
    if store:
        assert "io.containerd.snapshotter.v1" in store["before"] and "userns" not in store["before"]
        assert store["after"] == store["before"]
        assert "keeps images in containerd's store" in store["said"]["msg"]
        assert "take features.containerd-snapshotter out" in store["said"]["msg"]


def test_one_host_has_many_files(host, state):
    volumes = state("in_use")["volumes"]
    assert ("many" in volumes) == (host.backend.hostname == "molecule-trixie")
    assert "many" not in volumes or volumes["many"][2][0] > 100000


@pytest.mark.parametrize("name", CASES)
def test_a_migration_that_fails_leaves_everything_as_it_was(state, result, is_staged, name):
    if not is_staged(name, CASES[name]["suites"], everywhere="pull" not in CASES[name]):
        return
    answer = result(name)
    assert CASES[name]["says"] in answer["msg"] and answer["rolled_back"] is True
    same(state("before"), state(name))
    assert state(name)["first"] == 0 and state(name)["root"] == "/var/lib/docker"
    assert state(name)["bridges"] == state("before")["bridges"]


@pytest.mark.parametrize("phase", PHASES)
def test_a_migration_that_is_killed_is_undone_by_the_next_run(state, result, is_staged, phase):
    name = f"killed_{phase}"
    if not is_staged(name, PHASES[phase]):
        return
    answer = result(name)
    assert answer["changed"] and f"(in the phase {phase}) and was undone" in answer["recovered"]
    same(state("before"), state(name))
    assert state(name)["first"] == 0 and state(name)["bridges"] == state("before")["bridges"]


def test_every_trouble_is_staged_on_some_engine():
    suites = [case["suites"] for case in VARS["cases"]] + list(PHASES.values())
    assert all(suites) and {suite for each in suites for suite in each} == {"bookworm", "trixie", "forky"}


def test_the_plan_names_everything_and_changed_nothing(state, result):
    plan = result("runs")["plan"]
    assert plan["refusals"] == []
    there = state("before")
    planned = {(item["kind"], item["name"]) for item in plan["parts"] if item["action"] != "stay"}
    wanted = {("container", name) for name in there["containers"]} | {("volume", name) for name in there["volumes"]}
    assert wanted | {("network", name) for name in there["networks"]} <= planned


def test_everything_came_along_with_mapped_ids(state):
    migrated = state("migrated")
    assert migrated["first"] == 100000 and migrated["root"] == REMAPPED
    same(state("in_use"), migrated)
    assert migrated["bridges"] == state("in_use")["bridges"]


def test_the_kernel_maps_the_root_of_every_container(state, is_whole):
    running = [item for item in state("migrated")["containers"].values() if item["running"][0]]
    assert len(running) == (11 if is_whole else 7) and all(item["mapping"] == ["0", True, "65536"] for item in running)


def test_the_old_data_root_was_only_read(state):
    same(state("in_use"), state("back"))
    assert state("back")["root"] == "/var/lib/docker" and state("back")["bridges"] == state("before")["bridges"]


def test_a_second_run_changes_nothing(result):
    assert result("runs")["again"] is False


def test_the_way_back_names_what_was_written_since(result):
    assert "volume acks was written to" in result("runs")["refused"]["written_since"]
    assert "accept_loss" in result("runs")["refused"]["msg"]


def test_a_way_back_that_is_killed_is_completed_by_the_next_run(result):
    back = result("runs")["back"]
    assert back["changed"] and "an earlier way back ended half-way and was completed" in back["recovered"]


@pytest.mark.parametrize("root", ["/var/lib/docker", REMAPPED])
def test_the_database_has_every_write_that_it_acknowledged(host, root):
    """The last acknowledged number is in the append-only file, which Redis' own tool finds whole."""
    last = int(host.check_output("tail -n 1 %s/volumes/acks/_data/log", root))
    check = host.run(
        "redis-check-aof %s", host.check_output("ls -d %s/volumes/shop_data/_data/appendonlydir/*.manifest", root)
    )
    assert check.rc == 0 and last > 0, check.stdout
    writes = host.check_output(
        "cat %s/volumes/shop_data/_data/appendonlydir/*.incr.aof | tr -d '\\r' | grep -ci '^incr$'", root
    )
    assert int(writes) >= last


def test_the_migrated_host_took_writes(host):
    """The client went on counting in the new data root from where it had been."""
    counts = [int(line) for line in host.check_output("cat %s/volumes/acks/_data/log", REMAPPED).split()]
    assert counts == sorted(counts) and len(set(counts)) == len(counts)


@pytest.mark.parametrize("step", ["before", "migrated", "back"])
def test_a_project_of_compose_stays_one(state, is_whole, step):
    """Beside what `same` compares: Compose would only wait for what runs."""
    project = state(step)["project"]
    assert is_whole == (project is not None)
    if project:
        assert project["containers"] == [
            ["till-counter-1", "counter", "running"],
            ["till-ledger-1", "ledger", "running"],
        ]
        assert set(project["would do"]) <= {"Running", "Waiting", "Healthy"}


def test_an_image_of_a_registry_was_pulled_and_has_its_digest(state, result, is_whole):
    """`same` compares the digests; by save and load they would be lost."""
    pulled = [item for item in result("runs")["migrated"]["plan"]["parts"] if item["action"] == "pull"]
    digests = [digest for _tags, digests, _layers in state("migrated")["images"].values() for digest in digests]
    assert len(pulled) == len(digests) == (1 if is_whole else 0)


@pytest.mark.parametrize("step", ["migrated", "back"])
def test_tools_of_others_find_all_that_is_theirs(host, is_whole, step):
    lines = host.file(f"/srv/states/tools_{step}").content_string.splitlines()
    assert lines[:1] == (["Compose keeps 2 containers"] if is_whole else [])
    assert len(lines) == (2 if is_whole else 0) and all("has all of" in line for line in lines[1:])


def test_postgresql_was_shut_down_well_in_the_migrated_root(host, is_whole):
    if is_whole:
        tools, data = host.check_output("echo /usr/lib/postgresql/*/bin"), f"{REMAPPED}/volumes/pg_data/_data"
        assert "shut down" in host.check_output("%s/pg_controldata %s | grep 'cluster state'", tools, data)
        assert "Bad checksums:  0" in host.check_output("%s/pg_checksums --check %s", tools, data)


def test_what_was_left_half_way_is_gone(host):
    assert host.run("systemctl is-active containment-docker-migration.service").rc != 0
    assert not host.file("/run/containment.docker.migration").exists
