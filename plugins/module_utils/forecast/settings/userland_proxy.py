# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userland-proxy false: the kernel alone forwards published ports, and no docker-proxy listens on the host any more. Pure.

docker-proxy takes connections that the kernel forwards nowhere: on ::1, by IPv6 to a container without such an address, and from
a container on another bridge, between which Docker's rules drop what is forwarded.
moby: libnetwork/drivers/bridge/bridge_linux.go (route_localnet), setup_ip_tables_linux.go (isolation), libnetwork/portmapper.
"""

from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import Connection

NAME = "userland-proxy"
_ANY4 = ("", "0.0.0.0")


class Endpoint(NamedTuple):
    """networks: ids of those that the container is on; published: (address of the host or "" for all, `8080/tcp`);
    connections: which it has begun.
    """

    networks: FrozenSet[str]
    published: FrozenSet[Tuple[str, str]]
    connections: Sequence[Connection]


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say which published ports are reached through docker-proxy alone."""
    settings = evidence["inspect"]["NetworkSettings"]
    has_ipv6 = any(network.get("GlobalIPv6Address") for network in _networks(settings))
    for port, bindings in sorted((settings.get("Ports") or {}).items()):
        addresses = [(str(binding.get("HostIp") or ""), str(binding.get("HostPort"))) for binding in bindings or ()]
        others = {host_port for address, host_port in addresses if ":" not in address}
        for address, host_port in addresses:
            if address == "::1":
                yield Item(
                    NAME,
                    "loopback-port",
                    subject_of(name, f"[::1]:{host_port}"),
                    LIKELY,
                    f"port {port} is published on ::1, where only docker-proxy listens: the kernel forwards nothing from there",
                    "publish it on 127.0.0.1, or let who connects use an address of the host",
                    {"HostIp": "::1", "HostPort": host_port},
                )
            elif ":" in address and not has_ipv6:
                yield Item(
                    NAME,
                    "ipv6-port",
                    subject_of(name, f"[{address}]:{host_port}"),
                    POSSIBLE if host_port in others else LIKELY,
                    f"port {port} is published on {address} and the container has no IPv6 address: who connects by IPv6 reaches "
                    "it through docker-proxy alone",
                    "give its network IPv6 (docker network create --ipv6), or let who connects use IPv4",
                    {"HostIp": address, "HostPort": host_port},
                )


def note(_name: str, evidence: Evidence) -> Endpoint:
    """Keep what of_all needs of a container."""
    settings = evidence["inspect"]["NetworkSettings"]
    published: Set[Tuple[str, str]] = set()
    for port, bindings in (settings.get("Ports") or {}).items():
        for binding in bindings or ():
            address, protocol = str(binding.get("HostIp") or ""), port.rpartition("/")[2]
            published.add(("" if address in _ANY4 else address, f"{binding.get('HostPort')}/{protocol}"))
    networks = frozenset(str(network.get("NetworkID") or "") for network in _networks(settings)) - {""}
    runs = evidence["inspect"]["State"].get("Running") and networks
    connections = evidence["connections"] if runs and "connections" in evidence else ()
    return Endpoint(networks, frozenset(published), connections)


def of_all(shared: Evidence, notes: Sequence[Tuple[str, Any]]) -> Iterable[Item]:
    """Say who is connected to a port that a container of another network publishes on the host."""
    by_port: Dict[str, List[Tuple[str, str, Endpoint]]] = {}
    for name, endpoint in notes:
        for address, port in endpoint.published:
            by_port.setdefault(port, []).append((name, address, endpoint))
    for name, endpoint in sorted(notes):
        for connection in endpoint.connections:
            for other, address, target in by_port.get(f"{connection.port}/{connection.protocol}", ()):
                apart = other != name and not endpoint.networks & target.networks
                if apart and address in ("", connection.remote) and connection.remote in shared["host_addresses"]:
                    yield Item(
                        NAME,
                        "connection",
                        subject_of(name, f"{other}:{connection.port}/{connection.protocol}"),
                        CERTAIN,
                        f"it is connected to {connection.remote}:{connection.port}, which {other} publishes, and they share no "
                        "network: without docker-proxy Docker's rules drop that",
                        "put both on a network of their own (docker network create, --network), where each has its name",
                        {"remote": connection.remote, "port": connection.port},
                    )


def _networks(settings: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    return [network for network in (settings.get("Networks") or {}).values() if isinstance(network, dict)]


SETTING = Setting(NAME, of_container=of_container, note=note, of_all=of_all)
