# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kernel, auditd and the docker client showed at each step, and that the role said the same.

The types of the daemon and of the policy are not asserted: they differ between distributions. Those of containers don't.
"""

import json
import os
import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def step():
    """What was kept of a step."""

    def step_(name):
        path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{name}.json")
        return json.loads(path.read_text(encoding="utf-8"))

    return step_


@pytest.fixture(scope="module")
def seen(step):
    return lambda name: step(name)["seen"]


@pytest.fixture(scope="module")
def tried(seen):
    """{container: {attempt: (worked, last line)}} once SELinux enforced."""
    return seen("tried")["tried"]


def domain(label):
    return label.split(":")[2]


def categories(label):
    """The set of categories of a process, as `c1,c2` names them."""
    return set(label.split(":")[4].split(",")) if label.count(":") == 4 else set()


def denials(seen, target, tclass):
    return [line for line in seen["denied"] if f"tclass={tclass}" in line and re.search(target, line)]


def test_the_host_is_a_real_one(host, seen):
    """Packaged units under systemd, and a kernel that knows SELinux, not a container's."""
    assert seen("before")["units"] == ["active", "active"]
    assert host.file("/proc/1/comm").content_string.strip() == "systemd"
    assert host.file("/proc/1/attr/current").content_string.count(":") >= 3


def test_before_it_was_permissive_and_gave_no_labels(seen):
    before = seen("before")
    assert not before["enforcing"] and not before["daemon"][1]
    assert before["containers"]["site"]["label"] == ""
    assert domain(before["containers"]["site"]["process"]) != "container_t"
    assert domain(before["containers"]["site"]["mounts"]["/srv/site"]) != "container_file_t"


def test_the_forecast_names_both_containers_and_the_mount(step):
    said = step("before")["said"]
    assert said["mode"]["running"] == "permissive" and said["daemon"]["labels"] == "off"
    assert said["forecast"]["asked"] == "kernel"
    by_name = {item["name"]: item for item in said["forecast"]["containers"]}
    assert by_name["site"]["labels"] != "on" and by_name["free"]["labels"] != "on"
    assert [(item["source"], item["verdict"]) for item in by_name["site"]["mounts"]] == [("/srv/site", "denied")]
    lines = said["forecast"]["lines"]
    assert [line for line in lines if "site" in line and "/srv/site" in line and ":z" in line]
    assert [line for line in lines if line.startswith("free") and "label=disable" in line]


def test_watched_it_gives_labels_and_is_still_permissive(step, seen):
    assert step("watched")["said"]["failure"] == ""
    assert seen("watched")["daemon"][1] and not seen("watched")["enforcing"]
    assert seen("watched")["daemon"][0] != seen("before")["daemon"][0]


def test_what_no_log_tells_blocks_by_the_forecast(step, seen):
    """The kernel let it through without a word, and the role knows nevertheless what enforcing would take."""
    hidden = step("hidden")
    assert hidden["seen"]["tried"]["quiet"]["looks"][0]
    assert domain(hidden["seen"]["containers"]["quiet"]["process"]) == "container_t"
    assert not [line for line in hidden["seen"]["denied"] if "quiet" in line or 'name="page"' in line]
    failure = hidden["said"]["failure"]
    assert "none seen" in failure and "can't be seen" in failure and "quiet: /srv/quiet: would be denied" in failure
    assert not hidden["seen"]["enforcing"] and hidden["said"]["result"]["mode"]["dontaudit"] is True


def test_watched_without_dontaudit_rules_it_is_told_and_they_are_back(step):
    shown = step("shown")
    told = [line for line in denials(shown["seen"], r'name="page"|path="/quiet/page"', "file") if "getattr" in line]
    assert told and all("permissive=1" in line for line in told)
    assert "quiet: /srv/quiet/page: getattr" in shown["said"]["failure"]
    assert shown["seen"]["dontaudit_off"] is False and shown["seen"]["left_behind"] == []
    assert not shown["seen"]["enforcing"]


def test_what_the_policy_lets_all_read_is_right_read_only(tried, step):
    assert tried["clock"]["time"][0] and tried["clock"]["share"][0]
    found = {(item["rule"], item["subject"]): item for item in step("tried")["said"]["findings"]}
    assert found["selinux-mounts", "container:clock"]["status"] == "pass"


