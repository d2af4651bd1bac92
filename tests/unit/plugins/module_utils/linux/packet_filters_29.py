# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packet filter of a dockerd built from moby's sources of August 2026 (29.8 to be), once with each backend, and its networks.

As nft 1.1.7 (-j -s, without handles and chains of nat) and iptables-save 1.8.13 (without nat) printed it. Containers: one
(127.0.0.1:8081 -> 80), six in lan (8082 -> 80, 53/udp), routed (80), open (8083 -> 80), inner, trusting.
"""

from .packet_filters import ICC, MODE, network

NFT = (
    '{"nftables":[{"table":{"family":"ip","name":"docker-bridges"}},{"chain":{"family":"ip","table":"docker-bridges",'
    '"name":"filter-FORWARD","type":"filter","hook":"forward","prio":0,"policy":"accept"}},{"chain":{"family":"ip","t'
    'able":"docker-bridges","name":"raw-PREROUTING","type":"filter","hook":"prerouting","prio":-300,"policy":"accept"'
    '}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-efff19a5c39c"}},{"chain":{"fam'
    'ily":"ip","table":"docker-bridges","name":"filter-forward-out__br-efff19a5c39c"}},{"chain":{"family":"ip","table'
    '":"docker-bridges","name":"filter-forward-in__br-f6f81f15cadd"}},{"chain":{"family":"ip","table":"docker-bridges'
    '","name":"filter-forward-out__br-f6f81f15cadd"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter'
    '-forward-in__br-5ab22aa80802"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-'
    '5ab22aa80802"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-603c560ab083"}},{'
    '"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-603c560ab083"}},{"chain":{"family'
    '":"ip","table":"docker-bridges","name":"filter-forward-in__br-b35295165378"}},{"chain":{"family":"ip","table":"d'
    'ocker-bridges","name":"filter-forward-out__br-b35295165378"}},{"chain":{"family":"ip","table":"docker-bridges","'
    'name":"filter-forward-in__br-d17c96cd1d2a"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-for'
    'ward-out__br-d17c96cd1d2a"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-494f'
    '07ed52c6"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-494f07ed52c6"}},{"ch'
    'ain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__docker0"}},{"chain":{"family":"ip","tabl'
    'e":"docker-bridges","name":"filter-forward-out__docker0"}},{"chain":{"family":"ip","table":"docker-bridges","nam'
    'e":"filter-forward-in__br-d51aefd8f005"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forwar'
    'd-out__br-d51aefd8f005"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-interna'
    'l0"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-internal0"}},{"chain":{"fa'
    'mily":"ip","table":"docker-bridges","name":"filter-forward-in__br-routed0"}},{"chain":{"family":"ip","table":"do'
    'cker-bridges","name":"filter-forward-out__br-routed0"}},{"chain":{"family":"ip","table":"docker-bridges","name":'
    '"filter-forward-in__br-open0"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-out__br-'
    'open0"}},{"chain":{"family":"ip","table":"docker-bridges","name":"filter-forward-in__br-isolated0"}},{"chain":{"'
    'family":"ip","table":"docker-bridges","name":"filter-forward-out__br-isolated0"}},{"chain":{"family":"ip","table'
    '":"docker-bridges","name":"filter-forward-in__br-trusting0"}},{"chain":{"family":"ip","table":"docker-bridges","'
    'name":"filter-forward-out__br-trusting0"}},{"map":{"family":"ip","name":"filter-forward-in-jumps","table":"docke'
    'r-bridges","type":"ifname","map":"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-in__br-d'
    '51aefd8f005"}}],["br-internal0",{"jump":{"target":"filter-forward-in__br-internal0"}}],["br-isolated0",{"jump":{'
    '"target":"filter-forward-in__br-isolated0"}}],["br-open0",{"jump":{"target":"filter-forward-in__br-open0"}}],["b'
    'r-routed0",{"jump":{"target":"filter-forward-in__br-routed0"}}],["br-trusting0",{"jump":{"target":"filter-forwar'
    'd-in__br-trusting0"}}],["docker0",{"jump":{"target":"filter-forward-in__docker0"}}]]}},{"map":{"family":"ip","na'
    'me":"filter-forward-out-jumps","table":"docker-bridges","type":"ifname","map":"verdict","elem":[["br-d51aefd8f00'
    '5",{"jump":{"target":"filter-forward-out__br-d51aefd8f005"}}],["br-internal0",{"jump":{"target":"filter-forward-'
    'out__br-internal0"}}],["br-isolated0",{"jump":{"target":"filter-forward-out__br-isolated0"}}],["br-open0",{"jump'
    '":{"target":"filter-forward-out__br-open0"}}],["br-routed0",{"jump":{"target":"filter-forward-out__br-routed0"}}'
    '],["br-trusting0",{"jump":{"target":"filter-forward-out__br-trusting0"}}],["docker0",{"jump":{"target":"filter-f'
    'orward-out__docker0"}}]]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-FORWARD","expr":[{"vm'
    'ap":{"key":{"meta":{"key":"oifname"}},"data":"@filter-forward-in-jumps"}}]}},{"rule":{"family":"ip","table":"doc'
    'ker-bridges","chain":"filter-FORWARD","expr":[{"vmap":{"key":{"meta":{"key":"iifname"}},"data":"@filter-forward-'
    'out-jumps"}}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"raw-PREROUTING","comment":"DROP DIRECT '
    'ACCESS","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":"172.17.0.2"}},'
    '{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"docker0"}},{"counter":null},{"drop":null}]}},{"ru'
    'le":{"family":"ip","table":"docker-bridges","chain":"raw-PREROUTING","comment":"DROP REMOTE LOOPBACK","expr":[{"'
    'match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"lo"}},{"match":{"op":"==","left":{"payload":{"proto'
    'col":"ip","field":"daddr"}},"right":"127.0.0.1"}},{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field'
    '":"dport"}},"right":8081}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","ch'
    'ain":"raw-PREROUTING","comment":"DROP DIRECT ACCESS","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"'
    'ip","field":"daddr"}},"right":"172.18.0.2"}},{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"br-d'
    '51aefd8f005"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"raw-PR'
    'EROUTING","comment":"DROP DIRECT ACCESS","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":'
    '"daddr"}},"right":"172.23.0.2"}},{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":{"set":["br-trust'
    'ing0","eth1","eth2"]}}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain'
    '":"filter-forward-in__docker0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established",'
    '"related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter'
    '-forward-in__docker0","comment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"doc'
    'ker0"}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forw'
    'ard-in__docker0","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":"172.1'
    '7.0.2"}},{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":80}},{"counter":null}'
    ',{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__docker0","commen'
    't":"UNPUBLISHED PORT DROP","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-brid'
    'ges","chain":"filter-forward-out__docker0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["e'
    'stablished","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","ch'
    'ain":"filter-forward-out__docker0","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}},{"rule":{"fa'
    'mily":"ip","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","expr":[{"match":{"op":"in","le'
    'ft":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"fam'
    'ily":"ip","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","comment":"ICC","expr":[{"match"'
    ':{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br-d51aefd8f005"}},{"counter":null},{"drop":null}]}},{"ru'
    'le":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","expr":[{"match":{"op":'
    '"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":"172.18.0.2"}},{"match":{"op":"==","left":{"pa'
    'yload":{"protocol":"udp","field":"dport"}},"right":53}},{"counter":null},{"accept":null}]}},{"rule":{"family":"i'
    'p","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","expr":[{"match":{"op":"==","left":{"pa'
    'yload":{"protocol":"ip","field":"daddr"}},"right":"172.18.0.2"}},{"match":{"op":"==","left":{"payload":{"protoco'
    'l":"tcp","field":"dport"}},"right":80}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"dock'
    'er-bridges","chain":"filter-forward-in__br-d51aefd8f005","comment":"UNPUBLISHED PORT DROP","expr":[{"counter":nu'
    'll},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-d51aefd8f00'
    '5","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null'
    '},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-d51aefd8f00'
    '5","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridg'
    'es","chain":"filter-forward-in__br-internal0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":'
    '["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges",'
    '"chain":"filter-forward-in__br-internal0","comment":"INTERNAL NETWORK INGRESS","expr":[{"match":{"op":"!=","left'
    '":{"meta":{"key":"iifname"}},"right":"br-internal0"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","'
    'table":"docker-bridges","chain":"filter-forward-in__br-internal0","comment":"ICC","expr":[{"counter":null},{"acc'
    'ept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-internal0","expr":'
    '[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null},{"accept'
    '":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-internal0","comment":'
    '"INTERNAL NETWORK EGRESS","expr":[{"match":{"op":"!=","left":{"meta":{"key":"oifname"}},"right":"br-internal0"}}'
    ',{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__b'
    'r-routed0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"count'
    'er":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-rout'
    'ed0","comment":"ICMP","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"protocol"}},"right'
    '":"icmp"}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-f'
    'orward-in__br-routed0","comment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br'
    '-routed0"}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-'
    'forward-in__br-routed0","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right"'
    ':"172.20.0.2"}},{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":80}},{"counter'
    '":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-routed'
    '0","comment":"UNPUBLISHED PORT DROP","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"d'
    'ocker-bridges","chain":"filter-forward-out__br-routed0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}'
    '},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker'
    '-bridges","chain":"filter-forward-out__br-routed0","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}'
    ']}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-open0","expr":[{"match":{"op"'
    ':"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"ru'
    'le":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-open0","comment":"ICC","expr":[{"matc'
    'h":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br-open0"}},{"counter":null},{"accept":null}]}},{"rule"'
    ':{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-open0","comment":"UNPROTECTED","expr":[{'
    '"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__'
    'br-open0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counte'
    'r":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-open'
    '0","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridg'
    'es","chain":"filter-forward-in__br-isolated0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":'
    '["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges",'
    '"chain":"filter-forward-in__br-isolated0","comment":"INTERNAL NETWORK INGRESS","expr":[{"match":{"op":"!=","left'
    '":{"meta":{"key":"iifname"}},"right":"br-isolated0"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","'
    'table":"docker-bridges","chain":"filter-forward-in__br-isolated0","comment":"ICC","expr":[{"counter":null},{"acc'
    'ept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-isolated0","expr":'
    '[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"counter":null},{"accept'
    '":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-out__br-isolated0","comment":'
    '"INTERNAL NETWORK EGRESS","expr":[{"match":{"op":"!=","left":{"meta":{"key":"oifname"}},"right":"br-isolated0"}}'
    ',{"counter":null},{"drop":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__b'
    'r-trusting0","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"cou'
    'nter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__br-tr'
    'usting0","comment":"ICC","expr":[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"br-trusting0"}},'
    '{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","table":"docker-bridges","chain":"filter-forward-in__'
    'br-trusting0","comment":"UNPUBLISHED PORT DROP","expr":[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip"'
    ',"table":"docker-bridges","chain":"filter-forward-out__br-trusting0","expr":[{"match":{"op":"in","left":{"ct":{"'
    'key":"state"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip","t'
    'able":"docker-bridges","chain":"filter-forward-out__br-trusting0","comment":"OUTGOING","expr":[{"counter":null},'
    '{"accept":null}]}},{"table":{"family":"ip6","name":"docker-bridges"}},{"chain":{"family":"ip6","table":"docker-b'
    'ridges","name":"filter-FORWARD","type":"filter","hook":"forward","prio":0,"policy":"accept"}},{"chain":{"family"'
    ':"ip6","table":"docker-bridges","name":"raw-PREROUTING","type":"filter","hook":"prerouting","prio":-300,"policy"'
    ':"accept"}},{"chain":{"family":"ip6","table":"docker-bridges","name":"filter-forward-in__br-efff19a5c39c"}},{"ch'
    'ain":{"family":"ip6","table":"docker-bridges","name":"filter-forward-out__br-efff19a5c39c"}},{"chain":{"family":'
    '"ip6","table":"docker-bridges","name":"filter-forward-in__br-494f07ed52c6"}},{"chain":{"family":"ip6","table":"d'
    'ocker-bridges","name":"filter-forward-out__br-494f07ed52c6"}},{"chain":{"family":"ip6","table":"docker-bridges",'
    '"name":"filter-forward-in__br-d51aefd8f005"}},{"chain":{"family":"ip6","table":"docker-bridges","name":"filter-f'
    'orward-out__br-d51aefd8f005"}},{"map":{"family":"ip6","name":"filter-forward-in-jumps","table":"docker-bridges",'
    '"type":"ifname","map":"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-in__br-d51aefd8f005'
    '"}}]]}},{"map":{"family":"ip6","name":"filter-forward-out-jumps","table":"docker-bridges","type":"ifname","map":'
    '"verdict","elem":[["br-d51aefd8f005",{"jump":{"target":"filter-forward-out__br-d51aefd8f005"}}]]}},{"rule":{"fam'
    'ily":"ip6","table":"docker-bridges","chain":"filter-FORWARD","expr":[{"vmap":{"key":{"meta":{"key":"oifname"}},"'
    'data":"@filter-forward-in-jumps"}}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-FORWARD",'
    '"expr":[{"vmap":{"key":{"meta":{"key":"iifname"}},"data":"@filter-forward-out-jumps"}}]}},{"rule":{"family":"ip6'
    '","table":"docker-bridges","chain":"raw-PREROUTING","comment":"DROP DIRECT ACCESS","expr":[{"match":{"op":"==","'
    'left":{"payload":{"protocol":"ip6","field":"daddr"}},"right":"fd00:30::2"}},{"match":{"op":"!=","left":{"meta":{'
    '"key":"iifname"}},"right":"br-d51aefd8f005"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip6","table":'
    '"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"s'
    'tate"}},"right":["established","related"]}},{"counter":null},{"accept":null}]}},{"rule":{"family":"ip6","table":'
    '"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","comment":"ICC","expr":[{"match":{"op":"==","left"'
    ':{"meta":{"key":"iifname"}},"right":"br-d51aefd8f005"}},{"counter":null},{"drop":null}]}},{"rule":{"family":"ip6'
    '","table":"docker-bridges","chain":"filter-forward-in__br-d51aefd8f005","comment":"UNPUBLISHED PORT DROP","expr"'
    ':[{"counter":null},{"drop":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-forward-out'
    '__br-d51aefd8f005","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}}'
    ',{"counter":null},{"accept":null}]}},{"rule":{"family":"ip6","table":"docker-bridges","chain":"filter-forward-ou'
    't__br-d51aefd8f005","comment":"OUTGOING","expr":[{"counter":null},{"accept":null}]}}]}'
)
IPTABLES = """\
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8081 -j DROP
-A PREROUTING -d 172.18.0.2/32 ! -i br-d51aefd8f005 -j DROP
-A PREROUTING -d 172.23.0.2/32 -i eth1 -j ACCEPT
-A PREROUTING -d 172.23.0.2/32 -i eth2 -j ACCEPT
-A PREROUTING -d 172.23.0.2/32 ! -i br-trusting0 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-INTERNAL - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.20.0.2/32 ! -i br-routed0 -o br-routed0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.18.0.2/32 ! -i br-d51aefd8f005 -o br-d51aefd8f005 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.18.0.2/32 ! -i br-d51aefd8f005 -o br-d51aefd8f005 -p udp -m udp --dport 53 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER ! -i br-d51aefd8f005 -o br-d51aefd8f005 -j DROP
-A DOCKER -o br-routed0 -p icmp -j ACCEPT
-A DOCKER ! -i br-routed0 -o br-routed0 -j DROP
-A DOCKER ! -i br-open0 -o br-open0 -j ACCEPT
-A DOCKER ! -i br-trusting0 -o br-trusting0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-BRIDGE -o br-d51aefd8f005 -j DOCKER
-A DOCKER-BRIDGE -o br-routed0 -j DOCKER
-A DOCKER-BRIDGE -o br-open0 -j DOCKER
-A DOCKER-BRIDGE -o br-trusting0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-d51aefd8f005 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-routed0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-open0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-trusting0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-INTERNAL
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-FORWARD -i br-d51aefd8f005 -o br-d51aefd8f005 -j DROP
-A DOCKER-FORWARD -i br-d51aefd8f005 ! -o br-d51aefd8f005 -j ACCEPT
-A DOCKER-FORWARD -i br-internal0 -o br-internal0 -j ACCEPT
-A DOCKER-FORWARD -i br-routed0 -j ACCEPT
-A DOCKER-FORWARD -i br-open0 -j ACCEPT
-A DOCKER-FORWARD -i br-isolated0 -o br-isolated0 -j ACCEPT
-A DOCKER-FORWARD -i br-trusting0 -j ACCEPT
-A DOCKER-INTERNAL ! -s 172.22.0.0/16 -o br-isolated0 -j DROP
-A DOCKER-INTERNAL ! -d 172.22.0.0/16 -i br-isolated0 -j DROP
-A DOCKER-INTERNAL ! -s 172.19.0.0/16 -o br-internal0 -j DROP
-A DOCKER-INTERNAL ! -d 172.19.0.0/16 -i br-internal0 -j DROP
COMMIT
"""
IP6TABLES = """\
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d fd00:30::2/128 ! -i br-d51aefd8f005 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-INTERNAL - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i br-d51aefd8f005 -o br-d51aefd8f005 -j DROP
-A DOCKER-BRIDGE -o br-d51aefd8f005 -j DOCKER
-A DOCKER-CT -o br-d51aefd8f005 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-INTERNAL
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i br-d51aefd8f005 -o br-d51aefd8f005 -j DROP
-A DOCKER-FORWARD -i br-d51aefd8f005 ! -o br-d51aefd8f005 -j ACCEPT
COMMIT
"""
NETWORKS = [
    network("bridge", "docker0", "172.17.0.0/16"),
    network("lan", "br-d51aefd8f005", "172.18.0.0/16", "fd00:30::/64", options={ICC: "false"}),
    network("inner", "br-internal0", "172.19.0.0/16", Internal=True),
    network("routed", "br-routed0", "172.20.0.0/16", options={MODE: "routed"}),
    network("isolated", "br-isolated0", "172.22.0.0/16", Internal=True, options={MODE: "isolated"}),
    network("trusting", "br-trusting0", "172.23.0.0/16"),
]
UNPROTECTED = network("open", "br-open0", "172.21.0.0/16", options={MODE: "nat-unprotected"})
