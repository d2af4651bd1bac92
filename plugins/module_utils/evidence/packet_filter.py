# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the evidence of the packet filter and of what it has to keep apart. I/O only: decides nothing."""

import json
import os
from functools import partial
from typing import Any, List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Later,
    Unreadable,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import endpoints, shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError, quote
from ansible_collections.containment.docker.plugins.module_utils.dockerd import kernel_modules


def collect(evidence: Evidence) -> None:
    """Add the packet filter's rules to the evidence of an engine that runs on this host."""
    evidence["packet_filter"] = Later(partial(_rules, "ip", evidence))
    evidence["packet_filter6"] = Later(partial(_rules, "ip6", evidence))


def collect_modules(evidence: Evidence) -> None:
    """Add the kernel modules that the next start needs for the packet filter and that are not there."""
    evidence["filter_modules"] = Later(
        lambda: kernel_modules.missing(kernel_modules.needed("", evidence["configured"]))
    )


def list_networks(engine: Engine) -> List[Any]:
    """Return the bridge networks, with their options. Raise Unreadable."""
    path = "/networks?filters=" + quote(json.dumps({"driver": ["bridge"]}))
    try:
        networks = engine.get(path)
    except EngineError as error:
        raise Unreadable(str(error))
    if not isinstance(networks, list):
        raise Unreadable("GET /networks: no list")
    for network in networks:
        wrong = shape.document_problem(network, shape.NETWORK)
        if wrong:
            raise Unreadable(f"GET /networks: {wrong}")
    return networks


def list_endpoints(engine: Engine) -> List[endpoints.Endpoints]:
    """Return the running containers' addresses and ports. Raise Unreadable."""
    try:
        return [endpoints.of_listed(item) for item in engine.each("/containers/json")]
    except (EngineError, ValueError) as error:
        raise Unreadable(f"GET /containers/json: {error}")


def _rules(family: str, evidence: Evidence) -> Any:
    from ansible_collections.containment.docker.plugins.module_utils.linux import packet_filter, packet_filter_reader

    try:
        pid = evidence["process"].pid
        if os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
            raise Unreadable("the packet filter: dockerd runs in a network namespace of its own")
        driver = (evidence["info"].get("FirewallBackend") or {}).get("Driver") or ""
        nftables = driver.startswith(packet_filter.NFTABLES)
        return packet_filter_reader.read(family, packet_filter.NFTABLES if nftables else packet_filter.IPTABLES)
    except Absent:
        raise Unreadable("the packet filter: dockerd's process is not known")
    except (OSError, ValueError) as error:
        raise Unreadable(f"the packet filter: {error}")
