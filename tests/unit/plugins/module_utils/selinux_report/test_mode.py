# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands between a host and SELinux in force, in sentences."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import data_root
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import CommandLine, Config, State
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import mode as selinux_mode

GOOD = State("enforcing", Config("enforcing", "targeted", ""), CommandLine(), 33)
FILES = selinux_mode.Files(installed=True)


def report(state=GOOD, files=FILES, **changes):
    return selinux_mode.report_mode(state._replace(**changes), "targeted", files)


def off(configured="disabled", **line):
    return {
        "mode": None,
        "config": Config(configured, "targeted", ""),
        "command_line": CommandLine(**line),
        "policy_version": None,
    }


def test_a_good_host_has_no_problem():
    result = report()
    assert result["problems"] == [] and result["in_the_way"] == {"permissive": "", "enforcing": ""}
    assert (result["running"], result["configured"], result["next_boot"]) == ("enforcing", "enforcing", "enforcing")
    assert result["policy_loaded"] and result["configured_policy"] == "targeted" and result["command_line"] == []


def test_setenforce_0_is_seen():
    result = report(mode="permissive")
    assert "setenforce 0" in result["problems"][0]
    assert result["in_the_way"]["enforcing"] == ""


def test_a_file_that_says_otherwise_counts_at_the_next_boot():
    (problem,) = report(config=Config("permissive", "targeted", ""))["problems"]
    assert "next boot" in problem and "setenforce" not in problem


@pytest.mark.parametrize("running, configured", [("permissive", "enforcing"), ("enforcing", "permissive")])
def test_nobody_has_switched_what_the_command_line_says(running, configured):
    line = CommandLine(enforcing=running == "enforcing")
    problem = report(mode=running, config=Config(configured, "targeted", ""), command_line=line)["problems"][-1]
    assert "enforcing=%d on the kernel's command line" % line.enforcing in problem
    assert "setenforce" not in problem and "next boot" not in problem


@pytest.mark.parametrize("configured", ["disabled", "permissive", "enforcing", None])
def test_selinux_0_is_in_every_way(configured):
    result = report(**off(configured, selinux=False))
    for mode in ("permissive", "enforcing"):
        assert "selinux=0" in result["in_the_way"][mode] and "grubby" in result["in_the_way"][mode]
        assert "RHEL 9" in result["in_the_way"][mode]
    assert result["command_line"] == ["selinux=0"]


@pytest.mark.parametrize("line", [{"security": "apparmor"}, {"lsm": ("landlock", "apparmor")}])
def test_another_module_is_in_every_way(line):
    result = report(**off("enforcing", **line))
    assert (
        "leaves SELinux out" in result["in_the_way"]["permissive"] and "apparmor" in result["in_the_way"]["permissive"]
    )


def test_enforcing_0_is_in_the_way_of_enforcing_only():
    result = report(mode="permissive", command_line=CommandLine(enforcing=False))
    assert result["in_the_way"]["permissive"] == ""
    assert (
        "enforcing=0" in result["in_the_way"]["enforcing"] and result["in_the_way"]["enforcing"] in result["problems"]
    )


def test_disabled_by_the_file_is_no_obstacle():
    assert report(**off("disabled"))["in_the_way"] == {"permissive": "", "enforcing": ""}
    no_policy = off("disabled")
    no_policy["mode"] = "disabled"
    assert report(**no_policy)["in_the_way"] == {"permissive": "", "enforcing": ""}


def test_a_kernel_without_is_told_unless_the_boot_is_still_to_come():
    result = report(**off("permissive"))
    assert "runs without SELinux" in result["in_the_way"]["permissive"]
    result = report(files=FILES._replace(relabel=True, waits=True), **off("permissive"))
    assert result["in_the_way"]["permissive"] == ""


@pytest.mark.parametrize("changes", [{"relabel": True}, {"unlabelled": "/etc/passwd"}])
def test_files_without_labels_are_in_the_way_of_enforcing(changes):
    result = report(files=FILES._replace(**changes), mode="permissive")
    assert "reboot" in result["in_the_way"]["enforcing"] and result["in_the_way"]["permissive"] == ""
    assert report(files=FILES._replace(**changes))["in_the_way"]["enforcing"] == ""  # it is enforcing


def test_a_policy_that_is_not_loaded_or_not_there_is_told():
    result = report(mode="disabled", policy_version=None)
    assert "no policy is loaded" in result["problems"][0] and not result["policy_loaded"]
    result = report(files=FILES._replace(installed=False))
    assert "policy targeted is not installed" in result["problems"][0]


def test_an_odd_configuration_is_told():
    assert report(config=Config(None, None, "there is no file"))["problems"] == ["there is no file"]


def test_what_a_boot_loader_wrote_is_inert():
    result = report(**off("enforcing", security="\x1b[2J" + "x" * 500))
    assert result["in_the_way"]["permissive"].isprintable() and len(result["command_line"][0]) < 100


EXPECTED = {"": "u:r:container_var_lib_t:s0", "/overlay2": "u:r:container_ro_file_t:s0"}


def contexts(known=()):
    """Those of the policy, which has them for /var/lib/docker and for what it is told is the same."""

    def expected(path, kind):
        assert kind == "dir"
        for root in ("/var/lib/docker",) + tuple(known):
            if path.startswith(root):
                return EXPECTED.get(path[len(root) :])
        return "u:r:default_t:s0"

    return expected


