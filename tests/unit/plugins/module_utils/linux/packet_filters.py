# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packet filters: as iptables-save printed them where 26.1 and 28.5 ran (without nat), and as nft -j prints the tables that 29 makes.

The tables of 29 were made by hand after moby's nftabler, loaded into a kernel and listed by nft 1.1.7. Networks of 26.1 and 28.5:
bridge, six (IPv6), inner (internal), noicc; 28.5 also rou (routed), unp (nat-unprotected) and iso (isolated).
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
# Networks bridge (docker0), lan (br-d51aefd8f005, IPv6, without icc) and inner (br-internal0, internal).
NFT = (
    '{"nftables":[{"table":{"family":"ip","name":"docker-bridges"}},{"chain":{"family":"ip","table":"docker-bridges","name":"'
    'filter-FORWARD","type":"filter","hook":"forward","prio":0,"policy":"accept"}},{"chain":{"family":"ip","table":"docker-br'
    'idges","name":"raw-PREROUTING","type":"filter","hook":"prerouting","prio":-300,"policy":"accept"}},{"chain":{"family":"i'
    'p","table":"docker-bridges","name":"filter-forward-in__docker0"}},{"chain":{"family":"ip","table":"docker-bridges","name'
    '":"filter-forward-out__docker0"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-d51aefd'
    '8f005"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-d51aefd8f005"}},{"chain":{"fami'
    'ly":"ip","table":"docker-bridges","name":"filter-forward-in__br-internal0"}},{"chain":{"family":"ip","table":"docker-bri'
    'dges","name":"filter-forward-out__br-internal0"}},{"map":{"family":"ip","name":"filter-forward-in-jumps","table":"docker'
    '-bridges","type":"ifname","map":"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-in__br-d51aefd8f0'
    '05"}}],["br-internal0",{"jump":{"target":"filter-forward-in__br-internal0"}}],["docker0",{"jump":{"target":"filter-forwa'
    'rd-in__docker0"}}]]}},{"map":{"family":"ip","name":"filter-forward-out-jumps","table":"docker-bridges","type":"ifname","'
    'map":"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-out__br-d51aefd8f005"}}],["br-internal0",{"j'
    'ump":{"target":"filter-forward-out__br-internal0"}}],["docker0",{"jump":{"target":"filter-forward-out__docker0"}}]]}},{"'
    'rule":{"family":"ip","table":"docker-bridges","chain":"filter-FORWARD","expr":[{"vmap":{"key":{"meta":{"key":"oifname"}}'
    ',"data":"@filter-forward-in-jumps"}}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-FORWARD","expr":'
    '[{"vmap":{"key":{"meta":{"key":"iifname"}},"data":"@filter-forward-out-jumps"}}]}},{"rule":{"family":"ip","table":"docke'
    'r-bridges","chain":"raw-PREROUTING","comment":"DROP DIRECT ACCESS","expr":[{"match":{"op":"==","left":{"payload":{"proto'
    'col":"ip","field":"daddr"}},"right":"172.17.0.2"}},{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":{"set":'
    '["docker0","eth1"]}}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"raw-PRE'
    'ROUTING","comment":"DROP REMOTE LOOPBACK","expr":[{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"lo"}},{'
    '"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":"127.0.0.1"}},{"match":{"op":"==","left"'
    ':{"payload":{"protocol":"tcp","field":"dport"}},"right":8081}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip",'
    '"table":"docker-bridges","chain":"filter-forward-in__docker0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},'
    '"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges",'
    '"chain":"filter-forward-in__docker0","comment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"righ'
    't":"docker0"}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forwa'
    'rd-in__docker0","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":"172.17.0.2"}},'
    '{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":80}},{"counter":null},{"accept":null}]'
    '}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__docker0","comment":"UNPUBLISHED PORT DROP'
    '","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out_'
    '_docker0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null}'
    ',{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__docker0","comment":"OUT'
    'GOING","expr":[{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forwa'
    'rd-in__br-d51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"'
    'counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd'
    '8f005","comment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br-d51aefd8f005"}},{"count'
    'er":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005",'
    '"comment":"UNPUBLISHED PORT DROP","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridg'
    'es","chain":"filter-forward-out__br-d51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["es'
    'tablished","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"fil'
    'ter-forward-out__br-d51aefd8f005","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}},{"rule":{"family":"ip'
    '","table":"docker-bridges","chain":"filter-forward-in__br-internal0","expr":[{"match":{"op":"in","left":{"ct":{"key":"st'
    'ate"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-br'
    'idges","chain":"filter-forward-in__br-internal0","comment":"INTERNAL NETWORK INGRESS","expr":[{"match":{"op":"!=","left"'
    ':{"meta":{"key":"iifname"}},"right":"br-internal0"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"d'
    'ocker-bridges","chain":"filter-forward-in__br-internal0","comment":"ICC","expr":[{"counter":null},{"accept":null}]}},{"r'
    'ule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-internal0","expr":[{"match":{"op":"in","lef'
    't":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip"'
    ',"table":"docker-bridges","chain":"filter-forward-out__br-internal0","comment":"INTERNAL NETWORK EGRESS","expr":[{"match'
    '":{"op":"!=","left":{"meta":{"key":"oifname"}},"right":"br-internal0"}},{"counter":null},{"drop":null}]}},{"table":{"fam'
    'ily":"ip6","name":"docker-bridges"}},{"chain":{"family":"ip6","table":"docker-bridges","name":"filter-FORWARD","type":"f'
    'ilter","hook":"forward","prio":0,"policy":"accept"}},{"chain":{"family":"ip6","table":"docker-bridges","name":"raw-PRERO'
    'UTING","type":"filter","hook":"prerouting","prio":-300,"policy":"accept"}},{"chain":{"family":"ip6","table":"docker-brid'
    'ges","name":"filter-forward-in__br-d51aefd8f005"}},{"chain":{"family":"ip6","table":"docker-bridges","name":"filter-forw'
    'ard-out__br-d51aefd8f005"}},{"map":{"family":"ip6","name":"filter-forward-in-jumps","table":"docker-bridges","type":"ifn'
    'ame","map":"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-in__br-d51aefd8f005"}}]]}},{"map":{"fa'
    'mily":"ip6","name":"filter-forward-out-jumps","table":"docker-bridges","type":"ifname","map":"verdict","elem":[["br-d51a'
    'efd8f005",{"jump":{"target":"filter-forward-out__br-d51aefd8f005"}}]]}},{"rule":{"family":"ip6","table":"docker-bridges"'
    ',"chain":"filter-FORWARD","expr":[{"vmap":{"key":{"meta":{"key":"oifname"}},"data":"@filter-forward-in-jumps"}}]}},{"rul'
    'e":{"family":"ip6","table":"docker-bridges","chain":"filter-FORWARD","expr":[{"vmap":{"key":{"meta":{"key":"iifname"}},"'
    'data":"@filter-forward-out-jumps"}}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-forward-in__br-d'
    '51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":nu'
    'll},{"accept":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","co'
    'mment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br-d51aefd8f005"}},{"counter":null},'
    '{"drop":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","comment"'
    ':"UNPUBLISHED PORT DROP","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","cha'
    'in":"filter-forward-out__br-d51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["establishe'
    'd","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-for'
    'ward-out__br-d51aefd8f005","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}}]}'
)


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


