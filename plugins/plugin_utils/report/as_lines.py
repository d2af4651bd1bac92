# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a short table for the terminal. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import count_statuses
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.module_utils.judge.waiver_findings import RULE as WAIVERS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.plugins.plugin_utils import result as results
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import write_lines

WIDTH = 96
SUBJECTS = 16
SENTENCE = 2000
FEW = 3
Finding = Mapping[str, Any]


def findings_to_lines(
    findings: Sequence[Finding] | Mapping[str, Any],
    passed: bool = False,
    last: Mapping[str, Any] | None = None,
    unused_waivers: Sequence[Mapping[str, Any]] | None = None,
    settable: bool = False,
) -> list[str]:
    """What to do first; then one line for each rule that fails, is unknown or waived, the gravest first; the counts.

    findings: what posture_info returned, or a list of findings alone. passed: show also what passes or does not apply.
    last, unused_waivers: in place of the result's own. settable: show only what a setting of daemon.json decides for the
    daemon, and count the rest. ValueError for what is no result.
    """
    result = results.read(findings)
    last = result.last if last is None else last
    unused_waivers = result.unused_waivers if unused_waivers is None else unused_waivers
    chosen = [f for f in result.findings if _settable(f)] if settable else result.findings
    ordered = sorted(chosen, key=lambda f: (STATUSES.index(f["status"]), -SEVERITIES.index(f["severity"]), f["rule"]))
    listed = [f for f in ordered if passed or f["status"] in ("fail", "unknown", "waived")]
    lines = [] if settable else [f"{'do':<14} {inert(action['sentence'], SENTENCE)}" for action in result.actions]
    effects = results.effects(listed)
    unjudged = _unjudged(listed)
    lines += [_shared(reason, own) for reason, own in unjudged.items()]
    hidden = {id(finding) for own in [*effects.values(), *unjudged.values()] for finding in own}
    lines += _grouped(((f["status"], f, _named(f), _text(f)) for f in listed if id(f) not in hidden), effects)
    lines += _grouped(
        ("disagreement", f, inert(f["subject"], 40), inert(f["disagreement"])) for f in ordered if "disagreement" in f
    )
    lines += _grouped(
        ("expired", f, inert(f["subject"], 40), _expired(f["waiver"])) for f in ordered if _has_expired(f)
    )
    lines += _grouped(
        ("asks waiver", f, inert(f["subject"], 40), inert(f["waiver_request"]["reason"], WIDTH))
        for f in ordered
        if f.get("waiver_request")
    )
    if not any(finding["rule"] == WAIVERS.id for finding in ordered):
        lines += [_unused(waiver) for waiver in unused_waivers]
    lines += [] if settable else write_lines(result.forecast)
    lines += _folded(result) if passed and not settable else []
    lines += _since(last) if last else []
    lines += _others([f for f in result.findings if not _settable(f)]) if settable else []
    counts = _settable_counts(result) if settable else result.counts
    # in the order of STATUSES: a result that was read from a file has them in alphabetical order
    lines.append(", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in STATUSES if status in counts))
    return lines


def _unjudged(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """What is unknown for one reason, as where the engine is stopped, by that reason; it shares a line from 3 rules on."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding["status"] == "unknown":
            by_reason.setdefault(inert(finding["seen"], WIDTH), []).append(finding)
    return {reason: own for reason, own in by_reason.items() if len({f["rule"] for f in own}) >= FEW}


def _shared(reason: str, findings: Sequence[Finding]) -> str:
    """The line of findings that are unknown for one reason, the gravest rules first."""
    rules = list(dict.fromkeys(finding["rule"] for finding in findings))
    subjects = list(dict.fromkeys(_named(finding) for finding in findings))
    severity = max((finding["severity"] for finding in findings), key=SEVERITIES.index)
    return _line("unknown", severity, f"{len(rules)} rules", _subjects(subjects), f"{reason} ({', '.join(rules)})")


def _grouped(rows: Any, effects: Mapping[tuple[str, str], list[Finding]] | None = None) -> list[str]:
    """One line for each first word, rule and severity: its subjects, the first one's text, and how many follow from it.

    Texts differ where they quote a process or a path of each container; how many do is said.
    """
    groups: dict[tuple[str, str, str], list[tuple[Finding, str, str]]] = {}
    for first, finding, subject, text in rows:
        groups.setdefault((first, finding["severity"], finding["rule"]), []).append((finding, subject, text))
    lines = []
    for (first, severity, rule), members in groups.items():
        texts = {text for _finding, _subject, text in members}
        more = f" (and {len(texts) - 1} other reason{'s'[: len(texts) - 2]})" if len(texts) > 1 else ""
        own = [effect for f, _s, _t in members for effect in (effects or {}).get((f["rule"], f["subject"]), ())]
        names = _subjects([subject for _finding, subject, _text in members])
        lines.append(_line(first, severity, rule, names, members[0][2] + more + _caused(own)))
    return lines


def _caused(effects: Sequence[Finding]) -> str:
    """How many other findings this is the cause of, by rule."""
    if not effects:
        return ""
    numbers = Counter(finding["rule"] for finding in effects)
    rules = ", ".join(f"{rule} {number}" for rule, number in numbers.most_common())
    new = sum(finding.get("since") == "new" for finding in effects)
    return f"; the cause of {len(effects)} more: {rules}{f' ({new} new)' if new else ''}"


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


def _text(finding: Finding) -> str:
    """What is wrong, and the evidence behind it."""
    evidence = inert(finding["seen"], WIDTH)
    return f"{inert(finding['message'])}: {evidence}" if finding.get("message") else evidence


def _has_expired(finding: Finding) -> bool:
    return bool(finding.get("waiver", {}).get("expired"))


def _expired(waiver: Mapping[str, Any]) -> str:
    return f"the waiver of {inert(waiver['owner'], 60)} expired {waiver['expires']} ({inert(waiver['reason'], WIDTH)})"


def _unused(waiver: Mapping[str, Any]) -> str:
    selector = ":".join(inert(waiver[key], 80) for key in ("kind", "value") if waiver[key])
    text = f"the waiver of {inert(waiver['owner'], 60)} until {waiver['expires']} selects nothing that fails: remove it"
    return _line("unused waiver", "", inert(waiver["rule"], 40), selector, text)


def _settable(finding: Finding) -> bool:
    return _is_setting(finding["rule"], finding["subject"])


def _is_setting(rule: str, subject: str) -> bool:
    return subject == "daemon" and rule in BY_ID and bool(BY_ID[rule].settings)


def _settable_counts(result: results.Result) -> Mapping[str, int]:
    judged = results.statuses(result).items()
    return count_statuses(status for (rule, subject), status in judged if _is_setting(rule, subject))


def _folded(result: results.Result) -> list[str]:
    """What passes or does not apply and has no finding."""
    lines = [_line("pass", "", rule, _number(number), "") for rule, number in sorted(result.passed.items())]
    return lines + [
        _line("not applicable", "", rule, "", inert(reason, WIDTH))
        for rule, reason in sorted(result.not_applicable.items())
    ]


def _number(number: int) -> str:
    return f"{number} subject{'' if number == 1 else 's'}"


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
