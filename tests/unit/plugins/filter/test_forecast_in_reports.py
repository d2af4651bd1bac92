# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast stands beside the findings: in JSON, SARIF, lines, Markdown and on the page."""

import json
import pathlib
import sys

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter import (
    findings_to_html,
    findings_to_json,
    findings_to_lines,
    findings_to_markdown,
    findings_to_sarif,
)

from ..hostile.readers import (
    check_printable,
    read_html,
    read_lines,
    read_markdown,
    read_sarif,
    sarif_validator,
    strings,
)
from .report_results import HOSTILE, finding, waiver
from .report_results import result as whole_result

SCHEMA = json.loads((pathlib.Path(__file__).parents[4] / "docs" / "result.schema.json").read_text(encoding="utf-8"))


def result(*findings, **more):
    return whole_result(*findings, last={}, **more)


def item(setting="userns-remap", kind="mount", subject="container:web:/data", sure="certain", **more):
    return {
        "id": f"{setting}/{kind}/{subject}", "setting": setting, "kind": kind, "subject": subject, "sure": sure,
        "message": "its files belong to an id that is not mapped", "remedy": "give them to 100000", "evidence": {}, **more,
    }  # fmt: skip


def forecast(*items, **more):
    counts = {"certain": len(items), "likely": 0, "possible": 0, "waived": 0}
    return {
        "effects": list(items),
        "counts": counts,
        "obstacles": [],
        "settings": ["userns-remap"],
        "in_force": [],
        **more,
    }


def run(module, name, value):
    return module.FilterModule().filters()[name](value)


def sarif(audit):
    (text,) = run(findings_to_sarif, "findings_to_sarif", {"web1": audit})
    document = json.loads(text)
    if sys.version_info >= (3, 11):
        sarif_validator().validate(document)
    return document["runs"][0]["results"]


OBSTACLE = {"setting": "userns-remap", "subject": "container:db", "reason": "/srv is on a network's filesystem"}
RESULT = result(finding(), forecast=forecast(item(sure="possible", subject="daemon"), item(), obstacles=[OBSTACLE]))


def test_json_has_it_as_the_module_returned_it():
    document = json.loads(run(findings_to_json, "findings_to_json", {"web1": RESULT}))
    assert document["hosts"]["web1"]["forecast"] == RESULT["forecast"]
    jsonschema.validate(RESULT["forecast"], dict(SCHEMA["properties"]["forecast"], **{"$defs": SCHEMA["$defs"]}))


def test_lines_have_the_surest_first_and_what_could_not_be_looked_at():
    lines = run(findings_to_lines, "findings_to_lines", RESULT)
    rows = [line.split() for line in lines if line.startswith(("would break", "not forecast"))]
    assert [words[:4] for words in rows] == [
        ["would", "break", "certain", "userns-remap/mount/container:web:/data:"],
        ["would", "break", "possible", "userns-remap/mount/daemon:"],
        ["not", "forecast:", "userns-remap:", "container:db:"],
    ]


def test_sarif_has_a_result_of_its_own_rule_for_each_item():
    findings = [r for r in sarif(RESULT) if r["ruleId"].startswith("forecast/")]
    assert [(r["ruleId"], r["level"], r["properties"]["status"]) for r in findings] == [
        ("forecast/userns-remap/mount", "warning", "forecast"),
        ("forecast/userns-remap/mount", "note", "forecast"),
    ]
    assert "userns-remap would break it (certain): its files belong" in findings[0]["message"]["text"]


def test_markdown_and_the_page_have_a_table_of_it():
    assert "## Would break" in run(findings_to_markdown, "findings_to_markdown", RESULT)
    page = run(findings_to_html, "findings_to_html", {"web1": RESULT, "web2": RESULT})
    assert "Would break when it is hardened: 2" in page and "web1, web2" in page
    assert "network&#39;s filesystem" in page


@pytest.mark.parametrize("expired", [True, False])
def test_a_waiver_counts_until_its_last_day(expired):
    audit = result(forecast=forecast(item(waiver=waiver(expired=expired))))
    lines = run(findings_to_lines, "findings_to_lines", audit)
    assert any(line.split()[2] == ("certain" if expired else "waived") for line in lines if "would break" in line)
    (only,) = sarif(audit)
    assert ("suppressions" in only) is not expired


def test_without_a_forecast_no_report_speaks_of_one():
    audit = result(finding())
    assert "would break" not in "".join(run(findings_to_lines, "findings_to_lines", audit))
    assert "Would break" not in run(findings_to_markdown, "findings_to_markdown", audit)
    assert 'id="forecast"' not in run(findings_to_html, "findings_to_html", {"web1": audit})


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_it_is_inert(text):
    hostile = item(subject=f"container:{text}", message=text, remedy=text, waiver=waiver(reason=text, owner=text))
    obstacle = {"setting": "icc", "subject": text, "reason": text}
    audit = result(forecast=forecast(hostile, dict(hostile, waiver={}), obstacles=[obstacle]))
    read_lines(run(findings_to_lines, "findings_to_lines", audit))
    read_markdown(run(findings_to_markdown, "findings_to_markdown", audit))
    read_html(run(findings_to_html, "findings_to_html", {"web1": audit}))
    read_sarif(run(findings_to_sarif, "findings_to_sarif", {"web1": audit}))
    check_printable(strings(json.loads(run(findings_to_json, "findings_to_json", {"web1": audit}))))


@pytest.mark.parametrize(
    "wrong", [{"effects": [{}]}, {"effects": [item(sure="maybe")]}, {"effects": [item(setting="../x")]}, {"effects": 1}]
)
def test_what_is_no_forecast_is_refused(wrong):
    for module, name, value in (
        (findings_to_lines, "findings_to_lines", result(forecast=wrong)),
        (findings_to_json, "findings_to_json", {"web1": result(forecast=wrong)}),
    ):
        with pytest.raises(AnsibleFilterError, match="forecast"):
            run(module, name, value)
