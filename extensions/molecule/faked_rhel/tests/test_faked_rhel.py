# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role came to its end on what says it is RHEL, and did what it says."""

import json

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


def can_write(state):
    """Whether a process of the container could write a setting of the kernel (of its own network)."""
    return state["attempts"]["open"]["write /proc/sys/net/ipv4/ip_forward"][0]


def test_ansible_takes_it_for_rhel_and_its_packages_for_real(host, result):
    """Or else no branch for RHEL ran."""
    assert result("audited")["facts"] == ["RedHat", "RedHat", "9", "dnf"]
    assert "stand-ins" in host.check_output("dnf -q repolist")


def test_the_audit_found_what_is_open(result):
    assert result("audited")["open"] == ["fail"]


def test_the_kernel_filesystems_are_closed(snapshot, result):
    assert result("remediated") == ["held until restart"]
    assert can_write(snapshot("audited")) and not can_write(snapshot("remediated"))


def test_the_daemon_is_hardened(snapshot):
    assert not snapshot("remediated")["daemon_json"]
    assert json.loads(snapshot("hardened")["daemon_json"]["text"])["icc"] is False
    assert "name=userns" in snapshot("hardened")["info"]["SecurityOptions"]


@pytest.mark.parametrize(
    "name, words",
    [
        ("refused_7", "does not know which packages bring SELinux to RedHat 7.9"),
        ("refused_8", "use ansible-core 2.16"),
    ],
)
def test_what_is_refused_is_told(name, words, result):
    assert words in result(name)["sentence"]


def test_a_check_run_of_the_playbook_on_rhel_10_ends_as_the_real_one_would(result):
    text = " ".join(result("untouched").split())
    assert "would be set to permissive with the policy targeted" in text


def test_neither_hardening_again_nor_a_refusal_nor_a_check_run_moved_anything(snapshot):
    assert snapshot("hardened")["packages"] == [] and not snapshot("hardened")["autorelabel"]
    before, after = (dict(snapshot(step)) for step in ("hardened", "untouched"))
    # the engine tells the release, too, and that is another one by then
    assert before.pop("info")["SecurityOptions"] == after.pop("info")["SecurityOptions"]
    assert after == before


def test_from_disabled_it_goes_to_permissive_with_a_relabel_and_asks_for_the_reboot(snapshot, result):
    assert result("done")["facts"] == ["RedHat", "RedHat", "9", "dnf"]
    assert snapshot("done")["packages"] == sorted(WANTED | REQUIRED)
    before = snapshot("untouched")["config"]["text"]
    assert "SELINUX=disabled\n" in before
    assert snapshot("done")["config"]["text"] == before.replace("SELINUX=disabled\n", "SELINUX=permissive\n")
    assert snapshot("done")["autorelabel"]["text"] == ""
    assert result("done")["reboot_required"] is True
    assert "it never reboots" in result("done")["sentence"] and "is set to permissive" in result("done")["sentence"]


def test_until_that_reboot_the_same_run_changes_nothing_more_and_says_the_same(snapshot, result, now):
    assert now("daemon", "boot", "packages") == snapshot("done")
    assert result("again") == result("done")


def test_rpm_itself_says_the_same(host):
    """And that it was dnf that brought them."""
    host.check_output("rpm -q " + " ".join(sorted(WANTED)))
    assert "container-selinux" in host.check_output("dnf -q history userinstalled")
