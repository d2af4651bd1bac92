# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What role docker_selinux knows of each distribution, and what it makes of the mode that it finds."""

import configparser
import pathlib

import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

VARS = pathlib.Path(__file__).parents[3] / "roles" / "docker_selinux" / "vars"
KNOWN = {"RedHat-8", "RedHat-9", "RedHat-10", "Debian-12", "Debian-13"}


def distribution(name):
    (only,) = yaml.safe_load((VARS / f"{name}.yml").read_text(encoding="utf-8")).values()
    return only


def test_there_is_one_for_each_release_that_the_role_knows_and_no_other():
    assert {path.stem for path in VARS.glob("*.yml")} == KNOWN | {"main", "unknown"}


@pytest.mark.parametrize("name", sorted(KNOWN | {"unknown"}))
def test_all_say_the_same_things(name):
    text = yaml.safe_load((VARS / f"{name}.yml").read_text(encoding="utf-8"))
    assert list(text) == ["__docker_selinux_distribution"]
    assert set(distribution(name)) - {"packages"} == {"policy", "newest_core"}
    assert ("packages" in distribution(name)) is (name != "unknown")


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_brings_a_policy_its_tools_and_the_bindings_of_its_python(name):
    packages = distribution(name)["packages"]
    assert len(packages) == len(set(packages))
    bindings, policy = {
        "RedHat": ("python3-libselinux", "selinux-policy-targeted"),
        "Debian": ("python3-selinux", "selinux-policy-default"),
    }[name.partition("-")[0]]
    assert {bindings, policy, "policycoreutils", "policycoreutils-python-utils"} <= set(packages)
    assert policy == f"selinux-policy-{distribution(name)['policy']}"


@pytest.mark.parametrize("name", ["RedHat-8", "RedHat-9", "RedHat-10"])
def test_only_there_containers_have_a_policy_package_of_their_own(name):
    assert "container-selinux" in distribution(name)["packages"]


def test_only_rhel_8_holds_ansible_core_back():
    assert {name: distribution(name)["newest_core"] for name in KNOWN if distribution(name)["newest_core"]} == {
        "RedHat-8": "2.16"
    }


def decided(running, configured, wanted):
    """(the mode to set, whether that is a rise from permissive, whether nothing is to be set)."""
    rules = yaml.safe_load((VARS / "main.yml").read_text(encoding="utf-8"))
    known = {
        "docker_selinux_state": wanted,
        "__docker_selinux_mode": {"running": running, "configured": configured},
    }
    for name in ("target", "rises", "stands"):
        name = "__docker_selinux_" + name
        known[name] = NativeEnvironment().from_string(rules[name]).render(known)
    return tuple(known["__docker_selinux_" + name] for name in ("target", "rises", "stands"))


@pytest.mark.parametrize(
    ("running", "configured", "wanted", "expected"),
    [
        ("permissive", "permissive", "enforcing", ("enforcing", True, False)),
        ("permissive", "enforcing", "enforcing", ("enforcing", True, False)),  # setenforce 0
        ("permissive", "disabled", "enforcing", ("enforcing", True, False)),
        ("enforcing", "enforcing", "enforcing", ("enforcing", False, True)),
        ("enforcing", "permissive", "enforcing", ("enforcing", False, False)),  # the next boot would not
        ("enforcing", "disabled", "enforcing", ("enforcing", False, False)),
        ("permissive", "permissive", "permissive", ("permissive", False, True)),
        ("permissive", "disabled", "permissive", ("permissive", False, False)),
        ("permissive", "", "permissive", ("permissive", False, False)),
        # what is enforced or shall be is never lowered
        ("enforcing", "enforcing", "permissive", ("enforcing", False, True)),
        ("enforcing", "permissive", "permissive", ("enforcing", False, True)),
        ("enforcing", "disabled", "permissive", ("enforcing", False, False)),
        ("permissive", "enforcing", "permissive", ("enforcing", False, True)),
    ],
)
def test_the_mode_only_rises(running, configured, wanted, expected):
    assert decided(running, configured, wanted) == expected


def undo(kind):
    rules = yaml.safe_load((VARS / "main.yml").read_text(encoding="utf-8"))
    name = rules["__docker_selinux_undo"]
    known = {
        "docker_selinux_watch_seconds": "60",  # as --extra-vars gives it
        "__docker_selinux_undo": name,
        "__docker_selinux_undo_files": [f"/etc/systemd/system/{name}.{end}" for end in ("service", "timer")],
    }
    text = (VARS.parent / "templates" / f"undo.{kind}.j2").read_text(encoding="utf-8")
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes="#")
    parser.optionxform = str
    parser.read_string(NativeEnvironment().from_string(text).render(known))
    return {section: dict(parser[section]) for section in parser.sections()}


def test_the_hosts_own_timer_puts_the_rules_back_whatever_becomes_of_ansible():
    timer, service = undo("timer"), undo("service")
    assert int(timer["Timer"]["OnActiveSec"]) > 60 and timer["Install"]["WantedBy"] == "timers.target"
    assert "OnUnitInactiveSec" in timer["Timer"]  # after a failure
    assert "OnBootSec" not in timer["Timer"]  # long past on a host that is up: it would run beside `semodule -DB`
    assert "semodule -B'" in service["Service"]["ExecStart"]
    # only what succeeded removes them, as it is ExecStartPost
    for end in ("service", "timer"):
        assert f"/etc/systemd/system/containment-docker-dontaudit.{end}" in service["Service"]["ExecStartPost"]


def test_the_rules_are_put_back_after_what_fails_too():
    (block,) = [task for task in tasks("watch") if "block" in task]
    names = [task["name"] for task in block["block"]]
    assert names.index("Schedule a timer that restores the dontaudit rules should Ansible be killed") < names.index(
        "Remove the dontaudit rules from the policy"
    )
    assert block["always"][0]["ansible.builtin.systemd_service"]["state"] == "started"


def test_a_relabel_that_would_take_the_layers_from_containers_is_refused_before_anything_is_set():
    names = [task["name"] for task in tasks("disabled")]
    refusal = names.index("Refuse a relabel that would take the layers from all containers")
    assert refusal < names.index("Set SELinux to permissive from the next boot on")
    assert refusal < names.index("Schedule the relabel of all files for the next boot")
    rules = yaml.safe_load((VARS / "main.yml").read_text(encoding="utf-8"))
    for forecast, path in (
        ({"store": "/data/containerd/daemon"}, "/data/containerd/daemon"),
        ({"store": ""}, ""),
        ({}, ""),
    ):
        known = {"__docker_selinux_data_root": forecast}
        assert (NativeEnvironment().from_string(rules["__docker_selinux_unknown_store"]).render(known) or "") == path


def tasks(name):
    return yaml.safe_load((VARS.parent / "tasks" / f"{name}.yml").read_text(encoding="utf-8"))
