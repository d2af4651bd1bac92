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

_THREADS = 17  # in stat, counted from what follows the name; linux: fs/proc/array.c do_task_stat


def ended(pid: int, seconds: float = 1.0) -> bool:
    """Whether no thread of it is left that could do anything. Waits so long for those that are just ending."""
    deadline = time.monotonic() + seconds
    while not has_namespaces(pid):
        if _threads(pid) <= 1:
            return True
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return False


def has_namespaces(pid: int) -> bool:
    """Whether this thread has; where that can't be told it counts as having them. By a process's id, its first thread."""
    try:
        os.readlink(f"/proc/{int(pid)}/ns/mnt")
    except (FileNotFoundError, ProcessLookupError):
        return False
    except OSError:
        pass
    return True


def _threads(pid):
    """Its threads, the first one included as long as it is a zombie."""
    try:
        with open(f"/proc/{int(pid)}/stat", "rb") as stream:
            data = stream.read()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(data[data.rindex(b")") + 2 :].split()[_THREADS])
