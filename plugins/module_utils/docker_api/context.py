# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a context of the docker command leads to. Pure.

docker/cli: cli/context/store/metadatastore.go (the file), cli/context/docker/load.go (Endpoints.docker.Host)
"""

import json
import re
from typing import Any, NamedTuple, Optional

_HOST = re.compile(
    r"(tcp|http|https|ssh)://(?:([^@/\s]{1,64})@)?(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::([0-9]{1,5}))?(?:/|\Z)"
)
_PORTS = {"ssh": 22, "tcp": 2375, "http": 2375, "https": 2376}


class Target(NamedTuple):
    """Where a context leads. scheme: ssh or tcp; login: the name before the @, "" without one; host: a name or an address."""

    name: str
    scheme: str
    login: str
    host: str
    port: int


def parse_context(data: bytes) -> Optional[Target]:
    """Return where the context of a meta.json leads; None where that is a local socket, or nothing that docker would take."""
    try:
        meta: Any = json.loads(data.decode("utf-8"))
        name, host = str(meta["Name"]), str(meta["Endpoints"]["docker"]["Host"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    match = _HOST.match(host)
    if not match:
        return None
    scheme, login, address, port = match.groups()
    number = int(port) if port else _PORTS[scheme]
    if not 0 < number < 65536:
        return None
    return Target(name[:100], "ssh" if scheme == "ssh" else "tcp", login or "", address.strip("[]").lower(), number)
