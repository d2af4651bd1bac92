# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule published-ports."""

import json

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints, Port
from ansible_collections.containment.docker.plugins.module_utils.linux import iptables_save

from ...linux import packet_filters, packet_filters_29
from ..subjects import Case
from . import firewall_in_force
from .firewall_in_force import on_28, on_29, rules

make_good = firewall_in_force.make_good

LOCAL = [Endpoints("web", (Port("127.0.0.1", 8081, "tcp", 81),), (("f8137d8dbc2c" + "0" * 52, "172.30.0.2"),))]
LOCAL_28 = [LOCAL[0]._replace(addresses=(("497d74b26bee" + "0" * 52, "172.30.0.2"),))]
LOCAL_29 = [LOCAL[0]._replace(addresses=(("f" * 12 + "0" * 52, "172.17.0.2"),))]
OWN_RAW = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 127.0.0.0/8 ! -i lo -j DROP\n"
OWN_SUBNET = "-A PREROUTING -d 172.30.0.0/16 ! -i br-f8137d8dbc2c -j DROP\n"
EVERY = [
    Endpoints(
        "web", (Port("0.0.0.0", 8080, "tcp", 80), Port("::", 8080, "tcp", 80), Port("192.0.2.7", 9, "udp", 9)), ()
    )
]
# what nft flush table leaves
FLUSHED_29 = json.dumps(
    {"nftables": [item for item in json.loads(packet_filters_29.NFT)["nftables"] if "rule" not in item]}
)
USER = "-A DOCKER-USER -j RETURN"
SIX = packet_filters.network("b", "br-f8137d8dbc2c", "", "fd00::/64")


def user(rule):
    """26.1 with a rule of the site's own."""
    return rules(packet_filters.IPTABLES_26.replace(USER, f"{rule}\n{USER}"))


