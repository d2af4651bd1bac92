# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bridge networks of an engine, and which packets its rules keep from each. Pure.

moby: daemon/libnetwork/drivers/bridge/bridge_linux.go, internal/iptabler/network.go, internal/nftabler/network.go; up to 27
libnetwork/drivers/bridge/setup_ip_tables_linux.go
"""

import ipaddress
from typing import Any, FrozenSet, Iterable, Iterator, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import Packet

FAMILIES = {"ip": "packet_filter", "ip6": "packet_filter6"}  # family -> key of the evidence
USER_CHAIN = "DOCKER-USER"  # for rules of the site's own, which Docker keeps
UNPROTECTED, ROUTED = "nat-unprotected", "routed"
_OPTION = "com.docker.network.bridge."
_VERSION = {"ip": 4, "ip6": 6}
_ENABLED = {"ip": ("EnableIPv4", True), "ip6": ("EnableIPv6", False)}


class Bridge(NamedTuple):
    """A network in one family of addresses. mode: its gateway_mode; subnet: an ipaddress network, None where it says none."""

    id: str
    name: str
    interface: str
    subnet: Any
    internal: bool
    icc: bool
    mode: str


class Question(NamedTuple):
    """A packet that has to be dropped. keeps: what from what, for a message."""

    packet: Packet
    keeps: str


def list_bridges(networks: Iterable[Mapping[str, Any]], family: str) -> List[Bridge]:
    """Return the bridge networks that have addresses of this family, from GET /networks."""
    key, default = _ENABLED[family]
    bridges = []
    for network in networks:
        options = network.get("Options") or {}
        enabled = network.get(key)
        if not (default if enabled is None else enabled):
            continue
        bridges.append(
            Bridge(
                id=network["Id"],
                name=inert(network["Name"], 100),
                interface=options.get(_OPTION + "name") or f"br-{network['Id'][:12]}",
                subnet=_subnet(network, family),
                internal=bool(network.get("Internal")),
                icc=options.get(_OPTION + "enable_icc") != "false",
                mode=options.get(f"{_OPTION}gateway_mode_ipv{_VERSION[family]}") or "nat",
            )
        )
    return bridges


def _subnet(network: Mapping[str, Any], family: str) -> Any:
    for item in (network.get("IPAM") or {}).get("Config") or ():
        try:
            subnet = ipaddress.ip_network(item.get("Subnet") or "", strict=False)
        except ValueError:
            continue
        if subnet.version == _VERSION[family]:
            return subnet
    return None


def read_address(text: str) -> Any:
    """Return an address as a network of one; None for any other text."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def list_own(bridges: Sequence[Bridge]) -> Tuple[FrozenSet[str], Tuple[Any, ...]]:
    """Return (the interfaces, the subnets) of these, as a Packet has them."""
    subnets = tuple(bridge.subnet for bridge in bridges if bridge.subnet is not None)
    return frozenset(bridge.interface for bridge in bridges), subnets


def from_outside(bridge: Bridge, own: Tuple[FrozenSet[str], Tuple[Any, ...]]) -> Packet:
    """Return the packet of another machine to a port of this network that is not published."""
    return Packet("", bridge.interface, None, bridge.subnet, bridges=own[0], subnets=own[1])


def list_questions(bridges: Sequence[Bridge], closes_outside: bool) -> Iterator[Question]:
    """Yield what dockerd's own rules drop. closes_outside: whether they do so to what comes from other machines (from 28.0 on;
    before it the policy of FORWARD did).

    Each network is asked once as the source and once as the target of another, so that many cost a few packets each.
    """
    own = list_own(bridges)
    for place, bridge in enumerate(bridges):
        if bridge.internal or (closes_outside and bridge.mode != UNPROTECTED):
            yield Question(from_outside(bridge, own), f"other machines from the network {_quote(bridge)}")
        if bridge.internal:
            packet = Packet(bridge.interface, "", bridge.subnet, None, bridges=own[0], subnets=own[1])
            yield Question(packet, f"the internal network {_quote(bridge)} from other machines")
        if not bridge.icc:
            packet = _between(bridge, bridge, own)
            yield Question(packet, f"the containers of the network {_quote(bridge)} from each other")
        other = bridges[(place + 1) % len(bridges)]
        routed = not closes_outside and ROUTED in (bridge.mode, other.mode)
        if other is not bridge and other.mode != UNPROTECTED and not routed:
            packet = _between(bridge, other, own)
            yield Question(packet, f"the network {_quote(bridge)} from the network {_quote(other)}")


def _between(source: Bridge, target: Bridge, own: Tuple[FrozenSet[str], Tuple[Any, ...]]) -> Packet:
    return Packet(source.interface, target.interface, source.subnet, target.subnet, bridges=own[0], subnets=own[1])


def _quote(bridge: Bridge) -> str:
    return f"{bridge.name} ({inert(bridge.interface, 40)})"


def read_settings(evidence: Evidence) -> Tuple[Mapping[str, Any], str]:
    """Return (what the daemon was started with, ""), or ({}, why that is not known).

    That is so after each change of daemon.json, as after a restart that had live-restore on for its own time. What the kernel
    holds is evidence all the same.
    """
    try:
        return evidence["running"], ""
    except Unreadable as reason:
        return {}, str(reason)


def filters_ipv6(settings: Mapping[str, Any], version: Tuple[int, int]) -> bool:
    """Return whether dockerd makes rules for IPv6; before 27.0 it does not by itself."""
    value = settings.get("ip6tables")
    return version >= (27, 0) if value is None else value is True
