# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths that a container keeps open, and who answers for that until which day. Pure."""

import datetime
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import container_names
from ansible_collections.containment.docker.plugins.module_utils.judge.waiver import ANSWERED, last_day, whole
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

OPTION = "leave"


class Waiver(NamedTuple):
    """A path as the container has it, kept as it is in these containers (all if empty).

    owner, expires: who answers for it, through which day; "" and None where that is not said, which is deprecated.
    """

    path: str
    containers: Tuple[str, ...]
    reason: str
    owner: str = ""
    expires: Optional[datetime.date] = None

    def expired(self, today: datetime.date) -> bool:
        """Tell whether its last day is over."""
        return self.expires is not None and self.expires < today

    def plain(self) -> Dict[str, Any]:
        """Return it as plain data for a result, the last day as text."""
        expires = self.expires.isoformat() if self.expires else ""
        return dict(self._asdict(), containers=list(self.containers), expires=expires)


def parse_waiver(index: int, waiver: Mapping[str, Any]) -> Waiver:
    """Parse one waiver as a person wrote it, the index-th of the list. Raise ValueError with the place and the reason."""
    place = f"{OPTION}[{int(index)}]"
    path, containers = waiver["path"], tuple(container_names.plain(waiver.get("containers") or ()))
    if not path.startswith("/"):
        raise ValueError(f"{place}: {path!r} is not an absolute path")
    if not waiver.get("owner") and not waiver.get("expires"):
        return Waiver(clean(path), containers, waiver["reason"])
    whole(place, {key: waiver.get(key) for key in ANSWERED}, ANSWERED)
    return Waiver(clean(path), containers, waiver["reason"], waiver["owner"], last_day(place, waiver))


def select_waivers(container: str, waivers: Sequence[Waiver]) -> List[Waiver]:
    """Return those for the container of this name, expired ones included."""
    return [waiver for waiver in waivers if not waiver.containers or container in waiver.containers]


def count_today(waivers: Sequence[Waiver], today: datetime.date) -> List[Waiver]:
    """Return those that have not expired."""
    return [waiver for waiver in waivers if not waiver.expired(today)]


def find_waiver(path: str, waivers: Iterable[Waiver]) -> Optional[Waiver]:
    """Return the first that covers what is open at this path: the path, what is below it, and a mount that contains it."""
    return next((waiver for waiver in waivers if below(path, waiver.path) or below(waiver.path, path)), None)


def describe_waiver(waiver: Waiver, path: str) -> str:
    """Say why the path stays open, who answers for that and until when."""
    place = "" if below(path, waiver.path) else f" for {waiver.path}, which is below it"
    who = f" by {waiver.owner} until {waiver.expires.isoformat()}" if waiver.expires else ""
    return f"waived{place}{who}: {waiver.reason}"


def list_used(waivers: Sequence[Waiver], openings: Iterable[Tuple[str, str]]) -> List[Waiver]:
    """Return those that cover one of the openings, as (name of the container, path)."""
    used = []
    for waiver in waivers:
        if any(select_waivers(name, [waiver]) and find_waiver(path, [waiver]) for name, path in openings):
            used.append(waiver)
    return used


def describe_expired(waiver: Waiver) -> str:
    """Say that an expired waiver does not count any more, and what to do."""
    last = waiver.expires.isoformat() if waiver.expires else ""
    return (
        f"{OPTION}: the waiver of {waiver.owner} for {waiver.path} ended on {last} and does not count any more "
        f"({waiver.reason}); renew or remove it"
    )


def describe_unused(waiver: Waiver) -> str:
    """Say that a waiver is of no use, and what to do."""
    where = f" in {', '.join(waiver.containers)}" if waiver.containers else ""
    return (
        f"{OPTION}: nothing is open at {waiver.path}{where}, so this waiver is of no use ({waiver.reason}); remove it"
    )