def test_a_mounted_socket_is_judged_by_who_serves_it(tried, step, seen):
    """The files of both have the label of containers, by `:z`; the kernel looks at the label of who serves them."""
    mounts = seen("tried")["containers"]["sockets"]["mounts"]
    assert {domain(mounts[path]) for path in ("/srv/confined.sock", "/srv/free.sock")} == {"container_file_t"}
    worked, message = tried["sockets"]["confined"]
    assert not worked and "Permission denied" in message
    denied = denials(seen("tried"), r'path="/srv/confined.sock"', "unix_stream_socket")
    assert denied and all("connectto" in line and "permissive=0" in line for line in denied)
    assert tried["sockets"]["free"][0]
    found = {(item["rule"], item["subject"]): item for item in step("tried")["said"]["findings"]}
    sockets = found["selinux-mounts", "container:sockets"]
    assert sockets["status"] == "fail"
    assert re.search(r"'/confined' is a socket, \S+, and \S+ may not connectto \S+, which serves it", sockets["seen"])
    assert re.search(
        r"'/free' is a socket, \S+, and the policy lets each container_t connect to \S+:spc_t:", sockets["seen"]
    )
    assert "/usr" not in sockets["seen"] and "/lib" not in sockets["seen"]
    unserved = found["selinux-mounts", "container:unserved"]
    assert unserved["status"] == "unknown" and "can't be seen" in unserved["seen"]


def test_a_domain_of_containers_that_has_the_host_another_way_is_named(step, seen):
    found = {(item["rule"], item["subject"]): item for item in step("tried")["said"]["findings"]}
    weak = found["selinux", "container:weak"]
    assert domain(seen("tried")["containers"]["weak"]["label"]) in ("container_engine_t", "container_kvm_t")
    assert weak["status"] == "fail" and re.search("the host's disks|the engine's daemon", weak["seen"])


def test_it_refused_with_container_path_and_cure_and_changed_nothing(step, seen):
    refused = step("refused")
    assert not refused["seen"]["enforcing"] and refused["seen"]["configured"] == "permissive"
    assert "site" in refused["said"]["failure"] and "/srv/site" in refused["said"]["failure"]
    assert ":z" in refused["said"]["failure"] and "none seen" not in refused["said"]["failure"]
    assert seen("refused")["daemon"] == seen("watched")["daemon"]
    # and it was so: the kernel told it
    permissive = denials(refused["seen"], r'name="page"|path="/data/page"', "file")
    assert permissive and all("permissive=1" in line for line in permissive)


def test_it_went_back_to_permissive_as_the_engine_did_not_go_on(step, seen):
    fell_back = step("fell_back")
    assert fell_back["said"]["failure"].startswith("SELinux was set back to permissive, now and for the next boot")
    assert not fell_back["seen"]["enforcing"] and fell_back["seen"]["configured"] == "permissive"
    # and it had enforced: else the engine would not have ended
    assert fell_back["seen"]["units"][0] != "active" and seen("refused")["units"][0] == "active"


def test_it_enforced_after_the_cure_without_touching_what_runs(step, seen):
    enforced = step("enforced")
    assert enforced["said"]["failure"] == ""
    assert enforced["seen"]["enforcing"] and enforced["seen"]["configured"] == "enforcing"
    assert enforced["seen"]["daemon"] == seen("going_on")["daemon"]
    assert domain(enforced["seen"]["containers"]["site"]["mounts"]["/srv/site"]) == "container_file_t"
    assert re.search("none seen|0 seen", enforced["said"]["result"]["denials"]["summary"])
    assert "safe" not in enforced["said"]["result"]["denials"]["summary"]


def test_containers_are_confined_and_apart(seen):
    containers = seen("tried")["containers"]
    labels = [containers[name]["process"] for name in ("site", "own", "other")]
    assert {domain(label) for label in labels} == {"container_t"}
    pairs = [categories(label) for label in labels]
    assert all(len(pair) == 2 for pair in pairs) and len({frozenset(pair) for pair in pairs}) == 3
    assert {domain(containers[name]["process"]) for name in ("free", "all")} == {"spc_t"}


def test_what_is_labelled_for_a_container_is_its_own(tried):
    assert tried["site"]["labelled"] == [True, "content"]
    assert tried["other"]["shared"] == [True, "content"]
    assert tried["own"]["private"] == [True, "content"]


