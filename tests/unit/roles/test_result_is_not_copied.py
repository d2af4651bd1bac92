# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A result is registered once: a fact that holds it again is carried through each task that follows."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
WHOLE = re.compile(
    r"\{\{\s*(docker_\w+_result|\w*_proof)(\.findings|\.containers)?\s*(\|\s*combine\(.*\))?\s*\}\}\Z", re.DOTALL
)
# In its own place, and only where a forecast was asked for.
REPLACED = ("look.yml", "docker_audit_result")


def tasks(node):
    """Each task of a file, those in blocks too."""
    for item in node or ():
        yield item
        for part in ("block", "rescue", "always", "tasks", "post_tasks", "pre_tasks"):
            yield from tasks(item.get(part))


def copies(text):
    """The names of facts that are the result, or its findings or containers, as they are."""
    return [
        name
        for task in tasks(yaml.safe_load(text))
        for name, value in task.get("ansible.builtin.set_fact", {}).items()
        if isinstance(value, str) and WHOLE.match(value.strip())
    ]


def test_a_copy_is_noticed():
    assert copies("- ansible.builtin.set_fact: {mine: '{{ docker_x_result | combine({a: 1}) }}'}") == ["mine"]
    assert copies("- ansible.builtin.set_fact: {mine: '{{ docker_x_result.waiting }}'}") == []
    assert copies("- {block: [{ansible.builtin.set_fact: {mine: '{{ docker_audit_result.findings }}'}}]}") == ["mine"]


def test_no_role_and_no_playbook_copies_a_result():
    files = [*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/*.yml")]
    assert len(files) > 20
    assert [(path.name, name) for path in files for name in copies(path.read_text(encoding="utf-8"))] == [REPLACED]
