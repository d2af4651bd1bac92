# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables at the end of an audit in a terminal: one for each host and one for the fleet, actions first. Pure.

Texts of reports are inert already (report/result.py).
"""

from collections.abc import Iterable, Sequence

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.plugin_utils.report import fleet_summary
from ansible_collections.containment.docker.plugins.plugin_utils.report.fleet_data import sort_worst_first
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import Case, HostReport
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import Line, cut, pad, wrap

LISTED = ("fail", "unknown", "waived")
ALL = 1_000_000  # rows, where nothing is to be cut
ACTIONS = 7  # of the fleet
_LABEL = 9
_SUBJECTS = 3
_SENTENCE = 6  # lines of one action
_CONTAINER = "container:"
_WORST_FIRST = tuple(reversed(SEVERITIES))


def build_tables(reports: Sequence[HostReport], width: int, rows: int) -> list[Line]:
    """The tables of the hosts, the worst first, then that of the fleet where there is more than one host.

    rows: how many lines each table may list of a kind; what is beyond is counted.
    """
    ordered = sort_worst_first(reports)
    audited = [report for report in ordered if not report.why_not]
    lines: list[Line] = []
    for report in audited[:rows]:
        lines += [Line(""), *host_table(report, width, rows)]
    if len(audited) > rows:
        lines += [
            Line(""),
            Line(f"{len(audited) - rows} more hosts have no table here; they are in the table of the fleet."),
        ]
    if len(reports) > 1:
        return [*lines, Line(""), *fleet_table(ordered, width, rows)]
    return lines + [
        Line(cut(f"{report.host}: not audited: {report.why_not}", width), "fail")
        for report in ordered
        if report.why_not
    ]


def host_table(report: HostReport, width: int, rows: int) -> list[Line]:
    """What to do on the host, then a row for each rule that does not hold."""
    lines = [Line(cut(f"{report.host}: {_counts(report)}", width), "title")]
    lines += _actions([action["sentence"] for action in report.document.get("actions") or ()], width, rows)
    grouped = _group(case for case in report.cases if case.status in LISTED)
    column = max((len(cases[0].rule) for cases in grouped[:rows]), default=0)
    if grouped:
        lines.append(
            Line(cut(f"  {pad('severity', _LABEL)}{pad('rule', column)} subjects: what is wrong", width), "dim")
        )
    for cases in grouped[:rows]:
        lines += _rule_row(cases, column, width)
    if len(grouped) > rows:
        lines.append(Line(f"  and {len(grouped) - rows} more rules"))
    return lines + _would_break(report, width, rows)


def fleet_table(reports: Sequence[HostReport], width: int, rows: int) -> list[Line]:
    """What to do across the fleet, then a row of numbers for each host. reports: in the order to list them."""
    audited = [report for report in reports if not report.why_not]
    missing = [report for report in reports if report.why_not]
    more = f", {len(missing)} not audited" if missing else ""
    lines = [Line(f"fleet: {len(reports)} hosts, {len(audited)} audited{more}", "title")]
    if len(audited) > 1:  # those of a single one stand right above
        sentences = [f"{action.sentence}{_where(action, reports)}" for action in fleet_summary.sum_up_actions(reports)]
        lines += _actions(sentences, width, min(rows, ACTIONS) if rows < ALL else ALL)
    columns = (*_WORST_FIRST, "unknown", "waived", "new")
    name_width = width - 2 - sum(len(name) + 2 for name in columns)
    lines.append(Line("  " + pad("host", name_width) + "".join(f"  {name}" for name in columns), "dim"))
    for report in audited[:rows]:
        numbers = _numbers(report)
        cells = "".join(f"{numbers[name]:>{len(name) + 2}}" for name in columns)
        lines.append(Line(f"  {pad(report.host, name_width)}{cells}", _worst(report)))
    if len(audited) > rows:
        lines.append(Line(f"  and {len(audited) - rows} more hosts"))
    for report in missing[:rows]:
        lines.append(Line(cut(f"  {report.host}  not audited: {report.why_not}", width), "fail"))
    if len(missing) > rows:
        lines.append(Line(f"  and {len(missing) - rows} more hosts that were not audited", "fail"))
    return lines


def _counts(report: HostReport) -> str:
    numbers = {status: sum(case.number for case in report.cases if case.status == status) for status in STATUSES}
    parts = [f"{number} {status.replace('_', ' ')}" for status, number in numbers.items() if number]
    last = report.document.get("last") or {}
    if report.new is not None:
        parts.append(f"{report.new} new and {len(last.get('resolved') or ())} resolved since {last['at']}")
    return ", ".join(parts) or "nothing was judged"


def _actions(sentences: Sequence[str], width: int, rows: int) -> list[Line]:
    if not sentences:
        return [Line("  Nothing to do.", "pass")]
    lines = [Line("  Do first:", "dim")]
    for number, sentence in enumerate(sentences[:rows], 1):
        first, *others = wrap(sentence, width - 6, _SENTENCE)
        lines += [Line(f"  {number:>2}. {first}", "do"), *(Line(f"      {text}", "do") for text in others)]
    return lines + ([Line(f"      and {len(sentences) - rows} more")] if len(sentences) > rows else [])


def _would_break(report: HostReport, width: int, rows: int) -> list[Line]:
    """The forecast, without what somebody has answered for."""
    items = [item for item in report.forecast.items if not item.waiver]
    lines = [Line("  Hardening would break:", "dim")] if items or report.forecast.obstacles else []
    for item in items[:rows]:
        begin = 2 + _LABEL
        head, *others = wrap(f"{item.setting}: {item.subject}: {item.message}", width - begin, 2)
        lines += [Line(f"  {pad(item.sure, _LABEL)}{head}", "unknown"), *(Line(" " * begin + text) for text in others)]
    lines += [Line(f"  and {len(items) - rows} more")] if len(items) > rows else []
    number = len(report.forecast.obstacles)
    return lines + ([Line(f"  and {number} things that could not be looked at")] if number else [])


def _where(action: fleet_summary.FleetAction, reports: Sequence[HostReport]) -> str:
    """How much an action of several hosts ends, and where; that of one host says it itself."""
    if len(action.hosts) < 2:
        return ""
    names = ", ".join(reports[number].host for number in action.hosts[:_SUBJECTS])
    more = len(action.hosts) - _SUBJECTS
    return f": ends {action.ends} findings on {names}{f' and {more} more hosts' if more > 0 else ''}"


def _group(cases: Iterable[Case]) -> list[list[Case]]:
    """The cases of one rule, status and severity together, in the order of the cases, containers last."""
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.status, case.severity, case.rule), []).append(case)
    return [sorted(group, key=lambda case: case.subject.startswith(_CONTAINER)) for group in groups.values()]


def _rule_row(cases: Sequence[Case], column: int, width: int) -> list[Line]:
    """One row. column: the width of the rule's."""
    first = cases[0]
    label, style = (first.severity, first.severity) if first.status == "fail" else (first.status, first.status)
    text = f"{_subjects(cases)}: {_reason(first)}"
    begin = 2 + _LABEL + column + 1
    head, *others = wrap(text, width - begin, 2)
    lines = [Line(f"  {pad(label, _LABEL)}{pad(first.rule, column)} {head}", style)]
    return lines + [Line(" " * begin + text) for text in others]


