# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse what iptables-save and ip6tables-save print. Pure."""

import shlex
from typing import Dict, List

from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    BRIDGE_SET,
    DESTINATION,
    INTO,
    IPTABLES,
    OTHER,
    OUT,
    PORT,
    PROTOCOL,
    SOURCE,
    STATE,
    FilterRule,
    PacketFilter,
    Test,
)

# The table, and the chain of it that a packet comes to first.
STARTS = {"filter": "FORWARD", "raw": "PREROUTING"}
_VALUE_OF = {
    "-i": INTO,
    "-o": OUT,
    "-s": SOURCE,
    "-d": DESTINATION,
    "-p": PROTOCOL,
    "--dport": PORT,
    "--ctstate": STATE,
    "--state": STATE,
}
# Modules that are no condition by themselves: their options are.
_PLAIN_MODULES = ("comment", "conntrack", "state", "tcp", "udp", "sctp", "set")


def parse(data: bytes) -> PacketFilter:
    """Return the rules that iptables-save printed. Raise ValueError for what it doesn't print."""
    tables: Dict[str, Dict[str, List[FilterRule]]] = {"filter": {}, "raw": {}}
    policies = dict.fromkeys(STARTS.values(), "")
    table = "filter"
    for line in data.decode("utf-8", "replace").split("\n"):
        if line.startswith("*"):
            table = line[1:].strip()
        chains = tables.get(table)
        if chains is None:
            continue
        if line.startswith(":"):
            name, _space, rest = line[1:].partition(" ")
            chains.setdefault(name, [])
            if name == STARTS[table]:
                policies[name] = rest.partition(" ")[0]
        elif line.startswith("-A "):
            words = shlex.split(line) if '"' in line or "\\" in line else line.split()
            if len(words) < 2 or words[1] not in chains:
                raise ValueError(f"{line!r:.80} is a rule of no chain")
            chains[words[1]].append(_rule(words[2:]))
    return PacketFilter(IPTABLES, tables["filter"], tables["raw"], policies)


def _rule(words: List[str]) -> FilterRule:
    tests: List[Test] = []
    negated = False
    waiting = iter(words)
    for word in waiting:
        if word == "!":
            negated = True
            continue
        if word in ("-j", "-g"):
            return FilterRule(next(waiting, ""), tuple(tests), word == "-g")
        if word in _VALUE_OF:
            value = next(waiting, "")
            values = tuple(value.split(",")) if word in ("--ctstate", "--state") else (value,)
            tests.append(Test(_VALUE_OF[word], values, negated))
        elif word == "-m":
            if next(waiting, "") not in _PLAIN_MODULES:
                tests.append(Test(OTHER))
        elif word == "--comment":
            next(waiting, "")
        elif word == "--match-set":
            # moby: 28.0 jumps to its chain for its own set of bridges
            dockers = next(waiting, "").startswith("docker-ext-bridges-v") and next(waiting, "") == "dst"
            tests.append(Test(BRIDGE_SET if dockers else OTHER, (), negated))
        elif word.startswith("-"):
            tests.append(Test(OTHER))
        negated = False
    return FilterRule("", tuple(tests))
