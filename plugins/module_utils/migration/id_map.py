# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which id of a container is which id of the host under userns-remap. Pure."""

from typing import NamedTuple, Optional


class IdMap(NamedTuple):
    """The one range of each side: container id 0 is the host's `uid` (or `gid`), and `uids` (`gids`) ids follow.

    back: whether ids are to be mapped from the host's to the container's.
    """

    uid: int
    uids: int
    gid: int
    gids: int
    back: bool = False

    @property
    def directory(self) -> str:
        """The name of the remapped data root below the data root (moby: daemon/daemon_unix.go, setupDaemonRoot)."""
        return f"{self.uid}.{self.gid}"

    @property
    def root(self) -> int:
        """The user id that root of a container has after the mapping."""
        return 0 if self.back else self.uid

    def user(self, number: int) -> Optional[int]:
        """The mapped user id; see map_id."""
        return unmap_id(number, self.uid, self.uids) if self.back else map_id(number, self.uid, self.uids)

    def group(self, number: int) -> Optional[int]:
        """The mapped group id; see map_id."""
        return unmap_id(number, self.gid, self.gids) if self.back else map_id(number, self.gid, self.gids)


def map_id(number: int, first: int, count: int) -> Optional[int]:
    """The host's id for a container's; itself where it is in the range already, None where the range has no room for it."""
    if first <= number < first + count:
        return number
    return first + number if number < min(first, count) else None


def unmap_id(number: int, first: int, count: int) -> int:
    """The id that was mapped; itself where it is not in the range."""
    return number - first if first <= number < first + count else number
