# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a packet filter are read as the kernel means them, and packets take the way that they take there."""

import ipaddress

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import iptables_save, nft_ruleset
from ansible_collections.containment.docker.plugins.module_utils.linux import packet_filter_reader as reader
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import (
    ACCEPT,
    DROP,
    IPTABLES,
    NFTABLES,
    Packet,
    Walker,
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
        ("! -i docker0 -o docker0 -j DROP", DROP),
        ("-i docker0 -j DROP", ""),
        ("-i eth0 -j DROP", ""),
        ("! -i lo -j DROP", DROP),
        ("-m comment --comment '-j ACCEPT' -j DROP", DROP),
        ("-m conntrack --ctstate RELATED,ESTABLISHED -j DROP", ""),
        ("-m conntrack --ctstate NEW -j DROP", DROP),
        ("-m state ! --state NEW -j DROP", ""),
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
        ("-m set --match-set docker-ext-bridges-v4 dst -j DROP", DROP),
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


@pytest.mark.parametrize(
    "text", ["", "[]", '{"nftables": 1}', '{"nftables": [{"rule": {"family": "ip"}}]}', "[" * 100000]
)
def test_nft_output_of_another_shape_is_refused(text):
    with pytest.raises(ValueError):
        nft_ruleset.parse(text.encode(), "ip")


def test_rule_of_no_chain_is_refused():
    with pytest.raises(ValueError, match="no chain"):
        iptables_save.parse(b"*filter\n-A FORWARD -j DROP\n")


def test_many_networks_cost_little(monkeypatch):
    count = 2000
    lines = [":FORWARD DROP [0:0]"]
    lines += [f"-A FORWARD ! -i br-{n} -o br-{n} -j DROP" for n in range(count)]
    walker = Walker(iptables_save.parse("\n".join(lines).encode()).forward)
    looked_at = []
    monkeypatch.setattr(
        "ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter.matches",
        lambda rule, packet: looked_at.append(rule) or True,
    )
    for number in range(count):
        assert walker.walk("FORWARD", Packet("", f"br-{number}")).verdict == DROP
    assert len(looked_at) == count


def test_many_published_ports_cost_little(monkeypatch):
    lines = ["*raw", ":PREROUTING ACCEPT [0:0]"]
    lines += [f"-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport {port} -j DROP" for port in range(1, 2001)]
    walker = Walker(iptables_save.parse("\n".join(lines).encode()).raw)
    tried = []
    monkeypatch.setattr(
        "ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter.matches",
        lambda rule, packet: tried.append(rule) or True,
    )
    packet = Packet("", "", None, ipaddress.ip_network("127.0.0.1"), "tcp", "7")
    assert walker.walk("PREROUTING", packet).verdict == DROP
    assert len(tried) == 1


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
