# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sum up what a fleet has to do, what is waived there, and what is gone since its last audits. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import SURE, ForecastItem
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import TEXT_LIMIT, HostReport

DETAILS = 50  # hosts of one action that are named
RESOLVED = 200

_VERBS = {
    "restart_daemon": "Restart dockerd once with {settings}",
    "reload_daemon": "Reload dockerd with {settings}",
    "recreate_containers": "Create containers anew to end {rules}",
    "restart_containers": "Restart containers to end {rules}",
    "update_live": "Update running containers to end {rules}",
    "host": "Change the host to end {rules}",
    "nobody_can_on_the_spot": "Needs a decision, no command ends it: {rules}",
    "find_out": "Find out what could not be seen: {rules}",
}


class FleetAction(NamedTuple):
    """One thing to do on some hosts. hosts, rules: positions; details: (host, its own sentence), more: those not named."""

    sentence: str
    ends: int
    hosts: list[int]
    rules: list[str]
    details: list[tuple[str, str]]
    more: int


def sum_up_actions(reports: Sequence[HostReport]) -> list[FleetAction]:
    """What to do across the fleet, what ends most findings first; hosts by their position in reports."""
    alike: dict[tuple[Any, ...], list[tuple[int, Mapping[str, Any]]]] = {}
    for number, report in enumerate(reports):
        for action in () if report.why_not else report.document.get("actions") or ():
            key = (action["kind"],) if action.get("settings") else (action["kind"], *sorted(action["rules"]))
            alike.setdefault(key, []).append((number, action))
    return sorted((_action(items, reports) for items in alike.values()), key=lambda action: -action.ends)


def _action(items: Sequence[tuple[int, Mapping[str, Any]]], reports: Sequence[HostReport]) -> FleetAction:
    hosts = [number for number, _action in items]
    rules = sorted({rule for _number, action in items for rule in action["rules"]})
    ends = sum(action["ends"] for _number, action in items)
    if len(items) == 1:
        number, action = items[0]
        return FleetAction(f"{reports[number].host}: {action['sentence']}", ends, hosts, rules, [], 0)
    settings = sorted({key for _number, action in items for key in action.get("settings") or ()})
    template = _VERBS.get(items[0][1]["kind"], "Do what ends {rules}")
    sentence = template.format(settings=", ".join(settings) or "what is in its file", rules=", ".join(rules))
    details = [(reports[number].host, action["sentence"]) for number, action in items[:DETAILS]]
    return FleetAction(sentence, ends, hosts, rules, details, max(0, len(items) - DETAILS))


def sum_up_waivers(reports: Iterable[HostReport]) -> list[dict[str, Any]]:
    """Each waiver of the fleet once, the one that ends first on top: how many findings of how many hosts it covers."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for report in reports:
        for finding in () if report.why_not else report.document["findings"]:
            waiver = finding.get("waiver")
            if waiver:
                row = _waiver_row(rows, finding["rule"], waiver, bool(waiver["expired"]))
                row["findings"] += 1
                row["names"].add(report.host)
        for waiver in () if report.why_not else report.document.get("unused_waivers") or ():
            _waiver_row(rows, waiver["rule"], waiver, False)["names"].add(report.host)
    for row in rows.values():
        row.update(hosts=len(row.pop("names")), unused=not row["findings"])
    return sorted(rows.values(), key=lambda row: (row["expires"], row["rule"]))


def _waiver_row(rows: dict[tuple[str, ...], Any], rule: str, waiver: Mapping[str, Any], expired: bool) -> Any:
    key = (rule, *(inert(waiver[name], TEXT_LIMIT) for name in ("reason", "owner", "expires")))
    names = ("rule", "reason", "owner", "expires")
    return rows.setdefault(key, dict(zip(names, key), expired=expired, findings=0, names=set()))


def resolved_since(reports: Iterable[HostReport]) -> list[dict[str, str]]:
    """What failed at a host's audit before, and does not any more."""
    return [
        dict(item, host=report.host)
        for report in reports
        if not report.why_not
        for item in (report.document.get("last") or {}).get("resolved") or ()
    ]


def sum_up_forecasts(reports: Iterable[HostReport]) -> list[tuple[ForecastItem, list[str]]]:
    """What would break, the surest first and waived last; equal items of hosts once, with the hosts."""
    hosts: dict[ForecastItem, list[str]] = {}
    for report in reports:
        for item in report.forecast.items:
            hosts.setdefault(item, []).append(report.host)
    return sorted(hosts.items(), key=lambda pair: (bool(pair[0].waiver), SURE.index(pair[0].sure), -len(pair[1])))
