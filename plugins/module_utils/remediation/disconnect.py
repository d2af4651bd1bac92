# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes a container off all its networks. It stays off them when it is started again."""

import shlex
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, quote
from ansible_collections.containment.docker.plugins.module_utils.remediation.remedy import (
    Plan,
    Refused,
    Remedy,
    called,
    nothing_to_undo,
    simple,
)


def _networks(inspect: Mapping[str, Any]) -> Dict[str, Dict[str, Any]]:
    """name -> endpoint, without `none`, which has only a loopback device."""
    networks = inspect["NetworkSettings"]["Networks"] or {}
    return {name: networks[name] or {} for name in sorted(networks) if name != "none"}


def _state(evidence: Evidence, _wanted: Mapping[str, Any]) -> Dict[str, List[str]]:
    return {"networks": [inert(name) for name in _networks(evidence["inspect"])]}


def _plan(evidence: Evidence, _wanted: Mapping[str, Any]) -> Plan:
    inspect = evidence["inspect"]
    kind, _colon, other = (inspect["HostConfig"].get("NetworkMode") or "").partition(":")
    if kind == "host":
        raise Refused("it has the host's network, from which the engine can't disconnect it")
    if kind == "container":
        raise Refused(f"it has the network of container {inert(other)}: that one has to be disconnected")
    return Plan({"networks": []}, [_connect(inspect, *item) for item in _networks(inspect).items()], [])


def _connect(inspect: Mapping[str, Any], name: str, endpoint: Mapping[str, Any]) -> str:
    """The command that connects it again, under the names and with the addresses that it was given."""
    addresses = endpoint.get("IPAMConfig") or {}
    words = ["docker", "network", "connect"]
    for alias in endpoint.get("Aliases") or ():
        if alias != inspect["Id"][:12]:  # the engine adds this one itself
            words += ["--alias", inert(alias)]
    for option, key in (("--ip", "IPv4Address"), ("--ip6", "IPv6Address")):
        if addresses.get(key):
            words += [option, inert(addresses[key])]
    for link in endpoint.get("Links") or ():
        words += ["--link", inert(link)]
    words += [simple(name, endpoint.get("NetworkID") or inert(name)), called(inspect)]
    return " ".join(shlex.quote(word) for word in words)


def _act(
    engine: Engine, evidence: Evidence, _before: Mapping[str, Sequence[str]], _after: Mapping[str, Sequence[Any]]
) -> None:
    for name, endpoint in _networks(evidence["inspect"]).items():
        path = f"/networks/{quote(endpoint.get('NetworkID') or name)}/disconnect"
        engine.post(path, {"Container": evidence["inspect"]["Id"], "Force": False})


REMEDY = Remedy(_state, _plan, _act, nothing_to_undo)
