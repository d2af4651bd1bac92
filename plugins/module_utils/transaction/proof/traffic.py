# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which traffic of a running container is tried before and after a change. Pure but for read_host().

A container must not be able to fake a loss and so have a hardening undone: servers are the host's and the creator's,
never what a container wrote, and one that may change its own network is left out.
"""

import ipaddress
import re
import socket
import struct
from typing import Any, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.network import (
    DNS,
    ECHO,
    TCP,
    Probe,
    Process,
)

PORTS = 2  # of each container
SERVERS = 2
_EMBEDDED = "127.0.0.11"  # moby: daemon/libnetwork/sandbox_dns_unix.go
_OWN = re.compile(r"(?:CAP_)?(?:ALL|NET_ADMIN|SYS_ADMIN)\Z", re.IGNORECASE)
_RESOLV = ("/etc/resolv.conf", "/run/systemd/resolve/resolv.conf")
_LARGEST = 1 << 16


class Host(NamedTuple):
    """gateway: of the default route; address: of the host towards it; nameservers: those that a container can use."""

    gateway: Optional[str]
    address: str
    nameservers: Tuple[str, ...]


class Item(NamedTuple):
    """One attempt and its words. inside: for a published port, the same port within the container."""

    container: str
    what: str
    probe: Probe
    inside: Optional[Probe] = None


def items(inspect: Mapping[str, Any], ticks: int, host: Host) -> List[Item]:
    """The Items of a running container. inspect: GET /containers/<id>/json; ticks: its process's start.

    Raises LookupError, TypeError, ValueError or AttributeError for other shapes.
    """
    config = inspect["HostConfig"]
    mode = config.get("NetworkMode") or "default"
    if mode in ("host", "none") or mode.startswith("container:") or config.get("Privileged"):
        return []
    if any(_OWN.match(name) for name in config.get("CapAdd") or ()):
        return []
    name, process = container_name.inspected(inspect), Process(inspect["State"]["Pid"], ticks)
    outgoing = [Item(name, what, probe) for what, probe in _outgoing(process, name, mode, config, host)]
    return outgoing + list(_published(name, process, inspect["NetworkSettings"], host))


def _outgoing(
    process: Process, name: str, mode: str, config: Mapping[str, Any], host: Host
) -> Iterator[Tuple[str, Probe]]:
    if host.gateway:
        yield f"reach {host.gateway} (ICMP echo)", Probe(process, ECHO, host.gateway)
    if mode not in ("default", "bridge"):
        yield f"resolve names by {_EMBEDDED}", Probe(process, DNS, _EMBEDDED, 53, name)
        return
    for server in (addresses(config.get("Dns") or ()) or host.nameservers)[:SERVERS]:
        yield f"resolve names by {server}", Probe(process, DNS, server, 53, "")


def _published(name: str, process: Process, network: Mapping[str, Mapping[str, Any]], host: Host) -> Iterator[Item]:
    own = addresses(str(item.get("IPAddress")) for item in (network.get("Networks") or {}).values())
    count = 0
    for port, bindings in sorted((network.get("Ports") or {}).items()):
        number, _slash, protocol = port.partition("/")
        if protocol != "tcp" or not own:
            continue
        for binding in bindings or ():
            address = _address(binding.get("HostIp"), host)
            if address and count < PORTS:
                count += 1
                outside, inside = int(binding["HostPort"]), Probe(process, TCP, own[0], int(number))
                yield Item(
                    name, f"be reached on {address} port {int(outside)}", Probe(None, TCP, address, outside), inside
                )


def _address(text: str, host: Host) -> Optional[str]:
    """The host's address to connect to; None for all of IPv6, where the loopback address is never forwarded."""
    try:
        address = ipaddress.ip_address(text or "0.0.0.0")
    except ValueError:
        return None
    if address.is_unspecified:
        return host.address if address.version == 4 else None
    return str(address)


def addresses(words: Iterable[str]) -> Tuple[str, ...]:
    """Those of the words that are IPv4 addresses which a container can reach as the host does."""
    texts = []
    for word in words:
        try:
            address = ipaddress.IPv4Address(word)
        except ValueError:
            continue
        if not address.is_loopback and not address.is_unspecified and str(address) not in texts:
            texts.append(str(address))
    return tuple(texts)


def nameservers(text: str) -> Tuple[str, ...]:
    """The addresses of the nameserver lines of a resolv.conf."""
    return addresses(re.findall(r"^nameserver[ \t]+(\S+)", text, re.MULTILINE))


def default_gateway(text: str) -> Optional[str]:
    """The IPv4 address in /proc/net/route that the default route leads to."""
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) > 7 and words[1] == words[7] == "00000000" and words[2] != "00000000":
            return socket.inet_ntoa(struct.pack("=L", int(words[2], 16)))
    return None


def read_host() -> Host:
    """The Host, of this machine's files."""
    gateway = default_gateway(_text("/proc/net/route"))
    servers: Tuple[str, ...] = ()
    for path in _RESOLV:
        servers = servers or nameservers(_text(path))
    return Host(gateway, _own_address(gateway), servers)


def _own_address(gateway: Optional[str]) -> str:
    if gateway:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unsent:
                unsent.connect((gateway, 9))
                return unsent.getsockname()[0]
        except OSError:
            pass
    return "127.0.0.1"


def _text(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            return stream.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""
