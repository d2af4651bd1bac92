# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which daemon.json a running dockerd is known to have taken: our own record, for when the file's age can't prove it. I/O."""

import hashlib
from typing import Any, Dict, List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit
from ansible_collections.containment.docker.plugins.module_utils.transaction import journal


def record(pid: int, data: Optional[bytes]) -> Optional[Dict[str, Any]]:
    """Our record that this very process has this very file in force, if there is one."""
    found = journal.load(journal.IN_FORCE)
    if found is None or found.get("identity") != identity(pid) or found.get("file") != digest(data):
        return None
    return found


def identity(pid: int) -> List[Any]:
    """What names one process for ever: [boot, pid, start]."""
    with open("/proc/sys/kernel/random/boot_id", "r") as stream:
        return [stream.read().strip(), pid, docker_unit.start_ticks(pid)]


def digest(data: Optional[bytes]) -> Optional[str]:
    """A file's digest, None for no file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def save(pid: int, data: Optional[bytes], pending: Sequence[str]) -> None:
    """Record that this process has these bytes in force, except what is pending."""
    journal.save(journal.IN_FORCE, {"identity": identity(pid), "file": digest(data), "pending": list(pending)})
