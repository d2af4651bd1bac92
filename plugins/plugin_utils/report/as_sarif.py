# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's report as a run of SARIF 2.1.0 (OASIS, with what GitHub's code scanning wants of it). Pure."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ansible_collections.containment.docker.plugins.plugin_utils.report import catalogue
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import ForecastItem
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import Case, HostReport

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
TOOL = "containment.docker"
REPORTED = ("fail", "unknown", "waived")
LEVELS = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
# GitHub: over 9.0 is critical, from 7.0 high, from 4.0 medium.
SECURITY_SEVERITY = {"low": "2.0", "medium": "5.5", "high": "8.0", "critical": "9.5"}
FORECAST = "forecast"  # in place of a status
TAGS = 20  # GitHub takes no more for a rule


def sarif_log(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The document with these runs."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": list(runs)}


def reported_cases(report: HostReport) -> list[Case]:
    """What fails, is unknown or waived, and what would break: readers of SARIF take each result for something to look at."""
    return [case for case in report.cases if case.status in REPORTED] + list(map(_forecast_case, report.forecast.items))


def _forecast_case(item: ForecastItem) -> Case:
    """An item of the forecast as a result of its own rule. That it is certain makes it a warning; nothing is broken yet."""
    severity = "medium" if item.sure == "certain" else "low"
    message = f"{item.setting} would break it ({item.sure}): {item.message}"
    case = Case(
        f"forecast/{item.setting}/{item.kind}", item.subject, FORECAST, severity, message, remediation=item.remedy
    )
    return case._replace(request=item.waiver)


def sarif_run(report: HostReport, cases: Sequence[Case], part: int = 1) -> dict[str, Any]:
    """The run of one host with these of its cases. part: the number of the run, where one host needs several."""
    ids = sorted({case.rule for case in cases})
    category = f"{TOOL}/{_segment(report.host)}/" + (f"part-{part}/" if part > 1 else "")
    invocation: dict[str, Any] = {"executionSuccessful": not report.why_not}
    if report.collected_at:
        invocation["endTimeUtc"] = report.collected_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if report.why_not:
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": {"text": _message(report.why_not)}}]
    return {
        "tool": {"driver": {"name": TOOL, "rules": [_rule(rule_id, cases) for rule_id in ids]}},
        "automationDetails": {"id": category},  # GitHub refuses two runs of one category
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(report.host, case, ids.index(case.rule)) for case in cases],
        "properties": {"host": report.host},
    }


def _rule(rule_id: str, cases: Sequence[Case]) -> dict[str, Any]:
    rule = catalogue.rule_of(rule_id)
    if not rule:
        severity = next(case.severity for case in cases if case.rule == rule_id)
        return {"id": rule_id, "defaultConfiguration": {"level": LEVELS[severity]}}
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": catalogue.help_text(rule), "markdown": catalogue.help_markdown(rule)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", *catalogue.benchmark_ids(rule)][:TAGS],
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "references": {benchmark: list(numbers) for benchmark, numbers in rule.references.items()},
        },
    }


def _result(host: str, case: Case, rule_index: int) -> dict[str, Any]:
    text = f"{'cannot be judged: ' if case.status == 'unknown' else ''}{case.text}"
    properties = {"host": host, "subject": case.subject, "status": case.status, "severity": case.severity}
    optional = {name: getattr(case, name) for name in ("since", "disagreement", "cause", "remediation")}
    result: dict[str, Any] = {
        "ruleId": case.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[case.severity],
        "message": {"text": _message(f"{case.subject} on {host}: {text}")},
        "locations": [_location(host, case.subject)],
        "partialFingerprints": _fingerprints(host, case),
        "properties": {**properties, **{key: value for key, value in optional.items() if value}},
    }
    suppressions = _suppressions(case)
    if suppressions:
        result["suppressions"] = suppressions
    return result


def _location(host: str, subject: str) -> dict[str, Any]:
    """Where it is: GitHub shows only results that have a file and a line, so the subject stands for a file."""
    uri = f"docker-hosts/{_segment(host)}/{_segment(subject)}"
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
        "logicalLocations": [{"name": subject, "fullyQualifiedName": f"{host}/{subject}", "kind": "resource"}],
    }


def _fingerprints(host: str, case: Case) -> dict[str, str]:
    """The same from run to run: of the rule, the host and the subject's name, not of a container's id or a process.

    GitHub knows an alert again by primaryLocationLineHash alone.
    """
    digest = hashlib.sha256("\0".join((case.rule, host, case.subject)).encode()).hexdigest()[:32]
    return {"ruleHostSubject/v1": digest, "primaryLocationLineHash": f"{digest}:1"}


def _suppressions(case: Case) -> list[dict[str, Any]]:
    """A waiver that counts suppresses the result; one that has expired, or is only asked for, is shown and does not."""
    suppressions = []
    if case.status == FORECAST:  # only a waiver that counts comes here
        return (
            [{"kind": "external", "status": "accepted", "justification": _message(case.request)}]
            if case.request
            else []
        )
    if case.waiver:
        properties = {"owner": case.waiver.owner, "expires": case.waiver.expires, "ticket": case.waiver.ticket}
        suppressions.append(
            {
                "kind": "external",
                "status": "accepted" if case.status == "waived" else "rejected",
                "justification": _message(case.waiver.reason),
                "properties": {key: value for key, value in properties.items() if value},
            }
        )
    if case.request and case.status != "waived":
        suppressions.append({"kind": "external", "status": "underReview", "justification": _message(case.request)})
    return suppressions


def _message(text: str) -> str:
    """Text without what SARIF takes for a link or for a placeholder."""
    return re.sub(r"\{(?=\d)", "{ ", text.replace("](", "] ("))


def _segment(text: str) -> str:
    """One segment of a URI's path."""
    return "_" if text.strip(".") == "" else quote(text, safe=":")
