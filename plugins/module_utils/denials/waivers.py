# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers of what a container was denied. Pure."""

import datetime
from typing import Any, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import (
    ANSWER,
    TICKET,
    Waiver,
    describe_answer,
    list_expired,
    parse_waiver,
    require_keys,
)
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import (
    describe_expired as describe_expired_waiver,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

KEYS = ("container", "path") + ANSWER
OPTIONAL = (TICKET,)
OPTION = "waivers"


class Selector(NamedTuple):
    """container: its exact name, or the domain where no container is known; path: with all that is below it."""

    container: str
    path: str


def parse(index: int, waiver: Mapping[str, Any]) -> Waiver:
    """Parse one waiver as a person wrote it, the index-th of the list. ValueError names the place and the reason."""
    place = f"{OPTION}[{int(index)}]"
    waiver = {key: value for key, value in waiver.items() if key not in OPTIONAL or value is not None}
    require_keys(place, waiver, KEYS, OPTIONAL)
    path = waiver["path"]
    return parse_waiver(place, waiver, Selector(waiver["container"], clean(path) if path.startswith("/") else path))


def find_waiver(waivers: Sequence[Waiver], container: str, path: str, today: datetime.date) -> Optional[Waiver]:
    """Find the waiver that counts today for what this container, or domain, was denied at this path."""
    return next((w for w in waivers if not w.has_expired(today) and covers(w.selector, container, path)), None)


def describe_waiver(waivers: Sequence[Waiver], container: str, path: str, today: datetime.date) -> str:
    """Say who answers for it, until when and why, "" where nobody does."""
    waiver = find_waiver(waivers, container, path, today)
    return describe_answer(waiver) if waiver else ""


def covers(selector: Selector, container: str, path: str) -> bool:
    """Tell whether it is for what this container, or domain, is denied at this path."""
    if selector.container != container:
        return False
    if not selector.path.startswith("/") or not path.startswith("/"):
        return selector.path == path  # of which only the last component is known, or no path at all
    return below(path, selector.path) and not {".", ".."} & set(path.split("/"))


def list_unused(waivers: Sequence[Waiver], denied: Iterable[Tuple[str, str]]) -> List[Waiver]:
    """Return those that cover nothing of what was denied, as (container or domain, path)."""
    known = list(denied)
    return [w for w in waivers if not any(covers(w.selector, container, path) for container, path in known)]


def describe_problems(
    waivers: Sequence[Waiver], unused: Sequence[Waiver], since: str, today: datetime.date
) -> List[str]:
    """Say which of them have expired, and which are of no use, with what to do. since: from when on denials count."""
    lines = []
    for waiver in list_expired(waivers, today):
        lines.append(describe_expired_waiver(waiver, OPTION, f"{waiver.selector.container}: {waiver.selector.path}"))
    for waiver in unused:
        container, path = waiver.selector
        lines.append(
            f"{OPTION}: {container} was denied nothing at {path} since {since}, so this waiver "
            f"is of no use ({waiver.reason}); remove it if the container has done all its work since then"
        )
    return lines