def test_a_hosts_file_is_denied_and_logged(tried, seen):
    worked, said = tried["other"]["unlabelled"]
    assert not worked and "Permission denied" in said
    assert [
        line
        for tclass in ("dir", "file")
        for line in denials(seen("tried"), r'name="(plain|note|/)"|path="/plain', tclass)
        if "permissive=0" in line
    ]


def test_another_containers_directory_is_denied_by_its_categories(tried, seen):
    """Both are root there and the type is the same for both, so only the categories are left. (A policy may not log it.)"""
    worked, said = tried["other"]["private"]
    assert not worked and "Permission denied" in said
    own = categories(seen("tried")["containers"]["own"]["process"])
    assert categories(seen("tried")["containers"]["own"]["mounts"]["/srv/own"]) == own
    assert domain(seen("tried")["containers"]["own"]["mounts"]["/srv/own"]) == "container_file_t"


def test_the_kernels_files_are_denied_though_their_mounts_are_open(tried):
    for attempt in ("proc_sys", "sysrq"):
        worked, said = tried["other"][attempt]
        assert not worked and "Permission denied" in said  # not "Read-only file system"


def test_only_a_privileged_container_gets_there_and_then_no_longer(tried, seen):
    assert tried["all"]["proc_sys"][0] and tried["all"]["sysrq"][0]
    assert not tried["free"]["proc_sys"][0] and "Read-only" in tried["free"]["proc_sys"][1]
    closed = seen("closed")["tried"]["all"]
    assert not closed["proc_sys"][0] and not closed["sysrq"][0]
    assert seen("closed")["containers"]["all"]["started"] == seen("tried")["containers"]["all"]["started"]


def test_the_audit_says_the_same(step, seen):
    found = {(item["rule"], item["subject"]): item for item in step("tried")["said"]["findings"]}
    assert found["selinux", "host"]["status"] == found["selinux", "daemon"]["status"] == "pass"
    assert found["selinux-data-root", "daemon"]["status"] == "pass"
    labels = {name: container["process"] for name, container in seen("tried")["containers"].items()}
    assert labels["joined"] == labels["own"]  # by design, and so nobody's fault
    for name in ("site", "own", "other", "joined"):
        assert found["selinux", f"container:{name}"]["status"] == "pass"
        assert found["selinux-categories", f"container:{name}"]["status"] == "pass"
    for name in ("free", "all"):
        assert found["selinux", f"container:{name}"]["status"] == "fail"
        assert found["selinux-categories", f"container:{name}"]["status"] == "not_applicable"
    for name in ("site", "own"):
        assert found["selinux-mounts", f"container:{name}"]["status"] == "pass"
    wrong = found["selinux-mounts", "container:other"]
    assert wrong["status"] == "fail" and re.search("'/(own|plain)'", wrong["seen"])


def test_limits_are_set_while_it_runs(seen):
    """By the kernel's control groups of version 2, which the other hosts have without these controllers."""
    before, after = (seen(name)["containers"]["site"] for name in ("tried", "closed"))
    assert before["limits"][0] == "max" and after["limits"] == ["67108864", "50"]
    assert after["started"] == before["started"]


def test_a_second_run_changes_nothing(step):
    recap = re.sub("\x1b\\[[0-9;]*m", "", step("again-said")["recap"])  # Molecule has Ansible use colours
    assert re.search(r"ok=[1-9]\d* +changed=0 +unreachable=0 +failed=0", recap)


def test_the_host_really_drifted(seen):
    assert not seen("drifted")["enforcing"] and seen("drifted")["configured"] == "enforcing"
    assert not seen("drifted")["daemon"][1]


def test_the_data_root_is_labelled_wherever_it_is(seen):
    def types(name):
        return [domain(label) for _path, label in sorted(seen(name)["data_root"].items())]

    assert set(seen("drifted")["data_root"]) == {"/srv/engine", "/srv/engine/overlay2", "/srv/engine/volumes"}
    assert not set(types("drifted")) & set(types("tried"))
    assert types("relabelled")[:2] == types("tried")[:2] and seen("relabelled")["enforcing"]
    # the engine labels these itself once there is a volume
    assert types("relabelled")[2].startswith("container_")


def test_the_remediation_brought_both_back(step, seen):
    after = seen("remediated")
    assert after["enforcing"] and after["daemon"][1] and after["daemon"][0] != seen("drifted")["daemon"][0]
    cured = {item["outcome"] for item in step("remediated")["said"]["found"] if item["subject"] in ("host", "daemon")}
    assert cured == {"cured"}
