# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a short table for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.audit.audit import counts
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID

WIDTH = 96
SUBJECTS = 16
Finding = Mapping[str, Any]


def findings_to_lines(
    findings: Sequence[Finding],
    passed: bool = False,
    last: Mapping[str, Any] | None = None,
    unused_waivers: Sequence[Mapping[str, Any]] = (),
    settable: bool = False,
) -> list[str]:
    """One line for each rule that fails, is unknown or waived, the gravest first; who disagrees; waivers; the counts.

    passed: show also what passes or does not apply. last, unused_waivers: as posture_info returns them.
    settable: show only what a setting of daemon.json decides for the daemon, and count the rest.
    """
    chosen = [f for f in findings if _settable(f)] if settable else findings
    ordered = sorted(chosen, key=lambda f: (STATUSES.index(f["status"]), -SEVERITIES.index(f["severity"]), f["rule"]))
    shown = [f for f in ordered if passed or f["status"] in ("fail", "unknown", "waived")]
    lines = _grouped((f["status"], f, _named(f), inert(f["seen"], WIDTH)) for f in shown)
    lines += _grouped(
        ("disagreement", f, inert(f["subject"], 40), inert(f["disagreement"])) for f in ordered if "disagreement" in f
    )
    lines += _grouped(
        ("expired", f, inert(f["subject"], 40), _expired(f["waiver"])) for f in ordered if _has_expired(f)
    )
    lines += [_unused(waiver) for waiver in unused_waivers]
    lines += _since(last) if last else []
    lines += _others([f for f in findings if not _settable(f)]) if settable else []
    lines.append(", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts(chosen).items()))
    return lines


def _grouped(rows: Any) -> list[str]:
    """One line for each first word, rule and severity: its subjects, and the first one's text.

    Texts differ where they quote a process or a path of each container; how many do is told.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for first, finding, subject, text in rows:
        groups.setdefault((first, finding["severity"], finding["rule"]), []).append((subject, text))
    lines = []
    for (first, severity, rule), found in groups.items():
        texts = {text for _subject, text in found}
        more = f" (and {len(texts) - 1} other reason{'s'[: len(texts) - 2]})" if len(texts) > 1 else ""
        lines.append(_line(first, severity, rule, _subjects([subject for subject, _text in found]), found[0][1] + more))
    return lines


def _subjects(names: Sequence[str]) -> str:
    more = len(names) - SUBJECTS
    return ", ".join(names[:SUBJECTS]) + (f" and {more} more" if more > 0 else "")


def _line(first: str, severity: str, rule: str, subject: str, text: str) -> str:
    return f"{first:<14} {severity:<8} {rule:<27} {subject:<24} {text}"


def _named(finding: Finding) -> str:
    """The subject, with a mark where the finding is new."""
    name = inert(finding["subject"], 40)
    if finding.get("since") != "new":
        return name
    return f"{name} (was {finding['was']})" if "was" in finding else f"{name} (new)"


def _has_expired(finding: Finding) -> bool:
    return bool(finding.get("waiver", {}).get("expired"))


def _expired(waiver: Mapping[str, Any]) -> str:
    return f"the waiver of {inert(waiver['owner'], 60)} expired {waiver['expires']} ({inert(waiver['reason'], WIDTH)})"


def _unused(waiver: Mapping[str, Any]) -> str:
    selector = ":".join(inert(waiver[key], 80) for key in ("kind", "value") if waiver[key])
    text = f"the waiver of {inert(waiver['owner'], 60)} until {waiver['expires']} selects nothing that fails: remove it"
    return _line("unused waiver", "", inert(waiver["rule"], 40), selector, text)


def _settable(finding: Finding) -> bool:
    rule = BY_ID.get(finding["rule"])
    return finding["subject"] == "daemon" and bool(rule and rule.settings)


def _others(findings: Sequence[Finding]) -> list[str]:
    """How many fail or are unknown that are not shown."""
    bad = [f for f in findings if f["status"] in ("fail", "unknown")]
    return [f"not settings of the daemon: {len(bad)} more fail or are unknown; the audit lists them"] if bad else []


def _since(last: Mapping[str, Any]) -> list[str]:
    not_kept = [f"not kept for the next audit: {inert(last['not_kept'])}"] if last["not_kept"] else []
    if not last["at"]:
        return [f"no comparison: {inert(last['reason'])}", *not_kept]
    lines = [
        _line("resolved", "", item["rule"], inert(item["subject"], 40), inert(f"was {item['was']}, {item['why']}"))
        for item in last["resolved"]
    ]
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
