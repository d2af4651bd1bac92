# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kernel, auditd and the docker client showed at each step, and that the role said the same.

The types of the daemon and of the policy are not asserted: they differ between distributions. Those of containers don't.
"""

import re

import pytest

KERNEL_FILES = ("/proc/sys/kernel/panic", "/proc/sysrq-trigger")


@pytest.fixture(scope="module")
def attempts(snapshot):
    """{container: {attempt: (worked, what it printed)}} once SELinux enforced."""
    return snapshot("attempted")["attempts"]


@pytest.fixture(scope="module")
def end(now):
    """What is true now, after the data were labelled where they were moved to."""
    return now("daemon", "boot", "selinux")


def domain(label):
    return label.split(":")[2]


def categories(label):
    """The set of categories of a process, as `c1,c2` names them."""
    return set(label.split(":")[4].split(",")) if label.count(":") == 4 else set()


def daemon(state):
    """Its process, and whether it labels containers."""
    return state["dockerd"], "name=selinux" in state.get("info", {}).get("SecurityOptions", ())


def denials(state, target, tclass):
    return [line for line in state["denied"] if f"tclass={tclass}" in line and re.search(target, line)]


def test_the_host_is_a_real_one(host, snapshot):
    """Packaged units under systemd, and a kernel that knows SELinux, not a container's."""
    assert (snapshot("before")["unit"]["ActiveState"], snapshot("before")["auditd"]) == ("active", "active")
    assert host.file("/proc/1/comm").content_string.strip() == "systemd"
    assert host.file("/proc/1/attr/current").content_string.count(":") >= 3


def test_before_it_was_permissive_and_gave_no_labels(snapshot):
    before = snapshot("before")
    assert not before["enforcing"] and not daemon(before)[1]
    assert before["inspects"]["site"]["ProcessLabel"] == ""
    assert domain(before["kernel"]["site"]["label"]) != "container_t"
    assert domain(before["mount_labels"]["site"]["/srv/site"]) != "container_file_t"


def blocking(answer):
    """The ids of what SELinux enforcing would break now, by the forecast."""
    return [
        item["id"] for item in answer["forecast"]["effects"] if item["setting"] == "selinux" and item["kind"] == "mount"
    ]


def test_the_facts_name_both_containers_and_their_labels(snapshot, result):
    facts = result("before")["facts"]
    assert facts["mode"]["running"] == "permissive" and facts["daemon"]["labels"] == "off"
    assert facts["policy"]["asked"] == "kernel"
    by_name = {item["name"]: item for item in facts["containers"]}
    assert by_name["site"]["labels"] != "on" and by_name["free"]["labels"] != "on"
    domains = {item["source"]: domain(item["context"]) for item in by_name["site"]["mounts"]}
    assert domains == {"/srv/site": domain(snapshot("before")["mount_labels"]["site"]["/srv/site"])}
    assert [line for line in facts["lines"] if line.startswith("free") and "label=disable" in line]


def test_the_forecast_names_the_mount_that_labels_would_break(result):
    """No container has a label yet, so that enforcing takes nothing before the daemon gives them."""
    forecast = result("before")["forecast"]
    (item,) = [item for item in forecast["effects"] if item["id"] == "selinux-enabled/mount/container:site:/data"]
    assert item["sure"] == "likely" and "/srv/site" in item["message"] and ":z" in item["remedy"]
    assert blocking(result("before")) == [] and "selinux" in forecast["settings"]


def test_watched_it_gives_labels_and_is_still_permissive(snapshot, result):
    assert result("watched")["failure"] == ""
    assert daemon(snapshot("watched"))[1] and not snapshot("watched")["enforcing"]
    assert daemon(snapshot("watched"))[0] != daemon(snapshot("before"))[0]


def test_what_no_log_tells_blocks_by_the_forecast(snapshot, result):
    """The kernel let it through without a word, and the role knows nevertheless what enforcing would take."""
    assert snapshot("hidden")["attempts"]["quiet"]["looks"][0]
    assert domain(snapshot("hidden")["kernel"]["quiet"]["label"]) == "container_t"
    assert not [line for line in snapshot("hidden")["denied"] if "quiet" in line or 'name="page"' in line]
    failure = result("hidden")["failure"]
    assert blocking(result("hidden")) == ["selinux/mount/container:quiet:/quiet"]
    assert "none seen" in failure and "can't be seen" in failure
    assert "selinux/mount/container:quiet:/quiet: /srv/quiet has the label" in failure
    assert not snapshot("hidden")["enforcing"] and result("hidden")["result"]["mode"]["dontaudit"] is True


def test_watched_without_dontaudit_rules_it_is_told_and_they_are_back(snapshot, result):
    lines = [
        line for line in denials(snapshot("shown"), r'name="page"|path="/quiet/page"', "file") if "getattr" in line
    ]
    assert lines and all("permissive=1" in line for line in lines)
    assert re.search(r"selinux/denial/container:quiet:/srv/quiet/page: [^:]*getattr", result("shown")["failure"])
    assert snapshot("shown")["dontaudit_off"] is False and snapshot("shown")["undo_units"] == []
    assert not snapshot("shown")["enforcing"]


