# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subordinate user and group ids for userns-remap: /etc/subuid and /etc/subgid. Pure: texts in, decisions out."""

import re
from typing import List, NamedTuple, Optional, Sequence, Tuple

COUNT = 65536
# shadow-utils' own start (login.defs, SUB_UID_MIN), and the last id that a range may reach: above stand ids that
# systemd and the kernel keep for themselves.
FIRST = 100000
LAST = 600100000
# moby: daemon/daemon_unix.go, parseRemappedRoot
DEFAULT_USER = "dockremap"


class Range(NamedTuple):
    """One line: owner is a name or a number, as written."""

    owner: str
    first: int
    count: int  # type: ignore[assignment]  # tuple.count, which nobody calls

    @property
    def end(self) -> int:
        return self.first + self.count


def parse(text: str, path: str) -> List[Range]:
    """The ranges of a subuid(5) file. ValueError with the line for what no tool would read."""
    ranges = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.match(r"([^:]+):(\d{1,10}):(\d{1,10})\Z", line)
        if not match:
            raise ValueError(f"{path}: line {int(number)} is no name:first:count")
        ranges.append(Range(match.group(1), int(match.group(2)), int(match.group(3))))
    return ranges


def split_user(remap: str) -> Tuple[str, str]:
    """(user, group) of a userns-remap value: "default", "user", "user:group"; numbers are ids."""
    user, _colon, group = (DEFAULT_USER if remap == "default" else remap).partition(":")
    return user, group or user


def turns_off(remap: str) -> bool:
    """Whether dockerd starts with this userns-remap and remaps nothing: its user is root.

    moby: daemon/daemon_unix.go, setupRemappedRoot ("root cannot be remapped with itself"); the group doesn't matter.
    """
    return re.match(r"(root|[+-]?0+)\Z", remap.partition(":")[0]) is not None


def of(ranges: Sequence[Range], names: Sequence[str]) -> List[Range]:
    """The ranges that belong to one of these names (a user's name and its id)."""
    return [item for item in ranges if item.owner in names]


def overlap(ranges: Sequence[Range], names: Sequence[str], ids: Sequence[int]) -> Optional[str]:
    """Why the ranges of `names` are not theirs alone, None if they are. ids: those of real users (or groups)."""
    own = of(ranges, names)
    for index, mine in enumerate(own):
        for other in own[index + 1 :] + [item for item in ranges if item.owner not in names]:
            if mine.first < other.end and other.first < mine.end:
                return f"its range {int(mine.first)}-{int(mine.end - 1)} overlaps that of {other.owner}"
        for number in ids:
            if mine.first <= number < mine.end:
                return f"its range {int(mine.first)}-{int(mine.end - 1)} contains the real id {int(number)}"
    return None


def free(both: Sequence[Range], ids: Sequence[int], count: int = COUNT) -> int:
    """The first id of the lowest free range. both: ranges of subuid and subgid, so that one number serves both.

    Starts at a multiple of `count` above FIRST, as useradd does. ValueError if there is no room.
    """
    taken = sorted([(item.first, item.end) for item in both if item.count] + [(number, number + 1) for number in ids])
    start = FIRST
    for first, end in taken:
        if first < start + count and end > start:
            start += -(-(end - start) // count) * count
    if start + count > LAST:
        raise ValueError(f"no {int(count)} consecutive subordinate ids are free between {int(FIRST)} and {int(LAST)}")
    return start


def added(text: str, name: str, first: int, count: int = COUNT) -> str:
    """The file's text with one more line at its end."""
    return text + ("" if not text or text.endswith("\n") else "\n") + f"{name}:{int(first)}:{int(count)}\n"
