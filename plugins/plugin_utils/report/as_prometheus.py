# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of a fleet in Prometheus's text format, for node_exporter's textfile collector. Pure.

Labels are hosts of the inventory and rules, severities and statuses of this collection: nothing that a container chooses.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import STATUSES
from ansible_collections.containment.docker.plugins.plugin_utils.report.catalogue import rule_of
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport

PREFIX = "containment_docker_"
OTHER_RULES = "other"  # those of another release: their number is not bounded by this one
Sample = tuple[dict[str, str], float]


def prometheus(reports: Sequence[HostReport]) -> str:
    """All metrics, each a gauge. Counts that are zero are there too, so that an alert ends."""
    audited = [report for report in reports if not report.why_not]
    collected = [(report, report.collected_at) for report in audited]
    metrics = (
        (
            "audit_success",
            "Whether the host could be audited.",
            [(_of(report), float(not report.why_not)) for report in reports],
        ),
        (
            "audit_collected_timestamp_seconds",
            "When the evidence was collected.",
            [(_of(report), at.timestamp()) for report, at in collected if at],
        ),
        (
            "audit_containers",
            "Containers that were judged.",
            [(_of(report), float(report.containers)) for report in audited if report.containers is not None],
        ),
        (
            "audit_new_findings",
            "Findings that the audit before did not have.",
            [(_of(report), float(report.new)) for report in audited if report.new is not None],
        ),
        (
            "findings",
            "Subjects of the host by rule and status.",
            [sample for report in audited for sample in _findings(report)],
        ),
        (
            "waiver_expires_timestamp_seconds",
            "When the first waiver of the rule that selects a finding stops to count, at the end of its last day in UTC.",
            [sample for report in audited for sample in _waivers(report)],
        ),
    )
    return "".join(_metric(*metric) for metric in metrics)


def _of(report: HostReport, **labels: str) -> dict[str, str]:
    return {"host": report.host, **labels}


def _findings(report: HostReport) -> Iterable[Sample]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for case in report.cases:
        rule, severity = _rule_labels(case.rule)
        counts[(rule, severity, case.status)] += case.number
    for rule, severity in sorted({(rule, severity) for rule, severity, _status in counts}):
        for status in STATUSES:
            yield _of(report, rule=rule, severity=severity, status=status), float(counts[(rule, severity, status)])


def _rule_labels(rule_id: str) -> tuple[str, str]:
    """(rule, severity) as labels."""
    rule = rule_of(rule_id)
    return (rule.id, rule.severity) if rule else (OTHER_RULES, "low")


def _waivers(report: HostReport) -> Iterable[Sample]:
    first: dict[str, datetime] = {}
    for case in report.cases:
        if case.waiver:
            rule = _rule_labels(case.rule)[0]
            ends = _end_of_day(case.waiver.expires)
            if ends:
                first[rule] = min(ends, first.get(rule, ends))
    return [(_of(report, rule=rule), ends.timestamp()) for rule, ends in sorted(first.items())]


def _end_of_day(day: str) -> datetime | None:
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=timezone.utc) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def _metric(name: str, text: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {PREFIX}{name} {text}", f"# TYPE {PREFIX}{name} gauge"]
    for labels, value in samples:
        inside = ",".join(f'{label}="{_escaped(item)}"' for label, item in labels.items())
        lines.append(f"{PREFIX}{name}{{{inside}}} {value:.0f}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
