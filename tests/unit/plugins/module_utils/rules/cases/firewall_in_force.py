# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule firewall-in-force, by what 26.1, 28.5 and 29 write, 29 with each backend."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints
from ansible_collections.containment.docker.plugins.module_utils.dockerd.kernel_modules import Missing
from ansible_collections.containment.docker.plugins.module_utils.linux import iptables_save, nft_ruleset

from ...linux import packet_filters, packet_filters_29
from ..subjects import GONE, Case

WEB = Endpoints("web", (), (("497d74b26bee" + "0" * 52, "172.30.0.2"), ("497d74b26bee" + "0" * 52, "fd00:30::2")))
FLUSHED = ":FORWARD ACCEPT [0:0]\n:DOCKER - [0:0]\n-A DOCKER ! -i docker0 -o docker0 -j DROP\nCOMMIT\n"
MISSING = Missing("xt_addrtype", True, "/lib/modules/6.12.0-211.el10 has no such module")
_RULE = "-A DOCKER-ISOLATION-STAGE-2 -o br-f8137d8dbc2c -j DROP\n"
_RAW = "-A PREROUTING -d 172.30.0.2/32 ! -i br-497d74b26bee -j DROP\n"
# What firewalld 2.5 with FirewallBackend=iptables puts before it, for interfaces that are no bridge of Docker's.
_FIREWALLD_RAW = """\
:PREROUTING_dispatch - [0:0]
:PRE_public_dispatch - [0:0]
-A PREROUTING -j PREROUTING_dispatch
-A PREROUTING_dispatch -i docker0 -j PRE_docker_dispatch
-A PREROUTING_dispatch -j PRE_public_dispatch
-A PRE_public_dispatch -j ACCEPT
"""
# Bridges and containers of which Docker's chains keep nothing apart.
_EMPTY = ":FORWARD ACCEPT [0:0]\n:DOCKER - [0:0]\n-A FORWARD -j DOCKER\n"
_SIX = "497d74b26bee" + "0" * 52
_MANY = [Endpoints(f"web{number}", (), ((_SIX, f"172.30.1.{number}"),)) for number in range(6)]
_RAW6 = "-A PREROUTING -d fd00:30::2/128 ! -i br-497d74b26bee -j DROP\n"


def make_good(kind, evidence):
    if kind == "daemon":
        evidence["networks"] = [dict(network) for network in packet_filters.NETWORKS_26]
        evidence["packet_filter"] = iptables_save.parse(packet_filters.IPTABLES_26.encode())
        evidence["packet_filter6"] = iptables_save.parse(b"")
        evidence["endpoints"] = []
        evidence["filter_modules"] = []
        evidence["environment"] = {}


def rules(text):
    return {("packet_filter",): iptables_save.parse(text.encode())}


def on_28(text=packet_filters.IPTABLES_28, text6=packet_filters.IP6TABLES_28, networks=None):
    """28.5 with its networks, of which one has IPv6, and a container in that."""
    return {
        ("info", "ServerVersion"): "28.5.2",
        ("networks",): packet_filters.NETWORKS_28 if networks is None else networks,
        ("endpoints",): [WEB],
        ("packet_filter6",): iptables_save.parse(text6.encode()),
        **rules(text),
    }


def on_29(text=packet_filters_29.NFT, networks=None, **more):
    """29 with the backend nftables."""
    changes = {
        ("info", "ServerVersion"): "29.8.0",
        ("info", "FirewallBackend"): {"Driver": "nftables"},
        ("networks",): packet_filters_29.NETWORKS if networks is None else networks,
        ("packet_filter",): nft_ruleset.parse(text.encode(), "ip"),
        ("packet_filter6",): nft_ruleset.parse(text.encode(), "ip6"),
    }
    return {**changes, **more}


def on_29_iptables(text=packet_filters_29.IPTABLES, text6=packet_filters_29.IP6TABLES):
    """29 with iptables, its default."""
    filters = {("packet_filter" + end,): iptables_save.parse(part.encode()) for end, part in (("", text), ("6", text6))}
    return {**on_29(), ("info", "FirewallBackend"): {"Driver": "iptables"}, **filters}


def without(text, part):
    """The text without a part that it must have."""
    assert part in text
    return text.replace(part, "")


def case_26(part, words):
    return Case(
        "daemon", "fail", f"26.1 without {part.strip()}", rules(without(packet_filters.IPTABLES_26, part)), words
    )


