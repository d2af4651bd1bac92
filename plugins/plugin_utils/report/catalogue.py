# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reports say of a rule. Pure."""

import json

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule
from ansible_collections.containment.docker.plugins.module_utils.judge.waiver_findings import RULE as WAIVERS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID


def rule_of(rule_id: str) -> Rule | None:
    """The rule with this id; None where this release has none, as in the result of another one."""
    return WAIVERS if rule_id == WAIVERS.id else BY_ID.get(rule_id)


def benchmark_ids(rule: Rule) -> list[str]:
    """The rule's references as words, like "CIS 1.8 5.26", in a stable order."""
    return [f"{benchmark} {number}" for benchmark, numbers in sorted(rule.references.items()) for number in numbers]


def help_text(rule: Rule) -> str:
    """Why the rule matters and what to do, as plain sentences."""
    return f"{rule.rationale} {rule.remediation}"


def help_markdown(rule: Rule) -> str:
    """The same in Markdown, with the settings that make the rule hold and its references."""
    blocks = [rule.rationale, f"**What to do:** {rule.remediation}"]
    if rule.settings:
        blocks.append(f"Settings in daemon.json:\n\n```json\n{json.dumps(dict(rule.settings), indent=2)}\n```")
    if rule.references:
        blocks.append("References: " + ", ".join(benchmark_ids(rule)))
    return "\n\n".join(blocks)
