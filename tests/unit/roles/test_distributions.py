# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs by distribution stands in vars/ of a role and nowhere else, and each host gets what is meant for it."""

import pathlib
import re

import jinja2
import pytest
import yaml
from ansible.module_utils.facts.system.distribution import Distribution

ROLES = sorted(path for path in (pathlib.Path(__file__).parents[3] / "roles").iterdir() if path.is_dir())
# A distribution's own paths and packages. Names of programs and of Docker's own files are the same everywhere.
DIFFERS = re.compile(
    r"/etc/(?:default|sysconfig|apt|yum\S*|dnf)\b|/(?:usr/)?s?bin/|/usr/libexec|/usr/lib/|"
    r"\b(?:apt|dnf|yum|rpm|dpkg)(?:_\w+)?:|\bdocker-ce\b|\bdocker\.io\b|"
    r"\b(?:container-selinux|selinux-policy\S*|selinux-basics|selinux-utils|policycoreutils\S*|python3?-\w+)"
)
# name as Ansible gathers it, release, and which file of vars/ is for it
HOSTS = [
    ("RedHat", "8", "RedHat-8.yml"),
    ("RedHat", "9", "RedHat-9.yml"),
    ("RedHat", "10", "RedHat-10.yml"),
    ("Rocky", "8", "RedHat-8.yml"),
    ("Rocky", "9", "RedHat-9.yml"),
    ("AlmaLinux", "10", "RedHat-10.yml"),
    ("OracleLinux", "9", "RedHat-9.yml"),
    ("Debian", "11", None),
    ("Debian", "12", "Debian-12.yml"),
    ("Debian", "13", "Debian-13.yml"),
    ("Ubuntu", "22", None),
    ("Ubuntu", "24", None),
    ("RedHat", "7", None),
    ("Fedora", "42", None),
]
CHOOSING = [role for role in ROLES if list((role / "vars").glob("*-[0-9]*.yml"))]


def facts(name, release):
    """The facts of a distribution, its family as Ansible itself knows it."""
    return {
        "os_family": Distribution.OS_FAMILY.get(name, name),
        "distribution": name,
        "distribution_major_version": release,
    }


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def candidates(role, name, release):
    """The files that a role tries for a host, in order."""
    patterns = load(role / "vars" / "main.yml")[f"__{role.name}_vars_files"]["files"]
    return [jinja2.Template(pattern).render(ansible_facts=facts(name, release)) for pattern in patterns]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_tasks_and_defaults_name_nothing_that_differs(role):
    paths = [path for folder in ("tasks", "defaults", "handlers") for path in sorted((role / folder).glob("*.yml"))]
    lines = [
        f"{path.relative_to(role)}: {line.strip()}"
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#") and DIFFERS.search(line)
    ]
    assert lines == []


@pytest.mark.parametrize(
    "line",
    [
        "shell: /usr/sbin/nologin",
        "path: /etc/default/docker",
        "path: /etc/sysconfig/docker",
        "ansible.builtin.apt:",
        "name: container-selinux",
        "name: [python3-libselinux]",
        "name: docker-ce",
    ],
)
def test_what_differs_is_found(line):
    assert DIFFERS.search(line)


@pytest.mark.parametrize("role", CHOOSING, ids=lambda role: role.name)
@pytest.mark.parametrize("name, release, wanted", HOSTS)
def test_a_host_gets_what_is_meant_for_it_and_an_unknown_one_nobody_elses(role, name, release, wanted):
    vars_file = next(file for file in candidates(role, name, release) if (role / "vars" / file).exists())
    assert vars_file == (wanted or "unknown.yml")


def test_there_are_roles_that_choose():
    assert "docker_selinux" in [role.name for role in CHOOSING]
