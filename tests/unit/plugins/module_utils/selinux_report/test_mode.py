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


def off(asked="disabled", **line):
    return {
        "mode": None,
        "config": Config(asked, "targeted", ""),
        "command_line": CommandLine(**line),
        "policy_version": None,
    }


def test_a_good_host_has_no_problem():
    told = report()
    assert told["problems"] == [] and told["in_the_way"] == {"permissive": "", "enforcing": ""}
    assert (told["running"], told["configured"], told["next_boot"]) == ("enforcing", "enforcing", "enforcing")
    assert told["policy_loaded"] and told["configured_policy"] == "targeted" and told["command_line"] == []


def test_setenforce_0_is_seen():
    told = report(mode="permissive")
    assert "setenforce 0" in told["problems"][0]
    assert told["in_the_way"]["enforcing"] == ""


def test_a_file_that_says_otherwise_counts_at_the_next_boot():
    (problem,) = report(config=Config("permissive", "targeted", ""))["problems"]
    assert "next boot" in problem and "setenforce" not in problem


@pytest.mark.parametrize("running, asked", [("permissive", "enforcing"), ("enforcing", "permissive")])
def test_nobody_has_switched_what_the_command_line_says(running, asked):
    line = CommandLine(enforcing=running == "enforcing")
    problem = report(mode=running, config=Config(asked, "targeted", ""), command_line=line)["problems"][-1]
    assert "enforcing=%d on the kernel's command line" % line.enforcing in problem
    assert "setenforce" not in problem and "next boot" not in problem


@pytest.mark.parametrize("asked", ["disabled", "permissive", "enforcing", None])
def test_selinux_0_is_in_every_way(asked):
    told = report(**off(asked, selinux=False))
    for way in ("permissive", "enforcing"):
        assert "selinux=0" in told["in_the_way"][way] and "grubby" in told["in_the_way"][way]
        assert "RHEL 9" in told["in_the_way"][way]
    assert told["command_line"] == ["selinux=0"]


@pytest.mark.parametrize("line", [{"security": "apparmor"}, {"lsm": ("landlock", "apparmor")}])
def test_another_module_is_in_every_way(line):
    told = report(**off("enforcing", **line))
    assert "leaves SELinux out" in told["in_the_way"]["permissive"] and "apparmor" in told["in_the_way"]["permissive"]


def test_enforcing_0_is_in_the_way_of_enforcing_only():
    told = report(mode="permissive", command_line=CommandLine(enforcing=False))
    assert told["in_the_way"]["permissive"] == ""
    assert "enforcing=0" in told["in_the_way"]["enforcing"] and told["in_the_way"]["enforcing"] in told["problems"]


def test_disabled_by_the_file_is_no_obstacle():
    assert report(**off("disabled"))["in_the_way"] == {"permissive": "", "enforcing": ""}
    no_policy = off("disabled")
    no_policy["mode"] = "disabled"
    assert report(**no_policy)["in_the_way"] == {"permissive": "", "enforcing": ""}


def test_a_kernel_without_is_told_unless_the_boot_is_still_to_come():
    told = report(**off("permissive"))
    assert "runs without SELinux" in told["in_the_way"]["permissive"]
    told = report(files=FILES._replace(relabel=True, waits=True), **off("permissive"))
    assert told["in_the_way"]["permissive"] == ""


@pytest.mark.parametrize("changes", [{"relabel": True}, {"unlabelled": "/etc/passwd"}])
def test_files_without_labels_are_in_the_way_of_enforcing(changes):
    told = report(files=FILES._replace(**changes), mode="permissive")
    assert "reboot" in told["in_the_way"]["enforcing"] and told["in_the_way"]["permissive"] == ""
    assert report(files=FILES._replace(**changes))["in_the_way"]["enforcing"] == ""  # it is enforcing


def test_a_policy_that_is_not_loaded_or_not_there_is_told():
    told = report(mode="disabled", policy_version=None)
    assert "no policy is loaded" in told["problems"][0] and not told["policy_loaded"]
    told = report(files=FILES._replace(installed=False))
    assert "policy targeted is not installed" in told["problems"][0]


def test_an_odd_configuration_is_told():
    assert report(config=Config(None, None, "there is no file"))["problems"] == ["there is no file"]


def test_what_a_boot_loader_wrote_is_inert():
    told = report(**off("enforcing", security="\x1b[2J" + "x" * 500))
    assert told["in_the_way"]["permissive"].isprintable() and len(told["command_line"][0]) < 100


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
    told = root(right)
    assert told["verdict"] == "right" and told["cure"] == "" and not told["equivalence"]


def test_a_policy_that_knows_no_docker_says_nothing_of_its_data():
    told = data_root.judge_labels("/srv/docker", lambda path, kind: "u:r:var_lib_t:s0", lambda path: "u:r:var_lib_t:s0")
    assert told["verdict"] == "unknown" and "is container-selinux installed?" in told["why"]


def test_one_with_other_types_is_wrong_and_needs_an_equivalence():
    told = root({"/srv/docker": "u:r:default_t:s0"})
    assert told["verdict"] == "wrong" and told["equivalence"]
    assert told["cure"] == "semanage fcontext -a -e /var/lib/docker /srv/docker; restorecon -R /srv/docker"
    assert "/srv/docker is u:r:default_t:s0" in told["why"]


def test_what_is_below_counts_too():
    labels = {"/srv/docker": EXPECTED[""], "/srv/docker/overlay2": "u:r:container_var_lib_t:s0"}
    assert "overlay2" in root(labels)["why"]


def test_where_the_policy_knows_it_labels_are_enough():
    assert root({"/srv/docker": "u:r:default_t:s0"}, known=["/srv/docker"])["cure"] == "restorecon -R /srv/docker"
    told = root({"/var/lib/docker": "unlabeled"}, path="/var/lib/docker")
    assert (told["verdict"], told["cure"]) == ("wrong", "restorecon -R /var/lib/docker")


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
    told = stored(**{STORE: "u:r:var_lib_t:s0"})
    assert told["verdict"] == "wrong" and told["cure"] == "restorecon -R /var/lib/containerd"
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
    told = data_root.judge_labels("/data", fixed({"/var/lib/docker": ROOT_TYPE}), labels.get)
    assert told["keep"] == "/data/containerd/daemon"
    assert told["cure"].endswith("restorecon -R -e /data/containerd/daemon /data")
    del labels["/data/containerd/daemon"]
    assert data_root.judge_labels("/data", fixed({"/var/lib/docker": ROOT_TYPE}), labels.get)["keep"] == ""