def test_what_the_policy_lets_all_read_is_right_read_only(attempts, result):
    assert attempts["clock"]["time"][0] and attempts["clock"]["share"][0]
    findings = {(item["rule"], item["subject"]): item for item in result("attempted")["findings"]}
    assert findings["selinux-mounts", "container:clock"]["status"] == "pass"


def test_a_mounted_socket_is_judged_by_who_serves_it(attempts, snapshot, result):
    """The files of both have the label of containers, by `:z`; the kernel looks at the label of who serves them."""
    mounts = snapshot("attempted")["mount_labels"]["sockets"]
    assert {domain(mounts[path]) for path in ("/srv/confined.sock", "/srv/free.sock")} == {"container_file_t"}
    worked, message = attempts["sockets"]["confined"]
    assert not worked and "Permission denied" in message
    denied = denials(snapshot("attempted"), r'path="/srv/confined.sock"', "unix_stream_socket")
    assert denied and all("connectto" in line and "permissive=0" in line for line in denied)
    assert attempts["sockets"]["free"][0]
    findings = {(item["rule"], item["subject"]): item for item in result("attempted")["findings"]}
    sockets = findings["selinux-mounts", "container:sockets"]
    assert sockets["status"] == "fail"
    assert re.search(r"'/confined' is a socket, \S+, and \S+ may not connectto \S+, which serves it", sockets["seen"])
    assert re.search(
        r"'/free' is a socket, \S+, and the policy lets each container_t connect to \S+:spc_t:", sockets["seen"]
    )
    assert "/usr" not in sockets["seen"] and "/lib" not in sockets["seen"]
    unserved = findings["selinux-mounts", "container:unserved"]
    assert unserved["status"] == "unknown" and "can't be seen" in unserved["seen"]


def test_a_domain_of_containers_that_has_the_host_another_way_is_named(snapshot, result):
    findings = {(item["rule"], item["subject"]): item for item in result("attempted")["findings"]}
    weak = findings["selinux", "container:weak"]
    assert domain(snapshot("attempted")["inspects"]["weak"]["ProcessLabel"]) in (
        "container_engine_t",
        "container_kvm_t",
    )
    assert weak["status"] == "fail" and re.search("the host's disks|the engine's daemon", weak["seen"])


def test_it_refused_with_container_path_and_cure_and_changed_nothing(snapshot, result):
    assert not snapshot("refused")["enforcing"] and snapshot("refused")["configured"] == "permissive"
    assert re.search(r"selinux/denial/container:site:\S*page: ", result("refused")["failure"])
    assert blocking(result("refused")) == ["selinux/mount/container:site:/data"]
    assert "selinux/mount/container:site:/data: /srv/site has the label" in result("refused")["failure"]
    assert ":z" in result("refused")["failure"] and "none seen" not in result("refused")["failure"]
    assert daemon(snapshot("refused")) == daemon(snapshot("watched"))
    # and it was so: the kernel told it
    permissive = denials(snapshot("refused"), r'name="page"|path="/data/page"', "file")
    assert permissive and all("permissive=1" in line for line in permissive)


def test_it_went_back_to_permissive_as_the_engine_did_not_go_on(snapshot, result):
    assert result("fell_back")["failure"].startswith("SELinux was set back to permissive, now and for the next boot")
    assert not snapshot("fell_back")["enforcing"] and snapshot("fell_back")["configured"] == "permissive"
    # and it had enforced: else the engine would not have ended
    assert snapshot("fell_back")["unit"]["ActiveState"] != "active"
    assert snapshot("refused")["unit"]["ActiveState"] == "active"


def test_it_enforced_after_the_cure_without_touching_what_runs(snapshot, result):
    assert result("enforced")["failure"] == "" and blocking(result("enforced")) == []
    assert snapshot("enforced")["enforcing"] and snapshot("enforced")["configured"] == "enforcing"
    assert daemon(snapshot("enforced")) == daemon(snapshot("going_on"))
    assert domain(snapshot("enforced")["mount_labels"]["site"]["/srv/site"]) == "container_file_t"
    assert re.search("none seen|0 seen", result("enforced")["result"]["denials"]["summary"])
    assert "safe" not in result("enforced")["result"]["denials"]["summary"]


def test_containers_are_confined_and_apart(snapshot):
    kernel = snapshot("attempted")["kernel"]
    labels = [kernel[name]["label"] for name in ("site", "own", "other")]
    assert {domain(label) for label in labels} == {"container_t"}
    pairs = [categories(label) for label in labels]
    assert all(len(pair) == 2 for pair in pairs) and len({frozenset(pair) for pair in pairs}) == 3
    assert {domain(kernel[name]["label"]) for name in ("free", "all")} == {"spc_t"}


