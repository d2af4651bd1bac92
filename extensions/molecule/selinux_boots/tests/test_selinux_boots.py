# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kernel and files showed after each boot, and that the role said the same."""

import json
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def step():
    """(what was seen, what the role said) at a step."""

    def step_(name):
        path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{name}.json")
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept["seen"], kept["said"]

    return step_


def domain(label):
    return label.split(":")[2]


def test_each_boot_was_one(step):
    boots = [step(name)[0]["boot"] for name in ("without", "not_to_stay", "disabled", "disabled_again")]
    assert boots[0] != boots[1] and boots[1] == boots[2] == boots[3]


def test_a_kernel_without_selinux_is_refused_whatever_the_file_says(step):
    seen, said = step("without")
    assert "security=apparmor" in seen["command_line"] and not seen["in_kernel"] and seen["getenforce"] == "Disabled"
    assert seen["configured"] == "SELINUX=enforcing"
    mode = said["result"]["mode"]
    assert (mode["running"], mode["configured"], mode["next_boot"]) == ("none", "enforcing", "none")
    assert said["failure"].startswith("SELinux can't become enforcing: the kernel was booted with security=apparmor")
    assert not said["reboot"]


def test_without_a_policy_the_forecast_tells_contexts_and_what_it_can_not_know(step):
    _seen, said = step("without")
    forecast = said["result"]["forecast"]
    assert forecast["asked"] == "file_contexts" and "no policy is loaded" in forecast["reason"]
    (site,) = forecast["containers"]
    mounts = {mount["source"]: mount for mount in site["mounts"]}
    assert mounts["/srv/wrong"]["verdict"] == "unknown" and domain(mounts["/srv/wrong"]["context"]) == "var_t"
    assert mounts["/srv/shared"]["verdict"] == "allowed"
    assert [line for line in forecast["lines"] if line.startswith("site: /srv/wrong: unknown")]


def test_enforcing_0_would_undo_it_at_each_boot(step):
    seen, said = step("not_to_stay")
    assert "enforcing=0" in seen["command_line"]
    assert said["failure"].startswith("SELinux can't become enforcing: the kernel was booted with enforcing=0")
    assert seen["configured"] == "SELINUX=disabled" and not said["reboot"]


def test_a_parameter_that_the_kernel_does_not_know_says_nothing(step):
    """Debian's is built without CONFIG_SECURITY_SELINUX_BOOTPARAM."""
    seen, said = step("not_to_stay")
    assert "selinux=0" in seen["command_line"] and seen["in_kernel"]
    assert said["result"]["mode"]["next_boot"] == "disabled"
    assert said["result"]["mode"]["command_line"] == ["enforcing=0", "security=selinux"]


def test_a_disabled_host_is_taken_up_and_left_to_be_booted(step, host):
    assert host.file("/.autorelabel").exists and host.file("/etc/selinux/config").contains("^SELINUX=permissive$")
    seen, said = step("disabled")
    assert step("not_to_stay")[1]["result"]["mode"]["running"] == "disabled"
    assert seen["in_kernel"] and seen["enforce"] is None and seen["getenforce"] == "Disabled"
    assert seen["configured"] == "SELINUX=permissive" and seen["autorelabel"] and said["reboot"]
    assert "Reboot this host, then run this role again" in said["failure"]
    assert said["result"]["forecast"]["asked"] == "file_contexts"


def test_before_the_boot_it_says_the_same_again(step):
    seen, said = step("disabled_again")
    assert said["failure"] == step("disabled")[1]["failure"] and said["reboot"]
    assert seen == step("disabled")[0]
