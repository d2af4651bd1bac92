# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""icc false: containers on the default bridge reach each other no more, but through ports of links and published ports. Pure.

It comes into force once no container runs, so each of these breaks at the first start after that.
moby: daemon/libnetwork/drivers/bridge/link.go (a link opens the ports that the other container exposes), setup_ip_tables_linux.go
"""

import ipaddress
import re
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import Connection

NAME = "icc"
NETWORK = "bridge"
_REMEDY = "put both on a network of their own (docker network create, --network), where they reach each other by name"
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])")
_LISTED = 256


class Endpoint(NamedTuple):
    """A container on the default bridge.

    addresses: its own; connections: which it has begun; links: names of the containers that it is linked to; exposed: its
    ports as `80/tcp`; named: addresses in its environment and command.
    """

    addresses: FrozenSet[str]
    connections: Sequence[Connection]
    links: FrozenSet[str]
    exposed: FrozenSet[str]
    named: FrozenSet[str]


def note(_name: str, evidence: Evidence) -> Optional[Endpoint]:
    """Keep what of_all needs of a container on the default bridge; None for others."""
    inspect = evidence["inspect"]
    network = ((inspect.get("NetworkSettings") or {}).get("Networks") or {}).get(NETWORK)
    if not isinstance(network, dict):
        return None
    addresses = {_plain(network.get(key)) for key in ("IPAddress", "GlobalIPv6Address")} - {""}
    runs = bool(inspect["State"].get("Running") and addresses)
    config, ports = inspect["Config"], inspect["Config"].get("ExposedPorts")
    texts = _texts(config.get("Env")) + _texts(inspect.get("Args"))
    named = {_plain(match) for text in texts for match in _IPV4.findall(text)} - {""} - addresses
    return Endpoint(
        frozenset(addresses),
        evidence["connections"] if runs else (),
        frozenset(link.split(":")[0].rpartition("/")[2] for link in _texts(inspect["HostConfig"].get("Links"))),
        frozenset(ports if isinstance(ports, dict) else ()),
        frozenset(sorted(named)[:_LISTED]),
    )


def of_all(_shared: Evidence, notes: Sequence[Tuple[str, Any]]) -> Iterable[Item]:
    """Say which pairs talk, are linked without a port, or are told each other's address."""
    endpoints: Dict[str, Endpoint] = {name: endpoint for name, endpoint in notes if endpoint is not None}
    owner = {address: name for name, endpoint in endpoints.items() for address in endpoint.addresses}
    for name, endpoint in sorted(endpoints.items()):
        yield from _connected(name, endpoint, endpoints, owner)
        for other in sorted(endpoint.links):
            if other in endpoints and not endpoints[other].exposed:
                yield Item(
                    NAME,
                    "link",
                    subject_of(name, other),
                    LIKELY,
                    f"it is linked to {other}, which exposes no port: with icc false a link opens the exposed ports alone",
                    f"expose the port of {other} (--expose), or {_REMEDY}",
                    {"link": other},
                )
        for address in sorted(endpoint.named):
            other = owner.get(address, name)
            if other not in (name, *endpoint.links):
                yield Item(
                    NAME,
                    "address",
                    subject_of(name, other),
                    LIKELY,
                    f"its environment or command has the address {address} of {other} on the default bridge",
                    _REMEDY,
                    {"address": address},
                )


def _connected(
    name: str, endpoint: Endpoint, endpoints: Mapping[str, Endpoint], owner: Mapping[str, str]
) -> Iterator[Item]:
    pairs: Dict[Tuple[str, str], Connection] = {}
    for connection in endpoint.connections:
        other = owner.get(connection.remote)
        if other is None or other == name or connection.local not in endpoint.addresses:
            continue  # nobody's here, or by another network of its
        port = f"{connection.port}/{connection.protocol}"
        if not (other in endpoint.links and port in endpoints[other].exposed):
            pairs.setdefault((other, port), connection)
    for (other, port), connection in sorted(pairs.items()):
        yield Item(
            NAME,
            "connection",
            subject_of(name, f"{other}:{port}"),
            CERTAIN,
            f"it is connected to port {port} of {other} over the default bridge, which drops that with icc false",
            _REMEDY,
            {"local": connection.local, "remote": connection.remote, "port": connection.port},
        )


def _texts(value: Any) -> List[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _plain(address: Any) -> str:
    """An address in the form in which all are compared, "" for what is none."""
    try:
        return str(ipaddress.ip_address(address)) if isinstance(address, str) and address else ""
    except ValueError:
        return ""


SETTING = Setting(NAME, note=note, of_all=of_all)
