# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every hostile text in every place in every format: inert, still to be read, and no template for Ansible."""

import sys

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from xmlschema import XMLSchemaValidationError

from ansible_collections.containment.docker.plugins.filter import (
    findings_to_csv,
    findings_to_files,
    findings_to_html,
    findings_to_json,
    findings_to_junit,
    findings_to_lines,
    findings_to_markdown,
    findings_to_prometheus,
    findings_to_sarif,
    judge_container,
    waivers_to_lines,
)
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import read_fleet
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.audit_tables import ALL, build_tables

from . import readers
from .audits import MARK, PLACES, TEXTS, audit

HOST = "web1"


def run_filter(module, name):
    return module.FilterModule().filters()[name]


def of_fleet(module, name):
    return lambda result: run_filter(module, name)({HOST: result})


def of_host(module, name, *arguments):
    return lambda result: run_filter(module, name)(result, *arguments)


def tables(result):
    return [line.text for line in build_tables(read_fleet({HOST: result, "gone": None}), 100, ALL)]


# Format -> (what writes it of a result, what reads it)
FORMATS = {
    "json": (of_fleet(findings_to_json, "findings_to_json"), readers.read_json),
    "sarif": (of_fleet(findings_to_sarif, "findings_to_sarif"), readers.read_sarif),
    "junit": (of_fleet(findings_to_junit, "findings_to_junit"), readers.read_junit),
    "csv": (of_fleet(findings_to_csv, "findings_to_csv"), readers.read_csv),
    "prometheus": (of_fleet(findings_to_prometheus, "findings_to_prometheus"), readers.read_prometheus),
    "markdown": (of_host(findings_to_markdown, "findings_to_markdown"), readers.read_markdown),
    "html": (of_fleet(findings_to_html, "findings_to_html"), readers.read_html),
    "lines": (of_host(findings_to_lines, "findings_to_lines", True), readers.read_lines),
    "waivers": (of_fleet(waivers_to_lines, "waivers_to_lines"), readers.read_lines),
    "terminal": (tables, readers.read_lines),
}
BOUND = 400_000  # characters of a report on one container, however long its texts are
CASES = [(kind, place, format) for kind in TEXTS for place in PLACES for format in FORMATS]


@pytest.mark.parametrize("kind, place, format", CASES, ids=[" / ".join(case) for case in CASES])
def test_hostile_text_is_inert_and_still_to_be_read(kind, place, format):
    write, read = FORMATS[format]
    written = write(audit(kind, place))
    texts = read(written)
    assert format == "json" or sum(map(len, written)) < BOUND  # JSON is the result itself
    readable = any(MARK in text for text in texts)
    _write, formats = PLACES[place]
    if format in formats:
        assert readable, texts
    if not formats or format == "prometheus":
        assert not readable, "a text that no rule quotes is in the report"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("format", [format for format in FORMATS if format != "terminal"])
def test_no_report_is_a_template_for_ansible(format, place):
    """As where a playbook keeps it in a variable and shows that later."""
    written = FORMATS[format][0](audit("jinja", place))
    assert Templar(loader=DataLoader()).template({"kept": written}) == {"kept": written}
    assert "1022117" not in str(written)


@pytest.mark.parametrize("place", PLACES)
def test_no_file_of_reports_is_a_template_for_ansible(place):
    formats = ["json", "markdown", "sarif", "html", "csv", "junit", "prometheus"]
    files = run_filter(findings_to_files, "findings_to_files")({HOST: audit("jinja", place)}, formats)
    assert len(files) == len(formats) and Templar(loader=DataLoader()).template(files) == files


def test_judged_container_is_no_template_for_ansible():
    request = {"HostConfig": {"Binds": ["/etc:/{{ 1009 * 1013 }}"]}, "Image": "x"}
    findings = run_filter(judge_container, "judge_container")(request)
    assert Templar(loader=DataLoader()).template(findings) == findings and "{{ 1009" in str(findings)


@pytest.mark.parametrize(
    "wrong",
    [
        '<testsuites><testsuite name="a" tests="1"><testcase name="b"/></testsuite></testsuites>',
        '<testsuites><testsuite name="a" tests="x"/></testsuites>',
        '<testsuites><testsuite name="a" tests="1"><failure/></testsuite></testsuites>',
        '<testsuites><testsuite name="a" tests="1" timestamp="2026-11-27"/></testsuites>',
    ],
)
def test_grammar_of_junit_refuses_what_is_none(wrong):
    with pytest.raises(XMLSchemaValidationError):
        readers.junit_schema().validate(wrong)


if sys.version_info >= (3, 11):

    def test_schema_of_sarif_refuses_what_is_none():
        assert not readers.sarif_validator().is_valid({"version": "2.1.0", "runs": [{}]})


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "[x](https://x.example)", "https://x.example", "![x](y)", "**x**", "~~x~~", "> x"]
)
def test_reader_of_markdown_refuses_what_is_rendered(text):
    with pytest.raises(AssertionError):
        readers.read_markdown(f"# Title\n\n{text}\n")
