# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""insecure-registries: which registries of the containers' images could no longer be pulled from. Pure.

moby: daemon/pkg/registry/config.go, loadInsecureRegistries and isSecureIndex. From 29.10 on an explicit list, even an empty
one, no longer adds loopback.
"""

import ipaddress
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import bound_subject
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import DAEMON, LIKELY, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "insecure-registries"


def registry_of(image: str) -> str:
    """Name the registry of an image's reference as a person wrote it, "" for Docker Hub and for an id."""
    first, slash, _rest = image.partition("/")
    return first.lower() if slash and ("." in first or ":" in first or first == "localhost") else ""


def note(_name: str, evidence: Evidence) -> str:
    """Keep the registry of the container's image."""
    return registry_of(str(evidence["inspect"]["Config"].get("Image") or ""))


def of_all(shared: Evidence, notes: Sequence[Tuple[str, str]]) -> Iterable[Item]:
    """Say which registries are insecure now and would not be any more, with the containers whose images come from there."""
    info = shared["daemon"]["info"]
    wanted = [str(entry) for entry in shared["wanted"].get(NAME) or ()]
    without_loopback = engine_info.version(info) >= (29, 10)
    users: Dict[str, List[str]] = {}
    for name, registry in notes:
        if registry:
            users.setdefault(registry, []).append(name)
    for registry, names in sorted(users.items()):
        if is_insecure(registry, info) and not _stays(registry, wanted, without_loopback):
            yield Item(
                NAME,
                "registry",
                bound_subject(f"{DAEMON}:{registry}"),
                LIKELY,
                f"{registry} is used without verified TLS now, and the images of {', '.join(names[:5])} come from there: "
                "they can't be pulled any more unless it has a certificate that this host trusts",
                "give the registry a certificate, with its authority in /etc/docker/certs.d, or leave it in insecure-registries",
                {"containers": len(names)},
            )


def is_insecure(registry: str, info: Mapping[str, Any]) -> bool:
    """Tell whether the running engine takes this registry without verified TLS."""
    config = engine_info.field(info, "RegistryConfig")
    index = (config.get("IndexConfigs") or {}).get(registry)
    if index is not None:
        return not index.get("Secure")
    return _in_networks(registry, config.get("InsecureRegistryCIDRs") or ())


def _stays(registry: str, wanted: Sequence[str], without_loopback: bool) -> bool:
    entries = [entry.partition("://")[2] if "://" in entry else entry for entry in wanted]
    networks = [entry for entry in entries if "/" in entry]
    if not without_loopback:
        networks += ["127.0.0.0/8", "::1/128"]
    return registry in [entry.lower() for entry in entries] or _in_networks(registry, networks)


def _in_networks(registry: str, networks: Sequence[str]) -> bool:
    host = registry[1:].partition("]")[0] if registry.startswith("[") else registry.partition(":")[0]
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
        return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False  # a name: dockerd resolves it, and this does not ask name servers


SETTING = Setting(NAME, note=note, of_all=of_all)