def _subjects(cases: Sequence[Case]) -> str:
    """Their names; those of containers last and without the word, which stands once before them."""
    names = [case.subject + (" (new)" if case.since == "new" else "") for case in cases]
    others = [name for name in names if not name.startswith(_CONTAINER)]
    containers = [name[len(_CONTAINER) :] for name in names if name.startswith(_CONTAINER)]
    if containers:
        containers[0] = f"container{'s' if len(containers) > 1 else ''} {containers[0]}"
    more = len(names) - _SUBJECTS
    return ", ".join((others + containers)[:_SUBJECTS]) + (f" and {more} more" if more > 0 else "")


def _reason(case: Case) -> str:
    if case.status == "waived" and case.waiver:
        return f"{case.waiver.owner} until {case.waiver.expires}: {case.waiver.reason}"
    return case.message


def _numbers(report: HostReport) -> dict[str, int]:
    numbers = dict.fromkeys((*SEVERITIES, "unknown", "waived"), 0)
    for case in report.cases:
        name = case.severity if case.status == "fail" else case.status
        if name in numbers:
            numbers[name] += case.number
    return {**numbers, "new": report.new or 0}


def _worst(report: HostReport) -> str:
    numbers = _numbers(report)
    return next((name for name in (*_WORST_FIRST, "unknown") if numbers[name]), "pass")
