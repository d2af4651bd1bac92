# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd's rules of the packet filter keep apart is really kept apart in the kernel."""

from typing import Any, Iterable, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import packet_filter

_START = "FORWARD"
_MODE = "com.docker.network.bridge.gateway_mode_ipv4"
_NAME = "com.docker.network.bridge.name"


def _kernel(evidence: Evidence) -> Optional[Verdict]:
    if evidence["running"].get("iptables", True) is not True:
        return None  # the rule iptables says that
    driver = (evidence["info"].get("FirewallBackend") or {}).get("Driver") or ""
    if driver.startswith("nftables"):
        return Verdict(None, "dockerd filters by nftables of its own, which this collection doesn't read yet")
    chains = evidence["packet_filter"]
    bridges = _bridges(evidence["networks"])
    if not bridges:
        return Verdict(True, "the engine has no bridge network")
    reached = packet_filter.reached(chains, _START)
    if not any(chain.startswith("DOCKER") for chain in reached):
        return Verdict(
            False, "no rule in FORWARD leads to a chain of Docker's: the packet filter was flushed, or loaded anew"
        )
    opened = packet_filter.accepts_all_before(chains, _START, "DOCKER-FORWARD") if "DOCKER-FORWARD" in chains else ""
    opened = opened or packet_filter.accepts_all_before(chains, _START, "DOCKER-ISOLATION")
    if opened:
        return Verdict(False, f"{inert(opened)} accepts every packet before Docker's rules see it")
    dropped = {rule.out for chain in reached for rule in chains[chain] if rule.target == "DROP"}
    missing = [f"{inert(name)} ({inert(bridge)})" for name, bridge in bridges if bridge not in dropped]
    if missing:
        return Verdict(False, f"no rule keeps others from the network {', '.join(missing[:5])}")
    return Verdict(True, f"a rule keeps others from each of {len(bridges)} bridge networks")


def _bridges(networks: Iterable[Mapping[str, Any]]) -> List[Tuple[str, str]]:
    """(network, bridge) of each bridge network that the packet filter has to close."""
    found = []
    for network in networks:
        options = network.get("Options") or {}
        if options.get(_MODE) not in (None, "", "nat"):
            continue  # routed, nat-unprotected and isolated ask for other rules
        found.append((network["Name"], options.get(_NAME) or f"br-{network['Id'][:12]}"))
    return found


RULE = Rule(
    id="firewall-in-force",
    title="The daemon's rules are in the packet filter",
    severity="high",
    weakness={"daemon": "the packet filter lacks rules that the daemon made"},
    rationale=(
        "dockerd writes its rules when it starts and when a network is made, and doesn't look after them. A reload of a "
        "firewall, a flush or a script that loads rules of its own takes them away, and nothing fails: containers reach the "
        "networks that were kept from them, and other machines reach ports that were never published. An ACCEPT for "
        "everything in DOCKER-USER does the same."
    ),
    remediation=(
        "Restart the daemon, which writes its rules anew and keeps containers where live-restore is on; then find out what took "
        "them: a firewall service has to leave Docker's chains alone or be loaded before Docker. In DOCKER-USER accept only "
        "what is meant, with a condition."
    ),
    references={"CIS 1.6": ("2.4",), "CIS 1.8": ("2.4",), "NIST SP 800-190": ("4.4.2",)},
    reads=(
        "daemon.info",
        "daemon.networks",
        "daemon.packet_filter",
        "daemon.running",
    ),
    daemon={"kernel": _kernel},
)
