# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What posture_info returned, folded or whole, or a list of findings alone: one shape for filters. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.judge.finding import count_statuses
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import Forecast, read_forecast

# The documented keys; docs/result.schema.json
KEYS = (
    "schema",
    "collected_at",
    "details",
    "engine",
    "obstacles",
    "counts",
    "actions",
    "findings",
    "passed",
    "not_applicable",
    "remediations",
    "containers",
    "unused_waivers",
    "last",
    "forecast",
)
CHANGE = ("change", "flag", "compose")  # the keys of each item of a finding's run
Finding = Mapping[str, Any]


class Result(NamedTuple):
    """The parts that reports use, each as docs/result.md describes it. last: {} without a record."""

    findings: Sequence[Finding]
    counts: Mapping[str, int]
    actions: Sequence[Mapping[str, Any]]
    passed: Mapping[str, int]
    not_applicable: Mapping[str, str]
    remediations: Mapping[str, str]
    containers: Sequence[Mapping[str, Any]]
    unused_waivers: Sequence[Mapping[str, Any]]
    last: Mapping[str, Any]
    forecast: Forecast = Forecast()


def read(document: Any) -> Result:
    """Read a result, or a list of findings, which are counted and have no actions. ValueError."""
    document = plain(document)
    result: Any = {"findings": document} if isinstance(document, list) else document
    if not isinstance(result, Mapping) or not isinstance(result.get("findings"), list):
        raise ValueError(f"a result of posture_info or a list of findings is needed, not a {type(document).__name__}")
    findings = result["findings"]
    try:
        counts = result["counts"] if "counts" in result else count_statuses(f["status"] for f in findings)
        passed = result.get("passed") or {}
        if not all(isinstance(number, int) for number in [*counts.values(), *passed.values()]):
            raise TypeError("counts and passed are numbers")
        texts = {f["rule"]: f["remediation"] for f in findings if f.get("remediation")}
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no result, or no finding, of this collection: {error!r}") from error
    return Result(
        findings,
        counts,
        result.get("actions") or [],
        passed,
        result.get("not_applicable") or {},
        {**texts, **(result.get("remediations") or {})},
        result.get("containers") or [],
        result.get("unused_waivers") or [],
        result.get("last") or {},
        read_forecast(result),
    )


def is_finding(item: Any) -> bool:
    """Whether it has what each finding of this collection has, each of the right type."""
    try:
        return (
            item["status"] in STATUSES
            and item["severity"] in SEVERITIES
            and all(isinstance(item[key], str) for key in ("rule", "subject", "seen"))
            and isinstance(item["layers"], Mapping)
            and isinstance(item["drift"], bool)
            and all(isinstance(change[key], str) for change in item.get("run", ()) for key in CHANGE)
        )
    except (LookupError, TypeError):
        return False


def documented(document: Mapping[str, Any]) -> dict[str, Any]:
    """The documented keys of a registered result alone, in the order of the documentation."""
    document = plain(document)
    return {key: document[key] for key in KEYS if key in document}


def statuses(result: Result) -> dict[tuple[str, str], str]:
    """(rule, subject) -> status of everything that was judged, folded or whole."""
    known = {(finding["rule"], finding["subject"]): finding["status"] for finding in result.findings}
    for folded, status in ((result.passed, "pass"), (result.not_applicable, "not_applicable")):
        for rule in folded:
            for subject in subjects_of(rule, result):
                known.setdefault((rule, subject), status)
    return known


def effects(findings: Sequence[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """What fails because of another of these findings, by (rule, subject) of that one."""
    failing = {(f["rule"], f["subject"]) for f in findings if f["status"] == "fail"}
    caused: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        cause = finding.get("cause") or {}
        key = (cause.get("rule", ""), cause.get("subject", ""))
        if finding["status"] == "fail" and key in failing:
            caused.setdefault(key, []).append(finding)
    return caused


def subjects_of(rule: str, result: Result) -> list[str]:
    """The subjects that a rule of this collection judges; [] for a rule that is unknown here."""
    kinds = [kind for kind in KINDS if rule in BY_ID and getattr(BY_ID[rule], kind)]
    subjects = [kind for kind in kinds if kind != "container"]
    if "container" in kinds:
        subjects += [f"container:{container['name']}" for container in result.containers]
    return subjects
