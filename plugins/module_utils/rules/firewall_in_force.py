# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd's rules of the packet filter keep apart is really kept apart in the kernel."""

from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import (
    RESTART_DAEMON,
    Remedy,
    Rule,
    Verdict,
    readable,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    ACCEPT,
    DROP,
    INTO,
    NFTABLES,
    OUT,
    FilterRule,
    Packet,
    PacketFilter,
    Walker,
    reached,
)
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import bridges as bridge_networks
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.bridges import USER_CHAIN, Bridge

_MOST_SHOWN = 4
_CLOSES_OUTSIDE = (28, 0)
_GUARDS_ADDRESSES = (28, 2)


def _kernel(evidence: Evidence) -> Optional[Verdict]:
    if evidence["state"] == "stopped":
        return Verdict(None, f"the daemon is stopped{_why_no_restart(evidence)}")
    settings, unknown = bridge_networks.read_settings(evidence)
    if settings.get("iptables", True) is not True:
        return None  # the rule iptables says that
    networks, version = evidence["networks"], engine_info.version(evidence["info"])
    problems: List[str] = []
    count = 0
    for family, key in bridge_networks.FAMILIES.items():
        bridges = bridge_networks.list_bridges(networks, family)
        if not bridges or (family == "ip6" and not bridge_networks.filters_ipv6(settings, version)):
            continue  # where nothing filters IPv6, published-ports says what that opens
        count += len(bridges) if family == "ip" else 0
        problems += _missing(evidence[key], bridges, version, family)
        if not problems and version >= _GUARDS_ADDRESSES and not _opens_addresses(evidence, settings):
            problems += _unguarded(evidence[key], bridges, evidence["endpoints"])
    if problems:
        more = f"; and {len(problems) - _MOST_SHOWN} more" if len(problems) > _MOST_SHOWN else ""
        text = "; ".join(problems[:_MOST_SHOWN]) + more
        if unknown:
            return Verdict(None, f"{text}; and whether dockerd was told to make rules is not known: {unknown}")
        return Verdict(False, text + _why_no_restart(evidence))
    if not count:
        return Verdict(True, "the engine has no bridge network")
    return Verdict(True, f"Docker's rules keep others from each of {count} bridge networks")


def _why_no_restart(evidence: Evidence) -> str:
    """What the kernel lacks for dockerd's rules, as RHEL 10.2 does whose xt_addrtype is in a package of its own."""
    lacking = readable(lambda own: own["filter_modules"], evidence)
    if not lacking:
        return ""
    names = ", ".join(f"{module.name} ({module.why})" for module in lacking)
    return f"; its start needs kernel modules that are missing: {names}. On RHEL 10 install kernel-modules-extra"


def _missing(
    packet_filter: PacketFilter, bridges: Sequence[Bridge], version: Tuple[int, int], family: str
) -> List[str]:
    """What Docker's own rules don't keep apart, one clause each."""
    nftables = packet_filter.backend == NFTABLES
    if nftables and not packet_filter.forward:
        return [f"there is no table {family} docker-bridges, which dockerd makes: it was flushed, or deleted"]
    entry = reached(packet_filter.forward, "FORWARD")
    if not nftables and not any(chain.startswith("DOCKER") and chain != USER_CHAIN for chain in entry):
        program = "ip6tables" if family == "ip6" else "iptables"
        return [
            f"no rule in FORWARD of {program} leads to a chain of Docker's: the packet filter was flushed, or loaded anew"
        ]
    walker = Walker(packet_filter.forward, None if nftables else _is_foreign(bridges))
    questions = bridge_networks.list_questions(bridges, nftables or version >= _CLOSES_OUTSIDE)
    suffix = " (IPv6)" if family == "ip6" else ""
    return [
        f"no rule keeps {question.keeps}{suffix}"
        for question in questions
        if walker.walk("FORWARD", question.packet).verdict != DROP
    ]


