# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render a page on the playbooks from what stands in them."""

import re

import yaml

ROLE = "collections/containment/docker/{}_role.rst"
INTRODUCTION = """\
# Playbooks

Run one by its name; `-e docker_hosts=GROUP` says where, all hosts by default. A check run (`--check`) changes nothing.

```console
ansible-playbook -i inventory.yml containment.docker.audit -e docker_hosts=docker
```
"""


def render(folder):
    """The page, in Markdown, on the playbooks of a folder."""
    sections = [section(path) for path in sorted(folder.glob("*.yml"))]
    return "\n".join([INTRODUCTION, *sections])


def section(path):
    """What one playbook is for, in the words of its comment, and the roles whose variables it takes."""
    text = path.read_text(encoding="utf-8")
    roles = dict.fromkeys(re.findall(r"role: containment\.docker\.(\w+)", text))
    plays = [play["name"] for play in yaml.safe_load(text) if "name" in play]
    links = ", ".join(f"[{role}]({ROLE.format(role)})" for role in roles)
    blocks = [f"## containment.docker.{path.stem}", f"{plays[0]}.", comment_of(text)]
    return "\n\n".join(blocks + ([f"Variables of the roles: {links}."] if links else [])) + "\n"


def comment_of(text):
    """The comment at the head of a playbook, without the licence, as Markdown: what is indented in it is a command."""
    head = text.partition("\n- ")[0].splitlines()
    lines = [line[1:].removeprefix(" ") for line in head if line.startswith("#")]
    lines = lines[next((n + 1 for n, line in enumerate(lines) if line.startswith("SPDX-")), 0) :]
    return "\n".join(f"```console\n{line.strip()}\n```" if line.startswith("  ") else line for line in lines).strip()
