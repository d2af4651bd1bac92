# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a fleet's audits as one HTML page that loads nothing and may be mailed. Pure, but for reading the page's own parts."""

import base64
import hashlib
import json
import pathlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.report import fleet_summary
from ansible_collections.containment.docker.plugins.plugin_utils.report.fleet_data import (
    RuleText,
    fleet_data,
    sort_worst_first,
)
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport

ACTIONS = 7  # that the page begins with
FORECAST = 300  # items on the page; the JSON has all
_PARTS = pathlib.Path(__file__).parent / "page"


def render_html(reports: Sequence[HostReport], groups: Mapping[str, Sequence[str]], title: str, now: datetime) -> str:
    """Render the page. reports: of read_fleet; groups: names of the inventory's groups for each host; now: with its zone."""
    ordered = sort_worst_first(reports)
    rules = [_rule_text(rule) for rule in RULES]
    actions = fleet_summary.sum_up_actions(ordered)
    data = fleet_data(ordered, groups, rules)
    places = {rule["id"]: index for index, rule in enumerate(data["rules"])}
    data["actions"] = [
        {
            "sentence": item.sentence,
            "hosts": item.hosts,
            "rules": [places[rule] for rule in item.rules if rule in places],
        }
        for item in actions[:ACTIONS]
    ]
    resolved = fleet_summary.resolved_since(ordered)
    items = fleet_summary.sum_up_forecasts(ordered)
    script, style = _part("page.js"), _part("page.css")
    times = [report.collected_at for report in ordered if report.collected_at]
    # autoescape: all that comes from hosts becomes text; StrictUndefined: a name that is wrong here is an error, not a blank
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(_part("page.html.j2"))
    return page.render(
        title=title,
        summary=_summary(ordered),
        written=_utc(now),
        oldest=_utc(min(times)) if times else "",
        actions=actions[:ACTIONS],
        more_actions=len(actions[ACTIONS:]),
        not_audited=[(report.host, report.why_not) for report in ordered if report.why_not],
        waivers=fleet_summary.sum_up_waivers(ordered),
        forecast=items[:FORECAST],
        forecast_count=len(items),
        not_forecast=[(report.host, text) for report in ordered for text in report.forecast.obstacles][:FORECAST],
        resolved=resolved[: fleet_summary.RESOLVED],
        resolved_count=len(resolved),
        new_count=sum(row[-1] for row in data["findings"]),
        data=Markup(_script_json(data)),
        script=Markup(script),
        style=Markup(style),
        script_hash=_hash(script),
        style_hash=_hash(style),
    )


def read_groups(groups: Any) -> dict[str, list[str]]:
    """{host: its groups, sorted}; every host is in `all`, which says nothing."""
    if groups is not None and not isinstance(groups, Mapping):
        raise ValueError(f"groups is a mapping of group to hosts, not a {type(groups).__name__}")
    groups_by_host: dict[str, list[str]] = {}
    for group, hosts in sorted(plain(groups or {}).items()):
        for host in hosts if group not in ("all", "ungrouped") else ():
            groups_by_host.setdefault(inert(str(host)), []).append(inert(str(group)))
    return groups_by_host


def _rule_text(rule: Any) -> RuleText:
    references = "; ".join(f"{name} {', '.join(ids)}" for name, ids in rule.references.items())
    return RuleText(rule.id, rule.title, rule.severity, rule.rationale, rule.remediation, references)


def _summary(reports: Sequence[HostReport]) -> str:
    audited = [report for report in reports if not report.why_not]
    cases = [case for report in audited for case in report.cases]
    grave = sum(case.status == "fail" and case.severity in ("critical", "high") for case in cases)
    fails = sum(case.status == "fail" for case in cases)
    unknown = sum(case.status == "unknown" for case in cases)
    good = sum(all(case.status not in ("fail", "unknown") for case in report.cases) for report in audited)
    return (
        f"{len(audited)} of {len(reports)} hosts audited, {good} of them without a finding. "
        f"{fails} findings fail, {grave} of these critical or high; {unknown} could not be judged."
    )


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _script_json(data: Any) -> str:
    """JSON that no HTML parser ends early or reads as markup."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