def _is_foreign(bridges: Sequence[Bridge]) -> Callable[[str, FilterRule], bool]:
    """What tells a rule that dockerd didn't write, and doesn't write again. In FORWARD, one that names a bridge is Docker's."""
    interfaces, _subnets = bridge_networks.list_own(bridges)

    def is_foreign(chain: str, rule: FilterRule) -> bool:
        if chain == USER_CHAIN or rule.target == USER_CHAIN:
            return True
        if chain.startswith("DOCKER") or rule.target.startswith("DOCKER"):
            return False
        named = {value for test in rule.tests if test.what in (INTO, OUT) for value in test.values}
        return chain != "FORWARD" or not named & interfaces

    return is_foreign


def _opens_addresses(evidence: Evidence, settings: Mapping[str, Any]) -> bool:
    """Whether dockerd is told to leave containers' own addresses open; published-ports judges that."""
    if settings.get("allow-direct-routing", False) is not False:
        return True
    try:
        return environment.opens_loopback_ports(evidence["environment"])
    except (Absent, Unreadable):
        return False


def _unguarded(packet_filter: PacketFilter, bridges: Sequence[Bridge], endpoints: Sequence[Any]) -> List[str]:
    """The containers whose own addresses other machines may use, which Docker drops from 28.2 on."""
    guarded = {bridge.id: bridge for bridge in bridges if bridge.mode == "nat" and not bridge.internal}
    walker = Walker(packet_filter.raw)
    own = bridge_networks.list_own(bridges)
    names: List[str] = []
    accepted = False
    for endpoint in endpoints:
        for network, text in endpoint.addresses:
            bridge = guarded.get(network)
            address = bridge_networks.read_address(text)
            if bridge is None or bridge.subnet is None or address is None or address.version != bridge.subnet.version:
                continue
            packet = Packet("", "", None, address, bridges=own[0], subnets=own[1])
            verdict = walker.walk("PREROUTING", packet).verdict
            if verdict != DROP:
                names.append(endpoint.name)
                accepted = accepted or verdict == ACCEPT
    if not names:
        return []
    more = f" and {len(names) - _MOST_SHOWN} more containers" if len(names) > _MOST_SHOWN else ""
    problem = (
        f"no rule in raw PREROUTING keeps other machines from the addresses of {', '.join(names[:_MOST_SHOWN])}{more}"
    )
    return [f"{problem}: another rule accepts before Docker's could, also after a restart" if accepted else problem]


RULE = Rule(
    id="firewall-in-force",
    title="The daemon's rules are in the packet filter",
    severity="high",
    weakness={"daemon": "the packet filter lacks rules that the daemon made"},
    rationale=(
        "dockerd writes its rules when it starts and when a network is made, and doesn't look after them. A reload of a "
        "firewall, a flush or a script that loads rules of its own takes them away, and nothing fails: containers reach the "
        "networks that were kept from them, and other machines reach ports that were never published. For each bridge network, "
        "with IPv4 and IPv6, the rules that the kernel holds are followed for packets that Docker means to drop, by iptables "
        "or nftables. What Docker leaves open on purpose (gateway_mode nat-unprotected) is judged by published-ports."
    ),
    remediation=(
        "Restart the daemon once, which writes its rules anew and keeps containers where live-restore is on: set "
        "docker_daemon_restart, or run remediate.yml, where the transaction does it. Then find out what took the rules: a "
        "firewall service has to leave Docker's chains alone or be loaded before Docker. firewalld 1.3, and newer ones with "
        "FirewallBackend=iptables, take them at each reload, and Docker before 28 brings back only a part: restart it after "
        "each. What firewalld accepts in the raw table with that backend Docker can't drop any more: use its backend nftables."
    ),
    references={"CIS 1.6": ("2.4",), "CIS 1.8": ("2.4",), "NIST SP 800-190": ("4.4.2",)},
    reads=(
        "daemon.endpoints",
        "daemon.environment",
        "daemon.filter_modules",
        "daemon.info",
        "daemon.networks",
        "daemon.packet_filter",
        "daemon.packet_filter6",
        "daemon.running",
        "daemon.state",
    ),
    daemon={"kernel": _kernel},
    remedy=Remedy(RESTART_DAEMON),
)
