# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a packet filter, whoever wrote them, and what becomes of a packet that they come to. Pure."""

import ipaddress
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

IPTABLES, NFTABLES = "iptables", "nftables"
# What a Test looks at.
INTO, OUT, SOURCE, DESTINATION, PROTOCOL, PORT = "into", "out", "source", "destination", "protocol", "port"
STATE, BRIDGE_SET, OTHER = "state", "bridge_set", "other"
ACCEPT, DROP = "ACCEPT", "DROP"
_DROPPING = ("DROP", "REJECT")
_DEPTH = 32  # of chains in chains; iptables itself allows as many as there are


class Test(NamedTuple):
    """One condition of a rule. values: any of them fulfils it, or, where negated, none may."""

    what: str
    values: Tuple[str, ...] = ()
    negated: bool = False


class FilterRule(NamedTuple):
    """One rule. target: of its jump, "" for a rule that only counts; goto: whether the chain is left after the target's end."""

    target: str
    tests: Tuple[Test, ...] = ()
    goto: bool = False


Chains = Mapping[str, List[FilterRule]]


class PacketFilter(NamedTuple):
    """The rules of one family of addresses. backend: who holds them.

    forward, raw: chains that begin with FORWARD and PREROUTING; policies: of these two, "" where there is no such chain.
    """

    backend: str
    forward: Chains
    raw: Chains
    policies: Mapping[str, str]


class Packet(NamedTuple):
    """A new connection's first packet. Its port and everything else that is empty here are not known.

    into, out: interfaces, "" for one that is none of Docker's; source, destination: the network that the address lies in,
    None for an address outside of Docker's. bridges, subnets: Docker's own.
    """

    into: str
    out: str = ""
    source: Any = None
    destination: Any = None
    protocol: str = ""
    port: str = ""
    bridges: FrozenSet[str] = frozenset()
    subnets: Tuple[Any, ...] = ()


class Outcome(NamedTuple):
    """What becomes of a packet. verdict: ACCEPT, DROP, or "" where no rule decides; chain: of the rule that decides."""

    verdict: str
    chain: str = ""


def reached(chains: Chains, start: str) -> List[str]:
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
            if not rule.tests and (rule.target == ACCEPT or rule.target in _DROPPING):
                break
    return order


class Walker:
    """The way of packets through chains. skip: rules that are taken as absent.

    Rules for one address or interface are looked up by it, so that many networks cost no more than their own rules.
    """

    def __init__(self, chains: Chains, skip: Optional[Callable[[str, FilterRule], bool]] = None) -> None:
        self._chains = chains
        self._by_selector: Dict[str, Dict[Tuple[str, str], List[int]]] = {}
        for name, rules in chains.items():
            index: Dict[Tuple[str, str], List[int]] = {}
            for place, rule in enumerate(rules):
                if skip is None or not skip(name, rule):
                    index.setdefault(_selector(rule), []).append(place)
            self._by_selector[name] = index

    def walk(self, start: str, packet: Packet) -> Outcome:
        """Return what becomes of the packet in this chain. Only what is certain to match decides."""
        return (self._walk(start, packet, 0) if start in self._chains else None) or Outcome("")

    def _walk(self, chain: str, packet: Packet, depth: int) -> Optional[Outcome]:
        if depth > _DEPTH:
            return None
        for rule in self._candidates(chain, packet):
            matched = matches(rule, packet)
            if matched is not True:
                continue  # a rule for some of these packets is an exception, and opens or closes no network
            if rule.target == ACCEPT:
                return Outcome(ACCEPT, chain)
            if rule.target in _DROPPING:
                return Outcome(DROP, chain)
            if rule.target == "RETURN":
                return None
            if rule.target in self._chains:
                inside = self._walk(rule.target, packet, depth + 1)
                if inside or rule.goto:
                    return inside
        return None

    def _candidates(self, chain: str, packet: Packet) -> Iterator[FilterRule]:
        index, rules = self._by_selector[chain], self._chains[chain]
        keys = {("", ""), (INTO, packet.into), (OUT, packet.out)}
        if packet.destination is not None and packet.destination.num_addresses == 1:
            host = str(packet.destination.network_address)
            keys |= {(DESTINATION, host), (PORT, f"{host} {packet.port}")}
        places = [place for key in keys for place in index.get(key, ())]
        for place in sorted(places):
            yield rules[place]


def _selector(rule: FilterRule) -> Tuple[str, str]:
    """Return the one address, with its port, or interface that a packet needs to match; ("", "") where it may be any."""
    ports = [test.values[0] for test in rule.tests if test.what == PORT and not test.negated and len(test.values) == 1]
    for what in (DESTINATION, OUT, INTO):
        for test in rule.tests:
            if test.what == what and not test.negated and len(test.values) == 1:
                value = test.values[0]
                if what != DESTINATION and not value.endswith("+"):
                    return what, value
                if what == DESTINATION and value.partition("/")[2] in ("", "32", "128"):
                    host = value.partition("/")[0]
                    return (PORT, f"{host} {ports[0]}") if ports else (what, host)
    return "", ""


def matches(rule: FilterRule, packet: Packet) -> Optional[bool]:
    """Return whether the rule is for this packet, None where that is not certain."""
    certain = True
    for test in rule.tests:
        fulfilled = _fulfils(test, packet)
        if fulfilled is None:
            certain = False
        elif fulfilled is test.negated:
            return False
    return True if certain else None


def _fulfils(test: Test, packet: Packet) -> Optional[bool]:
    """Return whether it has one of the values, whatever `negated` says."""
    if test.what == STATE:
        return "NEW" in test.values
    if test.what in (INTO, OUT):
        return _any(_is_interface(value, getattr(packet, test.what)) for value in test.values)
    if test.what in (SOURCE, DESTINATION):
        return _any(_lies_in(getattr(packet, test.what), value, packet.subnets) for value in test.values)
    if test.what in (PROTOCOL, PORT):
        own = getattr(packet, test.what)
        return own in test.values if own else None
    if test.what == BRIDGE_SET:
        return packet.out in packet.bridges
    return None


def _any(answers: Iterable[Optional[bool]]) -> Optional[bool]:
    known = list(answers)
    if True in known:
        return True
    return None if None in known else False


def _is_interface(pattern: str, interface: str) -> bool:
    """An interface that is not known ("") is one that no rule names: what a rule says of a single one is an exception."""
    return interface.startswith(pattern[:-1]) if pattern.endswith("+") else pattern == interface


def _lies_in(address: Any, text: str, subnets: Sequence[Any]) -> Optional[bool]:
    """Return whether an address of this network lies in that one."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if network.prefixlen == 0:
        return True
    if address is None:
        return False if any(_within(network, subnet) for subnet in subnets) else None
    if _within(address, network):
        return True
    return None if _within(network, address) else False


def _within(inner: Any, outer: Any) -> bool:
    if inner.version != outer.version:
        return False
    return bool(outer.network_address <= inner.network_address and inner.broadcast_address <= outer.broadcast_address)
