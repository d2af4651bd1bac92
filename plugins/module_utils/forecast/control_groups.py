# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much memory, and how many processes, a container uses and has used. I/O only."""

from typing import Dict, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups

_LIMIT = 4096
_STAT_LIMIT = 65536
# (controller, whether it is version 2) -> (file of the use now, file of the highest use)
_FILES = {
    ("memory", True): ("memory.current", "memory.peak"),
    ("memory", False): ("memory.usage_in_bytes", "memory.max_usage_in_bytes"),
    ("pids", True): ("pids.current", "pids.peak"),
    ("pids", False): ("pids.current", "pids.peak"),
}


# What the kernel gives up before it ends a process (linux: mm/vmscan.c). Not so tmpfs: its pages are on the lists of anon.
_RECLAIMABLE = {
    True: ("inactive_file", "active_file", "slab_reclaimable"),
    False: ("total_inactive_file", "total_active_file"),
}


class Usage(NamedTuple):
    """now: in bytes, or processes and threads; peak: the highest so far, now where the kernel keeps none.

    reclaimable: of now, the cache of files that a lower limit would only make smaller; swaps: whether the host has swap.
    """

    now: int
    peak: int
    reclaimable: int = 0
    swaps: bool = False


def read(container: str, cgroup: bytes, host: Evidence) -> Evidence:
    """Read the Usage of each controller, by /proc/<pid>/cgroup of the container's first process."""
    usages = Evidence()
    for controller in ("memory", "pids"):
        try:
            group = cgroups.find(cgroup, controller, container, host["hierarchies"])
            if group.directory is None:
                raise Unreadable(f"the container has no {controller} control group of its own")
            now_file, peak_file = _FILES[controller, group.unified]
            now = _number(f"{group.directory}/{now_file}")
            try:
                peak = _number(f"{group.directory}/{peak_file}")
            except FileNotFoundError:
                peak = now
            reclaimable, swaps = 0, False
            if controller == "memory":
                reclaimable = _reclaimable(f"{group.directory}/memory.stat", group.unified)
                swaps = bounded_file.read("/proc/swaps", _LIMIT).count(b"\n") > 1
            usages[controller] = Usage(now, max(now, peak), min(now, reclaimable), swaps)
        except Unreadable as reason:
            usages[controller] = Unreadable(str(reason))
        except (OSError, ValueError) as error:
            usages[controller] = Unreadable(
                f"its {controller} control group: {getattr(error, 'strerror', None) or error}"
            )
    return usages


def _reclaimable(path: str, unified: bool) -> int:
    pairs = [line.split() for line in bounded_file.read(path, _STAT_LIMIT).decode("ascii").splitlines()]
    numbers: Dict[str, int] = {name: int(number) for name, number in pairs}
    return sum(numbers.get(name, 0) for name in _RECLAIMABLE[unified])


def _number(path: str) -> int:
    return int(bounded_file.read(path, _LIMIT))
