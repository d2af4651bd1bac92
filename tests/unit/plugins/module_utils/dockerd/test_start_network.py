# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edges of what is said against network settings; test_start_checks.py compares with what real daemons did."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import start_network

SIX = {"ipv6": True}
BIP6 = dict(SIX, **{"fixed-cidr-v6": "fd00:1::/64", "default-gateway-v6": "fd00:2::1"})


def pool(base, size):
    return {"default-address-pools": [{"base": base, "size": size}]}


@pytest.mark.parametrize(
    "settings, release, words",
    [
        ({"mtu": 65535}, (28, 0), ""),
        ({"mtu": 65536}, (28, 0), "at most 65535, not 65536"),
        ({"mtu": 65536}, (23, 0), "at most 65535"),
        ({"mtu": 65536}, (20, 10), ""),
        ({"mtu": 65536}, None, "at most 65535"),
        ({"ip6tables": True}, (26, 1), '"experimental": true'),
        ({"ip6tables": True}, (27, 0), ""),
        ({"ip6tables": True}, None, ""),
        ({"ip6tables": True, "experimental": True}, (26, 1), ""),
        (SIX, (26, 1), "fixed-cidr-v6"),
        (SIX, (27, 0), ""),
        (dict(SIX, bridge="none"), (26, 1), ""),
        ({"iptables": False, "icc": False}, (28, 0), '"icc": false together'),
        ({"iptables": False}, (28, 0), ""),
        ({"icc": False}, (28, 0), ""),
        ({"bip": "172.30.0.0/31"}, (28, 0), ""),
        ({"bip": "172.30.0.0/30"}, (28, 0), "the address of the network itself"),
        (BIP6, (28, 0), 'must be in fd00:1::/64, not "fd00:2::1"'),
        (dict(BIP6, ipv6=False), (28, 0), ""),
        (pool("10.10.0.0/16", 16), (28, 0), ""),
        (pool("10.10.0.0/16", 15), (28, 0), "from 16 to 32, not 15"),
        (pool("10.10.0.0/16", 32), (28, 0), ""),
        (pool("10.10.0.0/16", 33), (28, 0), "from 16 to 32, not 33"),
        (pool("10.10.0.0", 24), (28, 0), 'takes a base like "10.10.0.0/16", not "10.10.0.0"'),
        (pool("10.10.0.0/255.255.0.0", 24), (28, 0), "takes a base like"),
        (pool("fd00::/48", 64), (28, 0), "has no IPv4 pool"),
    ],
)
def test_what_is_said(settings, release, words):
    sentences = start_network.problems(settings, release)
    assert len(sentences) == bool(words) and words in "".join(sentences)


def test_each_of_two_pools_may_be_of_another_version():
    pools = pool("fd00::/48", 64)["default-address-pools"] + pool("10.10.0.0/16", 24)["default-address-pools"]
    assert start_network.problems({"default-address-pools": pools}, (28, 0)) == []
