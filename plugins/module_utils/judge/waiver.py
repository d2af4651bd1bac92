# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers of findings, and of items of the forecast: which subject one selects. Pure."""

import datetime
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import (
    ANSWER,
    TICKET,
    Waiver,
    parse_waiver,
    require_keys,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name

KEYS = ("rule", "selector") + ANSWER
OPTIONAL = (TICKET, "when_message")
# A container's label that asks for a waiver: this and the rule's id, with the reason as its value.
REQUEST_LABEL = "containment.docker.waiver-request."
_REQUEST_LIMIT = 200
_SELECTORS = (
    re.compile(r"(daemon|host)\Z"),
    re.compile(r"container:([a-zA-Z0-9][a-zA-Z0-9_.-]*)\Z"),
    re.compile(r"image:((?:[^@\s]+@)?sha256:[0-9a-f]{64})\Z"),
    re.compile(r"label:([^=\s]+=.*)\Z"),
)


class Selector(NamedTuple):
    """What a waiver is for. kind: host, daemon, container, image or label; value: what follows the colon in the text.

    when_message: what the finding has to say in `seen`, `*` for any text in it; "" for anything.
    """

    rule: str
    kind: str
    value: str
    when_message: str = ""

    @property
    def text(self) -> str:
        """Kind and value, as a person wrote them."""
        return f"{self.kind}:{self.value}" if self.value else self.kind


def is_of_forecast(waiver: Mapping[str, Any]) -> bool:
    """Tell whether a waiver, as a person wrote it, is for the forecast: its rule is `setting/kind`, and no rule has a slash."""
    return "/" in str(waiver.get("rule") or "")


def parse(index: int, waiver: Mapping[str, Any], known_rules: Any) -> Waiver:
    """One waiver as a person wrote it, the index-th of the list. ValueError names the place and the reason."""
    return parse_at(f"waivers[{int(index)}]", waiver, known_rules)


def parse_at(place: str, waiver: Mapping[str, Any], known_rules: Any) -> Waiver:
    """The same for a waiver that stands anywhere. place: where, for messages."""
    waiver = {key: value for key, value in waiver.items() if key not in OPTIONAL or value not in (None, "")}
    require_keys(place, waiver, KEYS, OPTIONAL)
    if waiver["rule"] not in known_rules:
        raise ValueError(f"{place} names an unknown rule {waiver['rule']!r}")
    matches = [pattern.match(waiver["selector"]) for pattern in _SELECTORS]
    if not any(matches):
        raise ValueError(
            f"{place}: selector {waiver['selector']!r} is none of daemon, host, container:<exact name>, "
            f"image:<sha256 id or name@digest>, label:<key>=<value>"
        )
    kind, _colon, value = waiver["selector"].partition(":")
    return parse_waiver(place, waiver, Selector(waiver["rule"], kind, value, waiver.get("when_message", "")))


def matches(waiver: Waiver, kind: str, evidence: Evidence) -> bool:
    """Whether the waiver selects this subject. What can't be read does not match."""
    selector: Selector = waiver.selector
    if kind != "container" or selector.kind in ("host", "daemon"):
        return selector.kind == kind
    try:
        return _selects(selector, evidence)
    except (Absent, Unreadable):
        return False


def _selects(selector: Selector, evidence: Evidence) -> bool:
    inspect = evidence["inspect"]
    if selector.kind == "container":
        return container_name.inspected(inspect) == selector.value
    if selector.kind == "image":
        return inspect.get("Image") == selector.value or selector.value in (evidence["image"].get("RepoDigests") or ())
    key, _equals, value = selector.value.partition("=")
    if (inspect["Config"].get("Labels") or {}).get(key) != value:
        return False
    # Image LABELs are merged into the container's: one that the image sets proves nothing about who asked for it.
    of_image = evidence["image"].get("Config")
    return of_image is not None and key not in (of_image.get("Labels") or {})


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
        reason = (evidence["inspect"]["Config"].get("Labels") or {}).get(REQUEST_LABEL + rule)
    except (Absent, Unreadable):
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
    used = [w for w in waivers if w.selector.rule == finding["rule"] and matches(w, kind, evidence)]
    used = [w for w in used if not w.selector.when_message or says(finding["seen"], w.selector.when_message)]
    for waiver in sorted(used, key=lambda w: w.last_day):
        finding["waiver"] = show(waiver, today)
        if not waiver.has_expired(today):
            finding["status"] = "waived"
    return used


def show(waiver: Waiver, today: datetime.date) -> Dict[str, Any]:
    """Return what a finding, or an item of the forecast, has of the waiver that selects it."""
    return {
        "selector": waiver.selector.text,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.last_day_text,
        "expired": waiver.has_expired(today),
        "ticket": waiver.ticket,
    }
