# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packet filters as iptables-save printed them where 26.1 and 28.5 ran (without nat); those of 29 are in packet_filters_29.

Networks: bridge, six (IPv6), inner (internal), noicc; 28.5 also rou (routed), unp (nat-unprotected) and iso (isolated).
"""

IPTABLES_26 = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o br-f7ae094cc9e0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-f7ae094cc9e0 -j DOCKER
-A FORWARD -i br-f7ae094cc9e0 ! -o br-f7ae094cc9e0 -j ACCEPT
-A FORWARD -i br-f759730458d0 -o br-f759730458d0 -j ACCEPT
-A FORWARD -o br-f8137d8dbc2c -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-f8137d8dbc2c -j DOCKER
-A FORWARD -i br-f8137d8dbc2c ! -o br-f8137d8dbc2c -j ACCEPT
-A FORWARD -i br-f8137d8dbc2c -o br-f8137d8dbc2c -j ACCEPT
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A FORWARD -i br-f7ae094cc9e0 -o br-f7ae094cc9e0 -j DROP
-A DOCKER -d 172.30.0.2/32 ! -i br-f8137d8dbc2c -o br-f8137d8dbc2c -p tcp -m tcp --dport 81 -j ACCEPT
-A DOCKER -d 172.30.0.2/32 ! -i br-f8137d8dbc2c -o br-f8137d8dbc2c -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br-f7ae094cc9e0 ! -o br-f7ae094cc9e0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o br-f759730458d0 -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 172.18.0.0/16 -i br-f759730458d0 -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-f8137d8dbc2c ! -o br-f8137d8dbc2c -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o br-f7ae094cc9e0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-f8137d8dbc2c -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
"""
# The same engine with the networks bridge and front, after firewalld 2.3 (FirewallBackend=iptables) was reloaded and dockerd had
# reacted: in the kernel a container of the one reached the other. Without the chains of firewalld's own zones.
RELOADED_26 = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
:FORWARD_direct - [0:0]
-A FORWARD -j FORWARD_direct
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A FORWARD -o br-86c42eb93a84 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-86c42eb93a84 -j DOCKER
-A FORWARD -i br-86c42eb93a84 ! -o br-86c42eb93a84 -j ACCEPT
-A FORWARD -i br-86c42eb93a84 -o br-86c42eb93a84 -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT
-A FORWARD -i lo -j ACCEPT
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
-A DOCKER -d 172.18.0.2/32 ! -i br-86c42eb93a84 -o br-86c42eb93a84 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
"""
IPTABLES_28 = """\
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d 172.30.0.2/32 ! -i br-497d74b26bee -j DROP
-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8081 -j DROP
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.19.0.2/32 ! -i br-c96368b49c86 -o br-c96368b49c86 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.30.0.2/32 ! -i br-497d74b26bee -o br-497d74b26bee -p tcp -m tcp --dport 81 -j ACCEPT
-A DOCKER -d 172.30.0.2/32 ! -i br-497d74b26bee -o br-497d74b26bee -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i br-41f9d35933df -o br-41f9d35933df -j ACCEPT
-A DOCKER ! -i br-497d74b26bee -o br-497d74b26bee -j DROP
-A DOCKER ! -i br-72f8cff06c11 -o br-72f8cff06c11 -j DROP
-A DOCKER -o br-c96368b49c86 -p icmp -j ACCEPT
-A DOCKER ! -i br-c96368b49c86 -o br-c96368b49c86 -j DROP
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o br-41f9d35933df -j DOCKER
-A DOCKER-BRIDGE -o br-497d74b26bee -j DOCKER
-A DOCKER-BRIDGE -o br-72f8cff06c11 -j DOCKER
-A DOCKER-BRIDGE -o br-c96368b49c86 -j DOCKER
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o br-41f9d35933df -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-497d74b26bee -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-72f8cff06c11 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-c96368b49c86 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i br-41f9d35933df -j ACCEPT
-A DOCKER-FORWARD -i br-497d74b26bee -j ACCEPT
-A DOCKER-FORWARD -i br-72f8cff06c11 -o br-72f8cff06c11 -j DROP
-A DOCKER-FORWARD -i br-72f8cff06c11 ! -o br-72f8cff06c11 -j ACCEPT
-A DOCKER-FORWARD -i br-b18e04a06194 -o br-b18e04a06194 -j ACCEPT
-A DOCKER-FORWARD -i br-c96368b49c86 -j ACCEPT
-A DOCKER-FORWARD -i br-d609656d29f1 -o br-d609656d29f1 -j ACCEPT
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o br-d609656d29f1 -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 172.18.0.0/16 -i br-d609656d29f1 -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-c96368b49c86 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -o br-c96368b49c86 -j RETURN
-A DOCKER-ISOLATION-STAGE-1 ! -s 172.22.0.0/16 -o br-b18e04a06194 -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 172.22.0.0/16 -i br-b18e04a06194 -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-41f9d35933df ! -o br-41f9d35933df -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-497d74b26bee ! -o br-497d74b26bee -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-72f8cff06c11 ! -o br-72f8cff06c11 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-c96368b49c86 ! -o br-c96368b49c86 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-c96368b49c86 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-72f8cff06c11 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-497d74b26bee -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-41f9d35933df -j DROP
COMMIT
"""
IP6TABLES_28 = """\
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d fd00:30::2/128 ! -i br-497d74b26bee -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i br-497d74b26bee -o br-497d74b26bee -j DROP
-A DOCKER-BRIDGE -o br-497d74b26bee -j DOCKER
-A DOCKER-CT -o br-497d74b26bee -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i br-497d74b26bee -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br-497d74b26bee ! -o br-497d74b26bee -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o br-497d74b26bee -j DROP
COMMIT
"""


def network(name, interface, subnet, six="", **more):
    """An item of GET /networks."""
    options = {"com.docker.network.bridge.name": interface, **more.pop("options", {})}
    subnets = [{"Subnet": text} for text in (subnet, six) if text]
    item = {
        "Name": name,
        "Id": (interface[3:] if interface.startswith("br-") else "f" * 12) + "0" * 52,
        "Options": options,
    }
    return {**item, "IPAM": {"Config": subnets}, "EnableIPv6": bool(six), **more}


MODE = "com.docker.network.bridge.gateway_mode_ipv4"
ICC = "com.docker.network.bridge.enable_icc"
NETWORKS_26 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("six", "br-f8137d8dbc2c", "172.30.0.0/16"),
    network("inner", "br-f759730458d0", "172.18.0.0/16", Internal=True),
    network("noicc", "br-f7ae094cc9e0", "172.19.0.0/16", options={ICC: "false"}),
]
NETWORKS_RELOADED_26 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("front", "br-86c42eb93a84", "172.18.0.0/16"),
]
NETWORKS_28 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("six", "br-497d74b26bee", "172.30.0.0/16", "fd00:30::/64"),
    network("inner", "br-d609656d29f1", "172.18.0.0/16", Internal=True),
    network("rou", "br-c96368b49c86", "172.19.0.0/16", options={MODE: "routed"}),
    network("noicc", "br-72f8cff06c11", "172.21.0.0/16", options={ICC: "false"}),
    network("iso", "br-b18e04a06194", "172.22.0.0/16", Internal=True, options={MODE: "isolated"}),
]
UNPROTECTED_28 = network("unp", "br-41f9d35933df", "172.20.0.0/16", options={MODE: "nat-unprotected"})
