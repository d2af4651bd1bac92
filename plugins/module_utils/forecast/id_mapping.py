# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which ids of the host containers would have with userns-remap. Reads only.

moby: pkg/idtools, later internal/usergroup, LoadIdentityMapping: both ranges are those of the user, in the order of the files.
"""

from typing import NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import Mapping
from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range
from ansible_collections.containment.docker.plugins.module_utils.transaction import user_mapping


class Remapping(NamedTuple):
    """mapping: None where none is known. is_planned: whether the ranges are only those that role docker_daemon would make.
    reasons: why the host can't remap, besides what that role prepares. namespaces: how many user namespaces the kernel
    allows, None where that is not limited or not known. turned_off: whether the value remaps nobody.
    """

    mapping: Optional[Mapping]
    is_planned: bool = False
    reasons: Sequence[str] = ()
    namespaces: Optional[int] = None
    turned_off: bool = False


def read(remap: str) -> Remapping:
    """Read what this value of userns-remap means here. Raise nothing: what can't be read is a reason."""
    if not remap or subordinate_ids.turns_off(remap):
        return Remapping(None, turned_off=True)
    namespaces = user_mapping.read_most_user_namespaces()
    sides = user_mapping.sides(*subordinate_ids.split_user(remap))
    try:
        ranges = [subordinate_ids.parse(user_mapping.read_text(side.path), side.path) for side in sides]
        own = [
            [item for item in subordinate_ids.of(every, side.names or [side.name]) if item.count]
            for side, every in zip(sides, ranges)
        ]
        # who is missing, or has no range yet, gets both from the role
        assume = ["user_namespaces"] + ([] if all(own) else ["subordinate_ids"])
        reasons = user_mapping.unready(remap, assume)
        if all(own):
            return Remapping(Mapping(tuple(own[0]), tuple(own[1])), False, reasons, namespaces)
        first = subordinate_ids.free(ranges[0] + ranges[1], sides[0].ids + sides[1].ids)
    except ValueError as error:
        return Remapping(None, False, [str(error)], namespaces)
    planned = (Range(sides[0].name, first, subordinate_ids.COUNT),)
    return Remapping(Mapping(planned, planned), True, reasons, namespaces)
