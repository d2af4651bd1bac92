# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which daemon.json a running dockerd is known to have taken: our own record, for when the file's age can't prove it. I/O."""

import os
from typing import Any, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import (
    StartRecord,
    digest,
    from_json,
    to_json,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import journal


def load(host: Any, pid: int) -> Optional[StartRecord]:
    """Our record of this very process, if there is one. host: a Host. Raises JournalError, OSError."""
    record = host.load_record(journal.IN_FORCE)
    known = from_json(record) if record is not None else None
    return known if known is not None and known.process == identity(host, pid) else None


def record_of(host: Any, pid: int, data: Optional[bytes]) -> Optional[StartRecord]:
    """Our record that this very process has just these bytes in force, if there is one."""
    known = load(host, pid)
    return known if known is not None and known.digest == digest(data) else None


def save(host: Any, pid: int, path: str, data: Optional[bytes], pending: Sequence[str]) -> None:
    """Record that this process has these bytes in force, except what is pending. Raises JournalError, OSError."""
    record = StartRecord(identity(host, pid), os.path.realpath(path), digest(data), data, tuple(pending))
    host.save_record(journal.IN_FORCE, to_json(record))


def identity(host: Any, pid: int) -> Tuple[str, int, int]:
    """What names one process for ever: (boot, pid, start)."""
    with open("/proc/sys/kernel/random/boot_id", "r") as stream:
        return stream.read().strip(), pid, host.start_ticks(pid)
