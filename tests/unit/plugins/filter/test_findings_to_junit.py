# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_junit, read by junitparser and by an XML parser."""

import io
from xml.etree import ElementTree

import junitparser
import pytest

from ansible_collections.containment.docker.plugins.filter.findings_to_junit import FilterModule

from .report_results import HOSTILE, finding, hostile_result, result, waiver

findings_to_junit = FilterModule().filters()["findings_to_junit"]
# What Jenkins's schema of the format (jenkins-junit.xsd) allows of what is written here.
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
}
CHILDREN = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "error", "skipped"}}


def read(text):
    """The suites as junitparser reads them, from a document that has only what the format allows."""
    for element in ElementTree.fromstring(text.encode()).iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
    return list(junitparser.JUnitXml.fromfile(io.BytesIO(text.encode())))


def only(failing):
    """The one test case of a host with this finding, and what it ended with."""
    (suite,) = read(findings_to_junit({"web1": result(failing)}))
    (case,) = suite
    return case, case.result


def test_rule_for_a_subject_is_a_test_case():
    case, outcome = only(finding("pass"))
    assert (case.name, case.classname, outcome) == ("privileged", "web1.container:web", [])


@pytest.mark.parametrize(
    "status, kind",
    [
        ("fail", junitparser.Failure),
        ("unknown", junitparser.Error),
        ("waived", junitparser.Skipped),
        ("not_applicable", junitparser.Skipped),
    ],
)
def test_status_is_an_outcome_with_its_message(status, kind):
    _case, (outcome,) = only(finding(status, seen="the reason"))
    assert (type(outcome), outcome.message, outcome.type) == (kind, "the reason", status)


def test_waived_is_skipped_with_reason_owner_and_last_day():
    _case, (outcome,) = only(finding("waived", waiver=waiver(ticket="SEC-1")))
    assert outcome.message == "waived by ops until 2027-01-31: reads counters"
    assert outcome.text.split("\n")[1:] == ["severity: critical", "Privileged", "SEC-1"]


def test_failure_tells_what_to_do_and_the_expired_waiver():
    failing = finding(remediation="Recreate it.", waiver=waiver(expired=True), waiver_request={"reason": "please"})
    _case, (outcome,) = only(failing)
    assert outcome.text.split("\n") == [
        "Privileged",
        "severity: critical",
        "Recreate it.",
        "the waiver of ops expired 2027-01-31: reads counters",
        "the container asks for a waiver: please",
    ]


def test_counts_are_those_of_the_test_cases():
    findings = [
        finding(status, subject=f"container:{status}")
        for status in ("fail", "unknown", "waived", "pass", "not_applicable")
    ]
    text = findings_to_junit({"web1": result(*findings), "web2": result(finding()), "web3": None})
    suites = read(text)
    assert [(s.tests, s.failures, s.errors, s.skipped) for s in suites] == [(5, 1, 1, 2), (1, 1, 0, 0), (1, 0, 1, 0)]
    root = ElementTree.fromstring(text.encode())
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["7", "2", "2", "2"]
    for suite in suites:
        written = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()  # junitparser counts the test cases
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == written


def test_host_that_was_not_audited_is_an_error():
    (suite,) = read(findings_to_junit({"web1": result(obstacles=["Podman is no Docker."])}))
    (case,) = suite
    assert (case.name, case.result[0].message, type(case.result[0])) == (
        "audit",
        "Podman is no Docker.",
        junitparser.Error,
    )


def test_suite_has_the_host_and_the_time():
    (suite,) = read(findings_to_junit({"web1": result(finding())}))
    assert (suite.name, suite.hostname, suite.timestamp) == ("web1", "web1", "2026-11-27T04:00:00")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_element_and_stays_visible(text):
    written = findings_to_junit({text: hostile_result(text)})
    assert written.isascii() and written.replace("\n", "").isprintable()
    (suite,) = read(written)
    assert [type(case.result[0]).__name__ if case.result else "" for case in suite] == [
        "Failure",
        "Error",
        "Skipped",
        "",
        *["Skipped"] * (len(list(suite)) - 4),
    ]
    (failure,) = next(iter(suite)).result
    assert failure.message.isprintable() and all(line.isprintable() for line in failure.text.split("\n"))
