# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: a known weakness that someone answers for, until a date. Pure."""

import datetime
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name

ANSWERED = ("reason", "owner", "expires")  # of each waiver, whatever it selects
KEYS = ("rule", "selector") + ANSWERED
OPTIONAL = ("ticket", "when_message")
# A container's label that asks for a waiver: this and the rule's id, with the reason as its value.
REQUEST_LABEL = "containment.docker.waiver-request."
_REQUEST_LIMIT = 200
# An unquoted date in YAML may arrive as the midnight that begins it.
_MIDNIGHT = re.compile(r"(?<=\d\d)[T ]00:00(:00)?(\.0+)?(Z|[+]00:00)?\Z")
_SELECTORS = (
    re.compile(r"(daemon|host)\Z"),
    re.compile(r"container:([a-zA-Z0-9][a-zA-Z0-9_.-]*)\Z"),
    re.compile(r"image:((?:[^@\s]+@)?sha256:[0-9a-f]{64})\Z"),
    re.compile(r"label:([^=\s]+=.*)\Z"),
)


class Waiver(NamedTuple):
    """kind is host, daemon, container, image or label; value what follows the colon in the selector.

    when_message: what the finding has to say in `seen`, `*` for any text in it; "" for anything.
    """

    rule: str
    kind: str
    value: str
    reason: str
    owner: str
    expires: datetime.date
    ticket: str = ""
    when_message: str = ""

    @property
    def selector(self) -> str:
        """As a person wrote it."""
        return f"{self.kind}:{self.value}" if self.value else self.kind


def is_of_forecast(given: Mapping[str, Any]) -> bool:
    """Tell whether a waiver, as a person wrote it, is for the forecast: its rule is `setting/kind`, and no rule has a slash."""
    return "/" in str(given.get("rule") or "")


def plain(waiver: Waiver) -> Dict[str, str]:
    """The waiver as plain data for a result: its fields, the last day as text."""
    return dict(waiver._asdict(), expires=waiver.expires.isoformat())


def parse(index: int, given: Mapping[str, Any], known_rules: Any) -> Waiver:
    """One waiver as a person wrote it, the index-th of the list. ValueError names the place and the reason."""
    return parse_at(f"waivers[{int(index)}]", given, known_rules)


def parse_at(place: str, given: Mapping[str, Any], known_rules: Any) -> Waiver:
    """The same for a waiver that stands anywhere. place: where, for messages."""
    given = {key: value for key, value in given.items() if key not in OPTIONAL or value not in (None, "")}
    whole(place, given, KEYS, OPTIONAL)
    if given["rule"] not in known_rules:
        raise ValueError(f"{place} names an unknown rule {given['rule']!r}")
    matches = [pattern.match(given["selector"]) for pattern in _SELECTORS]
    if not any(matches):
        raise ValueError(
            "%s: selector %r is none of daemon, host, container:<exact name>, image:<sha256 id or name@digest>, "
            "label:<key>=<value>" % (place, given["selector"])
        )
    kind, _colon, value = given["selector"].partition(":")
    optional = [given.get(key, "") for key in OPTIONAL]
    return Waiver(given["rule"], kind, value, given["reason"], given["owner"], last_day(place, given), *optional)


def whole(place: str, given: Mapping[str, Any], keys: Sequence[str], optional: Sequence[str] = ()) -> None:
    """ValueError unless it has these keys, each with something in it, and no other but text in `optional`.

    place: where it stands.
    """
    for key in keys:
        if not isinstance(given.get(key), (str, datetime.date)) or not str(given[key]).strip():
            raise ValueError(f"{place} has no {key}")
    for key in given:
        if key not in keys and key not in optional:
            raise ValueError(f"{place}: unknown key {key!r}")
    for key in optional:
        if not isinstance(given.get(key, ""), str):
            raise ValueError(f"{place}: {key} is no text")


def last_day(place: str, given: Mapping[str, Any]) -> datetime.date:
    """Until when it counts. ValueError."""
    try:
        return datetime.datetime.strptime(_MIDNIGHT.sub("", str(given["expires"])), "%Y-%m-%d").date()
    except ValueError:
        raise ValueError(f"{place}: expires {given['expires']!r} is not a date like 2027-01-31")


def matches(waiver: Waiver, kind: str, evidence: Evidence) -> bool:
    """Whether the waiver selects this subject. What can't be read does not match."""
    if kind != "container" or waiver.kind in ("host", "daemon"):
        return waiver.kind == kind
    try:
        return _selects(waiver, evidence)
    except (Absent, Unreadable, LookupError, TypeError, AttributeError):
        return False


def _selects(waiver: Waiver, evidence: Evidence) -> bool:
    inspect = evidence["inspect"]
    if waiver.kind == "container":
        return container_name.inspected(inspect) == waiver.value
    if waiver.kind == "image":
        return inspect["Image"] == waiver.value or waiver.value in (evidence["image"]["RepoDigests"] or ())
    key, _equals, value = waiver.value.partition("=")
    if (inspect["Config"]["Labels"] or {}).get(key) != value:
        return False
    # Image LABELs are merged into the container's: one that the image sets proves nothing about who asked for it.
    return key not in (evidence["image"]["Config"]["Labels"] or {})


def says(text: str, pattern: str) -> bool:
    """Whether the whole text is as the pattern, in which `*` stands for any text. Linear in the text for each part."""
    first, *parts = pattern.split("*")
    if not parts:
        return text == pattern
    if not text.startswith(first):
        return False
    at, last = len(first), parts.pop()
    for part in parts:
        place = text.find(part, at)
        if place < 0:
            return False
        at = place + len(part)
    return len(text) - at >= len(last) and text.endswith(last)


def request_of(rule: str, evidence: Evidence) -> str:
    """The reason for which the container's label asks for a waiver of the rule, "" where it doesn't. It grants nothing."""
    try:
        reason = (evidence["inspect"]["Config"]["Labels"] or {}).get(REQUEST_LABEL + rule)
    except (Absent, Unreadable, LookupError, TypeError, AttributeError):
        return ""
    return inert(reason, _REQUEST_LIMIT) if isinstance(reason, str) else ""


def waive(
    finding: Dict[str, Any], kind: str, evidence: Evidence, waivers: Sequence[Waiver], today: datetime.date
) -> List[Waiver]:
    """Mark a failing or unknown finding as waived, in place; an expired waiver is shown and does not count.

    A waiver for another message leaves the finding as it is. Returns the waivers that selected it.
    """
    if finding["status"] not in ("fail", "unknown"):
        return []
    used = [w for w in waivers if w.rule == finding["rule"] and matches(w, kind, evidence)]
    used = [w for w in used if not w.when_message or says(finding["seen"], w.when_message)]
    for waiver in sorted(used, key=lambda w: w.expires):
        expired = waiver.expires < today
        finding["waiver"] = {
            "selector": waiver.selector,
            "reason": waiver.reason,
            "owner": waiver.owner,
            "expires": waiver.expires.isoformat(),
            "expired": expired,
            "ticket": waiver.ticket,
        }
        if not expired:
            finding["status"] = "waived"
    return used
