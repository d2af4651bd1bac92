# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/rules.md from the catalogue: `python -m ansible_collections.containment.docker.tools.render_rules`.

The committed file is compared with this in tests/unit/docs; `--check` compares too and says where they differ.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, LAYERS, Rule
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tools import page

PATH = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
FROZEN = {"create": "recreate them", "start": "restart them"}
# What the evidence that predicates read is, by its key in rule.Evidence.
EVIDENCE = {
    "bridge": "network bridge",
    "configured": "configuration of the next start",
    "daemon": "daemon",
    "data_root_labels": "labels of the data root, and file contexts",
    "host": "host",
    "image": "image",
    "info": "docker info",
    "inherited": "sockets from systemd",
    "containers": "all processes of the host",
    "inspect": "docker inspect",
    "limits": "limits of its control groups",
    "access": "who may connect to dockerd's unix sockets",
    "listeners": "dockerd's TCP sockets",
    "made": "config.v2.json",
    "modes_of": "what another container asks for",
    "mounts": "mountinfo",
    "namespaces": "namespaces",
    "others": "labels of all containers' processes",
    "policy": "what the site allows",
    "processes": "every process",
    "proxies": "docker-proxy processes",
    "running": "what the daemon was started with",
    "device_permissions": "device control group",
    "nodes": "nodes in its /dev",
    "runtime_doubt": "its runtime",
    "specification": "config.json that its runtime was given",
    "seccomp_applied": "seccomp filter that runc was given",
    "seccomp_profile": "seccomp profile in force",
    "seccomp_profile_next": "seccomp profile of the next start",
    "stat": "start and parent of its first process",
    "state": "whether the daemon runs",
    "uid_map": "uid_map",
    "version": "docker version",
}
_READS = re.compile(r"""evidence(?:\[|\.get\()["'](\w+)["']""")
_KEEPS = re.compile(r"""evidence\["(\w+)"\] = """)  # what a function worked out itself and keeps for the next
_HANDS_ON = re.compile(r"\b(?:(\w+)\.)?(\w+)\((?:[^()]*, )?evidence\b")
INTRODUCTION = """\
# Rules

Each rule is judged in up to three layers, over what was collected on the host. The strongest layer that has evidence
decides; a container also fails where any layer fails.

| Layer | Daemon and host | Container |
| --- | --- | --- |
| configured | daemon.json and the flags of the next start | what it was asked to be (HostConfig, Config) |
| effective | what the running daemon says, or was started with | what the engine stored when it made the container |
| kernel | sockets, processes and files under /proc and /sys | each process, its namespaces and mounts, under /proc |

Rendered from the catalogue by `tools/render_rules.py`; do not edit.
"""


def render(rules: tuple[Rule, ...]) -> str:
    """The whole page."""
    index = ["| Rule | Severity | Title |", "| --- | --- | --- |"]
    index += [f"| [{rule.id}](#{rule.id}) | {rule.severity} | {page.prose(rule.title)} |" for rule in rules]
    blocks = [INTRODUCTION.rstrip("\n"), "\n".join(index), *(_section(rule) for rule in rules), _benchmarks(rules)]
    return "\n\n".join(blocks) + "\n"


def _section(rule: Rule) -> str:
    blocks = [
        f"## {rule.id}",
        f"{page.prose(rule.title)}. Severity: {rule.severity}.",
        page.prose(rule.rationale),
        _layers(rule),
        f"**What to do:** {page.prose(rule.remediation)}",
    ]
    if rule.settings:
        blocks.append("Settings in daemon.json:\n\n```json\n" + json.dumps(dict(rule.settings), indent=2) + "\n```")
    if rule.container and rule.daemon:
        blocks.append(f"Containers from before the daemon's setting keep what they have: {FROZEN[rule.frozen]}.")
    if rule.frozen == "never":
        blocks.append("A container that runs can be updated, without a restart.")
    if rule.references:
        names = sorted(rule.references)
        blocks.append(
            "\n".join(
                [
                    page.row(names),
                    page.row(["---"] * len(names)),
                    page.row([", ".join(rule.references[name]) for name in names]),
                ]
            )
        )
    return "\n\n".join(blocks)


def _layers(rule: Rule) -> str:
    """For each kind of subject, what each layer looks at."""
    kinds = [kind for kind in KINDS if getattr(rule, kind)]
    rows = [page.row(["Judged", *LAYERS]), page.row(["---"] * (len(LAYERS) + 1))]
    for kind in kinds:
        predicates = getattr(rule, kind)
        rows.append(page.row([kind, *(_looks_at(predicates[at]) if at in predicates else "–" for at in LAYERS)]))
    return "\n".join(rows)


def _looks_at(predicate: Callable) -> str:
    return ", ".join(EVIDENCE.get(key, key) for key in sorted(evidence_of(predicate)))


def evidence_of(function: Callable, seen: frozenset = frozenset()) -> set[str]:
    """The keys of the evidence that a predicate reads, itself or in a function to which it hands the evidence."""
    function = inspect.unwrap(function)
    source = inspect.getsource(function)
    keys = set(_READS.findall(source))
    for module, name in _HANDS_ON.findall(source):
        home = function.__globals__.get(module) if module else None
        other = getattr(home, name, None) if home else function.__globals__.get(name)
        if inspect.isfunction(other) and other not in seen:
            keys |= evidence_of(other, seen | {other})
    return keys - set(_KEEPS.findall(source))


def _benchmarks(rules: tuple[Rule, ...]) -> str:
    """For each benchmark, which rule an id belongs to."""
    blocks = ["## By benchmark"]
    for name in sorted({name for rule in rules for name in rule.references}):
        found = [(reference, rule.id) for rule in rules for reference in rule.references.get(name, ())]
        rows = [page.row([name, "Rule"]), page.row(["---", "---"])]
        rows += [page.row([reference, f"[{rule}](#{rule})"]) for reference, rule in sorted(found, key=_numbers)]
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks)


def _numbers(pair: tuple[str, str]) -> list[tuple[int, str]]:
    """Sorts 2.9 before 2.10."""
    return [(int(part) if part.isdigit() else -1, part) for part in pair[0].split(".")] + [(0, pair[1])]


if __name__ == "__main__":
    sys.exit(page.write_or_check(PATH, render(RULES), "the catalogue"))
