# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup misspelt_variables: an opt-out with a typing error is not lost."""

import pathlib

import pytest
import yaml
from ansible.errors import AnsibleLookupError

from ansible_collections.containment.docker.plugins.lookup import misspelt_variables
from ansible_collections.containment.docker.plugins.lookup.misspelt_variables import LookupModule, own_variables

TOP = pathlib.Path(__file__).parents[4]
ROLES = sorted(path.name for path in (TOP / "roles").iterdir() if path.is_dir())


def find_misspelt(*roles, **variables):
    return LookupModule().run(list(roles), variables=variables)


@pytest.mark.parametrize(
    "role, name, nearest",
    [
        ("docker_daemon", "docker_daemon_no_new_privilege", "docker_daemon_no_new_privileges"),
        ("docker_daemon", "docker_daemon_usernsremap", "docker_daemon_userns_remap"),
        ("docker_audit", "docker_audit_failon", "docker_audit_fail_on"),
        ("docker_audit", "docker_audit_waiver", "docker_audit_waivers"),
        ("docker_kernel_filesystems", "docker_kernel_filesystems_leaves", "docker_kernel_filesystems_leave"),
        ("docker_remediation", "docker_remediation_spares", "docker_remediation_spare"),
        ("docker_selinux", "docker_selinux_waiver", "docker_selinux_waivers"),
    ],
)
def test_a_typing_error_is_told_with_the_right_name(role, name, nearest):
    assert find_misspelt(role, **{name: False}) == [f"{name} is no variable of role {role}; is {nearest} meant?"]


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_takes_and_keeps_is_its_own(role):
    defaults = yaml.safe_load((TOP / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    own = dict(defaults, docker_hosts="x", docker_serial=1, other=1, **{f"__{role}_internal": 1, role: 1})
    own.update(dict.fromkeys(own_variables(role)))
    assert find_misspelt(role, **own) == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_asks_first_and_the_one_that_uses_others_asks_for_them_too(role):
    file = "settings.yml" if role == "docker_daemon" else "preflight.yml"
    text = str(yaml.safe_load((TOP / "roles" / role / "tasks" / file).read_text(encoding="utf-8"))[0])
    assert "misspelt_variables" in text and f"'{role}'" in text
    if role == "docker_remediation":
        assert all(f"'{other}'" in text for other in ROLES)


@pytest.mark.parametrize("role", ["docker_nothing", "../docker_audit"])
def test_another_role_is_refused(role):
    with pytest.raises(AnsibleLookupError, match="no role of this collection|no name of a role"):
        find_misspelt(role)


def test_what_is_not_known_at_all_still_names_something(tmp_path):
    assert misspelt_variables.misspelt("a", [], ["a_b"]) == ["a_b is no variable of role a."]
