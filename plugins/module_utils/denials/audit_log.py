# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the files that auditd writes, and whether it runs. I/O only."""

import os
import re
from typing import Iterator, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.denials import avc

LOG = "/var/log/audit/audit.log"
_SETTINGS = "etc/audit/auditd.conf"
_PID_FILES = ("run/auditd.pid", "var/run/auditd.pid")
_NEWEST = 99  # audit: num_logs is at most 999; older ones than these are older than any useful time
_TOTAL = 512 * 1024 * 1024
_LOG_FILE = re.compile(rb"^[ \t]*log_file[ \t]*=[ \t]*(/[^\s]+)[ \t]*$", re.MULTILINE | re.IGNORECASE)


class Log(NamedTuple):
    """files: newest first; begins: the time of the oldest record, None without one; rotated: older ones are gone."""

    path: str
    files: List[str]
    begins: Optional[float]
    rotated: bool
    reason: str = ""


def find_files(root: str = "/") -> Log:
    """Find the files of the log that auditd is configured to write. Never raises: reason says what can't be read."""
    path = read_log_path(root)
    first = _below(root, path)
    files = [name for name in [first] + [f"{first}.{int(n)}" for n in range(1, _NEWEST)] if os.path.isfile(name)]
    if not files:
        return Log(path, [], None, False)
    try:
        begins, fresh = _beginning(files[-1])
    except OSError as error:
        return Log(path, [], None, True, f"{path}: {error.strerror}")
    return Log(path, files, begins, not fresh)


def read_log_path(root: str = "/") -> str:
    """Read the path of auditd's log from its settings."""
    try:
        match = _LOG_FILE.search(bounded_file.read(os.path.join(root, _SETTINGS), 65536))
    except (OSError, ValueError):
        match = None
    return match.group(1).decode("utf-8", "surrogateescape") if match else LOG


def is_running(root: str = "/") -> bool:
    """Say whether auditd takes the kernel's records, by its pid file and the name of that process."""
    for name in _PID_FILES:
        try:
            pid = int(bounded_file.read(os.path.join(root, name), 32))
            if bounded_file.read(os.path.join(root, f"proc/{int(pid)}/comm"), 64).strip() == b"auditd":
                return True
        except (OSError, ValueError):
            continue
    return False


def read_lines(log: Log, since: float) -> Iterator[bytes]:
    """Read the lines of all files that can have records since then, oldest first, each bounded. OSError."""
    wanted = []
    for name in log.files:
        wanted.append(name)
        begins = _beginning(name)[0]
        if begins is not None and begins < since:
            break  # older files have only older records
    total = 0
    for name in reversed(wanted):
        with open(name, "rb") as stream:
            while True:
                line = stream.readline(avc.LINE_LIMIT)
                total += len(line)
                if not line:
                    break
                if total > _TOTAL:
                    raise OSError(27, f"more than {int(_TOTAL)} bytes of records")
                yield line


def _beginning(name: str) -> Tuple[Optional[float], bool]:
    """Read (time of the first record, whether auditd's start is that record)."""
    with open(name, "rb") as stream:
        for _count in range(100):
            known = avc.parse_log_line(stream.readline(avc.LINE_LIMIT))
            when = avc.parse_stamp(known[1]) if known else None
            if known and when:
                return when.time, known[0] == "DAEMON_START"
    return None, False


def _below(root: str, path: str) -> str:
    return path if root == "/" else os.path.join(root, path.lstrip("/"))
