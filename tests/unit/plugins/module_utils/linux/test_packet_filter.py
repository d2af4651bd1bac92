# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a packet filter are read as the kernel means them, and packets take the way that they take there."""

import ipaddress
import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.programs import Answer
from ansible_collections.containment.docker.plugins.module_utils.linux import iptables_save, nft_ruleset, packet_filter
from ansible_collections.containment.docker.plugins.module_utils.linux import packet_filter_reader as reader
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    ACCEPT,
    DROP,
    IPTABLES,
    NFTABLES,
    Packet,
    Walker,
    matches,
)

from . import packet_filters, packet_filters_29

SUBNET = ipaddress.ip_network("172.17.0.0/16")
OUTSIDE = Packet("", "docker0", None, SUBNET, bridges=frozenset(["docker0", "br-b"]), subnets=(SUBNET,))
INSIDE = OUTSIDE._replace(into="br-b", source=ipaddress.ip_network("172.18.0.0/16"))


def verdict(rules, packet=OUTSIDE, more=""):
    text = f":FORWARD ACCEPT [0:0]\n:MINE - [0:0]\n{more}" + "".join(f"-A FORWARD {rule}\n" for rule in rules)
    return Walker(iptables_save.parse(text.encode()).forward).walk("FORWARD", packet).verdict


@pytest.mark.parametrize(
    "rule, expected",
    [
        ("-j DROP", DROP),
        ("-j REJECT --reject-with icmp-port-unreachable", DROP),
        ("-o docker0 -j DROP", DROP),
        ("-o docker1 -j DROP", ""),
        ("-o docker+ -j DROP", DROP),
        ("! -o docker0 -j DROP", ""),
        ("! -o docker1 -j DROP", DROP),
        ("-i + -j DROP", DROP),
        ("! -i docker0 -o docker0 -j DROP", DROP),
        ("-i docker0 -j DROP", ""),
        ("-i eth0 -j DROP", ""),
        ("! -i lo -j DROP", DROP),
        ('-m comment --comment "-j ACCEPT" -j DROP', DROP),
        ("-m comment --comment \\-j -j DROP", DROP),
        ("-m conntrack --ctstate RELATED,ESTABLISHED -j DROP", ""),
        ("-m conntrack --ctstate NEW -j DROP", DROP),
        ("-m conntrack --ctstate RELATED,NEW -j DROP", DROP),
        ("-m conntrack --ctorigdst 192.0.2.1 -j DROP", ""),
        ("-m state --state NEW -j DROP", DROP),
        ("-m state ! --state NEW -j DROP", ""),
        ("-f -j DROP", ""),
        ("-m physdev --physdev-is-bridged -j DROP", ""),
        ("-m socket -j DROP", ""),
        ("-p tcp -j DROP", ""),
        ("-s 192.0.2.0/24 -j DROP", ""),
        ("-s 0.0.0.0/0 -j DROP", DROP),
        ("-s 172.17.0.0/16 -j DROP", ""),
        ("! -s 172.17.0.0/16 -j DROP", DROP),
        ("-d 172.17.0.0/16 -j DROP", DROP),
        ("-d 172.16.0.0/12 -j DROP", DROP),
        ("-d 172.17.0.2/32 -j DROP", ""),
        ("-d 172.19.0.0/16 -j DROP", ""),
        ("-d nonsense -j DROP", ""),
        ("-d 172.17.0.1/16 -j DROP", DROP),
        ("! -d 172.17.0.2/32 -j DROP", ""),
        ("! -d 172.19.0.0/16 -j DROP", DROP),
        ("! -p tcp -j DROP", ""),
        ("-o dockex+ -j DROP", ""),
        ("-m set --match-set docker-ext-bridges-v4 dst -j DROP", DROP),
        ("-m set --match-set docker-ext-bridges-v4 src -j DROP", ""),
        ("-m set --match-set blocked dst -j DROP", ""),
        ("-m set --match-set blocked src -j DROP", ""),
        ("-m mark --mark 0x1", ""),
    ],
)
def test_packet_from_outside(rule, expected):
    assert verdict([rule]) == expected


