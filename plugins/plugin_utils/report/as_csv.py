# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of a fleet as CSV (RFC 4180), harmless in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Sequence

from ansible_collections.containment.docker.plugins.plugin_utils.report.catalogue import benchmark_ids, rule_of
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import Case, HostReport

COLUMNS = (
    "host",
    "subject",
    "rule",
    "title",
    "severity",
    "status",
    "since",
    "message",
    "evidence",
    "disagreement",
    "cause",
    "remediation",
    "waiver_owner",
    "waiver_expires",
    "waiver_reason",
    "waiver_ticket",
    "waiver_request",
    "references",
    "collected_at",
)
# What spreadsheets take for the beginning of a formula, in full width too.
_FORMULA = tuple("=+-@\t\r|%") + ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(reports: Sequence[HostReport]) -> str:
    """A row for each rule and subject, or one that says why the host was not audited. Every cell is quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for report in reports:
        rows = [_row(report, case) for case in report.cases]
        if report.why_not:
            rows = [{"host": report.host, "status": "not audited", "message": report.why_not}]
        for row in rows:
            writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    return text.getvalue()


def _row(report: HostReport, case: Case) -> dict[str, str]:
    rule = rule_of(case.rule)
    row = {
        "host": report.host,
        "subject": case.subject,
        "rule": case.rule,
        "title": rule.title if rule else "",
        "severity": case.severity,
        "status": case.status,
        "since": case.since,
        "message": case.message,
        "evidence": case.evidence,
        "disagreement": case.disagreement,
        "cause": case.cause,
        "remediation": case.remediation,
        "waiver_request": case.request,
        "references": "; ".join(benchmark_ids(rule)) if rule else "",
        "collected_at": report.collected_at.strftime("%Y-%m-%dT%H:%M:%SZ") if report.collected_at else "",
    }
    if case.waiver:
        for name in ("owner", "expires", "reason", "ticket"):
            row[f"waiver_{name}"] = getattr(case.waiver, name)
    return row


def _cell(text: str) -> str:
    """Text that a spreadsheet shows and does not work out: an apostrophe before what looks like a formula.

    Leading space does not hide one, as importers may strip it.
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
