# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where running containers are in networks, and which of their ports are published. Pure.

moby: api/types/container/container.go (Summary), port_summary.go
"""

from typing import Any, Mapping, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name, shape

_SUMMARY = {
    "Id": str,
    "Names": [str],
    "Ports": [{"IP": str, "PrivatePort": int, "PublicPort": int, "Type": str}],
    "Mounts": [{"Type": str, "Source": str}],
    "NetworkSettings": {
        "Networks": {"*": {"NetworkID": str, "IPAddress": str, "GlobalIPv6Address": str}},
    },
}


class Port(NamedTuple):
    """A port of the host that leads to a container. address: "0.0.0.0" or "::" for every one of the host; inside: the
    container's own port."""

    address: str
    port: int
    protocol: str
    inside: int


class Endpoints(NamedTuple):
    """One container's. addresses: (id of the network, address there), without those that it has not got; sources: the host's
    paths that are mounted in it."""

    name: str
    ports: Tuple[Port, ...]
    addresses: Tuple[Tuple[str, str], ...]
    sources: Tuple[str, ...] = ()


def of_listed(item: Any) -> Endpoints:
    """Return those of an item of GET /containers/json. Raise ValueError for another shape."""
    wrong = shape.document_problem(item, _SUMMARY) or ("" if item.get("Id") else "it has no Id")
    if wrong:
        raise ValueError(wrong)
    ports = (
        Port(port.get("IP") or "0.0.0.0", port["PublicPort"], port.get("Type") or "tcp", port.get("PrivatePort") or 0)
        for port in item.get("Ports") or ()
        if port.get("PublicPort")
    )
    networks: Mapping[str, Any] = (item.get("NetworkSettings") or {}).get("Networks") or {}
    addresses = (
        (network.get("NetworkID") or "", network.get(key) or "")
        for network in networks.values()
        for key in ("IPAddress", "GlobalIPv6Address")
    )
    sources = (mount.get("Source") or "" for mount in item.get("Mounts") or () if mount.get("Type") == "bind")
    return Endpoints(
        container_name.listed(item),
        tuple(ports),
        tuple(pair for pair in addresses if all(pair)),
        tuple(source for source in sources if source.startswith("/")),
    )
