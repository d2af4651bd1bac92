# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a Docker engine listens, and the way there."""

import os
import re
import socket
from typing import Any, NamedTuple

DEFAULT = "unix:///var/run/docker.sock"
_TCP = re.compile(
    r"(?:tcp|https?)://(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?P<name>[\w.-]+))(?::(?P<port>\d{1,5}))?/?\Z"
)


class Address(NamedTuple):
    """Where an engine listens. local: a unix socket of this machine, so its pids are this kernel's."""

    scheme: str
    path: str
    host: str
    port: int

    @property
    def local(self) -> bool:
        return self.scheme == "unix"


def parse(text: str) -> Address:
    """An engine address as `docker -H` takes it: unix:///path, an absolute path, tcp://host[:port].

    ValueError for what this client does not speak (ssh, fd, npipe).
    """
    path = text[len("unix://") :] if text.startswith("unix://") else text
    if path.startswith("/"):
        return Address("unix", path, "", 0)
    tcp = _TCP.match(text)
    if not tcp:
        raise ValueError(f"engine address {text!r} is neither unix:///path nor tcp://host:port")
    port = int(tcp.group("port") or 2375)
    if not 0 < port < 65536:
        raise ValueError(f"engine address {text!r}: there is no port {int(port)}")
    return Address("tcp", "", tcp.group("v6") or tcp.group("name"), port)


def connect(address: Address, timeout: float) -> socket.socket:
    """A connection, with TLS where the environment asks for it as it asks the docker command. Raises OSError."""
    if address.local:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    if not os.environ.get("DOCKER_TLS_VERIFY"):
        return socket.create_connection((address.host, address.port), timeout)
    context = _tls(os.environ.get("DOCKER_CERT_PATH") or os.path.expanduser("~/.docker"))
    return context.wrap_socket(
        socket.create_connection((address.host, address.port), timeout), server_hostname=address.host
    )


def _tls(certs: str) -> Any:
    import ssl  # only here: it takes as long to load as a container takes to judge

    try:
        context = ssl.create_default_context(cafile=os.path.join(certs, "ca.pem"))
        context.load_cert_chain(os.path.join(certs, "cert.pem"), os.path.join(certs, "key.pem"))
    except OSError as error:
        raise OSError(f"TLS files in {certs}: {error}")
    return context
