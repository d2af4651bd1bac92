# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a process has ended. Reads the host's /proc only.

It is there a while longer than it can do anything: until its parent has taken note, and on a busy machine also between
giving up its namespaces and being a zombie. But a zombie is no proof: a process whose first thread has ended looks like
one, while its other threads go on.
"""

import os
import time
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

_STAT_LIMIT = 65536


def ended(pid: int, seconds: float = 1.0) -> bool:
    """Whether no thread of it is left that could do anything. Waits so long for those that are just ending."""
    deadline = time.monotonic() + seconds
    while not has_namespaces(f"/proc/{int(pid)}/"):
        if _threads(pid) <= 1:
            return True
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return False


def has_namespaces(prefix: str, directory: Optional[int] = None) -> bool:
    """Tell whether a thread has namespaces, so has not ended; True where that can't be told.

    prefix: what stands before "ns/" in its path, as "/proc/42/" or, below an open directory of /proc, "" or "task/42/".
    """
    try:
        os.readlink(f"{prefix}ns/mnt", dir_fd=directory)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except OSError:
        pass
    return True


def _threads(pid: int) -> int:
    """Its threads, the first one included as long as it is a zombie."""
    try:
        return procfs.parse_task(bounded_file.read(f"/proc/{int(pid)}/stat", _STAT_LIMIT)).threads
    except (FileNotFoundError, ProcessLookupError):
        return 0
