# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_files: a name and a text for each file, and no name that leads elsewhere."""

import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.findings_to_files import FilterModule

from .report_results import HOSTILE, finding, result

findings_to_files = FilterModule().filters()["findings_to_files"]
ALL = ["json", "sarif", "junit", "csv", "prometheus"]


def names(*arguments, **keywords):
    return [file["name"] for file in findings_to_files(*arguments, **keywords)]


def test_each_host_has_a_file_of_each_format():
    ends = ["json", "sarif", "csv", "junit.xml", "prom"]
    results = {"web1": result(finding()), "web2": None}
    assert names(results, ALL) == [f"{host}.{end}" for host in results for end in ends]


def test_fleet_has_one_file_of_each_format_with_all_hosts():
    files = findings_to_files({"web1": result(finding()), "web2": result(finding())}, ALL, fleet=True)
    assert [file["name"] for file in files] == [
        "fleet.json",
        "fleet.sarif",
        "fleet.csv",
        "fleet.junit.xml",
        "fleet.prom",
    ]
    assert all("web1" in file["content"] and "web2" in file["content"] for file in files)


def test_large_fleet_has_numbered_sarif_files():
    fleet = {f"web{number}": result(finding()) for number in range(21)}
    assert names(fleet, ["sarif"], fleet=True) == ["fleet-1.sarif", "fleet-2.sarif"]


def test_json_of_a_host_is_its_result():
    audit = result(finding())
    (file,) = findings_to_files({"web1": audit}, ["json"])
    assert json.loads(file["content"]) == audit


def test_markdown_is_for_one_host_alone():
    results = {"web1": {"findings": [finding()]}}
    (file,) = findings_to_files(results, ["markdown"])
    assert file["name"] == "web1.md" and file["content"].startswith("# web1\n\n1 fail")
    assert names(results, ["markdown"], fleet=True) == []


def test_markdown_of_a_host_without_an_audit_says_why():
    (file,) = findings_to_files({"web1": {"failed": True, "msg": "no such\nengine"}}, ["markdown"])
    assert file["content"] == "# web1\n\nNot audited:\n\n    no such\\nengine\n"


def test_no_format_gives_no_file():
    assert findings_to_files({"web1": result()}, []) == []


@pytest.mark.parametrize("host", [*HOSTILE, "..", ".", ".ssh", "a/b", "../../etc/passwd", "%2e%2e", "web1.example.org"])
def test_name_of_a_host_leads_nowhere_else(host):
    (name,) = names({host: result()}, ["csv"])
    assert "/" not in name and not name.startswith(".") and name.isascii() and name.isprintable()


def test_names_of_hosts_never_meet_one_another_or_the_fleet():
    hosts = ["fleet", "fleet-1", "fleet.json", "%66leet", "a/b", "a%2Fb", ".a", "%2Ea"]
    per_host = names({host: result() for host in hosts}, ALL)
    assert len(set(per_host)) == len(hosts) * len(ALL)
    assert not [name for name in per_host if name.startswith("fleet")]


def test_ordinary_name_stays_as_it_is():
    assert names({"web-1.example.org": result()}, ["csv"]) == ["web-1.example.org.csv"]


def test_unknown_format_is_refused_with_those_that_are_known():
    with pytest.raises(
        AnsibleFilterError, match="unknown format 'xml'; known are json, markdown, sarif, html, csv, junit, prometheus"
    ):
        findings_to_files({"web1": result()}, ["xml"])


def test_the_page_of_the_fleet_knows_the_groups_of_its_hosts():
    results = {"a": {"findings": []}, "b": {"findings": []}}
    (file,) = findings_to_files(results, ["html"], fleet=True, groups={"web": ["a"], "all": ["a", "b"]})
    assert file["name"] == "fleet.html"
    assert '"groups":["web"]' in file["content"] and file["content"].count('"groups":[]') == 1
