# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one good container, one thing changed: what of its traffic is tried."""

import copy

import pytest

from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.network import (
    DNS,
    ECHO,
    TCP,
    Probe,
    Process,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.traffic import (
    Host,
    addresses,
    default_gateway,
    items,
    nameservers,
)

HOST = Host("192.0.2.1", "192.0.2.7", ("192.0.2.53",))
INSPECT = {
    "Name": "/web",
    "State": {"Pid": 4711},
    "HostConfig": {"NetworkMode": "bridge", "Privileged": False, "CapAdd": None, "Dns": []},
    "NetworkSettings": {
        "Networks": {"bridge": {"IPAddress": "172.17.0.2"}},
        "Ports": {
            "443/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8443"}, {"HostIp": "::", "HostPort": "8443"}],
            "53/udp": None,
        },
    },
}
PROCESS = Process(4711, 99)


def tweaked(**more):
    inspect = copy.deepcopy(INSPECT)
    inspect["HostConfig"].update(more)
    return inspect


def probes(inspect, host=HOST):
    return [item.probe for item in items(inspect, 99, host)]


def test_a_container_on_the_default_bridge():
    entries = items(INSPECT, 99, HOST)
    assert [item.probe for item in entries] == [
        Probe(PROCESS, ECHO, "192.0.2.1"),
        Probe(PROCESS, DNS, "192.0.2.53", 53, ""),
        Probe(None, TCP, "192.0.2.7", 8443),
    ]
    assert entries[2].inside == Probe(PROCESS, TCP, "172.17.0.2", 443)
    assert [item.what for item in entries] == [
        "reach 192.0.2.1 (ICMP echo)",
        "resolve names by 192.0.2.53",
        "be reached on 192.0.2.7 port 8443",
    ]


def test_a_network_of_its_own_has_the_engines_resolver():
    assert Probe(PROCESS, DNS, "127.0.0.11", 53, "web") in probes(tweaked(NetworkMode="front"))


def test_servers_that_its_creator_chose():
    assert probes(tweaked(Dns=["198.51.100.1", "127.0.0.1", "no address"]))[1] == Probe(
        PROCESS, DNS, "198.51.100.1", 53, ""
    )


@pytest.mark.parametrize(
    "more",
    [
        {"NetworkMode": "host"},
        {"NetworkMode": "none"},
        {"NetworkMode": "container:" + "c" * 64},
        {"Privileged": True},
        {"CapAdd": ["NET_ADMIN"]},
        {"CapAdd": ["cap_net_admin"]},
        {"CapAdd": ["CHOWN", "ALL"]},
        {"CapAdd": ["SYS_ADMIN"]},
    ],
)
def test_what_has_no_network_of_its_own_or_may_change_it_is_left_out(more):
    assert probes(tweaked(**more)) == []


@pytest.mark.parametrize(
    "binding, address",
    [
        ({"HostIp": "127.0.0.1", "HostPort": "80"}, "127.0.0.1"),
        ({"HostIp": "", "HostPort": "80"}, "192.0.2.7"),
        ({"HostIp": "2001:db8::1", "HostPort": "80"}, "2001:db8::1"),
        ({"HostIp": "::", "HostPort": "80"}, None),
        ({"HostIp": "hostile", "HostPort": "80"}, None),
    ],
)
def test_where_a_port_is_published(binding, address):
    inspect = tweaked()
    inspect["NetworkSettings"]["Ports"] = {"80/tcp": [binding]}
    result = [probe.address for probe in probes(inspect) if probe.kind == TCP]
    assert result == ([address] if address else [])


@pytest.mark.parametrize("own", [None, "", "name.example", "127.0.0.1", "172.17.0.300"])
def test_an_address_that_is_none_is_never_looked_up(own):
    inspect = tweaked()
    inspect["NetworkSettings"]["Networks"]["bridge"]["IPAddress"] = own
    assert [probe.kind for probe in probes(inspect)] == [ECHO, DNS]


def test_two_ports_are_enough():
    inspect = tweaked()
    inspect["NetworkSettings"]["Ports"] = {
        "%d/tcp" % port: [{"HostIp": "", "HostPort": str(port)}] for port in range(80, 99)
    }
    assert len([probe for probe in probes(inspect) if probe.kind == TCP]) == 2


def test_a_host_without_a_gateway():
    assert [probe.kind for probe in probes(INSPECT, Host(None, "127.0.0.1", ()))] == [TCP]


def test_files_of_the_host():
    route = (
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    )
    assert default_gateway(route) == "192.0.2.1" and default_gateway("") is None
    text = "# nameserver 1.1.1.1\nnameserver 127.0.0.53\nnameserver\t192.0.2.53\nnameserver 2001:db8::1\nnameserver 192.0.2.53\n"
    assert nameservers(text) == ("192.0.2.53",) and addresses(["0.0.0.0", "x"]) == ()