CASES = (
    Case("daemon", "pass", "as 26.1 writes it", seen="only published ports of 4 bridge networks"),
    Case("daemon", "pass", "as 28.5 writes it", on_28(), "6 bridge networks"),
    Case("daemon", "pass", "as 29 writes it to nftables", on_29(), "6 bridge networks"),
    Case(
        "daemon", "pass", "the addresses are named", {("endpoints",): EVERY}, "every address of the host: web 8080/tcp"
    ),
    Case(
        "daemon",
        "fail",
        "daemon.json is newer than the daemon",
        {("running",): Unreadable("daemon.json was changed"), ("endpoints",): LOCAL},
        "web 8081/tcp",
    ),
    Case(
        "daemon",
        "unknown",
        "28.5, daemon.json is newer than the daemon",
        {**on_28(), ("running",): Unreadable("daemon.json was changed")},
        "whether allow-direct-routing is set is not known: daemon.json was changed",
    ),
    Case("daemon", "pass", "26.1 has no such setting", {("running",): Unreadable("daemon.json was changed")}),
    Case("daemon", "pass", "no bridge network", {("networks",): []}, "no bridge network"),
    Case(
        "daemon",
        "fail",
        "DOCKER-USER accepts everything",
        user("-A DOCKER-USER -j ACCEPT"),
        "DOCKER-USER accepts every",
    ),
    Case(
        "daemon",
        "fail",
        "nothing leads to the site's own rules",
        rules(
            packet_filters.IPTABLES_26.replace("-A FORWARD -j DOCKER-USER\n", "").replace(
                USER, f"-A DOCKER-USER -s 192.0.2.0/24 -j DROP\n{USER}"
            )
        ),
        "DOCKER-USER has 1 rule out of force",
    ),
    Case(
        "daemon",
        "pass",
        "nothing leads to a chain that decides nothing",
        rules(packet_filters.IPTABLES_26.replace("-A FORWARD -j DOCKER-USER\n", "")),
    ),
    Case(
        "daemon",
        "fail",
        "a chain of the site's own does",
        rules(
            packet_filters.IPTABLES_26.replace(":DOCKER - ", ":MINE - [0:0]\n:DOCKER - ").replace(
                USER, f'-A MINE -m comment --comment "-j DROP" -j ACCEPT\n-A DOCKER-USER -j MINE\n{USER}'
            )
        ),
        "MINE accepts every",
    ),
    Case(
        "daemon",
        "fail",
        "FORWARD accepts everything first",
        rules(
            packet_filters.IPTABLES_26.replace(
                "-A FORWARD -j DOCKER-USER", "-A FORWARD -j ACCEPT\n-A FORWARD -j DOCKER-USER"
            )
        ),
        "FORWARD accepts every",
    ),
    Case("daemon", "pass", "DOCKER-USER accepts an address", user("-A DOCKER-USER -s 192.0.2.1/32 -j ACCEPT")),
    Case("daemon", "pass", "DOCKER-USER accepts a module's match", user("-A DOCKER-USER -m socket -j ACCEPT")),
    Case(
        "daemon",
        "pass",
        "DOCKER-USER accepts what is known",
        user("-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"),
    ),
    Case(
        "daemon",
        "fail",
        "DOCKER-USER accepts every address",
        user("-A DOCKER-USER -s 0.0.0.0/0 -j ACCEPT"),
        "DOCKER-USER",
    ),
    Case(
        "daemon",
        "fail",
        "26.1, the policy accepts",
        rules(packet_filters.IPTABLES_26.replace(":FORWARD DROP", ":FORWARD ACCEPT")),
        "FORWARD accepts by its policy",
    ),
    Case(
        "daemon",
        "pass",
        "26.1, the policy accepts and a last rule rejects",
        rules(
            packet_filters.IPTABLES_26.replace(":FORWARD DROP", ":FORWARD ACCEPT").replace(
                "-A DOCKER -d 172.17", "-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n-A DOCKER -d 172.17"
            )
        ),
    ),
    Case(
        "daemon",
        "pass",
        "28.5 needs no policy",
        on_28(packet_filters.IPTABLES_28.replace("FORWARD DROP", "FORWARD ACCEPT")),
    ),
    Case(
        "daemon",
        "fail",
        "a network that opens everything",
        on_28(networks=[*packet_filters.NETWORKS_28, packet_filters.UNPROTECTED_28]),
        "every port of the network unp: gateway_mode nat-unprotected asks for that",
    ),
    Case(
        "daemon",
        "fail",
        "29 with nftables, a network that opens everything",
        on_29(networks=[*packet_filters_29.NETWORKS, packet_filters_29.UNPROTECTED]),
        "every port of the network open: gateway_mode nat-unprotected asks for that",
    ),
    Case(
        "daemon",
        "fail",
        "29, the tables are flushed",
        on_29(FLUSHED_29),
        "bridge, lan, inner, routed and 2 more: no rule drops it, and FORWARD accepts by its policy; ",
    ),
    Case(
        "daemon",
        "fail",
        "direct routing",
        {**on_28(), ("running", "allow-direct-routing"): True},
        "allow-direct-routing is true",
    ),
    Case(
        "daemon",
        "fail",
        "26.1, published on loopback",
        {("endpoints",): LOCAL},
        "(web 8081/tcp): raw PREROUTING lacks rules",
    ),
    Case(
        "daemon",
        "pass",
        "26.1, published on loopback, and rules of the site's own",
        {
            ("endpoints",): LOCAL,
            **rules(packet_filters.IPTABLES_26 + OWN_RAW + OWN_SUBNET),
        },
    ),
    Case(
        "daemon",
        "fail",
        "26.1, published on loopback, and a rule for loopback alone",
        {("endpoints",): LOCAL, **rules(packet_filters.IPTABLES_26 + OWN_RAW)},
        "web 8081/tcp",
    ),
    Case(
        "daemon",
        "fail",
        "26.1, published on loopback, and a rule for the subnet alone",
        {("endpoints",): LOCAL, **rules(packet_filters.IPTABLES_26 + OWN_RAW.partition("-A")[0] + OWN_SUBNET)},
        "web 8081/tcp",
    ),
    Case(
        "daemon",
        "pass",
        "published on loopback, and a flushed filter drops everything by its policy",
        {("endpoints",): LOCAL, **rules(":FORWARD DROP [0:0]\n")},
    ),
    Case("daemon", "pass", "28.5, published on loopback", {**on_28(), ("endpoints",): LOCAL_28}),
    Case("daemon", "pass", "29 with nftables, published on loopback", {**on_29(), ("endpoints",): LOCAL_29}),
    Case(
        "daemon",
        "fail",
        "26.1, IPv6 that nothing filters",
        {("networks",): [packet_filters.NETWORKS_26[0], SIX]},
        "every port of the network b by IPv6: dockerd runs without ip6tables",
    ),
    Case(
        "daemon",
        "pass",
        "26.1, IPv6 that the policy closes",
        {
            ("networks",): [packet_filters.NETWORKS_26[0], SIX],
            ("packet_filter6",): iptables_save.parse(b"*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"),
        },
    ),
    Case(
        "daemon",
        "unknown",
        "no iptables-save",
        {("packet_filter",): Unreadable("the packet filter: there is no program iptables-save")},
        "no program",
    ),
)
