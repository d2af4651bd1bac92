# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kernel and files showed after each boot, and that the role said the same."""

import pytest


@pytest.fixture(scope="module")
def step(snapshot, result, now):
    """step(name): (the snapshot of it, what the role said); of the last one, what is true now."""
    return lambda name: (now("boot") if name == "disabled_again" else snapshot(name), result(name))


def domain(label):
    return label.split(":")[2]


def test_each_boot_was_one(step):
    boots = [step(name)[0]["boot"] for name in ("without", "not_to_stay", "disabled", "disabled_again")]
    assert boots[0] != boots[1] and boots[1] == boots[2] == boots[3]


def test_a_kernel_without_selinux_is_refused_whatever_the_file_says(step):
    state, answer = step("without")
    assert "security=apparmor" in state["command_line"] and not state["in_kernel"] and state["getenforce"] == "Disabled"
    assert state["configured"] == "enforcing"
    mode = answer["result"]["mode"]
    assert (mode["running"], mode["configured"], mode["next_boot"]) == ("none", "enforcing", "none")
    assert answer["failure"].startswith("SELinux can't become enforcing: the kernel was booted with security=apparmor")
    assert not answer["reboot"]


def test_without_a_policy_the_forecast_tells_contexts_and_what_it_can_not_know(step):
    _state, answer = step("without")
    facts = answer["result"]
    assert facts["policy"]["asked"] == "file_contexts" and "no policy is loaded" in facts["policy"]["reason"]
    (site,) = facts["containers"]
    mounts = {mount["source"]: mount for mount in site["mounts"]}
    assert domain(mounts["/srv/wrong"]["context"]) == "var_t"
    reasons = " ".join(
        obstacle["reason"] for obstacle in answer["forecast"]["obstacles"] if obstacle["setting"] == "selinux"
    )
    assert "no policy is loaded" in reasons and "site: /srv/wrong: " in reasons and "/srv/shared" not in reasons
    assert "selinux/mode/host" in [item["id"] for item in answer["forecast"]["effects"]]


def test_enforcing_0_would_undo_it_at_each_boot(step):
    state, answer = step("not_to_stay")
    assert "enforcing=0" in state["command_line"]
    assert answer["failure"].startswith("SELinux can't become enforcing: the kernel was booted with enforcing=0")
    assert state["configured"] == "disabled" and not answer["reboot"]


def test_a_parameter_that_the_kernel_does_not_know_says_nothing(step):
    """Debian's is built without CONFIG_SECURITY_SELINUX_BOOTPARAM."""
    state, answer = step("not_to_stay")
    assert "selinux=0" in state["command_line"] and state["in_kernel"]
    assert answer["result"]["mode"]["next_boot"] == "disabled"
    assert answer["result"]["mode"]["command_line"] == ["enforcing=0", "security=selinux"]


def test_a_disabled_host_is_taken_up_and_left_to_be_booted(step, host):
    assert host.file("/.autorelabel").exists and host.file("/etc/selinux/config").contains("^SELINUX=permissive$")
    state, answer = step("disabled")
    assert step("not_to_stay")[1]["result"]["mode"]["running"] == "disabled"
    assert state["in_kernel"] and state["enforcing"] is None and state["getenforce"] == "Disabled"
    assert state["configured"] == "permissive" and state["autorelabel"] and answer["reboot"]
    assert "Reboot this host, then run this role again" in answer["failure"]
    assert answer["result"]["policy"]["asked"] == "file_contexts"


def test_before_the_boot_it_says_the_same_again(step):
    state, answer = step("disabled_again")
    assert answer["failure"] == step("disabled")[1]["failure"] and answer["reboot"]
    assert state == step("disabled")[0]
