# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role came to its end on what says it is RHEL, and did what it says."""

import json
import os
from pathlib import Path

import pytest

# what docker_selinux asks for on RHEL, and by what these require (lab/faked_rhel/build.sh)
WANTED = {
    "container-selinux",
    "selinux-policy-targeted",
    "python3-libselinux",
    "policycoreutils",
    "policycoreutils-python-utils",
}
REQUIRED = {"selinux-policy", "libselinux-utils", "python3-policycoreutils", "python3-libsemanage"}


STEPS = json.loads(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "steps.json").read_text(encoding="utf-8"))


def seen(step):
    """What was true after a step."""
    return STEPS[step]["seen"]


def said(step):
    """What was said in it."""
    return STEPS[step]["said"]


def test_ansible_takes_it_for_rhel_and_its_packages_for_real(host):
    """Or else no branch for RHEL ran."""
    assert said("found")["facts"] == ["RedHat", "RedHat", "9", "dnf"]
    assert "stand-ins" in host.check_output("dnf -q repolist")


def test_the_audit_found_what_is_open():
    assert said("found")["open"] == ["fail"]


def test_the_kernel_filesystems_are_closed():
    assert said("remediated") == ["held until restart"]
    assert seen("found")["writable"] and not seen("remediated")["writable"]


def test_the_daemon_is_hardened():
    assert not seen("remediated")["daemon_json"]
    assert json.loads(seen("hardened")["daemon_json"][0])["icc"] is False
    assert [option for option in seen("hardened")["options"] if option == "name=userns"]


@pytest.mark.parametrize(
    "name, words",
    [
        ("refused_7", "does not know which packages bring SELinux to RedHat 7.9"),
        ("refused_8", "use ansible-core 2.16"),
    ],
)
def test_what_is_refused_is_told(name, words):
    assert words in said(name)["sentence"]


def test_a_check_run_of_the_playbook_on_rhel_10_ends_as_the_real_one_would():
    text = " ".join(said("untouched").split())
    assert "would be set to permissive with the policy targeted" in text


def test_neither_hardening_again_nor_a_refusal_nor_a_check_run_moved_anything():
    assert seen("hardened")["packages"] == [] and not seen("hardened")["autorelabel"]
    assert seen("untouched") == seen("hardened")


def test_from_disabled_it_goes_to_permissive_with_a_relabel_and_asks_for_the_reboot():
    assert said("done")["facts"] == ["RedHat", "RedHat", "9", "dnf"]
    assert seen("done")["packages"] == sorted(WANTED | REQUIRED)
    before = seen("untouched")["config"][0]
    assert "SELINUX=disabled\n" in before
    assert seen("done")["config"][0] == before.replace("SELINUX=disabled\n", "SELINUX=permissive\n")
    assert seen("done")["autorelabel"][0] == ""
    assert said("done")["reboot_required"] is True
    assert "it never reboots" in said("done")["sentence"] and "is set to permissive" in said("done")["sentence"]


def test_until_that_reboot_the_same_run_changes_nothing_more_and_says_the_same():
    assert seen("again") == seen("done")
    assert said("again") == said("done")


def test_rpm_itself_says_the_same(host):
    """And that it was dnf that brought them."""
    host.check_output("rpm -q " + " ".join(sorted(WANTED)))
    assert "container-selinux" in host.check_output("dnf -q history userinstalled")
