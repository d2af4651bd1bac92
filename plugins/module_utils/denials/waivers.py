# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find who answers for a denial, until a date. Pure."""

import datetime
from typing import Any, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.judge.waiver import ANSWERED, last_day, whole
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

KEYS = ("container", "path") + ANSWERED


class Waiver(NamedTuple):
    """container: its exact name, or the domain where no container is known; path: with all that is below it."""

    container: str
    path: str
    reason: str
    owner: str
    expires: datetime.date


def parse_waiver(index: int, waiver: Mapping[str, Any]) -> Waiver:
    """Parse one waiver as a person wrote it, the index-th of the list. ValueError names the place and the reason."""
    place = f"waivers[{int(index)}]"
    whole(place, waiver, KEYS)
    expires = last_day(place, waiver)
    path = waiver["path"]
    path = clean(path) if path.startswith("/") else path
    return Waiver(waiver["container"], path, waiver["reason"], waiver["owner"], expires)


def find_waiver(waivers: Sequence[Waiver], container: str, path: str, today: datetime.date) -> Optional[Waiver]:
    """Find the waiver that counts today for what this container, or domain, was denied at this path."""
    for waiver in waivers:
        if waiver.container == container and waiver.expires >= today and _covers(waiver.path, path):
            return waiver
    return None


def describe_waiver(waivers: Sequence[Waiver], container: str, path: str, today: datetime.date) -> str:
    """Say who answers for it, until when and why, "" where nobody does."""
    waiver = find_waiver(waivers, container, path, today)
    return f"by {waiver.owner} until {waiver.expires.isoformat()}: {waiver.reason}" if waiver else ""


def _covers(waived: str, path: str) -> bool:
    if not waived.startswith("/") or not path.startswith("/"):
        return waived == path  # of which only the last component is known, or no path at all
    return below(path, waived) and not {".", ".."} & set(path.split("/"))
