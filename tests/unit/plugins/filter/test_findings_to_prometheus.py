# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_prometheus, read by the parser of Prometheus's own client."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.containment.docker.plugins.filter.findings_to_prometheus import FilterModule
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID

from .report_results import HOSTILE, finding, hostile_result, result, waiver

findings_to_prometheus = FilterModule().filters()["findings_to_prometheus"]


def read(results):
    """{metric without the prefix: [(labels, value)]}."""
    families = list(text_string_to_metric_families(findings_to_prometheus(results)))
    assert all(family.type == "gauge" and family.documentation for family in families)
    return {
        family.name.replace("containment_docker_", ""): [(sample.labels, sample.value) for sample in family.samples]
        for family in families
    }


def counted(results):
    """{(host, rule, severity, status): number} without the zeros."""
    return {tuple(labels.values()): value for labels, value in read(results)["findings"] if value}


def test_subjects_are_counted_by_rule_severity_and_status():
    findings = [finding(), finding(subject="container:db"), finding("unknown", rule="seccomp", subject="daemon")]
    assert counted({"web1": result(*findings), "web2": result(finding("pass"))}) == {
        ("web1", "privileged", "critical", "fail"): 2,
        ("web1", "seccomp", "high", "unknown"): 1,
        ("web2", "privileged", "critical", "pass"): 1,
    }


def test_passes_that_are_only_counted_are_all_counted():
    assert counted({"web1": result(passed={"privileged": 7})}) == {("web1", "privileged", "critical", "pass"): 7}


def test_status_without_a_subject_is_zero():
    zeros = [labels["status"] for labels, value in read({"web1": result(finding())})["findings"] if not value]
    assert zeros == [status for status in STATUSES if status != "fail"]


def test_time_containers_and_new_findings_of_a_host():
    metrics = read({"web1": result(finding())})
    assert metrics["audit_collected_timestamp_seconds"] == [({"host": "web1"}, 1795752000)]
    assert metrics["audit_containers"] == [({"host": "web1"}, 1)]
    assert metrics["audit_new_findings"] == [({"host": "web1"}, 1)]


def test_host_that_was_not_audited_is_there_with_nothing_else():
    metrics = read({"web1": None, "web2": result()})
    assert metrics["audit_success"] == [({"host": "web1"}, 0), ({"host": "web2"}, 1)]
    assert [labels["host"] for labels, _value in metrics["audit_containers"]] == ["web2"]


def test_waiver_of_a_rule_that_ends_first_is_shown_by_the_end_of_its_last_day():
    findings = [
        finding("waived", waiver=waiver(expires="2027-01-31")),
        finding("waived", subject="container:db", waiver=waiver(expires="2026-12-31")),
        finding("waived", rule="seccomp", waiver=waiver(expires="2027-02-28")),
    ]
    assert read({"web1": result(*findings)})["waiver_expires_timestamp_seconds"] == [
        ({"host": "web1", "rule": "privileged"}, 1798761600),
        ({"host": "web1", "rule": "seccomp"}, 1803859200),
    ]


def test_rules_of_another_release_are_one_label():
    findings = [finding(rule=f"rule-{n}", severity="high") for n in range(100)]
    assert counted({"web1": result(*findings)}) == {("web1", "other", "low", "fail"): 100}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_no_label_but_the_host_and_no_line(text):
    written = findings_to_prometheus({text: hostile_result(text)})
    assert written.replace("\n", "").isprintable()
    assert all(
        line.startswith(("# HELP containment_docker_", "# TYPE containment_docker_", "containment_docker_"))
        for line in written.splitlines()
    )
    metrics = read({text: hostile_result(text)})
    assert len(metrics) == 6 and len(metrics["findings"]) == 5 * 5
    for samples in metrics.values():
        for labels, _value in samples:
            assert labels["host"].isprintable() and set(labels) <= {"host", "rule", "severity", "status"}
            assert labels.get("rule", "privileged") in BY_ID
            assert labels.get("severity", "low") in SEVERITIES and labels.get("status", "fail") in STATUSES
