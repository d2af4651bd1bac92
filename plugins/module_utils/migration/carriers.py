# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes that carry ids (ACLs, file capabilities), from a tree that rests to its copy. I/O.

Which files have some is known from an earlier walk, as each file is asked for them there, which takes longer than all
else. An inode that changed since is asked again, wherever it is by now.
"""

import itertools
import os
import stat
from typing import FrozenSet, List, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import attributes, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import Identities, oldest_change

# path below the root of a tree ("" is the root itself), and (name, value) of each attribute
Carrier = Tuple[str, Sequence[Tuple[str, bytes]]]


class Content(NamedTuple):
    """What a tree has now. latest: its newest change time, ns since the epoch."""

    users: FrozenSet[int]
    groups: FrozenSet[int]
    carriers: Sequence[Carrier]
    latest: int


def read(root: str, earlier: Identities) -> Content:
    """Read it in one walk. Raises OSError, Unshiftable."""
    oldest, inodes = oldest_change(earlier), earlier.carriers
    users, groups, latest = set(), set(), 0
    carriers: List[Carrier] = []
    for handle, name, path, status in tree.walk_with_root(root):
        users.add(status.st_uid)
        groups.add(status.st_gid)
        changed = status.st_ctime_ns
        latest = max(latest, changed)
        if changed < oldest and (status.st_dev, status.st_ino) not in inodes or stat.S_ISLNK(status.st_mode):
            continue
        values = tree.read_attributes(f"/proc/self/fd/{handle}/{name}")
        if values:
            carriers.append((path, values))
    return Content(frozenset(users), frozenset(groups), carriers, latest)


def write(root: str, carriers: Sequence[Carrier], ids: IdMap) -> None:
    """Write them with mapped ids to the same paths below root, where no link leads anywhere. Raises OSError, Unshiftable."""
    for folder, items in itertools.groupby(carriers, lambda item: item[0].rpartition("/")[0]):
        handle = tree.open_below(root, folder)
        try:
            for path, values in items:
                place = f"/proc/self/fd/{handle}/{path.rpartition('/')[2] or '.'}"
                for name, value in values:
                    shifted = attributes.shift(name, value, ids)
                    if shifted is None:
                        raise tree.Unshiftable(f"{inert(path)} has {name} with an id for which the range has no room")
                    os.setxattr(place, name, shifted, follow_symlinks=False)
        finally:
            os.close(handle)
