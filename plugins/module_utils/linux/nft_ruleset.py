# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse what nft -j prints of dockerd's own tables. Pure."""

import json
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    ACCEPT,
    DESTINATION,
    INTO,
    NFTABLES,
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

_TABLE = "docker-bridges"
# The chains that a packet comes to first, by the name that they have in iptables.
_STARTS = {"filter-FORWARD": "FORWARD", "raw-PREROUTING": "PREROUTING"}


def parse(data: bytes, family: str) -> PacketFilter:
    """Return the rules of dockerd's own table among what nft -j printed. Raise ValueError.

    moby: daemon/libnetwork/drivers/bridge/internal/nftabler (from 29.0 on)
    """
    chains: Dict[str, List[FilterRule]] = {}
    policies = dict.fromkeys(_STARTS.values(), "")
    items = _items(data, family)
    maps = {item["name"]: item.get("elem") or () for kind, item in items if kind == "map"}
    for kind, item in items:
        if kind == "chain":
            name = _STARTS.get(item["name"], item["name"])
            chains.setdefault(name, [])
            if item.get("hook") and name in policies:
                policies[name] = str(item.get("policy", ACCEPT)).upper()
    for kind, item in items:
        if kind == "rule":
            chain = _STARTS.get(item["chain"], item["chain"])
            if chain not in chains:
                raise ValueError(f"{chain!r:.80} has a rule and is no chain")
            chains[chain].extend(_rules(item.get("expr") or (), maps))
    return PacketFilter(NFTABLES, chains, chains, policies)


def _items(data: bytes, family: str) -> List[Tuple[str, Mapping[str, Any]]]:
    try:
        listed = json.loads(data.decode("utf-8", "replace"))["nftables"]
        items = []
        for item in listed:
            for kind, value in item.items():
                if kind in ("chain", "map", "rule") and value["family"] == family and value["table"] == _TABLE:
                    if not isinstance(value["chain" if kind == "rule" else "name"], str):
                        raise ValueError
                    items.append((kind, value))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ValueError("nft -j printed no ruleset")
    return items


def _rules(expressions: Any, maps: Mapping[str, Any]) -> Iterator[FilterRule]:
    """One rule, or one for each element of a map of jumps."""
    tests: List[Test] = []
    for expression in expressions if isinstance(expressions, list) else ():
        (kind, value), *more = expression.items() if isinstance(expression, dict) and expression else [("", None)]
        if kind == "match":
            tests.extend(_tests(value))
        elif kind in ("accept", "drop", "reject", "return"):
            yield FilterRule(kind.upper(), tuple(tests))
            return
        elif kind in ("jump", "goto"):
            yield FilterRule(_text(value, "target"), tuple(tests), kind == "goto")
            return
        elif kind == "vmap":
            yield from _jumps(value, tests, maps)
            return
        elif kind not in ("counter", "log", "comment") or more:
            tests.append(Test(OTHER))
    yield FilterRule("", tuple(tests))


def _jumps(value: Any, tests: List[Test], maps: Mapping[str, Any]) -> Iterator[FilterRule]:
    what = _what(value.get("key") if isinstance(value, dict) else None)
    elements = maps.get(_text(value, "data").lstrip("@"), ())
    for element in elements if isinstance(elements, list) else ():
        if isinstance(element, list) and len(element) == 2 and isinstance(element[0], str):
            for rule in _rules([element[1]], {}):
                yield rule._replace(tests=(*tests, Test(what, (element[0],))))


def _tests(value: Any) -> Iterator[Test]:
    """A comparison. That of a port also says the protocol."""
    if not isinstance(value, dict):
        yield Test(OTHER)
        return
    what, right = _what(value.get("left")), value.get("right")
    if isinstance(right, dict):
        right = right.get("set")
    values = right if isinstance(right, list) else [right]
    operator = value.get("op")
    if operator not in ("==", "!=", "in") or not all(isinstance(item, (str, int)) for item in values):
        yield Test(OTHER)
        return
    texts = tuple(str(item).upper() if what == STATE else str(item) for item in values)
    yield Test(OTHER if any(text.startswith("@") for text in texts) else what, texts, operator == "!=")
    if what == PORT:
        yield Test(PROTOCOL, (_text(value["left"]["payload"], "protocol"),))


def _what(operand: Any) -> str:
    """The Test.what of the left side of a comparison."""
    key: Optional[Tuple[str, str]] = None
    if isinstance(operand, dict):
        for kind, name in (("meta", "key"), ("ct", "key"), ("payload", "field")):
            if isinstance(operand.get(kind), dict):
                key = (kind, _text(operand[kind], name))
    return {
        ("meta", "iifname"): INTO,
        ("meta", "oifname"): OUT,
        ("meta", "l4proto"): PROTOCOL,
        ("ct", "state"): STATE,
        ("payload", "saddr"): SOURCE,
        ("payload", "daddr"): DESTINATION,
        ("payload", "dport"): PORT,
        ("payload", "protocol"): PROTOCOL,
    }.get(key or ("", ""), OTHER)


def _text(value: Any, key: str) -> str:
    text = value.get(key) if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""
