# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_json: what a parser reads is the result, and harmless."""

import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.findings_to_json import FilterModule

from .report_results import HOSTILE, finding, hostile_result, result

findings_to_json = FilterModule().filters()["findings_to_json"]


def test_results_of_two_hosts_are_one_document_with_both():
    results = {"web2": result(finding("pass")), "web1": result(finding())}
    assert json.loads(findings_to_json(results)) == {"schema": 1, "hosts": results}


@pytest.mark.parametrize(
    "audit, reason",
    [
        (None, "there is no result of an audit of it"),
        ({}, "there is no result of an audit of it"),
        (result(obstacles=["Podman is no Docker."]), "Podman is no Docker."),
        ({"failed": True, "msg": "MODULE FAILURE"}, "MODULE FAILURE"),
        ({"skipped": True}, "its audit failed"),
    ],
)
def test_host_without_an_audit_is_listed_with_the_reason(audit, reason):
    assert json.loads(findings_to_json({"web1": audit}))["hosts"] == {"web1": {"not_audited": reason}}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_ascii_in_the_file_and_printable_when_parsed(text):
    written = findings_to_json({text: hostile_result(text)})
    assert written.isascii() and written.replace("\n", "").isprintable()

    def texts(value):
        if isinstance(value, dict):
            for key, item in value.items():
                yield key
                yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        elif isinstance(value, str):
            yield value

    assert [item for item in texts(json.loads(written)) if not item.isprintable()] == []


def test_equal_results_give_equal_documents_whatever_their_order():
    first, second = result(finding()), dict(reversed(list(result(finding()).items())))
    assert findings_to_json({"a": first, "b": second}) == findings_to_json({"b": first, "a": second})


@pytest.mark.parametrize(
    "results, named",
    [
        ([], "a mapping of host to result is needed"),
        ({"web1": result(finding(status="good"))}, "web1: finding 0: unknown status or severity"),
        ({"web1": result(finding(seen=3))}, "web1: finding 0: its message or evidence is no text"),
        ({"web1": result(finding(rule="a b"))}, "web1: finding 0: a b is no id of a rule"),
        ({"web1": result("x")}, "web1: this is no result of posture_info"),
        ({"web1": result(collected_at="now")}, "web1: collected_at is no time in UTC: now"),
        ({"web1": result(collected_at="2026-13-01T00:00:00Z")}, "web1: "),
    ],
)
def test_what_is_no_result_is_refused_with_the_place(results, named):
    with pytest.raises(AnsibleFilterError) as error:
        findings_to_json(results)
    assert named in str(error.value)