@pytest.mark.parametrize(
    "rules, more, expected",
    [
        (["-j MINE", "-j DROP"], "-A MINE -j ACCEPT\n", ACCEPT),
        (["-j MINE", "-j DROP"], "-A MINE -j RETURN\n-A MINE -j ACCEPT\n", DROP),
        (["-g MINE", "-j DROP"], "-A MINE -j LOG\n", ""),
        (["-s 192.0.2.1/32 -j MINE", "-j DROP"], "-A MINE -j ACCEPT\n", DROP),
        (["-j MINE", "-j DROP"], "-A MINE -j MINE\n", DROP),
        (["-j NOWHERE", "-j DROP"], "", DROP),
    ],
)
def test_chains_in_chains(rules, more, expected):
    assert verdict(rules, more=more) == expected


def test_packet_of_another_bridge():
    assert verdict(["-i br-b ! -o br-b -j DROP"], INSIDE) == DROP
    assert verdict(["-i br-c ! -o br-c -j DROP"], INSIDE) == ""


def test_port_of_one_address():
    rules = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 81 -j DROP\n"
    walker = Walker(iptables_save.parse(rules.encode()).raw)
    packet = Packet("", "", None, ipaddress.ip_network("127.0.0.1"), "tcp", "81")
    assert walker.walk("PREROUTING", packet).verdict == DROP
    assert walker.walk("PREROUTING", packet._replace(port="82")).verdict == ""
    assert walker.walk("PREROUTING", packet._replace(protocol="udp")).verdict == ""


def test_nft_port_of_one_address_is_one_of_its_protocol():
    walker = Walker(nft_ruleset.parse(packet_filters_29.NFT.encode(), "ip").raw)
    packet = Packet("", "", None, ipaddress.ip_network("127.0.0.1"), "tcp", "8081")
    assert walker.walk("PREROUTING", packet).verdict == DROP
    assert walker.walk("PREROUTING", packet._replace(protocol="udp")).verdict == ""
    assert walker.walk("PREROUTING", packet._replace(into="lo")).verdict == ""


def test_nft_trusted_interface_is_an_exception():
    walker = Walker(nft_ruleset.parse(packet_filters_29.NFT.encode(), "ip").raw)
    packet = Packet("", "", None, ipaddress.ip_network("172.23.0.2"))
    assert walker.walk("PREROUTING", packet).verdict == DROP
    assert walker.walk("PREROUTING", packet._replace(into="eth1")).verdict == ""
    other = packet._replace(destination=ipaddress.ip_network("172.17.0.2"), into="eth1")
    assert walker.walk("PREROUTING", other).verdict == DROP


OWN = {"family": "ip", "table": "docker-bridges"}
FORWARD = {"chain": dict(OWN, name="filter-FORWARD")}


def nft(*expressions, others=()):
    """A Walker over one rule of FORWARD that drops, after other items."""
    items = [FORWARD, *others, {"rule": dict(OWN, chain="filter-FORWARD", expr=[*expressions, {"drop": None}])}]
    return Walker(nft_ruleset.parse(json.dumps({"nftables": items}).encode(), "ip").forward)


def is_in(operand, *values):
    return {"match": {"op": "==", "left": operand, "right": {"set": list(values)}}}


def test_nft_set_of_interfaces_is_for_each_of_them():
    walker = nft(is_in({"meta": {"key": "oifname"}}, "br-a", "br-b"))
    verdicts = [walker.walk("FORWARD", Packet("", name)).verdict for name in ("br-a", "br-b", "br-c")]
    assert verdicts == [DROP, DROP, ""]


def test_nft_set_of_ports_of_one_address_is_for_each_of_them():
    address = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": "10.9.0.2"}}
    walker = nft(address, is_in({"payload": {"protocol": "tcp", "field": "dport"}}, 80, 443))
    packet = Packet("", "", None, ipaddress.ip_network("10.9.0.2"), "tcp")
    verdicts = [walker.walk("FORWARD", packet._replace(port=port)).verdict for port in ("80", "443", "22")]
    assert verdicts == [DROP, DROP, ""]


