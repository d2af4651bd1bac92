# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a source that a container asks for is on its host: behind links, and by whichever other mount of the host.

For a container that does not run this is the strongest evidence there is. Pure: the evidence does the looking.
"""

from typing import Callable, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Unreadable,
    computed_once,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.binds import HostMount
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import HostMounts, same_places
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import through_process
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked, Place

LIMIT = 1000  # sources of one container; a person asks for a few


class OnHost(NamedTuple):
    """mounts: what was asked for, once for each path of the host that it shows; places: what stands at each source;
    reasons: why something of it can't be told.
    """

    mounts: List[HostMount]
    places: List[Tuple[HostMount, Place]]
    reasons: List[str]


def looked_up(evidence: Evidence, requested: Sequence[HostMount], is_known: Callable[[str], bool]) -> OnHost:
    """What these mounts show now on the container's host; their text alone where that is no host to look at.

    is_known: whether another path that shows the same is left out.
    """
    result = OnHost([], [], [])
    view = view_of(evidence)
    if len(requested) > LIMIT:
        result.reasons.append(f"more than {int(LIMIT)} mounts; not all were looked at")
    for mount in requested[:LIMIT]:
        paths = [mount.source, through_process(mount.source)]
        if view is not None:
            try:
                place = view[0](paths[1])
                paths.append(place.path)
                paths += [path for path in same_places(view[1], place.path) if not is_known(path)]
                result.places.append((mount, place))
                if place.loose:
                    result.reasons.append(f"{place.loose!r} is a link, which others than root may exchange")
            except NotLooked as reason:
                result.reasons.append(str(reason))
        result.mounts.extend(mount._replace(source=path) for path in dict.fromkeys(paths))
    return result


def place_of(evidence: Evidence, path: str) -> Optional[Place]:
    """What stands at a path of the container's host; None where that can't be looked at."""
    view = view_of(evidence)
    try:
        return view[0](path) if view is not None else None
    except NotLooked:
        return None


@computed_once
def view_of(evidence: Evidence) -> Optional[Tuple[Callable[..., Place], HostMounts]]:
    """Return (place_at, the host's mounts) where the container's host is the one that is looked at."""
    try:
        if evidence["daemon"]["state"] == "remote":
            return None
        return evidence["host"]["place_at"], evidence["host"]["mounts"]
    except (Absent, Unreadable):
        return None
