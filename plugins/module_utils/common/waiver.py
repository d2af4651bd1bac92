# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A waiver: something known that somebody answers for, until a day. Pure.

What it is for is its selector: a finding or an item of the forecast (judge/waiver), a path that a container keeps open
(kernel_mounts/waivers), a path that it is denied (denials/waivers).
"""

import datetime
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

ANSWER = ("reason", "owner", "expires")  # of each waiver, whatever it selects
TICKET = "ticket"
# An unquoted date in YAML may arrive as the midnight that begins it.
_MIDNIGHT = re.compile(r"(?<=\d\d)[T ]00:00(:00)?(\.0+)?(Z|[+]00:00)?\Z")


class Waiver(NamedTuple):
    """selector: a NamedTuple, what it is for; expires: the last day on which it counts; ticket: "" without one.

    owner and expires are "" and None only in the form of `leave` that is deprecated, which never expires.
    """

    selector: Any
    reason: str
    owner: str
    expires: Optional[datetime.date]
    ticket: str = ""

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it counts, of one that never expires the last of all days."""
        return self.expires or datetime.date.max

    @property
    def last_day_text(self) -> str:
        """The last day as 2027-01-31, "" where it never expires."""
        return self.expires.isoformat() if self.expires else ""

    def has_expired(self, today: datetime.date) -> bool:
        """Tell whether its last day is over."""
        return self.last_day < today


def parse_waiver(place: str, waiver: Mapping[str, Any], selector: Any) -> Waiver:
    """Parse who answers for the selector, as a person wrote it. Raise ValueError with the place and the reason."""
    ticket = waiver.get(TICKET) or ""
    return Waiver(selector, waiver["reason"], waiver["owner"], parse_last_day(place, waiver), ticket)


def require_keys(place: str, waiver: Mapping[str, Any], keys: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Raise ValueError unless it has these keys, each with something in it, and no other but text in `optional`.

    place: where it stands, for the message.
    """
    for key in keys:
        if not isinstance(waiver.get(key), (str, datetime.date)) or not str(waiver[key]).strip():
            raise ValueError(f"{place} has no {key}")
    for key in waiver:
        if key not in keys and key not in optional:
            raise ValueError(f"{place}: unknown key {key!r}")
    for key in optional:
        if not isinstance(waiver.get(key, ""), str):
            raise ValueError(f"{place}: {key} is no text")


def parse_last_day(place: str, waiver: Mapping[str, Any]) -> datetime.date:
    """Parse until when it counts. Raise ValueError."""
    try:
        return datetime.datetime.strptime(_MIDNIGHT.sub("", str(waiver["expires"])), "%Y-%m-%d").date()
    except ValueError:
        raise ValueError(f"{place}: expires {waiver['expires']!r} is not a date like 2027-01-31")


def to_plain(waiver: Waiver) -> Dict[str, Any]:
    """Return it as plain data for a result: the fields of its selector beside its own, the last day as text."""
    selector = waiver.selector._asdict().items()
    fields = {key: list(value) if isinstance(value, tuple) else value for key, value in selector}
    return dict(fields, reason=waiver.reason, owner=waiver.owner, expires=waiver.last_day_text, ticket=waiver.ticket)


def describe_answer(waiver: Waiver) -> str:
    """Say who answers for it, until when and why: "by ops until 2027-01-31 (OPS-1): it has to"."""
    who = f" by {waiver.owner} until {waiver.last_day_text}" if waiver.expires else ""
    ticket = f" ({waiver.ticket})" if waiver.ticket else ""
    return f"{who}{ticket}: {waiver.reason}".lstrip()


def describe_expired(waiver: Waiver, option: str, what: str) -> str:
    """Say that it does not count any more, and what to do. option: where it was written; what: what it is for."""
    return (
        f"{option}: the waiver of {waiver.owner} for {what} ended on {waiver.last_day_text} and does not count any more "
        f"({waiver.reason}); renew or remove it"
    )


def list_expired(waivers: Sequence[Waiver], today: datetime.date) -> List[Waiver]:
    """Return those that do not count any more."""
    return [waiver for waiver in waivers if waiver.has_expired(today)]
