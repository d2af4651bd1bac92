# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waivers of a fleet and what each hides, as lines for the terminal. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport

SUBJECTS = 16
LIMIT = 2000  # characters of a line
_ORDER = ("expired", "unused", "in use", "requested")


class Key(NamedTuple):
    """What makes a waiver one and the same on all hosts."""

    state: str
    rule: str
    selector: str
    expires: str
    owner: str
    reason: str
    ticket: str


def waiver_lines(reports: Sequence[HostReport]) -> list[str]:
    """A line for each waiver or request, what needs a look first, and below it what it hides; hosts without an audit last."""
    hidden: dict[Key, list[str]] = {}
    for report in reports:
        for finding in report.document.get("findings", ()):
            _of_finding(report.host, finding, hidden)
        for waiver in report.document.get("unused_waivers", ()):
            selector = ":".join(filter(None, (waiver["kind"], waiver["value"])))
            hidden.setdefault(_key("unused", waiver["rule"], selector, waiver), []).append(report.host)
    lines = []
    for key in sorted(hidden, key=lambda key: (_ORDER.index(key.state), key)):
        lines.append(inert(_line(key), LIMIT))
        lines += [inert(f"    {text}", LIMIT) for text in hidden[key][:SUBJECTS]]
        more = len(hidden[key]) - SUBJECTS
        lines += [f"    and {more} more"] if more > 0 else []
    lines += [f"not audited: {report.host}: {report.why_not}" for report in reports if report.why_not]
    return lines or ["no waivers"]


def _of_finding(host: str, finding: Any, hidden: dict[Key, list[str]]) -> None:
    waiver, request = finding.get("waiver"), finding.get("waiver_request")
    text = finding["seen"] if not finding.get("message") else f"{finding['message']} ({finding['seen']})"
    text = f"{host}: {finding['subject']}: {text}"
    if waiver:
        state = "expired" if waiver["expired"] else "in use"
        hidden.setdefault(_key(state, finding["rule"], waiver.get("selector", ""), waiver), []).append(text)
    if request:
        key = Key("requested", finding["rule"], finding["subject"], "", "", request["reason"], "")
        hidden.setdefault(key, []).append(text)


def _key(state: str, rule: str, selector: str, waiver: Any) -> Key:
    return Key(state, rule, selector, waiver["expires"], waiver["owner"], waiver["reason"], waiver.get("ticket") or "")


def _line(key: Key) -> str:
    if key.state == "requested":
        return f"requested  {key.rule}  by {key.selector}: {key.reason}"
    ticket = f", {key.ticket}" if key.ticket else ""
    return f"{key.state:<10} {key.rule}  {key.selector}  until {key.expires}, {key.owner}{ticket}: {key.reason}"
