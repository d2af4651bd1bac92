# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes that outlive the command that started them, found again by a record of pid and start time.

A pid alone may have been given to another process since, and a name alone may be anybody's.
"""

import os
import pathlib


def start_time(pid):
    """Field 22 of /proc/<pid>/stat (clock ticks since boot), or None if there is no such process."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def record(path, pid):
    """Write down the process `pid`, as `recorded` reads it."""
    path.write_text(f"{pid} {start_time(pid)}\n", encoding="ascii")


def recorded(path, executable):
    """The pid in the record, or None. Believed only if start time and the name of /proc/<pid>/exe agree."""
    try:
        pid, started = path.read_text(encoding="ascii").split()
        name = os.path.basename(os.readlink(f"/proc/{pid}/exe")).replace(" (deleted)", "")
    except (OSError, ValueError):
        return None
    return int(pid) if name == executable and start_time(pid) == started else None
