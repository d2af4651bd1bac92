# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a report in Markdown. Pure."""

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.plugin_utils import result as results
from ansible_collections.containment.docker.plugins.plugin_utils.markdown import code, prose, table
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import write_blocks
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport

Finding = Mapping[str, Any]
SUBJECTS = 8
RUN_OTHERWISE = (
    "A container takes over a change only when it is made anew. What is added takes the place of another value of the "
    "same option; UID, GID, FILE, SIZE and COUNT stand for what only its owner knows."
)


def findings_to_markdown(
    findings: Sequence[Finding] | Mapping[str, Any],
    title: str = "Docker posture",
    last: Mapping[str, Any] | None = None,
    unused_waivers: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """The whole report, with a newline at its end.

    findings: what posture_info returned, or a list of findings alone. last, unused_waivers: in place of the result's own.
    ValueError for what is no result.
    """
    result = results.read(findings)
    for index, finding in enumerate(result.findings):
        if not results.is_finding(finding):
            raise ValueError(f"item {index} is no finding of this collection")
    last = result.last if last is None else last
    unused_waivers = result.unused_waivers if unused_waivers is None else unused_waivers
    ordered = sorted(result.findings, key=lambda f: (-SEVERITIES.index(f["severity"]), f["rule"], f["subject"]))
    by_status = {status: [f for f in ordered if f["status"] == status] for status in STATUSES}
    effects = results.effects(ordered)
    caused = {id(finding) for own in effects.values() for finding in own}
    roots = [finding for finding in by_status["fail"] if id(finding) not in caused]
    blocks = [
        f"# {prose(title)}",
        ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in result.counts.items()),
        *(_since(last) if last else []),
        *_actions(result.actions),
        *write_blocks(result.forecast),
        *_section("Fails", roots, "Severity|Rule|Subject|Seen|Layers that disagree|Cure", _failing),
        *_caused(effects),
        *_section("Unknown", by_status["unknown"], "Severity|Rule|Subject|Why", _plain),
        *_section("Waived", by_status["waived"], "Severity|Rule|Subject|Seen|Reason|Owner|Expires", _waived),
        *_unused(unused_waivers),
        *_remedies(by_status["fail"] + by_status["unknown"], result.remediations),
        *_to_run_otherwise(by_status["fail"]),
        *_drifting([f for f in ordered if _disagrees(f) and f["status"] not in ("fail", "waived")]),
        *_passing(by_status["pass"], result.passed),
        *_section("Not applicable", by_status["not_applicable"], "Severity|Rule|Subject|Why", _plain),
        *_not_applicable(result.not_applicable),
    ]
    return "\n\n".join(blocks) + "\n"


def host_markdown(report: HostReport) -> str:
    """The whole report of one host, or why there is none."""
    if report.why_not:
        return f"# {prose(report.host)}\n\nNot audited:\n\n{indent(report.why_not, ' ' * 4)}\n"
    return findings_to_markdown(report.document, report.host)


def _section(title: str, findings: Sequence[Finding], header: str, row: Any) -> list[str]:
    return [f"## {title}", table(header, map(row, findings))] if findings else []


def _since(last: Mapping[str, Any]) -> list[str]:
    """What changed since the last audit."""
    try:
        resolved = [[code(item[key]) for key in ("rule", "subject", "was", "why")] for item in last["resolved"]]
        updated = ", ".join(map(code, last["updated"]))
        sentence = (
            f"{last['new']:d} new, {len(resolved)} resolved, {last['unchanged']:d} unchanged since {code(last['at'])}."
        )
        if not last["at"]:
            sentence = f"Not compared with an earlier audit: {code(last['reason'])}"
        if last["not_kept"]:
            sentence += f" Not kept for the next audit: {code(last['not_kept'])}"
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"last is not what posture_info returns: {error}") from error
    blocks = [sentence, f"Updated since then: {updated}"] if updated else [sentence]
    return [*blocks, "## Resolved", table("Rule|Subject|Was|Why", resolved)] if resolved else blocks


def _plain(finding: Finding) -> list[str]:
    cells = [finding["severity"], *(code(finding[key]) for key in ("rule", "subject"))]
    message = finding.get("message")
    cells.append(f"{prose(message)}: {code(finding['seen'])}" if message else code(finding["seen"]))
    if finding.get("since") == "new":
        cells[0] += f" (was {code(finding['was'])})" if "was" in finding else " (new)"
    return cells


def _failing(finding: Finding) -> list[str]:
    waiver = finding.get("waiver")
    expired = f" (the waiver of {code(waiver['owner'])} expired {code(waiver['expires'])})" if waiver else ""
    cells = _plain(finding)
    request = finding.get("waiver_request")
    cells[-1] += expired + (f" (asks for a waiver: {code(request['reason'])})" if request else "")
    return [*cells, _disagreement(finding), code(finding.get("cure", ""))]


