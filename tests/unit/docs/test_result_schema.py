# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/result.schema.json describes what the audit returns, and nothing that is returned is left out of it."""

import copy
import datetime
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.containment.docker.plugins.module_utils.audit import actions, audit
from ansible_collections.containment.docker.plugins.modules import posture_info
from ansible_collections.containment.docker.plugins.plugin_utils import result as results

from ..plugins.module_utils.audit.test_audit import IDS, fake_engine, routes  # noqa: F401 a fixture # pylint: disable=unused-import
from ..plugins.module_utils.audit.test_audit import audit as run_audit

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA = json.loads((DOCS / "result.schema.json").read_text(encoding="utf-8"))


def closed(schema):
    """The schema in which each object has only the keys that it lists."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        inner["additionalProperties"] = False
    return inner


VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


def problems(result):
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(json.dumps(result)))]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("details", audit.DETAILS)
def test_a_result_with_every_kind_of_finding_is_valid(fake_engine, details, tmp_path):  # noqa: F811
    answers = routes(("web", "db", "\x1b[2J"))
    config = answers[f"/containers/{IDS[0]}/json"]["HostConfig"]
    config.update(Privileged=True, Memory=0, CapAdd=["SYS_ADMIN"])
    labels = {"containment.docker.waiver-request.memory-limit": "please"}
    answers[f"/containers/{IDS[0]}/json"]["Config"]["Labels"] = labels
    answers[f"/containers/{IDS[1]}/json"] = b'{"Id": "b'
    waivers = [
        dict(rule="privileged", selector="container:web", reason="r", owner="o", expires="2027-01-01", ticket="SEC-1"),
        dict(rule="memory-limit", selector="container:web", reason="r", owner="o", expires="2026-01-01"),
        dict(rule="privileged", selector="daemon", reason="r", owner="o", expires="2027-01-01"),
    ]
    result = run_audit(
        fake_engine(answers), details=details, waivers=waivers, record=str(tmp_path / "x" / "audit.json")
    )
    statuses = {finding["status"] for finding in result["findings"]}
    assert statuses >= {"fail", "unknown", "waived"} and result["actions"] and "last" in result
    assert any("waiver_request" in f for f in result["findings"])
    assert {f["subject"] for f in result["findings"] if f["rule"] == "waivers"} == {
        "waiver:memory-limit:container:web",
        "waiver:privileged:daemon",
    }
    assert any("cause" in f for f in result["findings"]) and any("run" in f for f in result["findings"])
    assert problems(result) == []


def test_a_result_of_a_host_without_an_engine_is_valid(tmp_path):
    assert problems(run_audit(f"unix://{tmp_path}/none.sock", details="open")) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("schema"),
        lambda r: r.update(schema=2),
        lambda r: r.update(surprise=1),
        lambda r: r.update(collected_at="yesterday"),
        lambda r: r["findings"][0].update(status="good"),
        lambda r: r["findings"][0].update(remediation="x"),
        lambda r: r["actions"][0].update(subjects=["daemon"] * 17),
        lambda r: r["counts"].update(odd=1),
    ],
)
def test_what_is_not_documented_is_not_valid(fake_engine, damage):  # noqa: F811
    result = run_audit(fake_engine(routes()), details="open")
    assert problems(result) == []
    damaged = copy.deepcopy(result)
    damage(damaged)
    assert problems(damaged)


def test_the_documented_keys_are_the_schema_s_and_the_module_s():
    documented = yaml.safe_load(posture_info.RETURN)
    # the forecast is another module's, put there by a playbook
    assert set(results.KEYS) == set(SCHEMA["properties"]) == {*documented, "forecast"}
    finding = SCHEMA["$defs"]["finding"]["properties"]
    assert set(finding) == set(documented["findings"]["contains"])
    assert set(SCHEMA["$defs"]["action"]["properties"]) == set(documented["actions"]["contains"])
    assert set(SCHEMA["$defs"]["action"]["properties"]["kind"]["enum"]) == set(actions.KINDS)


def test_the_page_names_every_action():
    page = (DOCS / "result.md").read_text(encoding="utf-8")
    assert [kind for kind in actions.KINDS if f"`{kind}`" not in page] == []


def test_the_time_of_a_result_is_text_that_python_reads(fake_engine):  # noqa: F811
    text = run_audit(fake_engine(routes()), details="open")["collected_at"]
    assert datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
