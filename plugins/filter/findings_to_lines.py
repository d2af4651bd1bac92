# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a short table for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.posture import counts
from ansible_collections.containment.docker.plugins.module_utils.rule import SEVERITIES, STATUSES, inert

WIDTH = 96


def findings_to_lines(findings: Sequence[Mapping[str, Any]], passed: bool = False) -> list[str]:
    """One line for each finding that fails, is unknown or waived, the gravest first; then the counts.

    passed: show also what passes or does not apply.
    """
    shown = [f for f in findings if passed or f["status"] in ("fail", "unknown", "waived")]
    shown = sorted(shown, key=lambda f: (STATUSES.index(f["status"]), -SEVERITIES.index(f["severity"]), f["rule"]))
    lines = [
        f"{f['status']:<14} {f['severity']:<8} {f['rule']:<27} {inert(f['subject'], 40):<24} {inert(f['seen'], WIDTH)}"
        for f in shown
    ]
    lines.append(", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts(findings).items()))
    return lines


class FilterModule:
    """Ansible's entry."""

    def filters(self):
        """The filters of this file by name."""
        return {"findings_to_lines": findings_to_lines}
