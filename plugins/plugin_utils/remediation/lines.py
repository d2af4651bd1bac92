# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remediation's result as lines for people. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.remediation.outcomes import OUTCOMES

Result = Mapping[str, Any]
SUBJECTS = 16


def lines(result: Result) -> list[str]:
    """The counts first; then what came of what, how to undo what was done, and what to change where only that cures."""
    return [
        _counts(result),
        *_findings(result["found"]),
        *(f"{'new':<18} {item['subject']}: {item['rule']}" for item in result["new_since"]),
        *(line for step in result["acted"] for line in _undo(step)),
        *_recreations(result["needs_recreation"]),
    ]


def _counts(result: Result) -> str:
    if not result["found"]:
        return "nothing fails: nothing to do"
    numbers = Counter(item["outcome"] for item in result["found"])
    counts = ", ".join(f"{numbers[outcome]} {outcome}" for outcome in OUTCOMES if numbers[outcome])
    return f"found {len(result['found'])}, {'of these would be: ' if result['check'] else ''}{counts}"


def _findings(items: Sequence[Result]) -> list[str]:
    """A line for each outcome and reason with all its rules, and all the subjects that share these."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for item in sorted(items, key=lambda item: OUTCOMES.index(item["outcome"])):
        grouped.setdefault((item["outcome"], item["subject"], item["why"]), []).append(item["rule"])
    shared: dict[tuple[str, str, str], list[str]] = {}
    for (outcome, subject, why), rules in grouped.items():
        shared.setdefault((outcome, ", ".join(rules), why), []).append(subject)
    return [
        f"{outcome:<18} {_subjects(subjects)}: {rules}{f' ({why})' if why else ''}"
        for (outcome, rules, why), subjects in shared.items()
    ]


def _subjects(names: Sequence[str]) -> str:
    more = len(names) - SUBJECTS
    return ", ".join(names[:SUBJECTS]) + (f" and {more} more" if more > 0 else "")


def _undo(step: Result) -> list[str]:
    notes = [f"{'note':<18} container:{step['name']}: {note}" for note in step["notes"]]
    return notes + [f"{'undo ' + step['action']:<18} container:{step['name']}: {command}" for command in step["undo"]]


def _recreations(containers: Sequence[Result]) -> list[str]:
    """A line for each set of changes, with all the containers that need it."""
    shared: dict[str, list[str]] = {}
    for container in containers:
        changes = ", ".join(f"{change['change']} {change['flag']}" for change in container["run"])
        shared.setdefault(changes, []).append(container["subject"])
    return [f"{'recreate':<18} {_subjects(subjects)}: {changes}" for changes, subjects in shared.items() if changes]
