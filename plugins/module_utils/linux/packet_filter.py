# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packet filter's rules as iptables-save prints them, and which of them a forwarded packet comes to."""

import os
import shlex
import subprocess
from typing import Dict, Iterable, Iterator, List, Mapping, NamedTuple, Set

_LIMIT = 16 * 1024 * 1024
_PATH = "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin"


class FilterRule(NamedTuple):
    """One rule. out: the interface that a packet must leave by, "" for any; target: of its jump; conditions: all but the jump."""

    out: str
    target: str
    conditions: int


def read_filter() -> bytes:
    """Return what iptables-save prints of the table filter. Raise OSError."""
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            ["iptables-save", "-t", "filter"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=30,
            env=dict(os.environ, LC_ALL="C", PATH=_PATH),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError("iptables-save did not answer within 30 s")
    if done.returncode != 0:
        raise OSError(f"iptables-save ends with status {int(done.returncode)}")
    return done.stdout


def parse_filter(data: bytes) -> Mapping[str, List[FilterRule]]:
    """Return the rules of each chain in their order. Raise ValueError for what iptables-save doesn't print."""
    if len(data) > _LIMIT:
        raise ValueError(f"the packet filter has more than {_LIMIT} bytes of rules")
    chains: Dict[str, List[FilterRule]] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        if line.startswith(":"):
            chains.setdefault(line[1:].partition(" ")[0], [])
        elif line.startswith("-A "):
            words = shlex.split(line)
            if len(words) < 2 or words[1] not in chains:
                raise ValueError(f"{line!r:.80} is a rule of no chain")
            chains[words[1]].append(_rule(words[2:]))
    return chains


def _rule(words: List[str]) -> FilterRule:
    out, target, end = "", "", len(words)
    for place, word in enumerate(words[:-1]):
        if word in ("-j", "-g"):
            target, end = words[place + 1], min(end, place)
        elif word == "-o" and (place == 0 or words[place - 1] != "!"):
            out = words[place + 1]
    return FilterRule(out, target, end)


def reached(chains: Mapping[str, List[FilterRule]], start: str) -> List[str]:
    """Return the chains that a packet may come to from this one, itself among them. What stands behind a rule without a
    condition that ends the way is not reached."""
    order: List[str] = []
    waiting: List[str] = [start]
    known: Set[str] = set()
    while waiting:
        chain = waiting.pop()
        if chain in known or chain not in chains:
            continue
        known.add(chain)
        order.append(chain)
        for rule in chains[chain]:
            waiting.append(rule.target)
            if rule.conditions == 0 and rule.target in ("ACCEPT", "DROP", "REJECT"):
                break
    return order


def accepts_all_before(chains: Mapping[str, List[FilterRule]], start: str, chain: str) -> str:
    """Return the chain in which a rule without a condition accepts everything before this chain is come to; "" if none does."""
    for rule in chains.get(start, ()):
        if rule.conditions == 0 and rule.target == "ACCEPT":
            return start
        if rule.target.startswith(chain):
            return ""
        inside = chains.get(rule.target, ()) if rule.conditions == 0 else ()
        if any(inner.conditions == 0 and inner.target == "ACCEPT" for inner in _until_return(inside)):
            return rule.target
    return ""


def _until_return(rules: Iterable[FilterRule]) -> Iterator[FilterRule]:
    for rule in rules:
        if rule.conditions == 0 and rule.target == "RETURN":
            return
        yield rule
