# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects who a container talks to: the connected sockets of its network namespace. Reads /proc only."""

from typing import Dict, Iterator, List

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import (
    Gone,
    ProcessHandle,
    open_living_member,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import (
    Connection,
    connected,
    in_use,
)

TABLES = ("tcp", "tcp6", "udp", "udp6")


def read(container_id: str, pid: int) -> List[Connection]:
    """Return the connections in which its side did not listen, each once. pid: its first process. Raise Unreadable."""
    try:
        with open_living_member(container_id, pid) as process:
            return sorted(set(_read(process)))
    except (OSError, Gone, ValueError) as error:
        raise Unreadable(f"its connections can't be read: {error}")


def _read(process: ProcessHandle) -> Iterator[Connection]:
    counts = _in_use(process)
    for table in TABLES:
        if counts.get(table) == 0:
            continue  # for a table the kernel walks the sockets of all namespaces, milliseconds for nothing
        try:
            data = process.read("net/" + table, bounded_file.SHORT_RECORDS)
        except FileNotFoundError:
            continue  # a kernel without IPv6
        yield from connected(data, table.rstrip("6"))


def _in_use(process: ProcessHandle) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for name in ("sockstat", "sockstat6"):
        try:
            counts.update(in_use(process.read("net/" + name)))
        except FileNotFoundError:
            continue
    return counts
