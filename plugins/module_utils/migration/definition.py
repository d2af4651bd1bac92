# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's definition: the create request that makes it again, from its inspect. Pure.

moby: api/types/container (Config, HostConfig), api/types/network (EndpointSettings); an inspect has them as the engine
keeps them, so they are handed back whole, but for what names another container by an id that is new afterwards.
"""

from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name

_SHORT_ID = 12
_MODES = ("NetworkMode", "IpcMode", "PidMode")
_HOST_NETWORKS = ("default", "bridge", "host", "none", "")
# what an endpoint is asked with; the rest of an EndpointSettings is what it got
_ENDPOINT = ("IPAMConfig", "Links", "DriverOpts", "GwPriority")


class Definition(NamedTuple):
    """body: of POST /containers/create; networks: (name, EndpointConfig) of further networks, in the order to connect them."""

    name: str
    body: Dict[str, Any]
    networks: Tuple[Tuple[str, Dict[str, Any]], ...]


def definition(
    inspect: Mapping[str, Any], names: Mapping[str, str], image: str, host_users: bool = False
) -> Definition:
    """names: container id -> name, of all containers; image: how the new engine knows the image.

    host_users: create it with --userns=host. Raises LookupError or TypeError for what is no inspect.
    """
    config, host = dict(inspect["Config"]), dict(inspect["HostConfig"])
    config["Image"] = image
    if config.get("Hostname") == inspect["Id"][:_SHORT_ID] or _shares(host.get("NetworkMode")):
        config.pop("Hostname", None)  # the engine's own choice; a shared network's is refused
    for mode in _MODES:
        host[mode] = _renamed(host.get(mode) or "", names)
    if host.get("VolumesFrom"):
        host["VolumesFrom"] = [_renamed_first(item, names) for item in host["VolumesFrom"]]
    if host.get("Links"):
        host["Links"] = [_link(item) for item in host["Links"]]
    if host_users:
        host["UsernsMode"] = "host"
    host.pop("ContainerIDFile", None)
    host["Binds"] = list(host.get("Binds") or ()) + _anonymous(inspect, host)
    endpoints = _endpoints(inspect, host)
    body = dict(config, HostConfig=host)
    if endpoints:
        body["NetworkingConfig"] = {"EndpointsConfig": dict(endpoints[:1])}
    return Definition(container_name.inspected(inspect), body, tuple(endpoints[1:]))


def _shares(mode: Any) -> bool:
    return str(mode or "").startswith("container:") or mode == "host"


def _renamed(mode: str, names: Mapping[str, str]) -> str:
    kind, colon, other = mode.partition(":")
    return f"container:{names.get(other, other)}" if colon and kind == "container" else mode


def _renamed_first(text: str, names: Mapping[str, str]) -> str:
    first, colon, rest = text.partition(":")
    return names.get(first, first) + colon + rest


def _link(text: str) -> str:
    """ "/db:/app/alias" of an inspect as a request has it: "db:alias"."""
    source, _colon, alias = text.partition(":")
    return f"{source.lstrip('/')}:{alias.rpartition('/')[2]}"


def _anonymous(inspect: Mapping[str, Any], host: Mapping[str, Any]) -> List[str]:
    """Binds for the volumes that the engine had made without a name: their content comes along under the same name."""
    named = {_target(bind) for bind in host.get("Binds") or ()}
    named |= {mount.get("Target") for mount in host.get("Mounts") or ()}
    binds = []
    shared = bool(host.get("VolumesFrom"))
    for mount in inspect.get("Mounts") or ():
        if mount.get("Type") == "volume" and mount["Destination"] not in named and not shared:
            binds.append(f"{mount['Name']}:{mount['Destination']}" + ("" if mount.get("RW", True) else ":ro"))
    return binds


def _target(bind: str) -> str:
    parts = bind.split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _endpoints(inspect: Mapping[str, Any], host: Mapping[str, Any]) -> List[Tuple[str, Dict[str, Any]]]:
    """The networks with the one of NetworkMode first. Empty where the container shares or has none, or only the default one."""
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    if _shares(host.get("NetworkMode")) or host.get("NetworkMode") == "none":
        return []
    mode = host.get("NetworkMode") or "default"
    first = "bridge" if mode in ("default", "bridge") else mode
    order = sorted(networks, key=lambda name: (name != first and networks[name].get("NetworkID") != first, name))
    result = []
    for name in order:
        wanted = {key: networks[name][key] for key in _ENDPOINT if networks[name].get(key)}
        aliases = [alias for alias in networks[name].get("Aliases") or () if alias != inspect["Id"][:_SHORT_ID]]
        if aliases and name not in _HOST_NETWORKS:
            wanted["Aliases"] = aliases
        if wanted.get("Links"):
            wanted["Links"] = [_link(item) for item in wanted["Links"]]
        result.append((name, wanted))
    if result == [("bridge", {})]:
        return []
    return result


def network_request(network: Mapping[str, Any]) -> Dict[str, Any]:
    """The body of POST /networks/create that makes a network again, with the addresses that it has."""
    body = {
        key: network[key]
        for key in ("Name", "Driver", "Internal", "Attachable", "EnableIPv6", "Options", "Labels")
        if key in network
    }
    if "EnableIPv4" in network:
        body["EnableIPv4"] = network["EnableIPv4"]
    ipam = network.get("IPAM") or {}
    body["IPAM"] = {
        "Driver": ipam.get("Driver") or "default",
        "Config": list(ipam.get("Config") or ()),
        "Options": ipam.get("Options") or {},
    }
    if (network.get("ConfigFrom") or {}).get("Network"):
        body["ConfigFrom"] = {"Network": network["ConfigFrom"]["Network"]}
        body.pop("IPAM")
    if network.get("ConfigOnly"):
        body["ConfigOnly"] = True
    body["CheckDuplicate"] = True  # engines before 25.0 would make a second one of that name
    return body


def volume_request(volume: Mapping[str, Any]) -> Dict[str, Any]:
    """The body of POST /volumes/create that makes a volume again."""
    return {
        "Name": volume["Name"],
        "Driver": volume["Driver"],
        "DriverOpts": volume.get("Options") or {},
        "Labels": volume.get("Labels") or {},
    }


def create_order(definitions: Sequence[Definition]) -> List[Definition]:
    """What others name first. A circle, which the engine could not have made, ends the order as it stands."""
    by_name = {item.name: item for item in definitions}
    ordered: Dict[str, Definition] = {}

    def place(item: Definition) -> None:
        pending = [(item, iter(_needs(item)))]
        while pending:
            current, needs = pending[-1]
            other = next((by_name[name] for name in needs if name in by_name and name not in ordered), None)
            if other is None or any(entry[0] is other for entry in pending):
                ordered.setdefault(current.name, current)
                pending.pop()
            else:
                pending.append((other, iter(_needs(other))))

    for item in definitions:
        place(item)
    return list(ordered.values())


def _needs(item: Definition) -> List[str]:
    host = item.body["HostConfig"]
    names = [host[mode].partition(":")[2] for mode in _MODES if host[mode].startswith("container:")]
    names += [text.partition(":")[0] for text in host.get("VolumesFrom") or ()]
    return names + [text.partition(":")[0] for text in host.get("Links") or ()]
