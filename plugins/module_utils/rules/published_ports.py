# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other machines reach the ports that containers publish, where they publish them, and nothing else."""

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    ACCEPT,
    DROP,
    Packet,
    PacketFilter,
    Walker,
    reached,
)
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import bridges as bridge_networks
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.bridges import USER_CHAIN, Bridge

_MOST_SHOWN = 4
_DIRECT_ROUTING = (28, 2)  # that has the setting
_DROPS_ITSELF = (28, 0)
_EVERY_ADDRESS = ("0.0.0.0", "::")


def _kernel(evidence: Evidence) -> Optional[Verdict]:
    settings, unknown = bridge_networks.read_settings(evidence)
    if settings.get("iptables", True) is not True:
        return None  # the rule iptables says that
    networks, version = evidence["networks"], engine_info.version(evidence["info"])
    problems: List[str] = []
    count = 0
    for family, key in bridge_networks.FAMILIES.items():
        bridges = bridge_networks.list_bridges(networks, family)
        if bridges:
            count += len(bridges) if family == "ip" else 0
            filtered = family == "ip" or bridge_networks.filters_ipv6(settings, version)
            problems += _open(evidence[key], bridges, family, filtered, version)
            problems += _without_user_rules(evidence[key], family)
    if not count and not problems:
        return Verdict(True, "the engine has no bridge network")
    if settings.get("allow-direct-routing", False) is not False:
        problems.append(
            "allow-direct-routing is true: other machines reach published ports at the containers' own addresses, also those "
            "that are published for one address of this host alone"
        )
    endpoints = evidence["endpoints"]
    bridges = bridge_networks.list_bridges(networks, "ip")
    problems += _open_loopback(evidence["packet_filter"], bridges, endpoints, version)
    everywhere = _everywhere(endpoints)
    if problems:
        more = f"; and {len(problems) - _MOST_SHOWN} more" if len(problems) > _MOST_SHOWN else ""
        return Verdict(False, "; ".join(problems[:_MOST_SHOWN]) + more + everywhere)
    if unknown and version >= _DIRECT_ROUTING:
        return Verdict(None, f"whether allow-direct-routing is set is not known: {unknown}")
    return Verdict(True, f"other machines reach only published ports of {count} bridge networks{everywhere}")


def _open(
    packet_filter: PacketFilter, bridges: Sequence[Bridge], family: str, filtered: bool, version: Tuple[int, int]
) -> Iterable[str]:
    """The networks of which other machines reach every port, one clause each."""
    walker = Walker(packet_filter.forward)
    own = bridge_networks.list_own(bridges)
    by_reason: Dict[str, List[str]] = {}
    for bridge in bridges:
        reason = _reason(walker, packet_filter, bridge_networks.from_outside(bridge, own), filtered, version)
        if bridge.mode == bridge_networks.UNPROTECTED:
            reason = f"gateway_mode {bridge.mode} asks for that"
        if reason:
            by_reason.setdefault(reason, []).append(bridge.name)
    suffix = " by IPv6" if family == "ip6" else ""
    for reason, names in by_reason.items():
        more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
        networks = f"{'network' if len(names) == 1 else 'networks'} {', '.join(names[:_MOST_SHOWN])}{more}"
        yield f"other machines reach every port of the {networks}{suffix}: {reason}"


def _without_user_rules(packet_filter: PacketFilter, family: str) -> Iterable[str]:
    """Rules of the site's own that no packet comes to: after a flush, engines before 28 don't always write the jump anew."""
    own = [rule for rule in packet_filter.forward.get(USER_CHAIN, ()) if rule.target not in ("", "RETURN")]
    if own and USER_CHAIN not in reached(packet_filter.forward, "FORWARD"):
        program = "ip6tables" if family == "ip6" else "iptables"
        count = f"{len(own)} {'rule' if len(own) == 1 else 'rules'}"
        remedy = f"{program} -I FORWARD -j {USER_CHAIN}"
        yield f"{USER_CHAIN} has {count} out of force, as nothing in FORWARD leads there: {remedy} does"


def _reason(
    walker: Walker, packet_filter: PacketFilter, packet: Packet, filtered: bool, version: Tuple[int, int]
) -> str:
    """Why the packet is let through, "" where it is dropped. filtered: whether dockerd makes rules of this family."""
    outcome = walker.walk("FORWARD", packet)
    if (outcome.verdict or packet_filter.policies.get("FORWARD") or ACCEPT) == DROP:
        return ""
    if outcome.chain:
        return f"{inert(outcome.chain, 60)} accepts every packet to it"
    if not filtered:
        return "dockerd runs without ip6tables, and FORWARD of ip6tables accepts what no rule drops"
    relied = ", on which engines before 28.0 rely" if version < _DROPS_ITSELF else ""
    return f"no rule drops it, and FORWARD accepts by its policy{relied}"


