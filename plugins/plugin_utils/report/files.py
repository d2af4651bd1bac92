# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a fleet's or of one host's reports: their names and texts. Pure, but for the time on the page."""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from ansible_collections.containment.docker.plugins.plugin_utils.report.as_csv import write_csv
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_html import read_groups, render_html
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_json import fleet_json, host_json
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_junit import junit
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_markdown import host_markdown
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_prometheus import prometheus
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport, read_fleet
from ansible_collections.containment.docker.plugins.plugin_utils.report.sarif_files import sarif_files

FLEET = "fleet"
# Format -> (the end of the file's name, what writes the text of one host or of all)
TEXTS: dict[str, tuple[str, Callable[[Sequence[HostReport]], str]]] = {
    "csv": ("csv", write_csv),
    "junit": ("junit.xml", junit),
    "prometheus": ("prom", prometheus),
}
FORMATS = ("json", "markdown", "sarif", "html", *TEXTS)


def report_files(results: Any, formats: Sequence[str], fleet: bool = False, groups: Any = None) -> list[dict[str, str]]:
    """`[{"name": …, "content": …}]` for these formats of {host: result}.

    fleet: one file for all hosts, numbered ones where SARIF needs several, none of Markdown; otherwise files for each host.
    groups: {group: hosts}, for the page to filter by.
    ValueError for what is no format or no result.
    """
    for name in formats:
        if name not in FORMATS:
            raise ValueError(f"unknown format {name!r}; known are {', '.join(FORMATS)}")
    reports = read_fleet(results)
    parts = [(FLEET, reports)] if fleet else [(file_stem(report.host), [report]) for report in reports]
    return [
        {"name": f"{stem}{end}", "content": text}
        for stem, part in parts
        for name in FORMATS
        if name in formats
        for end, text in _texts(name, part, fleet, groups)
    ]


def _texts(name: str, reports: Sequence[HostReport], fleet: bool, groups: Any) -> list[tuple[str, str]]:
    """(the end of the name, the text) of each file of one format."""
    if name == "json":
        return [(".json", fleet_json(reports) if fleet else host_json(reports[0]))]
    if name == "markdown":
        return [] if fleet else [(".md", host_markdown(reports[0]))]
    if name == "sarif":
        texts = sarif_files(reports)
        return [(f"-{number}.sarif" if len(texts) > 1 else ".sarif", text) for number, text in enumerate(texts, 1)]
    if name == "html":
        return [(".html", render_html(reports, read_groups(groups), "Docker containment", datetime.now(timezone.utc)))]
    end, write = TEXTS[name]
    return [(f".{end}", write(reports))]


def file_stem(host: str) -> str:
    """The host's name as the beginning of a file's: no other directory, no other host's file, not the fleet's."""
    stem = quote(host, safe=" ")
    if host.startswith(".") or host.split(".")[0].split("-")[0] == FLEET:
        stem = f"%{ord(host[0]):02X}{stem[1:]}"
    return stem or "%"
