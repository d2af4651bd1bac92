# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which id of a container is which id of the host under userns-remap. Pure."""

from typing import NamedTuple, Optional


class IdMap(NamedTuple):
    """The one range of each side: container id 0 is the host's `uid` (or `gid`), and `uids` (`gids`) ids follow."""

    uid: int
    uids: int
    gid: int
    gids: int

    @property
    def directory(self) -> str:
        """The name of the remapped data root below the data root (moby: daemon/daemon_unix.go, setupDaemonRoot)."""
        return f"{self.uid}.{self.gid}"


def map_id(number: int, first: int, count: int) -> Optional[int]:
    """The host's id for a container's; itself where it is in the range already, None where the range has no room for it."""
    if first <= number < first + count:
        return number
    return first + number if number < min(first, count) else None
