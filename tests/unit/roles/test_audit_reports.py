# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docker_audit writes and what makes it fail."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from ansible.plugins.test.core import truthy
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.containment.docker.plugins.plugin_utils.report.files import FORMATS
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import read_forecast

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
    assert set(OPTIONS["docker_audit_formats"]["choices"]) == set(FORMATS)


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


def run_play(tmp_path, text, hosts, *arguments):
    """Run a play with the role on these hosts; returns its exit status and what it printed."""
    (tmp_path / "play.yml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", "-i", hosts, str(tmp_path / "play.yml"), *arguments]
    collections = os.environ["PYTHONPATH"].split(":")[0]
    environment = dict(
        os.environ, ANSIBLE_COLLECTIONS_PATH=collections, ANSIBLE_HOME=str(tmp_path / "home"), ANSIBLE_NOCOLOR="1"
    )
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "answer, reason", [({"failed": True, "msg": "no such setting"}, "no such setting"), ({}, "it gave no result")]
)
def test_a_forecast_that_failed_is_an_obstacle_in_the_reports(answer, reason):
    no_forecast = VARS["__docker_audit_no_forecast"]
    obstacles = NativeEnvironment().from_string(no_forecast["obstacles"]).render(__docker_audit_forecast=answer)
    assert read_forecast({"forecast": dict(no_forecast, obstacles=obstacles)}).obstacles == [
        f"forecast: host: {reason}"
    ]


def test_preflight_forecasts_in_the_role_so_that_the_reports_have_it():
    (play,) = load(pathlib.Path(__file__).parents[3] / "playbooks" / "preflight.yml")
    assert play["vars"]["docker_audit_forecast"] is True
    assert "tasks" not in play and "post_tasks" not in play


FILE_ENDS = ("json", "html", "sarif", "junit.xml", "csv", "prom")


def test_files_of_the_fleet_name_the_host_that_has_no_result(tmp_path):
    _status, output = run_play(tmp_path, PLAY.format(out=tmp_path / "out"), "web,gone,")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"{stem}.{end}" for stem in ("web", "fleet") for end in FILE_ENDS} | {"web.md"}, output[-3000:]
    fleet = json.loads((tmp_path / "out" / "fleet.json").read_text(encoding="utf-8"))
    assert "not_audited" in fleet["hosts"]["gone"] and "not_audited" not in fleet["hosts"]["web"]


# One cannot be reached, one has an engine's address that is none, one has no Docker that answers.
HOSTS = {
    "away": "ansible_host=127.0.0.1 ansible_port=1",
    "typo": "ansible_connection=local docker_audit_engine=gopher://x",
    "none": "ansible_connection=local docker_audit_engine=unix:///no/such.sock",
}
ALL_FAIL = """
- hosts: all
  gather_facts: false
  vars:
    docker_audit_report_directory: {out}
    docker_audit_formats: [json, markdown, html, sarif, junit, csv, prometheus]
    docker_audit_record: ""
    docker_audit_forecast: true
  roles: [containment.docker.docker_audit]
"""


@pytest.fixture
def inventory(tmp_path):
    """inventory(*names): a file with these of HOSTS."""

    def write(*names):
        lines = [f"{name} {HOSTS[name]} ansible_python_interpreter={sys.executable}\n" for name in names]
        (tmp_path / "hosts").write_text("".join(lines), encoding="utf-8")
        return str(tmp_path / "hosts")

    return write


def test_where_no_host_could_be_audited_the_reports_are_written_and_say_why(tmp_path, inventory):
    out = tmp_path / "out"
    status, output = run_play(tmp_path, ALL_FAIL.format(out=out), inventory(*HOSTS))
    assert status == 2, output[-3000:]
    assert {path.name for path in out.iterdir()} == {
        f"{stem}.{end}" for stem in ("away", "typo", "none", "fleet") for end in FILE_ENDS
    } | {"away.md", "typo.md", "none.md"}, output[-3000:]
    hosts = json.loads((out / "fleet.json").read_text(encoding="utf-8"))["hosts"]
    reasons = {"away": "could not be reached: .*127.0.0.1", "typo": "gopher", "none": "."}
    for host, reason in reasons.items():
        assert set(hosts[host]) == {"not_audited"}
        assert re.search(reason, hosts[host]["not_audited"], re.S), hosts
        assert hosts[host] == json.loads((out / f"{host}.json").read_text(encoding="utf-8"))
        assert re.search(reason, (out / f"{host}.md").read_text(encoding="utf-8"), re.S)
    for host in reasons:
        assert re.search(rf"^{host} .*\bfailed=1\b", output.partition("PLAY RECAP")[2], re.M), output[-3000:]


def test_only_looked_at_a_host_that_could_not_be_audited_fails_and_nothing_is_written(tmp_path, inventory):
    out = tmp_path / "out"
    status, output = run_play(tmp_path, ALL_FAIL.format(out=out), inventory("away", "none"), "--tags", "look")
    assert status == 2 and not out.exists(), output[-3000:]
    assert output.partition("PLAY RECAP")[2].count("failed=1") == 2


def test_a_mistake_in_a_file_of_waivers_stops_each_audit_and_stands_in_the_report(tmp_path, inventory):
    out, waivers = tmp_path / "out", tmp_path / "waivers.yml"
    waivers.write_text("- rule: privileged\n  selector: container:x\n  reson: typed wrong\n", encoding="utf-8")
    variables = json.dumps({"docker_audit_waiver_files": [str(waivers)], "docker_audit_formats": ["json"]})
    status, output = run_play(tmp_path, ALL_FAIL.format(out=out), inventory("none", "typo"), "--extra-vars", variables)
    hosts = json.loads((out / "fleet.json").read_text(encoding="utf-8"))["hosts"]
    assert status == 2, output[-3000:]
    for host in ("none", "typo"):
        assert f"{waivers}:3: unknown key 'reson'" in hosts[host]["not_audited"]
