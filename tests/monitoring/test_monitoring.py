# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alerts and the dashboard over the metrics that the filter really writes, by Prometheus's own promtool."""

import json
import pathlib
import re
import subprocess

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.containment.docker.plugins.filter.findings_to_prometheus import FilterModule

FOLDER = pathlib.Path(__file__).parents[2] / "monitoring"
RULES = FOLDER / "prometheus-alerts.yml"
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
ALERTS = {rule["alert"]: rule for rule in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]}
DAY = 24  # hours


def promtool(*arguments, stdin=""):
    """Its output; a failure is one of the test, with what it says."""
    done = subprocess.run(
        ["promtool", *map(str, arguments)],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def finding(rule, subject, status="fail", severity="critical", **more):
    return {
        "rule": rule,
        "subject": subject,
        "status": status,
        "severity": severity,
        "seen": "x",
        "layers": {},
        "drift": False,
        **more,
    }


def result(*findings, new=0):
    """promtool's clock begins in 1970, and so does the audit."""
    return {
        "schema": 1, "collected_at": "1970-01-01T00:00:00Z", "findings": list(findings), "obstacles": [],
        "containers": [{"name": "web", "id": "a", "state": "running"}], "last": {"at": "1969-12-31T00:00:00Z", "new": new},
    }  # fmt: skip


WAIVER = {"reason": "r", "owner": "o", "expires": "1970-01-31", "expired": False, "ticket": ""}
FLEET = {
    "bad": result(
        finding("privileged", "container:web"),
        finding("privileged", "container:db"),
        finding("seccomp", "container:web", severity="high"),
        finding("capabilities", "container:web", "unknown", "high"),
        new=2,
    ),
    "good": result(finding("privileged", "container:web", "pass"), finding("log-level", "daemon", severity="low")),
    "gone": {"failed": True, "msg": "no route"},
    "waived": result(finding("privileged", "container:web", "waived", waiver=WAIVER)),
}
WAIVER_ENDS = "A waiver of privileged on Docker host waived ends within two weeks, or has ended"
# Alert -> [(hours after the audit, the labels and the summary of each that is expected then)]
EXPECTED = {
    "ContainmentNotAudited": [(0, [({"host": "gone"}, "Docker host gone could not be audited")])],
    "ContainmentAuditOld": [
        (2 * DAY, []),
        (
            3 * DAY,
            [
                ({"host": host}, f"The last audit of Docker host {host} is 3d 0h 0m 0s old")
                for host in ("bad", "good", "waived")
            ],
        ),
    ],
    "ContainmentBrokenCritical": [
        (0, [({"host": "bad", "rule": "privileged"}, "privileged fails for 2 subjects of Docker host bad")])
    ],
    "ContainmentBrokenHigh": [
        (0, []),
        (2, [({"host": "bad", "rule": "seccomp"}, "seccomp fails for 1 subjects of Docker host bad")]),
    ],
    "ContainmentUnknown": [
        (0, []),
        (2, [({"host": "bad"}, "1 critical or high findings of Docker host bad could not be judged")]),
    ],
    "ContainmentNewFindings": [
        (0, [({"host": "bad"}, "Docker host bad has 2 findings that the audit before did not have")])
    ],
    "ContainmentWaiverEnds": [
        (16 * DAY, []),
        (18 * DAY, [({"host": "waived", "rule": "privileged"}, WAIVER_ENDS)]),
        (40 * DAY, [({"host": "waived", "rule": "privileged"}, WAIVER_ENDS)]),
    ],
}


@pytest.fixture(scope="module")
def metrics():
    """What node_exporter's textfile collector would read."""
    return FilterModule().filters()["findings_to_prometheus"](FLEET)


@pytest.fixture(scope="module")
def series(metrics):
    """[(metric, labels, value)]"""
    return [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
    ]


def test_promtool_finds_nothing_wrong_with_the_metrics(metrics):
    assert promtool("check", "metrics", stdin=metrics) == ""


def test_promtool_refuses_what_is_none():
    with pytest.raises(AssertionError):
        promtool("check", "metrics", stdin='a{b="c} 1\n')


def test_promtool_finds_nothing_wrong_with_the_rules():
    assert f"SUCCESS: {len(ALERTS)} rules found" in promtool("check", "rules", RULES)


def test_each_alert_has_a_test():
    assert set(EXPECTED) == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_alert_fires_for_what_it_names_and_for_nothing_else(tmp_path, series, name):
    rule = ALERTS[name]

    def expected(labels, summary):
        annotations = {"summary": summary, "description": rule["annotations"]["description"]}
        return {"exp_labels": {**labels, **rule["labels"]}, "exp_annotations": annotations}

    times = [
        {"eval_time": f"{hours}h", "alertname": name, "exp_alerts": [expected(*item) for item in alerts]}
        for hours, alerts in EXPECTED[name]
    ]
    inputs = [
        {
            "series": metric + json.dumps(labels).replace('": "', '="').replace('{"', "{").replace(', "', ", "),
            "values": f"{value:.0f}+0x1000",
        }
        for metric, labels, value in series
    ]
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1h",
        "tests": [{"interval": "1h", "input_series": inputs, "alert_rule_test": times}],
    }
    path = tmp_path / "test.yml"
    path.write_text(yaml.safe_dump(test), encoding="utf-8")
    assert "SUCCESS" in promtool("test", "rules", path)


def queries():
    """(title of the panel, expression) with the variables as Grafana fills them in."""
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$host", ".*")


def test_every_query_of_the_dashboard_is_one_of_prometheus(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": expr} for number, (_title, expr) in enumerate(queries())]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
    assert f"SUCCESS: {len(rules)} rules found" in promtool("check", "rules", path)


def test_dashboard_and_alerts_name_only_metrics_labels_and_values_that_are_written(series):
    names = {name for name, _labels, _value in series}
    labels = {
        label: {item[label] for _name, item, _value in series if label in item}
        for _n, own, _v in series
        for label in own
    }
    variable = DASHBOARD["templating"]["list"][1]["query"]["query"]
    for text in [variable, *(expr for _title, expr in queries()), *(rule["expr"] for rule in ALERTS.values())]:
        used = re.findall(r"containment_docker_\w+", text)
        assert used and set(used) <= names, text
        for label, values in re.findall(r'(\w+)=~?"([^"]*)"', text):
            assert values == ".*" or set(values.split("|")) <= labels[label], text
        for group in re.findall(r"by \(([^)]*)\)", text):
            assert set(group.split(", ")) <= set(labels), text


def test_every_metric_that_is_written_is_on_the_dashboard(series):
    expressions = " ".join(expr for _title, expr in queries())
    assert [name for name in {name for name, _labels, _value in series} if name not in expressions] == []


def test_every_panel_has_its_own_id_and_place():
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    cells = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        own = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24 and not own & cells, panel["title"]
        cells |= own


def test_every_panel_is_of_a_kind_of_grafana_itself_and_says_what_it_shows():
    for panel in DASHBOARD["panels"]:
        assert panel["type"] in ("stat", "table", "timeseries") and panel["description"].endswith("."), panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert all(target["datasource"] == panel["datasource"] and target["refId"] for target in panel["targets"])
