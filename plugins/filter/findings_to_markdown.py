# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a report in Markdown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.module_utils.audit.audit import counts
from ansible_collections.containment.docker.plugins.module_utils.common.text import SEEN_LIMIT, inert
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES

Finding = Mapping[str, Any]
SUBJECTS = 8
CHANGE = ("change", "flag", "compose")
RUN_OTHERWISE = (
    "A container takes over a change only when it is made anew. What is added takes the place of another value of the "
    "same option; UID, GID, FILE, SIZE and COUNT stand for what only its owner knows."
)


def findings_to_markdown(
    findings: Sequence[Finding],
    title: str = "Docker posture",
    last: Mapping[str, Any] | None = None,
    unused_waivers: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The whole report, with a newline at its end. last, unused_waivers: as posture_info returns them."""
    if not isinstance(findings, Sequence) or isinstance(findings, str):
        raise AnsibleFilterError(f"findings_to_markdown: a list of findings is needed, not a {type(findings).__name__}")
    for index, finding in enumerate(findings):
        _check(index, finding)
    ordered = sorted(findings, key=lambda f: (-SEVERITIES.index(f["severity"]), f["rule"], f["subject"]))
    by_status = {status: [f for f in ordered if f["status"] == status] for status in STATUSES}
    blocks = [
        f"# {_prose(title)}",
        ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts(findings).items()),
        *(_since(last) if last else []),
        *_section("Fails", by_status["fail"], "Severity|Rule|Subject|Seen|Layers that disagree|Cure", _failing),
        *_section("Unknown", by_status["unknown"], "Severity|Rule|Subject|Why", _plain),
        *_section("Waived", by_status["waived"], "Severity|Rule|Subject|Seen|Reason|Owner|Expires", _waived),
        *_unused(unused_waivers),
        *_remedies(by_status["fail"] + by_status["unknown"]),
        *_to_run_otherwise(by_status["fail"]),
        *_drifting([f for f in ordered if _disagrees(f) and f["status"] not in ("fail", "waived")]),
        *_grouped("Passes", by_status["pass"]),
        *_section("Not applicable", by_status["not_applicable"], "Severity|Rule|Subject|Why", _plain),
    ]
    return wrap_var("\n\n".join(blocks) + "\n")


def _check(index: int, finding: Any) -> None:
    try:
        known = finding["status"] in STATUSES and finding["severity"] in SEVERITIES
        whole = all(isinstance(finding[key], str) for key in ("rule", "subject", "seen"))
        whole = whole and isinstance(finding["layers"], Mapping) and isinstance(finding["drift"], bool)
        whole = whole and all(isinstance(change[key], str) for change in finding.get("run", ()) for key in CHANGE)
    except (LookupError, TypeError):
        known = whole = False
    if not (known and whole):
        raise AnsibleFilterError(f"findings_to_markdown: item {index} is no finding of this collection")


def _section(title: str, findings: Sequence[Finding], header: str, row: Any) -> list[str]:
    return [f"## {title}", _table(header, map(row, findings))] if findings else []


def _since(last: Mapping[str, Any]) -> list[str]:
    """What changed since the last audit."""
    try:
        resolved = [[_code(item[key]) for key in ("rule", "subject", "was", "why")] for item in last["resolved"]]
        updated = ", ".join(map(_code, last["updated"]))
        told = (
            f"{last['new']:d} new, {len(resolved)} resolved, {last['unchanged']:d} unchanged since {_code(last['at'])}."
        )
        if not last["at"]:
            told = f"Not compared with an earlier audit: {_code(last['reason'])}"
        if last["not_kept"]:
            told += f" Not kept for the next audit: {_code(last['not_kept'])}"
    except (LookupError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"findings_to_markdown: last is not what posture_info returns: {error}") from error
    blocks = [told, f"Updated since then: {updated}"] if updated else [told]
    return [*blocks, "## Resolved", _table("Rule|Subject|Was|Why", resolved)] if resolved else blocks


def _plain(finding: Finding) -> list[str]:
    cells = [finding["severity"], *(_code(finding[key]) for key in ("rule", "subject", "seen"))]
    if finding.get("since") == "new":
        cells[0] += f" (was {_code(finding['was'])})" if "was" in finding else " (new)"
    return cells


def _failing(finding: Finding) -> list[str]:
    waiver = finding.get("waiver")
    expired = f" (the waiver of {_code(waiver['owner'])} expired {_code(waiver['expires'])})" if waiver else ""
    cells = _plain(finding)
    cells[-1] += expired
    return [*cells, _disagreement(finding), _code(finding.get("cure", ""))]


def _waived(finding: Finding) -> list[str]:
    waiver = finding.get("waiver") or {}
    drift = f" ({_disagreement(finding)})" if _disagrees(finding) else ""
    cells = _plain(finding)
    cells[-1] += drift
    return [*cells, *(_code(waiver.get(key, "")) for key in ("reason", "owner", "expires"))]


def _unused(waivers: Sequence[Mapping[str, Any]]) -> list[str]:
    """The waivers that select nothing that fails."""
    try:
        rows = [
            [
                _code(w["rule"]),
                _code(":".join(filter(None, (w["kind"], w["value"])))),
                _code(w["owner"]),
                _code(w["expires"]),
            ]
            for w in waivers
        ]
    except (LookupError, TypeError) as error:
        raise AnsibleFilterError(
            f"findings_to_markdown: unused_waivers is not what posture_info returns: {error}"
        ) from error
    return ["## Waivers that select nothing that fails", _table("Rule|Selector|Owner|Expires", rows)] if rows else []


def _disagrees(finding: Finding) -> bool:
    return finding["drift"] or "disagreement" in finding


def _disagreement(finding: Finding) -> str:
    """Who disagrees with whom, and what each layer says; nothing where they agree."""
    if not _disagrees(finding):
        return ""
    return "; ".join(part for part in (_prose(finding.get("disagreement", "")), _layers(finding)) if part)


def _layers(finding: Finding) -> str:
    words = {True: "holds", False: "fails", None: "unknown"}
    return "; ".join(
        f"{_code(name)} {words.get(said.get('ok'))}: {_code(said.get('seen', ''))}"
        for name, said in finding["layers"].items()
    )


def _drifting(findings: Sequence[Finding]) -> list[str]:
    return _section(
        "Layers that disagree",
        findings,
        "Status|Rule|Subject|Layers",
        lambda f: [f["status"].replace("_", " "), _code(f["rule"]), _code(f["subject"]), _disagreement(f)],
    )


def _remedies(findings: Sequence[Finding]) -> list[str]:
    texts = {finding["rule"]: finding.get("remediation") for finding in findings}
    lines = [f"- {_code(rule)}: {_prose(text)}" for rule, text in sorted(texts.items()) if text]
    return ["## What to do", "\n".join(lines)] if lines else []


def _to_run_otherwise(findings: Sequence[Finding]) -> list[str]:
    """One row for each change to a container, with the rules that want it."""
    rules: dict[tuple[str, ...], list[str]] = {}
    for finding in sorted(findings, key=lambda f: f["subject"]):
        changes = [tuple(change[key] for key in CHANGE) for change in finding.get("run", ())]
        if "run_more" in finding:
            changes.append(("", "", f"and {finding['run_more']} more"))
        for change in changes:
            rules.setdefault((finding["subject"], *change), []).append(finding["rule"])

    def row(change: tuple[str, ...]) -> list[str]:
        return [*(_code(text, len(text)) for text in change), ", ".join(map(_code, rules[change]))]

    if not rules:
        return []
    return ["## To run otherwise", RUN_OTHERWISE, _table("Subject|Change|docker run|Compose|For", map(row, rules))]


def _grouped(title: str, findings: Sequence[Finding]) -> list[str]:
    """One row for each rule: what holds needs no more than the names."""
    subjects: dict[str, list[str]] = {}
    for finding in findings:
        subjects.setdefault(finding["rule"], []).append(finding["subject"])

    def row(rule: str) -> list[str]:
        more = len(subjects[rule]) - SUBJECTS
        names = ", ".join(_code(subject) for subject in subjects[rule][:SUBJECTS])
        return [_code(rule), names + (f" and {more} more" if more > 0 else "")]

    return [f"## {title}", _table("Rule|Subjects", map(row, sorted(subjects)))] if subjects else []


def _table(header: str, rows: Iterable[Sequence[str]]) -> str:
    names = header.split("|")
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _code(text: Any, limit: int = SEEN_LIMIT) -> str:
    """Text from elsewhere as a code span: no HTML, link, mention or emphasis in it, and no end of its table cell.

    A backslash before a pipe is written \\x5c, as renderers do not agree on what `\\\\|` is inside a table.
    """
    text = inert(text, limit)
    if not text.strip():
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in (text[0], text[-1]) or text[0] == text[-1] == " " else ""
    return fence + pad + text.replace("\\|", "\\x5c|").replace("|", "\\|") + pad + fence


def _prose(text: Any) -> str:
    """Sentences, what stands in backticks as code, and the rest with what Markdown would take for its own escaped."""
    parts = inert(text, 2000).split("`")
    if len(parts) % 2 == 0:
        parts = ["`".join(parts)]
    return "".join(
        _code(part) if index % 2 else re.sub(r"([\\`*_\[\]<>#|~&$]|:(?=//)|(?<=www)\.)", r"\\\1", part)
        for index, part in enumerate(parts)
    )


class FilterModule:
    """Ansible's entry."""

    def filters(self):
        """The filters of this file by name."""
        return {"findings_to_markdown": findings_to_markdown}