def _open_loopback(
    packet_filter: PacketFilter, bridges: Sequence[Bridge], endpoints: Sequence[Endpoints], version: Tuple[int, int]
) -> Iterable[str]:
    """The ports published on loopback that neighbours in the network reach: by loopback's address, as DNAT comes before the
    check of it, or by the container's own."""
    raw, forward = Walker(packet_filter.raw), Walker(packet_filter.forward)
    by_id = {bridge.id: bridge for bridge in bridges}
    own = bridge_networks.list_own(bridges)
    names: List[str] = []
    for endpoint in endpoints:
        for port in endpoint.ports:
            address = _loopback(port.address)
            if address is None:
                continue
            packet = Packet("", "", None, address, port.protocol, str(port.port))
            by_loopback = raw.walk("PREROUTING", packet).verdict != DROP
            passes = False
            for network, text in endpoint.addresses:
                bridge, inside = by_id.get(network), _ipv4(text)
                if bridge is None or inside is None:
                    continue
                # as it goes on to the container: by DNAT from loopback, or addressed to it
                packet = Packet("", bridge.interface, None, inside, port.protocol, str(port.inside), own[0], own[1])
                verdict = forward.walk("FORWARD", packet).verdict or packet_filter.policies.get("FORWARD")
                if verdict != DROP and (by_loopback or raw.walk("PREROUTING", packet).verdict != DROP):
                    passes = True
            if passes:
                names.append(f"{endpoint.name} {port.port}/{inert(port.protocol, 10)}")
    if names:
        first = ", ".join(names[:_MOST_SHOWN])
        age = ", as Docker itself makes them from 28.0 on" if version < _DROPS_ITSELF else ""
        yield (
            f"neighbours reach ports that are published on loopback ({first}): raw PREROUTING lacks rules that drop what comes "
            f"from other interfaces for loopback and for the containers' own addresses{age}"
        )


def _loopback(text: str) -> Any:
    network = _ipv4(text)
    return network if network is not None and network.network_address.is_loopback else None


def _ipv4(text: str) -> Any:
    network = bridge_networks.read_address(text)
    return network if network is not None and network.version == 4 else None


def _everywhere(endpoints: Sequence[Endpoints]) -> str:
    """The ports that every address of the host leads to, which no rule of INPUT (ufw, a zone of firewalld) holds back."""
    ports: Mapping[str, None] = dict.fromkeys(
        f"{endpoint.name} {port.port}/{inert(port.protocol, 10)}"
        for endpoint in endpoints
        for port in endpoint.ports
        if port.address in _EVERY_ADDRESS
    )
    if not ports:
        return ""
    names = list(ports)
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return f"; published on every address of the host: {', '.join(names[:_MOST_SHOWN])}{more}"


RULE = Rule(
    id="published-ports",
    title="Other machines reach only the ports that are published, where they are published",
    severity="high",
    weakness={"daemon": "other machines reach ports of containers that were not published for them"},
    rationale=(
        "A port that no container publishes, or that one publishes on 127.0.0.1, is meant for this host alone. It is open to "
        "whoever can send a packet here where DOCKER-USER accepts everything, where a network is made with gateway_mode "
        "nat-unprotected, where allow-direct-routing is set, where IPv6 is not filtered, where nothing leads to the rules in "
        "DOCKER-USER any more, and on engines before 28.0 where the "
        "policy of FORWARD is ACCEPT or a port is published on loopback. Ports that are published on every address are named: "
        "rules for INPUT, as of ufw, don't hold them back."
    ),
    remediation=(
        "In DOCKER-USER accept only what is meant, with a condition. Make networks without gateway_mode nat-unprotected. Take "
        "allow-direct-routing out of daemon.json. Before 28.0 set the policy of FORWARD to DROP, and drop what comes from other "
        "interfaces for loopback (iptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP) and for each network "
        "(the same with ! -i BRIDGE -d SUBNET); or take a newer engine. For "
        "IPv6 set ip6tables. Publish on one address (-p 127.0.0.1:8080:80) what other machines don't need, or set ip in "
        "daemon.json."
    ),
    references={"CIS 1.6": ("5.14",), "CIS 1.8": ("5.14",), "NIST SP 800-190": ("4.4.2",)},
    reads=(
        "daemon.endpoints",
        "daemon.info",
        "daemon.networks",
        "daemon.packet_filter",
        "daemon.packet_filter6",
        "daemon.running",
    ),
    daemon={"kernel": _kernel},
)
