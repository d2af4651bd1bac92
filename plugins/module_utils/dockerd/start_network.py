# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network settings that dockerd takes and then does not start with. Pure. moby: daemon/daemon_unix.go, libnetwork."""

import ipaddress
import re
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json


def problems(settings: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> List[str]:
    """Return the sentences. settings: file and flags together; release: like (26, 1), or None where it isn't known."""
    texts = []
    if settings.get("iptables") is False and settings.get("icc") is False:
        texts.append('dockerd does not start with "iptables": false and "icc": false together')
    if release and release < (27, 0) and settings.get("ip6tables") is True and not settings.get("experimental"):
        texts.append('"ip6tables" needs "experimental": true before Docker 27.0')
    if settings.get("bridge") and settings.get("bip"):
        texts.append('"bridge" and "bip" must not both be set')
    if release and release < (27, 0) and settings.get("ipv6") is True and not settings.get("fixed-cidr-v6"):
        if settings.get("bridge") != "none":
            texts.append('"ipv6" needs "fixed-cidr-v6" before Docker 27.0')
    if settings.get("mtu", 0) > 65535 and not (release and release < (23, 0)):
        texts.append(f'"mtu" must be at most 65535, not {settings["mtu"]}')
    texts.extend(_bridge_addresses(settings))
    texts.extend(_pools(settings.get("default-address-pools") or ()))
    return texts


def _network(text: str) -> Optional[Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]]:
    try:
        return ipaddress.ip_interface(text)
    except ValueError:
        return None  # daemon_validate says so


def _bridge_addresses(settings: Mapping[str, Any]) -> Iterator[str]:
    own, six = _network(settings.get("bip") or ""), _network(settings.get("fixed-cidr-v6") or "")
    if own is not None and own.version == 6:
        yield f'"bip" must be an IPv4 address with its prefix length, not {show_json(settings["bip"])}'
    elif own is not None and own.network.prefixlen < 31:
        if own.ip in (own.network.network_address, own.network.broadcast_address):
            yield f'"bip" is the address of the network itself, not of a host in it: {show_json(settings["bip"])}'
        yield from _gateway("default-gateway", settings, own)
    if six is not None and six.version == 6 and settings.get("ipv6"):
        yield from _gateway("default-gateway-v6", settings, six)


def _gateway(
    name: str, settings: Mapping[str, Any], own: Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]
) -> Iterator[str]:
    if settings.get(name) and ipaddress.ip_address(settings[name]) not in own.network:
        yield f"{show_json(name)} must be in {own.network}, not {show_json(settings[name])}"


def _pools(pools: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    versions = set()
    for pool in pools:
        fields = {key.lower(): value for key, value in pool.items()}
        base, size = fields.get("base") or "", fields.get("size") or 0
        network = _network(base) if re.search(r"/[0-9]+\Z", base) else None
        if network is None:
            yield f'"default-address-pools" takes a base like "10.10.0.0/16", not {show_json(base)}'
        else:
            versions.add(network.version)
            if not network.network.prefixlen <= size <= network.max_prefixlen:
                bounds = f"from {network.network.prefixlen} to {network.max_prefixlen}"
                yield f'"default-address-pools": the size for {base} must be {bounds}, not {size}'
    if versions == {6}:
        yield '"default-address-pools" has no IPv4 pool, and the default bridge needs one'
