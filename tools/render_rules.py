# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/rules.md from the catalogue: `python -m ansible_collections.containment.docker.tools.render_rules`.

The committed file is compared with this in tests/unit/docs; `--check` compares too and says where they differ.
"""

import json
import sys
from pathlib import Path

from ansible_collections.containment.docker.plugins.module_utils.judge.evidence_keys import KEYS
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, LAYERS, Rule
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tools import page, rule_examples

PATH = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
INSPECT = "container.inspect"  # where the engine says more than that, it counts for what was asked for
FROZEN = {"create": "recreate them", "start": "restart them"}
INTRODUCTION = """\
# Rules

Each rule is judged in up to three layers, over what was collected on the host. The strongest layer that has evidence
decides; a container also fails where any layer fails.

| Layer | Daemon and host | Container |
| --- | --- | --- |
| configured | daemon.json and the flags of the next start | what it was asked to be (HostConfig, Config) |
| effective | what the running daemon says, or was started with | what the engine stored when it made the container |
| kernel | sockets, processes and files under /proc and /sys | each process, its namespaces and mounts, under /proc |

A rule that fails says how near a program in the container is to the host without that layer:

| Severity | What it means | What to do |
| --- | --- | --- |
| critical | nothing else is needed to be root on the host | today |
| high | the layer is lacking that would stop an escape, or keep its root from being root on the host | this week |
| medium | less is between a container and the host, its neighbours, or all of the host's memory | with the next change |
| low | operation or order: what is lost when something else fails | when you are there anyway |

`docker_audit_fail_on` is the severity from which an audit fails. `unknown` counts as much as a failure: the evidence could
not be read, and the finding says why. Each example below is what the rule really says of one of its own test cases. A waiver
([all about them](waivers.md)) goes into the inventory.

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
        rule_examples.example(rule),
        f"**What to do:** {page.prose(rule.remediation)}",
    ]
    if rule.settings:
        blocks.append("Settings in daemon.json:\n\n```json\n" + json.dumps(dict(rule.settings), indent=2) + "\n```")
    if rule.container and rule.daemon:
        blocks.append(f"Containers from before the daemon's setting keep what they have: {FROZEN[rule.frozen]}.")
    if rule.frozen == "never":
        blocks.append("A container that runs can be updated, without a restart.")
    blocks += [rule_examples.unknowns(rule), rule_examples.waiver(rule)]
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
    """For each kind of subject, the evidence of each layer that the rule reads, and below what else it reads."""
    kinds = [kind for kind in KINDS if getattr(rule, kind)]
    rows = [page.row(["Judged", *LAYERS]), page.row(["---"] * (len(LAYERS) + 1))]
    rest = set(rule.reads)
    for kind in kinds:
        cells = [evidence_of(rule, kind, layer) for layer in LAYERS]
        rest.difference_update(*cells)
        rows.append(page.row([kind, *(", ".join(KEYS[key].source for key in sorted(cell)) or "–" for cell in cells)]))
    table = "\n".join(rows)
    return f"{table}\n\nReads also: {', '.join(KEYS[key].source for key in sorted(rest))}." if rest else table


def evidence_of(rule: Rule, kind: str, layer: str) -> set[str]:
    """The keys that the rule reads and that are evidence of this layer: the subject's own, if there are any."""
    if layer not in getattr(rule, kind):
        return set()
    of_layer = {key for key in rule.reads if layer in KEYS[key].layers}
    own = {key for key in of_layer if key.startswith(kind + ".")} or of_layer
    return own - {INSPECT} if layer == "effective" and len(own) > 1 else own


def _benchmarks(rules: tuple[Rule, ...]) -> str:
    """For each benchmark, which rule an id belongs to."""
    blocks = ["## By benchmark"]
    for name in sorted({name for rule in rules for name in rule.references}):
        entries = [(reference, rule.id) for rule in rules for reference in rule.references.get(name, ())]
        rows = [page.row([name, "Rule"]), page.row(["---", "---"])]
        rows += [page.row([reference, f"[{rule}](#{rule})"]) for reference, rule in sorted(entries, key=_numbers)]
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks)


def _numbers(pair: tuple[str, str]) -> list[tuple[int, str]]:
    """Sorts 2.9 before 2.10."""
    return [(int(part) if part.isdigit() else -1, part) for part in pair[0].split(".")] + [(0, pair[1])]


if __name__ == "__main__":
    try:
        sys.exit(page.write_or_check(PATH, render(RULES), "the catalogue"))
    except rule_examples.Unfinished as error:
        sys.exit(str(error))
