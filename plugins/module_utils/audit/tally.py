# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge one subject after the other, and keep what somebody has to look at; the rest becomes numbers. Pure."""

import datetime
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.judge import cause, drift, waiver
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import (
    Assessment,
    Finding,
    assess,
    build,
    changes_of,
    count_statuses,
    message_of,
)
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, Rule


class Judged(NamedTuple):
    """What came of one subject: statuses of all its rules, and its findings that are kept whole."""

    statuses: Mapping[str, str]
    findings: List[Finding]


class Tally:
    """The conclusions of one audit.

    findings: whole, in the order of judging. used: the waivers that selected one. With `whole` all findings are kept.
    """

    def __init__(self, rules: Sequence[Rule], waivers: Sequence[Waiver], today: datetime.date, whole: bool) -> None:
        self.findings: List[Finding] = []
        self.used: Set[Waiver] = set()
        self._by_id = {rule.id: rule for rule in rules}
        self._rules = {kind: [rule for rule in rules if getattr(rule, kind)] for kind in KINDS}
        self._fields = cause.rules_by_field(rules)
        self._waivers, self._today, self._whole = waivers, today, whole
        self._failing: Dict[str, Set[str]] = {}  # of the host and the daemon
        self._statuses: Dict[str, Dict[str, int]] = {rule.id: {} for rule in rules}
        self._passed: Dict[str, int] = {}  # without a finding
        self._reasons: Dict[str, Set[str]] = {}
        self._remediations: Dict[str, str] = {}

    def add(self, kind: str, subject: str, evidence: Evidence) -> Judged:
        """Judge all rules for the subject (`host`, `daemon`, `container:<name>`)."""
        return self.add_all(kind, [(subject, evidence)])[0]

    def add_all(self, kind: str, subjects: Sequence[Tuple[str, Evidence]]) -> List[Judged]:
        """Judge all rules for [(subject, its evidence)].

        Rule by rule: a processor that has just run a rule runs it once more for much less than it runs another.
        """
        assessed: List[List[Tuple[Rule, Assessment]]] = [[] for _subject in subjects]
        for rule in self._rules[kind]:
            for (_subject, evidence), assessments in zip(subjects, assessed):
                assessment = assess(rule, kind, evidence)
                if assessment is not None:
                    assessments.append((rule, assessment))
        return [
            self._keep(kind, subject, evidence, assessments)
            for (subject, evidence), assessments in zip(subjects, assessed)
        ]

    def _keep(
        self, kind: str, subject: str, evidence: Evidence, assessments: Sequence[Tuple[Rule, Assessment]]
    ) -> Judged:
        """Make findings of what somebody has to look at, and numbers of the rest."""
        statuses: Dict[str, str] = {}
        findings: List[Dict[str, Any]] = []
        failing: List[cause.Failing] = []
        for rule, assessment in assessments:
            status = assessment.status
            if self._whole or assessment.is_open or status == "not_applicable":
                changes = changes_of(rule, kind, evidence, assessment)
                finding = build(rule, kind, subject, evidence, assessment, changes)
                drift.explain(rule, kind, finding, evidence)
                if self._waivers:
                    self.used.update(waiver.waive(finding, kind, evidence, self._waivers, self._today))
                if kind == "container" and finding["status"] in ("fail", "unknown"):
                    request = waiver.request_of(rule.id, evidence)
                    if request:
                        finding["waiver_request"] = {"reason": request}
                findings.append(finding)
                if assessment.status == "fail":
                    failing.append(cause.Failing(rule, assessment, changes))
                status = finding["status"]
                if assessment.status in ("fail", "unknown"):
                    self._remediations[rule.id] = rule.remediation
                elif assessment.status == "not_applicable":
                    self._reasons.setdefault(rule.id, set()).add(finding["seen"])
            else:
                self._passed[rule.id] = self._passed.get(rule.id, 0) + 1
            statuses[rule.id] = status
            numbers = self._statuses[rule.id]
            numbers[status] = numbers.get(status, 0) + 1
        if kind == "container":
            if failing:
                self._name_causes(subject, evidence, failing, {finding["rule"]: finding for finding in findings})
        else:
            self._failing[kind] = {one.rule.id for one in failing}
        self.findings += findings
        return Judged(statuses, findings)

    def _name_causes(
        self, subject: str, evidence: Evidence, failing: Sequence[cause.Failing], findings: Mapping[str, Finding]
    ) -> None:
        """Write it into the container's findings by rule, once all are there, as one may be the cause of an earlier one."""
        for rule, named in cause.name_causes(subject, evidence, failing, self._fields, self._failing).items():
            finding = findings[rule]
            finding["cause"] = {"rule": named.rule, "subject": named.subject}
            kind_of_cause = named.subject if named.subject in KINDS else "container"
            reason = "because " + self._by_id[named.rule].weakness.get(kind_of_cause, "")
            if named.same_mount:
                reason = f"by the same mount as in {named.rule}"
            finding["message"] = message_of(self._by_id[rule], "container", "fail", reason)

    def conclude(self) -> Dict[str, Any]:
        """findings, passed, not_applicable, counts and remediations of the result; see docs/result.md."""
        folded = {}
        if not self._whole:
            for rule, reasons in self._reasons.items():
                if len(reasons) == len(self._statuses[rule]) == 1:
                    folded[rule] = next(iter(reasons))
        counts = count_statuses(())
        for numbers in self._statuses.values():
            for status, number in numbers.items():
                counts[status] += number
        return {
            "findings": [finding for finding in self.findings if finding["rule"] not in folded],
            "passed": self._passed,
            "not_applicable": folded,
            "counts": counts,
            "remediations": self._remediations,
        }
