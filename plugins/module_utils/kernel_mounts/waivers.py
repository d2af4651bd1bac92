# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers of paths that a container keeps open. Pure."""

import datetime
from typing import Any, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import container_names
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import (
    ANSWER,
    Waiver,
    describe_answer,
    parse_waiver,
    require_keys,
)
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import (
    describe_expired as describe_expired_waiver,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

OPTION = "leave"


class Selector(NamedTuple):
    """A path as the container has it, kept as it is in these containers (all if empty)."""

    path: str
    containers: Tuple[str, ...]


def parse(index: int, waiver: Mapping[str, Any]) -> Waiver:
    """Parse one waiver as a person wrote it, the index-th of the list. Raise ValueError with the place and the reason."""
    place = f"{OPTION}[{int(index)}]"
    path, containers = waiver["path"], tuple(container_names.plain(waiver.get("containers") or ()))
    if not path.startswith("/"):
        raise ValueError(f"{place}: {path!r} is not an absolute path")
    selector = Selector(clean(path), containers)
    if not waiver.get("owner") and not waiver.get("expires"):
        return Waiver(selector, waiver["reason"], "", None, waiver.get("ticket") or "")
    require_keys(place, {key: waiver.get(key) for key in ANSWER}, ANSWER)
    return parse_waiver(place, waiver, selector)


def select_waivers(container: str, waivers: Sequence[Waiver]) -> List[Waiver]:
    """Return those for the container of this name, expired ones included."""
    return [w for w in waivers if not w.selector.containers or container in w.selector.containers]


def count_today(waivers: Sequence[Waiver], today: datetime.date) -> List[Waiver]:
    """Return those that have not expired."""
    return [waiver for waiver in waivers if not waiver.has_expired(today)]


def find_waiver(path: str, waivers: Iterable[Waiver]) -> Optional[Waiver]:
    """Return the first that covers what is open at this path: the path, what is below it, and a mount that contains it."""
    return next((w for w in waivers if below(path, w.selector.path) or below(w.selector.path, path)), None)


def describe_waiver(waiver: Waiver, path: str) -> str:
    """Say why the path stays open, who answers for that and until when."""
    waived = waiver.selector.path
    place = "" if below(path, waived) else f" for {waived}, which is below it"
    answer = describe_answer(waiver)
    return f"waived{place}{answer if answer.startswith(':') else ' ' + answer}"


def list_used(waivers: Sequence[Waiver], openings: Iterable[Tuple[str, str]]) -> List[Waiver]:
    """Return those that cover one of the openings, as (name of the container, path)."""
    used = []
    for waiver in waivers:
        if any(select_waivers(name, [waiver]) and find_waiver(path, [waiver]) for name, path in openings):
            used.append(waiver)
    return used


def describe_expired(waiver: Waiver) -> str:
    """Say that an expired waiver does not count any more, and what to do."""
    return describe_expired_waiver(waiver, OPTION, waiver.selector.path)


def describe_unused(waiver: Waiver) -> str:
    """Say that a waiver is of no use, and what to do."""
    path, containers = waiver.selector
    where = f" in {', '.join(containers)}" if containers else ""
    return f"{OPTION}: nothing is open at {path}{where}, so this waiver is of no use ({waiver.reason}); remove it"