_MODE = "com.docker.network.bridge.gateway_mode_ipv4"
_ICC = "com.docker.network.bridge.enable_icc"
NETWORKS_26 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("six", "br-f8137d8dbc2c", "172.30.0.0/16"),
    network("inner", "br-f759730458d0", "172.18.0.0/16", Internal=True),
    network("noicc", "br-f7ae094cc9e0", "172.19.0.0/16", options={_ICC: "false"}),
]
NETWORKS_28 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("six", "br-497d74b26bee", "172.30.0.0/16", "fd00:30::/64"),
    network("inner", "br-d609656d29f1", "172.18.0.0/16", Internal=True),
    network("rou", "br-c96368b49c86", "172.19.0.0/16", options={_MODE: "routed"}),
    network("noicc", "br-72f8cff06c11", "172.21.0.0/16", options={_ICC: "false"}),
    network("iso", "br-b18e04a06194", "172.22.0.0/16", Internal=True, options={_MODE: "isolated"}),
]
UNPROTECTED_28 = network("unp", "br-41f9d35933df", "172.20.0.0/16", options={_MODE: "nat-unprotected"})
NETWORKS_29 = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("lan", "br-d51aefd8f005", "172.18.0.0/16", "fd00:30::/64", options={_ICC: "false"}),
    network("inner", "br-internal0", "172.19.0.0/16", Internal=True),
]
