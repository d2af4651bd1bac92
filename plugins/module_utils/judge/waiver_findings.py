# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the waivers themselves: expired, about to expire, or of no use. Pure."""

import datetime
from typing import Any, Dict, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule

WARN_DAYS = 14
_SUBJECT_LIMIT = 200
# Not in the catalogue: it judges what a person wrote, not the host, and has no evidence.
RULE = Rule(
    id="waivers",
    title="Each waiver counts and is needed",
    severity="low",
    rationale="A waiver that has expired is no decision any more, and one that selects nothing would hide the next weakness.",
    remediation="Mend the weakness, or decide again and give the waiver another last day. Remove what selects nothing.",
    references={},
)


def parse_days(value: Any) -> int:
    """The number of days of warning; WARN_DAYS for None. ValueError."""
    if value is None:
        return WARN_DAYS
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"waiver_warn_days: {value!r} is no number of days")
    return value


def add(
    conclusions: Dict[str, Any],
    waivers: Sequence[Waiver],
    unused: Sequence[Waiver],
    today: datetime.date,
    warn_days: int,
) -> None:
    """Add to an audit's conclusions a finding for each waiver that somebody has to look at, and count it."""
    for waiver in waivers:
        message = _message(waiver, waiver in unused, today, warn_days)
        if message:
            conclusions["findings"].append(_finding(waiver, message))
            conclusions["counts"]["fail"] += 1
            conclusions["remediations"][RULE.id] = RULE.remediation


def _message(waiver: Waiver, is_unused: bool, today: datetime.date, warn_days: int) -> Optional[str]:
    owner = f"the waiver of {waiver.owner}"
    if waiver.has_expired(today):
        return f"{owner} expired on {waiver.last_day_text}" + (" and selects nothing that fails" if is_unused else "")
    if is_unused:
        but = f" and says {waiver.selector.when_message!r}" if waiver.selector.when_message else ""
        return f"{owner} until {waiver.last_day_text} selects nothing that fails{but}"
    days = (waiver.last_day - today).days
    if days < warn_days:
        return f"{owner} expires on {waiver.last_day_text}, in {days} day{'' if days == 1 else 's'}"
    return None


def _finding(waiver: Waiver, message: str) -> Dict[str, Any]:
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    return {
        "rule": RULE.id,
        "subject": inert(f"waiver:{waiver.selector.rule}:{waiver.selector.text}", _SUBJECT_LIMIT),
        "severity": RULE.severity,
        "status": "fail",
        "message": inert(message[:1].upper() + message[1:]),
        "seen": inert(f"{waiver.reason}{ticket}"),
        "layers": {},
        "drift": False,
    }
