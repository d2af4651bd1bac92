# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results, folded or whole, are read into the same cases."""

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import read_host

from ...filter.report_results import finding, result, waiver

CONTAINERS = [{"name": name, "id": name, "state": "running"} for name in ("web", "db")]


def statuses(audit):
    return {(case.rule, case.subject): case.status for case in read_host("web1", audit).cases}


def test_folded_result_has_the_same_cases_as_the_whole_one():
    whole = result(
        finding(),
        finding("pass", subject="container:db"),
        finding("pass", rule="log-level", subject="daemon", severity="low"),
        finding("not_applicable", rule="apparmor", subject="daemon", severity="medium"),
        finding("not_applicable", rule="apparmor", subject="container:web", severity="medium"),
        finding("not_applicable", rule="apparmor", subject="container:db", severity="medium"),
        containers=CONTAINERS,
    )
    folded = result(
        finding(),
        containers=CONTAINERS,
        passed={"privileged": 1, "log-level": 1},
        not_applicable={"apparmor": "the kernel has none"},
    )
    assert statuses(folded) == statuses(whole)


def test_passes_that_do_not_fit_the_containers_are_only_counted():
    assert statuses(result(passed={"privileged": 7})) == {("privileged", "7 subjects"): "pass"}


def test_rule_of_another_release_is_counted():
    assert statuses(result(passed={"of-tomorrow": 2})) == {("of-tomorrow", "2 subjects"): "pass"}


def test_findings_alone_are_a_result():
    report = read_host("web1", [finding()])
    assert statuses([finding()]) == {("privileged", "container:web"): "fail"}
    assert (report.collected_at, report.containers, report.new) == (None, None, None)


def test_the_gravest_failure_comes_first_and_passes_last():
    findings = [finding("pass"), finding(severity="low", rule="log-level"), finding("unknown"), finding(subject="a")]
    assert [(c.status, c.severity) for c in read_host("web1", findings).cases] == [
        ("fail", "critical"),
        ("fail", "low"),
        ("unknown", "critical"),
        ("pass", "critical"),
    ]


def test_message_in_plain_words_has_the_evidence_behind_it():
    (plain,) = read_host("web1", [finding(message="it runs with all privileges")]).cases
    (old,) = read_host("web1", [finding()]).cases
    assert (plain.message, plain.evidence) == ("it runs with all privileges", "Privileged")
    assert plain.text == "it runs with all privileges (Privileged)"
    assert (old.message, old.evidence, old.text) == ("Privileged", "", "Privileged")


def test_waiver_is_read_with_its_ticket():
    (case,) = read_host("web1", [finding("waived", waiver=waiver(ticket="SEC-1"))]).cases
    assert case.waiver._asdict() == waiver(ticket="SEC-1")


def test_remediation_of_the_rule_is_that_of_what_needs_attention():
    audit = result(finding(), finding("waived", subject="container:db"), remediations={"privileged": "Recreate it."})
    assert [case.remediation for case in read_host("web1", audit).cases] == ["Recreate it.", ""]


def test_cause_is_named_by_rule_and_subject():
    (case,) = read_host("web1", [finding(cause={"rule": "userns-remap", "subject": "daemon"})]).cases
    assert case.cause == "userns-remap of daemon"


def test_document_has_only_what_is_documented():
    document = read_host("web1", result(changed=False, failed=False, ansible_facts={"x": "y"})).document
    assert set(document) == set(result())
