# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of the kernel a container may not write or not see.

moby: oci/defaults.go (v20.10 to 28), daemon/pkg/oci/defaults.go (29): what Docker makes read-only and masks unless
it is asked not to. A path that the kernel lacks is left out by the runtime.
"""

import re
from functools import lru_cache
from typing import Collection, FrozenSet, Tuple

READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
MASKED = (
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
)
# for each CPU, from 28.1 (GHSA-6fw5-f8r9-fgfm)
CPU_DIRECTORY = "/sys/devices/system/cpu"
PER_CPU = re.compile(CPU_DIRECTORY + r"/cpu\d+/thermal_throttle$")
# The first minor release that masks them in all its patch releases; older ones have them by backport at most.
_SINCE = {"/proc/interrupts": (28, 1), "/sys/devices/virtual/powercap": (25, 0)}
_PER_CPU_SINCE = (28, 1)


def expected_masks(paths: Collection[str], version: Tuple[int, int], listed: Collection[str] = ()) -> FrozenSet[str]:
    """Which of these paths an engine of this version masks by default, or a container's MaskedPaths list."""
    work = _expected_masks if is_short(listed) else _expected_masks.__wrapped__
    return work(frozenset(paths), version, tuple(listed))


def is_short(listed: Collection[str]) -> bool:
    """Tell whether a container's list is as short as all that people write, so that it may be remembered."""
    return sum(map(len, listed)) <= 8192


@lru_cache(maxsize=16)  # the same for each container of a daemon
def _expected_masks(paths: FrozenSet[str], version: Tuple[int, int], listed: FrozenSet[str]) -> FrozenSet[str]:
    return frozenset(path for path in paths if _since(path) <= version).union(paths.intersection(listed))


def _since(path: str) -> Tuple[int, int]:
    if path in MASKED:
        return _SINCE.get(path, (0, 0))
    return _PER_CPU_SINCE if PER_CPU.match(path) else (10**6, 0)