@pytest.mark.parametrize(
    "operand, value, expected",
    [
        ({"ct": {"key": "state"}}, "new", DROP),
        ({"ct": {"key": "state"}}, "established", ""),
        ({"ct": {"key": "mark"}}, "new", ""),
        ({"meta": {"key": "l4proto"}}, "tcp", DROP),
        ({"meta": {"key": "l4proto"}}, "udp", ""),
        ({"payload": {"protocol": "ip", "field": "protocol"}}, "tcp", DROP),
        ({"payload": {"protocol": "ip", "field": "protocol"}}, "udp", ""),
        ({"payload": {"protocol": "ip", "field": "saddr"}}, "0.0.0.0/0", DROP),
    ],
)
def test_nft_comparison(operand, value, expected):
    assert nft(is_in(operand, value)).walk("FORWARD", OUTSIDE._replace(protocol="tcp")).verdict == expected


def test_nft_set_with_a_name_is_not_known():
    trusted = {"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": "@trusted"}}
    assert nft(trusted).walk("FORWARD", OUTSIDE).verdict == ""


@pytest.mark.parametrize("kind, expected", [("jump", DROP), ("goto", "")])
def test_nft_chain_that_is_left_after_a_goto(kind, expected):
    others = [
        {"chain": dict(OWN, name="mine")},
        {"rule": dict(OWN, chain="filter-FORWARD", expr=[{kind: {"target": "mine"}}])},
    ]
    assert nft(others=others).walk("FORWARD", OUTSIDE).verdict == expected


@pytest.mark.parametrize("foreign", [{"table": "site"}, {"family": "ip6"}])
def test_nft_rules_of_others_are_not_dockers(foreign):
    accept = {"rule": dict(OWN, chain="filter-FORWARD", expr=[{"accept": None}])}
    assert nft(others=[accept]).walk("FORWARD", OUTSIDE).verdict == ACCEPT
    accept["rule"].update(foreign)
    assert nft(others=[accept]).walk("FORWARD", OUTSIDE).verdict == DROP


def test_nft_policies_are_of_chains_with_a_hook():
    chains = [
        dict(OWN, name="filter-FORWARD", hook="forward", policy="drop"),
        dict(OWN, name="nat-POSTROUTING", hook="postrouting", policy="accept"),
        dict(OWN, name="raw-PREROUTING"),
    ]

    def policies():
        text = json.dumps({"nftables": [{"chain": chain} for chain in chains]})
        return nft_ruleset.parse(text.encode(), "ip").policies

    assert policies() == {"FORWARD": "DROP", "PREROUTING": ""}
    del chains[0]["policy"]
    assert policies() == {"FORWARD": "ACCEPT", "PREROUTING": ""}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"nftables": 1}', '{"nftables": [{"rule": {"family": "ip"}}]}', "[" * 100000]
)
def test_nft_output_of_another_shape_is_refused(text):
    with pytest.raises(ValueError):
        nft_ruleset.parse(text.encode(), "ip")


@pytest.mark.parametrize("protocol", ["tcp", "udp", "sctp"])
def test_module_of_a_protocol_is_no_condition(protocol):
    assert verdict([f"-p {protocol} -m {protocol} -j DROP"], OUTSIDE._replace(protocol=protocol)) == DROP
    assert verdict([f"-p {protocol} -m {protocol} --sport 53 -j DROP"], OUTSIDE._replace(protocol=protocol)) == ""


def test_other_tables_are_left_out():
    filters = iptables_save.parse(
        b"*nat\n:PREROUTING DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j ACCEPT\n-A PREROUTING -j ACCEPT\nCOMMIT\n"
        b"*raw\n:PREROUTING ACCEPT [7:420]\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n"
    )
    assert filters.policies == {"FORWARD": "DROP", "PREROUTING": "ACCEPT"}
    assert (dict(filters.forward), dict(filters.raw)) == ({"INPUT": [], "FORWARD": []}, {"PREROUTING": []})


def test_rule_of_no_chain_is_refused():
    with pytest.raises(ValueError, match="no chain"):
        iptables_save.parse(b"*filter\n-A FORWARD -j DROP\n")


def test_many_networks_cost_little(monkeypatch):
    count = 2000
    lines = [":FORWARD DROP [0:0]"]
    lines += [f"-A FORWARD ! -i br-{n} -o br-{n} -j DROP" for n in range(count)]
    walker = Walker(iptables_save.parse("\n".join(lines).encode()).forward)
    looked_at = watched(monkeypatch)
    for number in range(count):
        assert walker.walk("FORWARD", Packet("", f"br-{number}")).verdict == DROP
    assert len(looked_at) == count


