# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses the kernel's table of routes. Pure."""

import re
from typing import FrozenSet, List

_LEAF = re.compile(r"\|-- ([0-9.]{7,15})\Z")


def local_addresses(data: bytes) -> FrozenSet[str]:
    """Return the host's own IPv4 addresses out of /proc/net/fib_trie. linux: net/ipv4/fib_trie.c, fib_trie_seq_show."""
    addresses: List[str] = []
    leaf = ""
    for line in data.decode("ascii", "replace").split("\n"):
        match = _LEAF.search(line)
        if match:
            leaf = match.group(1)
        elif leaf and line.strip() == "/32 host LOCAL":
            addresses.append(leaf)
    return frozenset(addresses)
