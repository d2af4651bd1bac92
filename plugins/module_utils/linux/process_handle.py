# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens processes of containers by their directory in /proc. I/O only, and follows nothing a container controls.

A pid alone names another process as soon as the first has ended. What is read through an open directory is always of the
process that it was opened for.
"""

import os
from typing import Any, Dict, List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import process_end, procfs, tasks

# mountinfo is as long as a container likes to make it; the kernel's own limit is 100,000 mounts a namespace.
READ_LIMIT = 16 * 1024 * 1024
_STAT_LIMIT = 65536


class Gone(Exception):
    """The process ended, or its pid belongs to another container now."""


class ProcessHandle:
    """An open /proc/<pid>; a context manager that closes it.

    directory: its descriptor, for the `dir_fd` of os functions. cgroup: what open_member read of it. pid may be a
    thread's id: /proc shows each by its own.
    """

    def __init__(self, pid: int) -> None:
        """Open it. Raise Gone."""
        self.pid = pid
        self.cgroup = b""
        try:
            self.directory = os.open(f"/proc/{int(pid)}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise Gone(f"/proc/{int(pid)}: {error.strerror}")
        self.closed = False

    def __enter__(self) -> "ProcessHandle":
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the directory; a second time does nothing."""
        if not self.closed:
            self.closed = True
            os.close(self.directory)

    def read(self, name: str, end: int = 0) -> bytes:
        """Return the bytes of a file below it. Raise OSError; ValueError where it is longer than READ_LIMIT.

        end: as bounded_file.read has it.
        """
        return bounded_file.read(name, READ_LIMIT, self.directory, end=end)

    def task(self) -> procfs.Task:
        """Return who it is by its stat. Raise OSError, ValueError."""
        return procfs.parse_task(self.read("stat", bounded_file.ONE_RECORD))

    def namespaces(self) -> Dict[str, str]:
        """Return the identity of each namespace, as {"net": "net:[4026531840]"}. Raise OSError."""
        return {name: os.readlink("ns/" + name, dir_fd=self.directory) for name in tasks.NAMESPACES}

    def has_namespaces(self) -> bool:
        """Tell whether its first thread has not ended; True where that can't be told."""
        return process_end.has_namespaces("", self.directory)


def open_member(container: str, pid: int) -> ProcessHandle:
    """Open a process that its control group names as the container's. Raise Gone."""
    process = ProcessHandle(pid)
    try:
        process.cgroup = process.read("cgroup", bounded_file.ONE_RECORD)
        if procfs.container_in(process.cgroup, frozenset((container,))) == container:
            return process
        reason = f"the cgroup of process {int(pid)} does not name the container"
    except OSError as error:
        reason = f"/proc/{int(pid)}/cgroup: {error.strerror}"
    except ValueError as error:
        reason = str(error)
    process.close()
    raise Gone(reason)


def open_living_member(container: str, pid: int) -> ProcessHandle:
    """Open as open_member; where the first thread has ended, one that goes on: the first has no namespaces any more."""
    process = open_member(container, pid)
    thread = None if process.has_namespaces() else living_thread(pid)
    if not thread:
        return process
    try:
        living = open_member(container, thread)
    except Gone:
        return process
    process.close()
    return living


def open_started_at(pid: int, start: int) -> ProcessHandle:
    """Open a process that its control group does not name any more, by the clock tick at which it started. Raise Gone."""
    process = ProcessHandle(pid)
    try:
        if process.task().start == start:
            return process
        reason = f"process {int(pid)} is another one now"
    except (OSError, ValueError) as error:
        reason = f"/proc/{int(pid)}/stat: {error}"
    process.close()
    raise Gone(reason)


def living_thread(pid: int) -> Optional[int]:
    """Return the id of a thread that goes on where the first one has ended, by which /proc shows it too; or None.

    The first one stays a zombie until the last has ended, without namespaces and, under version 1, without its cgroup:
    a process could hide behind it.
    """
    for thread in thread_ids(pid):
        if thread != pid and process_end.has_namespaces(f"/proc/{int(thread)}/"):
            return thread
    return None


def start_ticks(pid: int) -> int:
    """Return when a process was started, in clock ticks after boot. Raise OSError, ValueError.

    No two processes of the same pid have the same.
    """
    return procfs.parse_task(bounded_file.read(f"/proc/{int(pid)}/stat", _STAT_LIMIT)).start


def thread_ids(pid: int) -> List[int]:
    """Return the ids of its threads, the first one first whatever its id is; [] if there is no such process."""
    try:
        ids = map(int, os.listdir(f"/proc/{int(pid)}/task"))
    except OSError:
        return []
    return sorted(ids, key=lambda thread: (thread != pid, thread))