def case_28(part, words):
    return Case(
        "daemon", "fail", f"28.5 without {part.strip()}", on_28(without(packet_filters.IPTABLES_28, part)), words
    )


_NFT_DROP = ',{"rule":{"family":"ip","table":"docker-bridges","chain":"%s","comment":"%s","expr":[%s{"counter":null},{"drop":null}]}}'
_NFT_MATCH = '{"match":{"op":"%s","left":{"meta":{"key":"%s"}},"right":"%s"}},'


_NFT_ICC = _NFT_MATCH % ("==", "iifname", "br-d51aefd8f005") + '{"counter":null},{"drop":null}'


def case_29(chain, comment, match, words):
    text = without(packet_filters_29.NFT, _NFT_DROP % (chain, comment, match))
    return Case("daemon", "fail", f"29 without its rule {comment} in {chain}", on_29(text), words)


def case_29_iptables(part, words):
    trusting = Endpoints("web", (), (("trusting0" + "0" * 52, "172.23.0.2"),))
    changes = {**on_29_iptables(without(packet_filters_29.IPTABLES, part)), ("endpoints",): [trusting]}
    return Case("daemon", "fail", f"29 with iptables, without {part.strip()}", changes, words)


CASES = (
    Case("daemon", "pass", "as 26.1 writes it", seen="each of 4 bridge networks"),
    Case("daemon", "pass", "as 28.5 writes it, IPv6, routed and isolated networks too", on_28(), "each of 6"),
    Case(
        "daemon",
        "pass",
        "nat-unprotected leaves it open on purpose",
        on_28(networks=[*packet_filters.NETWORKS_28, packet_filters.UNPROTECTED_28]),
        "each of 7",
    ),
    Case("daemon", "pass", "as 29 writes it to nftables", on_29(), "each of 6"),
    Case(
        "daemon",
        "pass",
        "29 with nftables, nat-unprotected leaves it open on purpose",
        on_29(networks=[*packet_filters_29.NETWORKS, packet_filters_29.UNPROTECTED]),
        "each of 7",
    ),
    Case("daemon", "pass", "as 29 writes it to iptables", on_29_iptables(), "each of 6"),
    Case("daemon", "fail", "flushed, though a chain is left", rules(FLUSHED), "flushed"),
    Case("daemon", "fail", "Docker's chains are empty", rules(_EMPTY), "(docker0) from the network six"),
    Case("daemon", "fail", "28.5, Docker's chains are empty", on_28(_EMPTY), "; and 11 more"),
    Case(
        "daemon",
        "fail",
        "28.5, Docker's chains of IPv6 are empty",
        on_28(text6=_EMPTY),
        "from the network six (br-497d74b26bee) (IPv6)",
    ),
    Case("daemon", "fail", "empty", rules(""), "no rule in FORWARD of iptables leads to a chain of Docker's"),
    Case(
        "daemon",
        "fail",
        "the jump to DOCKER-USER alone is left",
        rules(":FORWARD ACCEPT [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n"),
        "no rule in FORWARD of iptables leads to a chain of Docker's",
    ),
    Case(
        "daemon",
        "pass",
        "a chain of a site's own opens a network",
        rules(
            packet_filters.IPTABLES_26.replace(
                "-A FORWARD -j DOCKER-USER",
                "-A FORWARD -o docker0 -j SITE\n-A SITE -o docker0 -j ACCEPT\n-A FORWARD -j DOCKER-USER",
            ).replace(":DOCKER-USER ", ":SITE - [0:0]\n:DOCKER-USER ")
        ),
    ),
    Case("daemon", "fail", "28.5, IPv6 alone flushed", on_28(text6=FLUSHED), "FORWARD of ip6tables"),
    Case("daemon", "fail", "29, the table is gone", on_29('{"nftables":[]}'), "no table ip docker-bridges"),
    case_26(_RULE, "no rule keeps the network bridge (docker0) from the network six (br-f8137d8dbc2c)"),
    case_26(
        "-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2\n",
        "the network bridge (docker0) from the network six",
    ),
    case_26(
        "-A DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o br-f759730458d0 -j DROP\n",
        "other machines from the network inner",
    ),
    case_26(
        "-A DOCKER-ISOLATION-STAGE-1 ! -d 172.18.0.0/16 -i br-f759730458d0 -j DROP\n",
        "the internal network inner (br-f759730458d0) from other machines",
    ),
    case_26(
        "-A FORWARD -i br-f7ae094cc9e0 -o br-f7ae094cc9e0 -j DROP\n",
        "the containers of the network noicc (br-f7ae094cc9e0) from each other",
    ),
    case_28("-A DOCKER ! -i docker0 -o docker0 -j DROP\n", "other machines from the network bridge (docker0)"),
    case_28("-A DOCKER ! -i br-c96368b49c86 -o br-c96368b49c86 -j DROP\n", "other machines from the network rou"),
    case_28("-A DOCKER-BRIDGE -o br-497d74b26bee -j DOCKER\n", "other machines from the network six"),
    case_28(
        "-A DOCKER-FORWARD -i br-72f8cff06c11 -o br-72f8cff06c11 -j DROP\n",
        "the containers of the network noicc (br-72f8cff06c11) from each other",
    ),
    case_28(
        "-A DOCKER-ISOLATION-STAGE-1 ! -s 172.22.0.0/16 -o br-b18e04a06194 -j DROP\n",
        "other machines from the network iso",
    ),
    Case(
        "daemon",
        "fail",
        "26.1 after a reload of firewalld: dockerd's own reaction brings back only a part",
        {**rules(packet_filters.RELOADED_26), ("networks",): packet_filters.NETWORKS_RELOADED_26},
        "no rule keeps the network front (br-86c42eb93a84) from the network bridge (docker0)",
    ),
    case_28(_RAW, "from the addresses of web"),
    Case(
        "daemon",
        "fail",
        "28.5, firewalld accepts before Docker could drop",
        on_28(packet_filters.IPTABLES_28.replace(_RAW, _FIREWALLD_RAW + _RAW)),
        "the addresses of web: another rule accepts before Docker's could, also after a restart",
    ),
    Case(
        "daemon",
        "fail",
        "28.5, a container's IPv6 address is not guarded",
        on_28(text6=without(packet_filters.IP6TABLES_28, _RAW6)),
        "from the addresses of web",
    ),
    Case(
        "daemon",
        "pass",
        "28.5, allow-direct-routing leaves the addresses open on purpose",
        {**on_28(without(packet_filters.IPTABLES_28, _RAW)), ("running", "allow-direct-routing"): True},
    ),
    Case(
        "daemon",
        "pass",
        "28.5, dockerd's environment does so",
        {
            **on_28(without(packet_filters.IPTABLES_28, _RAW)),
            ("environment",): {"DOCKER_INSECURE_NO_IPTABLES_RAW": "1"},
        },
    ),
    Case(
        "daemon",
        "fail",
        "28.5, whether dockerd's environment opens addresses is not known",
        {**on_28(without(packet_filters.IPTABLES_28, _RAW)), ("environment",): Unreadable("only root may see it")},
        "from the addresses of web",
    ),
    Case(
        "daemon",
        "fail",
        "28.5, six containers without a rule of their own",
        {**on_28(), ("endpoints",): _MANY},
        "from the addresses of web0, web1, web2, web3 and 2 more containers",
    ),
    Case(
        "daemon",
        "fail",
        "28.5, one container's address is accepted before Docker could drop, and another has no rule",
        {
            **on_28(packet_filters.IPTABLES_28.replace(_RAW, "-A PREROUTING -d 172.30.0.2/32 -j ACCEPT\n")),
            ("endpoints",): [WEB, _MANY[0]],
        },
        "the addresses of web, web0: another rule accepts before Docker's could",
    ),
    Case(
        "daemon",
        "pass",
        "28.5, an internal network's addresses need no rule, as nothing is forwarded to them",
        {**on_28(), ("endpoints",): [Endpoints("db", (), (("d609656d29f1" + "0" * 52, "172.18.0.2"),))]},
    ),
    Case(
        "daemon",
        "pass",
        "28.5, a routed network's addresses are open on purpose, and one without IPv6 has none",
        {**on_28(), ("endpoints",): [Endpoints("routed", (), (("c96368b49c86" + "0" * 52, "172.19.0.2"), (_SIX, "")))]},
    ),
    case_29_iptables(
        "-A DOCKER-INTERNAL ! -d 172.22.0.0/16 -i br-isolated0 -j DROP\n",
        "the internal network isolated (br-isolated0) from other machines",
    ),
    case_29_iptables("-A DOCKER-FORWARD -j DOCKER-INTERNAL\n", "other machines from the network inner"),
    case_29_iptables("-A PREROUTING -d 172.23.0.2/32 ! -i br-trusting0 -j DROP\n", "from the addresses of web"),
    Case(
        "daemon",
        "fail",
        "29 with nftables, where containers of lan may talk, though it says no",
        on_29(packet_filters_29.NFT.replace(_NFT_ICC, _NFT_ICC.replace("drop", "accept"))),
        "the containers of the network lan (br-d51aefd8f005) from each other",
    ),
    case_29("filter-forward-in__br-routed0", "UNPUBLISHED PORT DROP", "", "other machines from the network routed"),
    case_29("filter-forward-in__docker0", "UNPUBLISHED PORT DROP", "", "other machines from the network bridge"),
    case_29(
        "filter-forward-in__br-internal0",
        "INTERNAL NETWORK INGRESS",
        _NFT_MATCH % ("!=", "iifname", "br-internal0"),
        "other machines from the network inner",
    ),
    case_29(
        "filter-forward-out__br-internal0",
        "INTERNAL NETWORK EGRESS",
        _NFT_MATCH % ("!=", "oifname", "br-internal0"),
        "the internal network inner (br-internal0) from other machines",
    ),
    Case(
        "daemon",
        "fail",
        "FORWARD accepts by a rule that names the bridge first",
        rules(
            packet_filters.IPTABLES_26.replace(
                "-A FORWARD -j DOCKER-USER", "-A FORWARD -o br-f8137d8dbc2c -j ACCEPT\n-A FORWARD -j DOCKER-USER"
            )
        ),
        "from the network six",
    ),
    Case(
        "daemon",
        "pass",
        "what a site's own rule opens, a restart of the daemon does not close",
        rules(packet_filters.IPTABLES_26.replace("-A DOCKER-USER -j RETURN", "-A DOCKER-USER -j ACCEPT")),
    ),
    Case(
        "daemon",
        "pass",
        "a site's own rule in FORWARD, for an interface that is none of Docker's",
        rules(
            packet_filters.IPTABLES_26.replace(
                "-A FORWARD -j DOCKER-USER", "-A FORWARD ! -i eth9 -j ACCEPT\n-A FORWARD -j DOCKER-USER"
            )
        ),
    ),
    Case(
        "daemon",
        "fail",
        "flushed, and a restart would fail",
        {**rules(FLUSHED), ("filter_modules",): [MISSING]},
        "xt_addrtype (/lib/modules/6.12.0-211.el10 has no such module). On RHEL 10 install kernel-modules-extra",
    ),
    Case("daemon", "pass", "no bridge network", {("networks",): []}, "no bridge network"),
    Case(
        "daemon",
        "pass",
        "26.1 has no rules for IPv6 by default",
        {
            ("networks",): [
                *packet_filters.NETWORKS_26[:1],
                packet_filters.network("b", "br-f8137d8dbc2c", "", "fd00::/64"),
            ]
        },
        "each of 2",
    ),
    Case(
        "daemon",
        "pass",
        "daemon.json is newer than the daemon, and the kernel holds its rules",
        {("running",): Unreadable("daemon.json was changed")},
        "each of 4",
    ),
    Case(
        "daemon",
        "unknown",
        "daemon.json is newer than the daemon, and the kernel holds no rules",
        {("running",): Unreadable("daemon.json was changed"), **rules("")},
        "daemon.json was changed",
    ),
    Case(
        "daemon",
        "unknown",
        "no iptables-save",
        {("packet_filter",): Unreadable("the packet filter: there is no program iptables-save")},
        "no program",
    ),
    Case(
        "daemon",
        "unknown",
        "no ip6tables-save, and a network has IPv6",
        {**on_28(), ("packet_filter6",): Unreadable("the packet filter: there is no program ip6tables-save")},
        "ip6tables-save",
    ),
    Case(
        "daemon",
        "unknown",
        "the daemon is stopped, and can't start",
        {("state",): "stopped", ("running",): Unreadable("stopped"), ("filter_modules",): [MISSING]},
        "stopped; its start needs kernel modules that are missing: xt_addrtype",
    ),
    Case(
        "daemon",
        "unknown",
        "the daemon is stopped",
        {("state",): "stopped", ("running",): Unreadable("stopped"), ("filter_modules",): GONE},
        "the daemon is stopped",
    ),
    Case(
        "daemon",
        "unknown",
        "dockerd makes no rules, which the rule iptables says",
        {("running", "iptables"): False, **rules("")},
    ),
)
