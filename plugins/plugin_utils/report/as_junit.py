# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of a fleet as JUnit XML, in the form that Jenkins, GitLab and GitHub's actions read. Pure."""

from collections.abc import Sequence
from xml.etree import ElementTree

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import Case, HostReport

# status -> (the element in the test case, the count of the test suite)
ELEMENTS = {
    "fail": ("failure", "failures"),
    "unknown": ("error", "errors"),
    "waived": ("skipped", "skipped"),
    "not_applicable": ("skipped", "skipped"),
}
COUNTS = ("tests", "failures", "errors", "skipped")


def junit(reports: Sequence[HostReport]) -> str:
    """A test suite for each host, a test case for each rule and subject. Texts are inert, so XML can hold them all."""
    root = ElementTree.Element("testsuites", name="containment.docker")
    suites = [_suite(root, report) for report in reports]
    for count in COUNTS:
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in suites)))
    root.set("time", "0")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True).decode("ascii") + "\n"


def _suite(root: ElementTree.Element, report: HostReport) -> ElementTree.Element:
    suite = ElementTree.SubElement(root, "testsuite", name=report.host, hostname=report.host, time="0")
    if report.collected_at:
        suite.set("timestamp", report.collected_at.strftime("%Y-%m-%dT%H:%M:%S"))
    numbers = dict.fromkeys(COUNTS, 0)
    for case in report.cases:
        _test_case(suite, report.host, case)
        numbers["tests"] += 1
        if case.status in ELEMENTS:
            numbers[ELEMENTS[case.status][1]] += 1
    if report.why_not:
        audit = ElementTree.SubElement(suite, "testcase", name="audit", classname=report.host, time="0")
        _outcome(audit, "error", "not audited", report.why_not, ())
        numbers.update(tests=1, errors=1)
    for count, number in numbers.items():
        suite.set(count, str(number))
    return suite


def _test_case(suite: ElementTree.Element, host: str, case: Case) -> None:
    test = ElementTree.SubElement(suite, "testcase", name=case.rule, classname=f"{host}.{case.subject}", time="0")
    if case.status not in ELEMENTS:
        return
    cause = f"mend instead: {case.cause}" if case.cause else ""
    details = [f"severity: {case.severity}", case.evidence, case.disagreement, cause, case.remediation]
    message = case.message
    if case.waiver and case.status == "waived":
        message = f"waived by {case.waiver.owner} until {case.waiver.expires}: {case.waiver.reason}"
        details += [case.message, case.waiver.ticket]
    elif case.waiver:
        details.append(f"the waiver of {case.waiver.owner} expired {case.waiver.expires}: {case.waiver.reason}")
    if case.request:
        details.append(f"the container asks for a waiver: {case.request}")
    _outcome(test, ELEMENTS[case.status][0], case.status, message, [text for text in details if text])


def _outcome(test: ElementTree.Element, element: str, kind: str, message: str, details: Sequence[str]) -> None:
    outcome = ElementTree.SubElement(test, element, message=message, type=kind)
    outcome.text = "\n".join([message, *details])