def root(labels, path="/srv/docker", known=()):
    return data_root.judge_labels(path, contexts(known), labels.get)


def test_a_data_root_like_the_standard_one_is_right():
    right = {"/srv/docker" + part: label.replace("u:r", "system_u:object_r") for part, label in EXPECTED.items()}
    result = root(right)
    assert result["verdict"] == "right" and result["cure"] == "" and not result["equivalence"]


def test_a_policy_that_knows_no_docker_says_nothing_of_its_data():
    result = data_root.judge_labels(
        "/srv/docker", lambda path, kind: "u:r:var_lib_t:s0", lambda path: "u:r:var_lib_t:s0"
    )
    assert result["verdict"] == "unknown" and "is container-selinux installed?" in result["why"]


def test_one_with_other_types_is_wrong_and_needs_an_equivalence():
    result = root({"/srv/docker": "u:r:default_t:s0"})
    assert result["verdict"] == "wrong" and result["equivalence"]
    assert result["cure"] == "semanage fcontext -a -e /var/lib/docker /srv/docker; restorecon -R /srv/docker"
    assert "/srv/docker is u:r:default_t:s0" in result["why"]


def test_what_is_below_counts_too():
    labels = {"/srv/docker": EXPECTED[""], "/srv/docker/overlay2": "u:r:container_var_lib_t:s0"}
    assert "overlay2" in root(labels)["why"]


def test_where_the_policy_knows_it_labels_are_enough():
    assert root({"/srv/docker": "u:r:default_t:s0"}, known=["/srv/docker"])["cure"] == "restorecon -R /srv/docker"
    result = root({"/var/lib/docker": "unlabeled"}, path="/var/lib/docker")
    assert (result["verdict"], result["cure"]) == ("wrong", "restorecon -R /var/lib/docker")


def test_what_is_not_there_or_can_not_be_seen_is_unknown():
    assert root({})["verdict"] == "unknown"

    def refused(path):
        raise PermissionError(13, "Permission denied")

    assert "Permission denied" in data_root.judge_labels("/x", contexts(), refused)["why"]
    assert data_root.inspect_labels("/x", None)["verdict"] == "unknown"


STORE = "/var/lib/containerd"
SNAPSHOTS = STORE + "/io.containerd.snapshotter.v1.overlayfs/snapshots"
ROOT_TYPE, LAYERS = "u:r:container_var_lib_t:s0", "u:r:container_file_t:s0"


def fixed(known):
    """File contexts of these paths alone."""
    return lambda path, kind: known.get(path, "u:r:default_t:s0")


def stored(**labels):
    known = {STORE: ROOT_TYPE, SNAPSHOTS: LAYERS}
    return data_root.judge_containerd_store(fixed(known), dict(known, **labels).get)


def test_the_containerd_store_is_looked_at():
    assert stored() is None
    result = stored(**{STORE: "u:r:var_lib_t:s0"})
    assert result["verdict"] == "wrong" and result["cure"] == "restorecon -R /var/lib/containerd"
    assert stored(**{SNAPSHOTS: ROOT_TYPE})["verdict"] == "wrong"
    assert data_root.judge_containerd_store(fixed({STORE: ROOT_TYPE}), {}.get) is None  # it is elsewhere


@pytest.mark.parametrize(
    "status, wanted",
    [
        ([["driver-type", "io.containerd.snapshotter.v1"]], True),
        ([["Backing Filesystem", "extfs"]], False),
        (None, False),
    ],
)
def test_whose_the_layers_are(status, wanted):
    assert data_root.uses_containerd_store({"DriverStatus": status}) is wanted


def test_a_relabelled_data_root_of_remapped_users_works():
    """Its overlays are mounted with a label of their own; file contexts know the directories of no remapped root."""
    root = "/var/lib/docker/100000.100000"
    labels = {root: ROOT_TYPE, root + "/overlay2": ROOT_TYPE}
    known = {"/var/lib/docker": ROOT_TYPE, "/var/lib/docker/overlay2": "u:r:container_ro_file_t:s0"}
    assert data_root.judge_labels(root, fixed(known), labels.get)["verdict"] == "right"
    labels[root + "/overlay2"] = "u:r:var_t:s0"
    assert data_root.judge_labels(root, fixed(known), labels.get)["verdict"] == "wrong"
    plain = {"/data": ROOT_TYPE, "/data/overlay2": ROOT_TYPE}
    assert data_root.judge_labels("/data", fixed(known), plain.get)["verdict"] == "wrong"


def test_dockerds_own_containerd_keeps_its_labels():
    labels = {"/data": "u:r:default_t:s0", "/data/containerd/daemon": LAYERS}
    result = data_root.judge_labels("/data", fixed({"/var/lib/docker": ROOT_TYPE}), labels.get)
    assert result["keep"] == "/data/containerd/daemon"
    assert result["cure"].endswith("restorecon -R -e /data/containerd/daemon /data")
    del labels["/data/containerd/daemon"]
    assert data_root.judge_labels("/data", fixed({"/var/lib/docker": ROOT_TYPE}), labels.get)["keep"] == ""
