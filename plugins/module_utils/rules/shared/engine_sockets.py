# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An engine's socket by another name: another hard link to it, or an abstract one. Pure: the evidence does the looking."""

import re
from typing import Dict, Iterable, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked

from . import on_host

_ENGINE = re.compile(r"docker|containerd|podman|crio|buildkit", re.I)


class Known(NamedTuple):
    """by_identity: (device, inode) -> path of each engine's socket that is there; linked: those with several names."""

    by_identity: Dict[Tuple[int, int], str]
    linked: Dict[Tuple[int, int], str]


NONE = Known({}, {})


def identities(evidence: Evidence, paths: Iterable[str]) -> Known:
    """What the host has at these paths."""
    known = Known({}, {})
    view = on_host.view_of(evidence)
    if view is None:
        return known
    for path in paths:
        try:
            place = view[0](path)
        except NotLooked:
            continue
        if place is not None and place.kind == "socket":
            known.by_identity[place.identity] = path
            if place.names > 1:
                known.linked[place.identity] = path
    return known


def other_name(evidence: Evidence, path: str, known: Known) -> Optional[str]:
    """Which engine's socket a path of the host is by another name, or contains; None if none. Raises Unreadable."""
    if not known.by_identity:
        return None
    place = on_host.place_of(evidence, path)
    if place is None:
        return None
    if place.kind == "socket" and place.identity in known.by_identity:
        return f"{path}, which is {known.by_identity[place.identity]} by another name"
    if place.kind == "dir":
        for identity, socket in known.linked.items():
            if identity[0] != place.identity[0]:
                continue  # a hard link is on the same filesystem
            try:
                name = evidence["host"]["name_below"](place.path, identity)
            except NotLooked as reason:
                raise Unreadable(f"{socket} has another name, and whether in {path} can't be told: {reason}")
            if name:
                return f"{path}, which contains {name}, another name of {socket}"
    return None


def abstract(evidence: Evidence) -> Optional[str]:
    """An engine's abstract socket that the container's processes reach, as `@docker`; None if none."""
    host = evidence["host"]
    try:
        if evidence["namespaces"]["net"] != host["namespaces"]["net"]:
            return None
        names = host["abstract_sockets"]
    except Absent:
        return None
    return next((inert("@" + name, 100) for name in names if _ENGINE.search(name)), None)