def watched(monkeypatch):
    """Return a list to which each rule is added that a packet is compared with."""
    looked_at = []
    monkeypatch.setattr(packet_filter, "matches", lambda rule, packet: looked_at.append(rule) or matches(rule, packet))
    return looked_at


@pytest.mark.parametrize("form, version", [("10.9.{0}.{1}/32", 4), ("10.9.{0}.{1}", 4), ("fd00::{0}:{1}/128", 6)])
def test_many_addresses_cost_little(monkeypatch, form, version):
    addresses = [form.format(number // 200, number % 200) for number in range(2000)]
    lines = ["*raw", ":PREROUTING ACCEPT [0:0]"]
    lines += [f"-A PREROUTING -d {address} ! -i br-a -j DROP" for address in addresses]
    walker = Walker(iptables_save.parse("\n".join(lines).encode()).raw)
    looked_at = watched(monkeypatch)
    packet = Packet("", "", None, ipaddress.ip_network(addresses[-1]))
    assert packet.destination.version == version
    assert walker.walk("PREROUTING", packet).verdict == DROP and len(looked_at) == 1


def test_many_published_ports_cost_little(monkeypatch):
    lines = ["*raw", ":PREROUTING ACCEPT [0:0]"]
    lines += [f"-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport {port} -j DROP" for port in range(1, 2001)]
    walker = Walker(iptables_save.parse("\n".join(lines).encode()).raw)
    looked_at = watched(monkeypatch)
    packet = Packet("", "", None, ipaddress.ip_network("127.0.0.1"), "tcp", "7")
    assert walker.walk("PREROUTING", packet).verdict == DROP
    assert len(looked_at) == 1


@pytest.mark.parametrize(
    "rules, expected",
    [
        (["-j MINE", "-j DOCKER"], ["FORWARD", "DOCKER", "MINE"]),
        (["-j ACCEPT", "-j DOCKER"], ["FORWARD"]),
        (["-j REJECT", "-j DOCKER"], ["FORWARD"]),
        (["-i eth0 -j ACCEPT", "-j DOCKER"], ["FORWARD", "DOCKER"]),
        (["-j RETURN", "-j NOWHERE", "-i eth0 -j DOCKER"], ["FORWARD", "DOCKER"]),
        (["-j MINE", "-j FORWARD", "-j MINE"], ["FORWARD", "MINE"]),
    ],
)
def test_chains_that_a_packet_may_come_to(rules, expected):
    text = ":FORWARD ACCEPT [0:0]\n:MINE - [0:0]\n:DOCKER - [0:0]\n" + "".join(f"-A FORWARD {rule}\n" for rule in rules)
    assert packet_filter.reached(iptables_save.parse(text.encode()).forward, "FORWARD") == expected


@pytest.mark.parametrize(
    "expression", [{"limit": {"rate": 10}}, {"xt": None}, {"log": None, "limit": {}}, "accept", {}]
)
def test_nft_expression_that_is_not_known_may_not_be_fulfilled(expression):
    assert nft(expression).walk("FORWARD", OUTSIDE).verdict == ""


@pytest.mark.parametrize("expression", [{"counter": None}, {"log": {"prefix": "x"}}])
def test_nft_expression_that_only_counts_is_no_condition(expression):
    assert nft(expression).walk("FORWARD", OUTSIDE).verdict == DROP


def programs(monkeypatch, outputs, legacy=False):
    """What each program prints; one that is not named is not there."""
    ran = []

    def run(*command):
        ran.append(command[0])
        if command[0] not in outputs:
            raise OSError(f"there is no program {command[0]}")
        return outputs[command[0]].encode()

    monkeypatch.setattr(reader, "_run", run)
    monkeypatch.setattr(reader, "_has_legacy_tables", lambda family: legacy)
    return ran


@pytest.mark.parametrize("family, program", [("ip", "iptables-save"), ("ip6", "ip6tables-save")])
def test_one_process_where_it_shows_dockers_rules(monkeypatch, family, program):
    ran = programs(monkeypatch, {program: packet_filters.IPTABLES_26}, True)
    assert reader.is_dockers(reader.read(family, IPTABLES))
    assert ran == [program]


def test_rules_in_the_other_backend_of_iptables(monkeypatch):
    programs(monkeypatch, {"iptables-save": "", "iptables-legacy-save": packet_filters.IPTABLES_26}, True)
    assert reader.is_dockers(reader.read("ip", IPTABLES))


def test_older_backend_is_not_asked_where_the_kernel_has_no_table_of_it(monkeypatch):
    ran = programs(monkeypatch, {"iptables-save": "", "iptables-legacy-save": packet_filters.IPTABLES_26}, False)
    assert not reader.is_dockers(reader.read("ip", IPTABLES))
    assert "iptables-legacy-save" not in ran


def test_nft_says_what_it_holds(monkeypatch):
    ran = programs(monkeypatch, {"nft": packet_filters_29.NFT})
    assert reader.read("ip", NFTABLES).backend == NFTABLES
    assert ran == ["nft"]


def test_engine_that_says_nftables_and_writes_iptables(monkeypatch):
    programs(monkeypatch, {"nft": '{"nftables":[]}', "iptables-save": packet_filters.IPTABLES_28})
    assert reader.read("ip", NFTABLES).backend == IPTABLES


def test_table_that_is_gone_is_not_read_as_another_backend(monkeypatch):
    programs(monkeypatch, {"nft": '{"nftables":[]}', "iptables-save": ""})
    read = reader.read("ip", NFTABLES)
    assert (read.backend, dict(read.forward)) == (NFTABLES, {})


def test_program_that_is_missing(monkeypatch):
    programs(monkeypatch, {})
    with pytest.raises(OSError, match="no program iptables-save"):
        reader.read("ip", IPTABLES)


def test_a_jump_to_docker_user_that_stays_behind_is_not_the_other_backend(monkeypatch):
    """Seen on 29 after a change from iptables to nftables: FORWARD still leads to DOCKER-USER, and to nothing else of Docker's."""
    rules = "*filter\n:FORWARD ACCEPT [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\nCOMMIT\n"
    programs(monkeypatch, {"nft": '{"nftables":[]}', "iptables-save": rules})
    assert reader.read("ip", NFTABLES).backend == NFTABLES


@pytest.mark.parametrize(
    "status, output, reason", [(3, "", "nft ends with status 3"), (0, "x" * 11, "more than 10 bytes")]
)
def test_what_a_program_does_not_list_whole_is_no_packet_filter(monkeypatch, status, output, reason):
    monkeypatch.setattr(reader, "_LIMIT", 10)
    monkeypatch.setattr(reader.programs, "run", lambda command, seconds: Answer(status, output.encode(), b""))
    with pytest.raises(OSError, match=reason):
        reader.read("ip", NFTABLES)


def test_what_is_as_large_as_may_be_is_read(monkeypatch):
    monkeypatch.setattr(reader, "_LIMIT", len(packet_filters_29.NFT))
    monkeypatch.setattr(reader.programs, "run", lambda command, seconds: Answer(0, packet_filters_29.NFT.encode(), b""))
    assert reader.read("ip", NFTABLES).backend == NFTABLES


@pytest.mark.parametrize("text, expected", [("nat\nfilter\n", True), ("filter6\n", False), ("", False), (None, False)])
def test_tables_of_the_older_backend_are_those_that_the_kernel_lists(monkeypatch, tmp_path, text, expected):
    if text is not None:
        (tmp_path / "names").write_text(text)
    monkeypatch.setattr(reader, "_LEGACY_TABLES", {"ip": str(tmp_path / "names")})
    assert reader._has_legacy_tables("ip") is expected


@pytest.mark.parametrize("legacy", ["*filter\n:FORWARD ACCEPT [0:0]\n", None])
def test_rules_in_the_newer_backend_of_iptables(monkeypatch, legacy):
    outputs = {"iptables-save": "", "iptables-nft-save": packet_filters.IPTABLES_26}
    if legacy is not None:
        outputs["iptables-legacy-save"] = legacy
    programs(monkeypatch, outputs, legacy is not None)
    assert reader.is_dockers(reader.read("ip", IPTABLES))


def test_host_with_nft_alone_whose_table_is_gone(monkeypatch):
    programs(monkeypatch, {"nft": '{"nftables":[]}'})
    assert reader.read("ip", NFTABLES).backend == NFTABLES
