# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses the kernel's tables of sockets. Pure; ValueError for what no kernel writes."""

import re
from typing import List, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import numbers

LISTENING = 0x10000  # linux: net/unix/af_unix.c shows __SO_ACCEPTCON as this flag
_SOCKET_ADDRESS = re.compile(rb"([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\Z")


def listening_tcp(data: bytes) -> List[Tuple[str, int, int]]:
    """(hexadecimal address, port, socket inode) of each listening socket in /proc/<pid>/net/tcp or tcp6."""
    found = []
    for line in data.split(b"\n")[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == b"0A":
            match = _SOCKET_ADDRESS.match(fields[1])
            if not match:
                raise ValueError(f"{fields[1]!r:.80} is no address of a socket")
            found.append((match.group(1).decode("ascii"), int(match.group(2), 16), numbers(fields[9], 1)[0]))
    return found


def listening_abstract(data: bytes) -> List[str]:
    """The names of the listening abstract sockets in /proc/<pid>/net/unix, without the @ that the kernel shows."""
    found = []
    for line in data.split(b"\n")[1:]:
        fields = line.split(None, 7)
        if len(fields) == 8 and fields[7].startswith(b"@") and int(fields[3], 16) & LISTENING:
            found.append(fields[7][1:].decode("utf-8", "backslashreplace"))
    return found