def _caused(effects: Mapping[tuple[str, str], Sequence[Finding]]) -> list[str]:
    """One row for each cause and rule: fifty containers that suffer from one default say so once."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for (rule, subject), own in effects.items():
        for finding in own:
            rows.setdefault((rule, subject, finding["rule"]), []).append(finding["subject"])

    def row(key: tuple[str, str, str]) -> list[str]:
        rule, subject, effect = key
        names, more = rows[key][:SUBJECTS], len(rows[key]) - SUBJECTS
        subjects = ", ".join(map(code, names)) + (f" and {more} more" if more > 0 else "")
        return [f"{code(rule)} of {code(subject)}", code(effect), str(len(rows[key])), subjects]

    header = "Cause|Rule that fails because of it|Findings|Subjects"
    return ["## Fails because of these", table(header, map(row, rows))] if rows else []


def _waived(finding: Finding) -> list[str]:
    waiver = finding.get("waiver") or {}
    drift = f" ({_disagreement(finding)})" if _disagrees(finding) else ""
    cells = _plain(finding)
    cells[-1] += drift
    return [*cells, *(code(waiver.get(key, "")) for key in ("reason", "owner", "expires"))]


def _unused(waivers: Sequence[Mapping[str, Any]]) -> list[str]:
    """The waivers that select nothing that fails."""
    try:
        rows = [
            [
                code(w["rule"]),
                code(":".join(filter(None, (w["kind"], w["value"])))),
                code(w["owner"]),
                code(w["expires"]),
            ]
            for w in waivers
        ]
    except (LookupError, TypeError) as error:
        raise ValueError(f"unused_waivers is not what posture_info returns: {error}") from error
    return ["## Waivers that select nothing that fails", table("Rule|Selector|Owner|Expires", rows)] if rows else []


def _disagrees(finding: Finding) -> bool:
    return finding["drift"] or "disagreement" in finding


def _disagreement(finding: Finding) -> str:
    """Who disagrees with whom, and what each layer says; nothing where they agree."""
    if not _disagrees(finding):
        return ""
    return "; ".join(part for part in (prose(finding.get("disagreement", "")), _layers(finding)) if part)


def _layers(finding: Finding) -> str:
    words = {True: "holds", False: "fails", None: "unknown"}
    return "; ".join(
        f"{code(name)} {words.get(verdict.get('ok'))}: {code(verdict.get('seen', ''))}"
        for name, verdict in finding["layers"].items()
    )


def _drifting(findings: Sequence[Finding]) -> list[str]:
    return _section(
        "Layers that disagree",
        findings,
        "Status|Rule|Subject|Layers",
        lambda f: [f["status"].replace("_", " "), code(f["rule"]), code(f["subject"]), _disagreement(f)],
    )


def _actions(actions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What to do, the action that ends most first."""
    try:
        lines = [f"{number}. {prose(action['sentence'])}" for number, action in enumerate(actions, 1)]
    except (LookupError, TypeError) as error:
        raise ValueError(f"actions are not what posture_info returns: {error}") from error
    return ["## Actions", "\n".join(lines)] if lines else []


def _remedies(findings: Sequence[Finding], texts: Mapping[str, str]) -> list[str]:
    rules = sorted({finding["rule"] for finding in findings})
    lines = [f"- {code(rule)}: {prose(texts[rule])}" for rule in rules if rule in texts]
    return ["## What to do", "\n".join(lines)] if lines else []


def _to_run_otherwise(findings: Sequence[Finding]) -> list[str]:
    """One row for each change to a container, with the rules that want it."""
    rules: dict[tuple[str, ...], list[str]] = {}
    for finding in sorted(findings, key=lambda f: f["subject"]):
        changes = [tuple(change[key] for key in results.CHANGE) for change in finding.get("run", ())]
        if "run_more" in finding:
            changes.append(("", "", f"and {finding['run_more']} more"))
        for change in changes:
            rules.setdefault((finding["subject"], *change), []).append(finding["rule"])

    def row(change: tuple[str, ...]) -> list[str]:
        return [*(code(text, len(text)) for text in change), ", ".join(map(code, rules[change]))]

    if not rules:
        return []
    return ["## To run otherwise", RUN_OTHERWISE, table("Subject|Change|docker run|Compose|For", map(row, rules))]


def _passing(findings: Sequence[Finding], passed: Mapping[str, int]) -> list[str]:
    """One row for each rule: what holds needs no more than the names, or their number where it is folded."""
    subjects: dict[str, list[str]] = {}
    for finding in findings:
        subjects.setdefault(finding["rule"], []).append(finding["subject"])

    def row(rule: str) -> list[str]:
        names = [code(subject) for subject in subjects.get(rule, ())[:SUBJECTS]]
        more = len(subjects.get(rule, ())) - SUBJECTS
        if more > 0:
            return [code(rule), f"{', '.join(names)} and {more} more"]
        folded = passed.get(rule, 0)
        words = f"{folded:d} subject{'' if folded == 1 else 's'}"
        return [code(rule), ", ".join(names + ([words] if folded else []))]

    rules = sorted({*subjects, *passed})
    return ["## Passes", table("Rule|Subjects", map(row, rules))] if rules else []


def _not_applicable(reasons: Mapping[str, str]) -> list[str]:
    """The rules that apply to nothing on this host."""
    rows = [[code(rule), code(reason)] for rule, reason in sorted(reasons.items())]
    return ["## Not applicable on this host", table("Rule|Why", rows)] if rows else []
