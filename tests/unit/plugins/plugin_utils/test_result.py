# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A result and a list of findings are read alike; what is folded has a status for each of its subjects."""

from ansible_collections.containment.docker.plugins.plugin_utils import result as results


def finding(rule, subject, status="fail"):
    return {"rule": rule, "subject": subject, "status": status}


def test_a_list_of_findings_is_counted():
    read = results.read([finding("seccomp", "daemon"), finding("seccomp", "container:a", "pass")])
    assert (read.counts["fail"], read.counts["pass"], read.actions) == (1, 1, [])


def test_who_passes_follows_from_the_containers_less_those_with_a_finding():
    audit = {
        "findings": [finding("no-new-privileges", "container:a")],
        "passed": {"no-new-privileges": 2},
        "not_applicable": {"selinux-data-root": "no SELinux"},
        "containers": [{"name": "a"}, {"name": "b"}],
    }
    assert results.statuses(results.read(audit)) == {
        ("no-new-privileges", "container:a"): "fail",
        ("no-new-privileges", "container:b"): "pass",
        ("no-new-privileges", "daemon"): "pass",
        ("selinux-data-root", "daemon"): "not_applicable",
    }


def test_a_rule_that_is_unknown_here_has_no_subjects():
    assert results.statuses(results.read({"findings": [], "passed": {"of-tomorrow": 3}})) == {}


def test_the_keys_that_ansible_adds_are_left_out():
    assert results.documented({"changed": False, "findings": [], "schema": 1}) == {"schema": 1, "findings": []}
