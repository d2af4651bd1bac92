# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the reports of a fleet into the data of its page: small, because 20,000 findings are in one file. Pure.

Data: {texts, rules, hosts, findings, waivers, actions}. `texts` has each text once, and others name it by its index, -1
being none. A finding is a list in the order of FINDING; `cells` of a host has a letter for each rule: its worst status.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import LAYERS, SEVERITIES
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import TEXT_LIMIT, HostReport

FINDING = (
    "host", "rule", "subject", "status", "severity", "message", "configured", "effective", "kernel", "disagreement",
    "waiver", "cause", "request", "new",
)  # fmt: skip
STATUSES = ("fail", "unknown", "waived", "pass")
CELLS = "CHMLuwp-"  # worst first: failures by severity, unknown, waived, pass, does not apply
_FAILS = dict(zip(SEVERITIES, "LMHC"))
_OTHERS = {"unknown": "u", "waived": "w", "pass": "p", "not_applicable": "-"}


class RuleText(NamedTuple):
    """What the page says about a rule."""

    id: str
    title: str
    severity: str
    rationale: str
    remediation: str
    references: str


class _Texts:
    """Each text once, and none longer than TEXT_LIMIT."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def index(self, text: str) -> int:
        return self._index.setdefault(inert(text, TEXT_LIMIT), len(self._index)) if text else -1

    def all(self) -> list[str]:
        return list(self._index)


def sort_worst_first(reports: Iterable[HostReport]) -> list[HostReport]:
    """Hosts by how many critical, high, medium and low failures they have, then by what is unknown; not audited ones last."""
    return sorted(reports, key=_badness)


def _badness(report: HostReport) -> tuple[Any, ...]:
    counts = dict.fromkeys(CELLS, 0)
    for case in report.cases:
        counts[_cell(case.status, case.severity)] += 1
    return (bool(report.why_not), *(-counts[cell] for cell in "CHMLu"), report.host)


def _cell(status: str, severity: str) -> str:
    return _FAILS[severity] if status == "fail" else _OTHERS[status]


def fleet_data(
    reports: Sequence[HostReport], groups: Mapping[str, Sequence[str]], rules: Sequence[RuleText]
) -> dict[str, Any]:
    """Build the page's data. reports: in the order to show; groups: of each host; rules: that the page can explain."""
    texts = _Texts()
    rules = [*rules, *_unknown(reports, {rule.id for rule in rules})]
    places = {rule.id: index for index, rule in enumerate(rules)}
    waivers: dict[tuple[Any, ...], int] = {}
    hosts: list[dict[str, Any]] = []
    findings: list[Any] = []
    judged = set()
    for number, report in enumerate(reports):
        cells: dict[Any, Any] = {}
        for case in report.cases:
            judged.add(case.rule)
            cell = _cell(case.status, case.severity)
            cells[case.rule] = min(cells.get(case.rule, "-"), cell, key=CELLS.index)
        row = "" if report.why_not else "".join(cells.get(rule.id, "-") for rule in rules)
        hosts.append({"name": report.host, "groups": list(groups.get(report.host, ())), "cells": row})
        if not report.why_not:
            findings += _findings(number, report.document, places, texts, waivers)
    findings.sort(key=lambda row: (row[3], -row[4], row[0], row[1]))
    catalogue = [dict(rule._asdict(), seen=rule.id in judged) for rule in rules]
    keys = ("rule", "reason", "owner", "expires", "expired")
    return {
        "texts": texts.all(),
        "rules": catalogue,
        "hosts": hosts,
        "findings": findings,
        "waivers": [dict(zip(keys, waiver)) for waiver in waivers],
    }


def _unknown(reports: Sequence[HostReport], known: set[str]) -> list[RuleText]:
    """The rules that only another release of the collection explains."""
    others = {case.rule: case.severity for report in reports for case in report.cases if case.rule not in known}
    return [RuleText(rule, rule, severity, "", "", "") for rule, severity in sorted(others.items())]


def _findings(
    host: int,
    document: Mapping[str, Any],
    places: Mapping[str, int],
    texts: _Texts,
    waivers: dict[tuple[Any, ...], int],
) -> Iterable[list[int]]:
    for finding in document["findings"]:
        if finding["status"] not in STATUSES or (finding["status"] == "pass" and not finding.get("drift")):
            continue
        layers = finding.get("layers") or {}
        waiver, cause = finding.get("waiver"), finding.get("cause")
        at = -1
        if waiver:
            words = (inert(waiver[name], TEXT_LIMIT) for name in ("reason", "owner", "expires"))
            key = (finding["rule"], *words, bool(waiver["expired"]))
            at = waivers.setdefault(key, len(waivers))
        yield [
            host,
            places[finding["rule"]],
            texts.index(finding["subject"]),
            STATUSES.index(finding["status"]),
            SEVERITIES.index(finding["severity"]),
            texts.index(finding["message"] if "message" in finding else finding["seen"]),
            *(texts.index(_layer(layers.get(name))) for name in LAYERS),
            texts.index(finding.get("disagreement") or ""),
            at,
            texts.index(f"{cause['rule']} of {cause['subject']}" if cause else ""),
            texts.index((finding.get("waiver_request") or {}).get("reason", "")),
            int(finding.get("since") == "new"),
        ]


def _layer(layer: Mapping[str, Any] | None) -> str:
    return {True: "+", False: "-", None: "?"}[layer["ok"]] + layer["seen"] if layer else ""
