# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a short table for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.posture import counts
from ansible_collections.containment.docker.plugins.module_utils.rule import SEVERITIES, STATUSES, inert

WIDTH = 96


def findings_to_lines(
    findings: Sequence[Mapping[str, Any]], passed: bool = False, last: Mapping[str, Any] | None = None
) -> list[str]:
    """One line for each finding that fails, is unknown or waived, the gravest first; who disagrees; then the counts.

    passed: show also what passes or does not apply. last: as posture_info returns it, for what is resolved.
    """
    ordered = sorted(findings, key=lambda f: (STATUSES.index(f["status"]), -SEVERITIES.index(f["severity"]), f["rule"]))
    shown = [f for f in ordered if passed or f["status"] in ("fail", "unknown", "waived")]
    lines = [_line(f["status"], f["severity"], f, _mark(f) + inert(f["seen"], WIDTH)) for f in shown]
    lines += [_line("disagreement", f["severity"], f, inert(f["disagreement"])) for f in ordered if "disagreement" in f]
    lines += _since(last) if last else []
    lines.append(", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts(findings).items()))
    return lines


def _line(first: str, severity: str, about: Mapping[str, Any], text: str) -> str:
    return f"{first:<14} {severity:<8} {about['rule']:<27} {inert(about['subject'], 40):<24} {text}"


def _mark(finding: Mapping[str, Any]) -> str:
    if finding.get("since") != "new":
        return ""
    return f"(was {finding['was']}) " if "was" in finding else "(new) "


def _since(last: Mapping[str, Any]) -> list[str]:
    not_kept = [f"not kept for the next audit: {inert(last['not_kept'])}"] if last["not_kept"] else []
    if not last["at"]:
        return [f"no comparison: {inert(last['reason'])}", *not_kept]
    lines = [_line("resolved", "", item, inert(f"was {item['was']}, {item['why']}")) for item in last["resolved"]]
    lines += [f"updated: {inert(name, 40)}" for name in last["updated"]]
    lines.append(
        f"since {last['at']}: {last['new']} new, {len(last['resolved'])} resolved, {last['unchanged']} unchanged"
    )
    return lines + not_kept


class FilterModule:
    """Ansible's entry."""

    def filters(self):
        """The filters of this file by name."""
        return {"findings_to_lines": findings_to_lines}
