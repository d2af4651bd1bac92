# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one walk over a tree learned about ids, and which files a later walk has to ask again. Reads clocks."""

import time
from typing import FrozenSet, NamedTuple, Tuple

# linux: include/uapi/linux/time.h, CLOCK_REALTIME_COARSE, which file systems take their times from, and CLOCK_BOOTTIME
_COARSE, _BOOT = 5, 7
# A float of seconds is exact to 240 ns, and may be rounded up: then a change in the same tick would look older.
_ROUNDING = 1000
# How much of what is older than the first walk is asked again, so that a clock that is set back by less hides nothing. ns
_MARGIN = 10**9


class Identities(NamedTuple):
    """What a walk met; nothing by default.

    users, groups: owners. carriers: (device, inode) of files with attributes that carry ids. moment: when the walk began, ns
    since the epoch. boot: when the host had booted by the same clock, which changes only where somebody sets it. directories:
    (path below the root, device, inode), none where there were too many.
    """

    users: FrozenSet[int] = frozenset()
    groups: FrozenSet[int] = frozenset()
    carriers: FrozenSet[Tuple[int, int]] = frozenset()
    moment: int = 0
    boot: int = 0
    directories: FrozenSet[Tuple[str, int, int]] = frozenset()


def read_clock() -> int:
    """The time by the clock that file systems take their times from, never later than it is: ns since the epoch."""
    return int(time.clock_gettime(_COARSE) * 1e9) - _ROUNDING


def read_boot() -> int:
    """When the host had booted, by that clock: ns since the epoch."""
    return read_clock() - int(time.clock_gettime(_BOOT) * 1e9)


def oldest_change(earlier: Identities, margin: int = _MARGIN) -> int:
    """The change time, in ns, from which on a file may have other attributes than `earlier` knows.

    0, so any, where the clock was set back since: what changed afterwards may look older. margin: how much of what is older
    than its moment is taken for changed, too.
    """
    if read_boot() < earlier.boot - _MARGIN // 2:
        return 0
    return max(0, earlier.moment - margin)
