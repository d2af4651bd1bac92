# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule firewall-in-force, by what 26.1 and 28.5 write."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import parse_filter

from ..subjects import Case

ID = "d51aefd8f005" + "0" * 52
OLD = """\
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br-d51aefd8f005 ! -o br-d51aefd8f005 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o br-d51aefd8f005 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
"""
NEW = """\
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER ! -i br-d51aefd8f005 -o br-d51aefd8f005 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-BRIDGE -o br-d51aefd8f005 -j DOCKER
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
"""
FLUSHED = ":FORWARD ACCEPT [0:0]\n:DOCKER - [0:0]\n-A DOCKER ! -i docker0 -o docker0 -j DROP\nCOMMIT\n"
NETWORKS = [
    {"Name": "bridge", "Id": "f" * 64, "Options": {"com.docker.network.bridge.name": "docker0"}},
    {"Name": "lan", "Id": ID, "Options": None},
]


def make_good(kind, evidence):
    if kind == "daemon":
        evidence["networks"] = [dict(network) for network in NETWORKS]
        evidence["packet_filter"] = parse_filter(OLD.encode())


def rules(text):
    return {("packet_filter",): parse_filter(text.encode())}


CASES = (
    Case("daemon", "pass", "as 26.1 writes it", seen="each of 2 bridge networks"),
    Case("daemon", "pass", "as 28.5 writes it", rules(NEW), "each of 2"),
    Case("daemon", "fail", "flushed, though a chain is left", rules(FLUSHED), "flushed"),
    Case("daemon", "fail", "empty", rules(""), "flushed"),
    Case(
        "daemon",
        "fail",
        "one network's rules are gone",
        rules(OLD.replace("-A DOCKER-ISOLATION-STAGE-2 -o br-d51aefd8f005 -j DROP\n", "")),
        "lan (br-d51aefd8f005)",
    ),
    Case(
        "daemon",
        "fail",
        "DOCKER-USER accepts everything",
        rules(OLD.replace("-A DOCKER-USER -j RETURN", "-A DOCKER-USER -j ACCEPT")),
        "DOCKER-USER accepts every packet",
    ),
    Case(
        "daemon",
        "fail",
        "FORWARD accepts everything first",
        rules(NEW.replace("-A FORWARD -j DOCKER-USER", "-A FORWARD -j ACCEPT\n-A FORWARD -j DOCKER-USER")),
    ),
    Case(
        "daemon",
        "pass",
        "DOCKER-USER accepts some",
        rules(
            OLD.replace(
                "-A DOCKER-USER -j RETURN", "-A DOCKER-USER -s 192.0.2.1/32 -j ACCEPT\n-A DOCKER-USER -j RETURN"
            )
        ),
    ),
    Case(
        "daemon",
        "pass",
        "a routed network asks for other rules",
        {("networks", 1, "Options"): {"com.docker.network.bridge.gateway_mode_ipv4": "routed"}, **rules(NEW)},
        "each of 1",
    ),
    Case("daemon", "pass", "no bridge network", {("networks",): []}, "no bridge network"),
    Case(
        "daemon",
        "unknown",
        "no iptables-save",
        {("packet_filter",): Unreadable("the packet filter: No such file")},
        "No such",
    ),
    Case("daemon", "unknown", "nftables", {("info", "FirewallBackend"): {"Driver": "nftables"}}, "nftables"),
)
