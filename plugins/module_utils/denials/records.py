# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read all denials since a time that the kernel's audit kept, and say what may be missing. I/O only."""

import datetime
import os
from typing import Callable, Iterator, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.denials import audit_log, avc, kernel_log
from ansible_collections.containment.docker.plugins.module_utils.denials import groups as denial_groups
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl


class Read(NamedTuple):
    """source: where they were found; reason: why not all may be known, "" where they are."""

    groups: List[denial_groups.Group]
    source: str
    reason: str


def parse_since(text: str, now: float, root: str = "/") -> float:
    """Convert `boot`, `2026-08-01T04:00:00Z` or a number to seconds since the epoch. ValueError."""
    if text == "boot":
        return read_boot_time(root)
    try:
        when = float(text)
    except ValueError:
        try:
            read = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            raise ValueError(f"since: {text!r} is neither boot, nor like 2026-08-01T04:00:00Z, nor seconds since 1970")
        when = (read - datetime.datetime(1970, 1, 1)).total_seconds()
    if not 0 <= when <= now:
        raise ValueError(f"since: {text} is not in the past")
    return when


def read_boot_time(root: str = "/") -> float:
    """Read when the kernel started, in seconds since the epoch. ValueError."""
    path = os.path.join(root, "proc/stat")
    try:
        for line in bounded_file.read(path, 16 * 1024 * 1024).split(b"\n"):
            if line.startswith(b"btime "):
                return float(int(line.split()[1]))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}")
    raise ValueError(f"{path} has no btime")


def read_services_start() -> float:
    """Read when, in seconds after the boot, systemd began with ordinary services as Docker's; 0 if unknown."""
    try:
        answer = systemctl.systemctl(["show", "--property=ActiveEnterTimestampMonotonic", "--", "sysinit.target"])
        return int(answer.strip().partition("=")[2]) / 1e6
    except (systemctl.SystemdError, ValueError):
        return 0.0


def read_denials(
    begin: float,
    chosen: Callable[[avc.Avc], bool],
    root: str = "/",
    ring: Callable[[], kernel_log.Ring] = kernel_log.read_messages,
    ready: Callable[[], float] = read_services_start,
) -> Read:
    """Read the denials since `begin` that are chosen. Never raises for what the host lacks: the reason says it."""
    log, kernel = audit_log.find_files(root), ring()
    failed: List[str] = []

    def records() -> Iterator[Tuple[str, bytes]]:
        try:
            for line in audit_log.read_lines(log, begin):
                known = avc.parse_log_line(line)
                if known:
                    yield known
        except OSError as error:
            failed.append(f"{log.path}: {error.strerror}")
        for line in kernel.lines:
            record = avc.parse_ring_line(line)
            if record:
                yield "AVC", record

    grouped = denial_groups.group_denials(records(), begin, chosen)
    auditd = audit_log.is_running(root)
    reasons = failed + [log.reason] + [_missing(begin, log, auditd, kernel, read_boot_time(root), ready), _off(root)]
    if grouped.foreign:
        reasons.append(f"{int(grouped.foreign)} records of denials could not be understood")
    if grouped.left_out:
        reasons.append(f"{int(grouped.left_out)} more denials are not shown")
    sources = ([log.path] if log.files else []) + ([kernel.source] if not kernel.reason else [])
    return Read(grouped.groups, " and ".join(sources), "; ".join(reason for reason in reasons if reason))


def _missing(
    begin: float, log: audit_log.Log, auditd: bool, kernel: kernel_log.Ring, booted: float, ready: Callable[[], float]
) -> str:
    """Explain why denials since then may be in neither log, "" where they can't be. Pure."""
    kept = kernel.whole and not kernel.left_out
    if auditd:
        if not log.files:
            return log.reason or f"auditd runs, and writes no {log.path}"
        if log.begins is not None and log.begins <= begin:
            return ""
        if log.rotated or log.begins is None:
            return f"{log.path} does not reach back so far"
        if begin < booted - 1:
            return "auditd was not there so early"
        if kept or log.begins < booted + 1 + ready():  # the boot is told in whole seconds
            return ""  # until auditd was there the ring had them, or no container was there before
        return _why_not(kernel)
    if begin < booted - 1 and not (log.begins is not None and log.begins <= begin):
        return "auditd does not run, and the kernel tells only what was since the boot"
    return "" if kept else f"auditd does not run, and {_why_not(kernel)}"


def _why_not(kernel: kernel_log.Ring) -> str:
    if kernel.reason:
        return kernel.reason
    if kernel.left_out:
        return "the kernel left some of its messages out"
    return f"{kernel.source} has lost the messages of the boot's beginning"


def _off(root: str) -> str:
    try:
        words = bounded_file.read(os.path.join(root, "proc/cmdline"), 65536).split()
    except (OSError, ValueError):
        return ""
    return "audit=0 on the kernel's command line: no denial is ever told" if b"audit=0" in words else ""
