# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docker_audit writes and what makes it fail."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml
from ansible.plugins.test.core import truthy
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.containment.docker.plugins.plugin_utils.report.files import FORMATS

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "docker_audit"


def load(path):
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


OPTIONS = load("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
VARS = load("vars/main.yml")


def rendered(name, **known):
    """A variable of the role, with those it is made of."""
    environment = NativeEnvironment(undefined=StrictUndefined)
    environment.tests["truthy"] = truthy
    values = dict(known, __docker_audit_severities=VARS["__docker_audit_severities"])
    for part in ("__docker_audit_severe", "__docker_audit_severe_and_new", name):
        template = environment.from_string(VARS[part])
        values[part] = list(template.render(values))
    return values[name]


def test_formats_are_those_that_are_written():
    assert set(OPTIONS["docker_audit_formats"]["choices"]) == {*FORMATS, "markdown"}


FINDINGS = [
    {"rule": "old", "status": "fail", "severity": "critical", "since": "unchanged"},
    {"rule": "new", "status": "fail", "severity": "critical", "since": "new"},
    {"rule": "not-compared", "status": "unknown", "severity": "high"},
    {"rule": "light", "status": "fail", "severity": "low", "since": "new"},
    {"rule": "waived", "status": "waived", "severity": "critical", "since": "new"},
    {"rule": "good", "status": "pass", "severity": "critical"},
]


@pytest.mark.parametrize(
    "fail_on, only_new, rules",
    [
        ("high", False, ["old", "new", "not-compared"]),
        ("critical", False, ["old", "new"]),
        ("high", True, ["not-compared", "new"]),
        ("high", "yes", ["not-compared", "new"]),
        ("high", "false", ["old", "new", "not-compared"]),
        ("low", True, ["not-compared", "new", "light"]),
    ],
)
def test_what_makes_the_role_fail(fail_on, only_new, rules):
    serious = rendered(
        "__docker_audit_serious",
        docker_audit_result={"findings": FINDINGS},
        docker_audit_fail_on=fail_on,
        docker_audit_fail_on_new=only_new,
    )
    assert [finding["rule"] for finding in serious] == rules


PLAY = """
- hosts: all
  gather_facts: false
  connection: local
  vars:
    docker_audit_report_directory: {out}
    docker_audit_formats: [json, markdown, html, sarif, junit, csv, prometheus]
    docker_audit_fail_on: never
  tasks:
    - ansible.builtin.fail:
      when: inventory_hostname == 'gone'
    - ansible.builtin.set_fact:
        docker_audit_result: {{schema: 1, findings: [], containers: [], counts: {{}}, actions: [], passed: {{}},
          not_applicable: {{}}, remediations: {{}}, unused_waivers: [], obstacles: []}}
    - ansible.builtin.include_role: {{name: containment.docker.docker_audit, tasks_from: report}}
"""


def test_files_of_the_fleet_name_the_host_that_has_no_result(tmp_path):
    (tmp_path / "play.yml").write_text(PLAY.format(out=tmp_path / "out"), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", "-i", "web,gone,", str(tmp_path / "play.yml")]
    collections = os.environ["PYTHONPATH"].split(":")[0]
    environment = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=collections, ANSIBLE_HOME=str(tmp_path / "home"))
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    names = {path.name for path in (tmp_path / "out").iterdir()}
    ends = ("json", "html", "sarif", "junit.xml", "csv", "prom")
    assert names == {f"{stem}.{end}" for stem in ("web", "fleet") for end in ends} | {"web.md"}, done.stdout[-3000:]
    fleet = json.loads((tmp_path / "out" / "fleet.json").read_text(encoding="utf-8"))
    assert "not_audited" in fleet["hosts"]["gone"] and "not_audited" not in fleet["hosts"]["web"]