def test_what_is_labelled_for_a_container_is_its_own(attempts):
    assert attempts["site"]["labelled"] == [True, "content"]
    assert attempts["other"]["shared"] == [True, "content"]
    assert attempts["own"]["private"] == [True, "content"]


def test_a_hosts_file_is_denied_and_logged(attempts, snapshot):
    worked, output = attempts["other"]["unlabelled"]
    assert not worked and "Permission denied" in output
    assert [
        line
        for tclass in ("dir", "file")
        for line in denials(snapshot("attempted"), r'name="(plain|note|/)"|path="/plain', tclass)
        if "permissive=0" in line
    ]


def test_another_containers_directory_is_denied_by_its_categories(attempts, snapshot):
    """Both are root there and the type is the same for both, so only the categories are left. (A policy may not log it.)"""
    worked, output = attempts["other"]["private"]
    assert not worked and "Permission denied" in output
    own = categories(snapshot("attempted")["kernel"]["own"]["label"])
    assert categories(snapshot("attempted")["mount_labels"]["own"]["/srv/own"]) == own
    assert domain(snapshot("attempted")["mount_labels"]["own"]["/srv/own"]) == "container_file_t"


def test_the_kernels_files_are_denied_though_their_mounts_are_open(attempts):
    for path in KERNEL_FILES:
        worked, output = attempts["other"][f"write {path}"]
        assert not worked and "Permission denied" in output  # not "Read-only file system"


def test_only_a_privileged_container_gets_there_and_then_no_longer(attempts, snapshot):
    assert [worked for worked, _output in attempts["all"].values()] == [True, True]
    worked, output = attempts["free"]["write /proc/sys/net/ipv4/ip_forward"]
    assert not worked and "Read-only" in output
    assert [worked for worked, _output in snapshot("closed")["attempts"]["all"].values()] == [False, False]
    assert snapshot("closed")["containers"]["all"] == snapshot("attempted")["containers"]["all"]


def test_the_audit_says_the_same(snapshot, result):
    findings = {(item["rule"], item["subject"]): item for item in result("attempted")["findings"]}
    assert findings["selinux", "host"]["status"] == findings["selinux", "daemon"]["status"] == "pass"
    assert findings["selinux-data-root", "daemon"]["status"] == "pass"
    labels = {name: view["label"] for name, view in snapshot("attempted")["kernel"].items()}
    assert labels["joined"] == labels["own"]  # by design, and so nobody's fault
    for name in ("site", "own", "other", "joined"):
        assert findings["selinux", f"container:{name}"]["status"] == "pass"
        assert findings["selinux-categories", f"container:{name}"]["status"] == "pass"
    for name in ("free", "all"):
        assert findings["selinux", f"container:{name}"]["status"] == "fail"
        assert findings["selinux-categories", f"container:{name}"]["status"] == "not_applicable"
    for name in ("site", "own"):
        assert findings["selinux-mounts", f"container:{name}"]["status"] == "pass"
    wrong = findings["selinux-mounts", "container:other"]
    assert wrong["status"] == "fail" and re.search("'/(own|plain)'", wrong["seen"])


def test_limits_are_set_while_it_runs(snapshot):
    """By the kernel's control groups of version 2, which the other hosts have without these controllers."""
    before, after = snapshot("attempted"), snapshot("closed")
    limits = after["kernel"]["site"]["control_group"]
    assert before["kernel"]["site"]["control_group"]["memory.max"] == "max"
    assert (limits["memory.max"], limits["pids.max"]) == ("67108864", "50")
    assert after["containers"]["site"] == before["containers"]["site"]


def test_a_second_run_changes_nothing(result):
    recap = re.sub("\x1b\\[[0-9;]*m", "", result("again"))  # Molecule has Ansible use colours
    assert re.search(r"ok=[1-9]\d* +changed=0 +unreachable=0 +failed=0", recap)


def test_the_host_really_drifted(snapshot):
    assert not snapshot("drifted")["enforcing"] and snapshot("drifted")["configured"] == "enforcing"
    assert not daemon(snapshot("drifted"))[1]


def test_the_data_root_is_labelled_wherever_it_is(snapshot, end):
    def types(state):
        return [domain(label) for _path, label in sorted(state["data_root"].items())]

    assert set(snapshot("drifted")["data_root"]) == {"/srv/engine", "/srv/engine/overlay2", "/srv/engine/volumes"}
    labelled = types(snapshot("attempted"))
    assert not set(types(snapshot("drifted"))) & set(labelled)
    assert types(end)[:2] == labelled[:2] and end["enforcing"]
    # the engine labels these itself once there is a volume
    assert types(end)[2].startswith("container_")


def test_the_remediation_brought_both_back(snapshot, result):
    after = snapshot("remediated")
    assert after["enforcing"] and daemon(after)[1] and daemon(after)[0] != daemon(snapshot("drifted"))[0]
    cured = {item["outcome"] for item in result("remediated")["found"] if item["subject"] in ("host", "daemon")}
    assert cured == {"cured"}
