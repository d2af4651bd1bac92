# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what becomes of each image, volume, network and container, and what is against it. Pure."""

import ipaddress
from typing import Any, Iterator, List, Mapping, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.dockerd import engine_place
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN
from ansible_collections.containment.docker.plugins.module_utils.migration import images, plan_container
from ansible_collections.containment.docker.plugins.module_utils.migration.model import (
    COPY,
    CREATE,
    PULL,
    STAY,
    Facts,
    Item,
    Options,
    Plan,
    Volume,
)

# For an estimate that is rough and says so: what a disk of today copies at least, where this one was not tried, and how many
# files, which a trial would have to make.
_BYTES_A_SECOND, _FILES_A_SECOND = 100 * 1000 * 1000, 3000
_BUILT_IN = ("bridge", "host", "none", "docker_gwbridge", "ingress")
_DRIVERS = ("bridge", "host", "null")
_SPARE = 0.05
# How many of the forecast's obstacles are named.
_OBSTACLES = 10
_MB = 1000 * 1000
_OWN_MOUNT = "its content is a mount of its own, which is not changed: mapped ids must have access to it"
_UNUSED = "no container uses it, and only images that containers use come along"


def plan(facts: Facts, options: Options) -> Plan:
    """The plan, with everything that is against it at once."""
    refusals: List[str] = []
    items = list(_images(facts, options))
    for volume in facts.volumes:
        against = () if _is_left(volume, options) else tuple(_volume_objections(volume))
        refusals += against
        items.append(_volume(volume, options, against))
    for network in facts.networks:
        if network["Name"] not in _BUILT_IN:
            items.append(Item("network", inert(network["Name"]), CREATE))
            refusals += _network_objections(network, facts)
    staying = plan_container.staying(facts, options)
    for inspect in facts.containers:
        item, against = plan_container.plan(inspect, facts, options, staying)
        items.append(item)
        refusals += against
    size = sum(item.size for item in items)
    refusals[:0] = _host_objections(facts, options, size)  # first, as nothing else helps with them
    return Plan(tuple(items), tuple(refusals), tuple(_notes(facts, items)), size, _seconds(facts, size), facts.speed)


def _images(facts: Facts, options: Options) -> Iterator[Item]:
    coming = {image.id for image in images.wanted(facts.images, facts.containers, options.all_images)}
    for image in facts.images:
        name = inert((image.tags or (image.id[:19],))[0])
        if image.id not in coming:
            yield Item("image", name, STAY, reason=_UNUSED)
            continue
        if options.pull and image.digests:
            yield Item("image", name, PULL, image.size, f"from where it came: {inert(image.digests[0], 120)}")
            continue
        lost = ", ".join(inert(digest, 120) for digest in image.digests[:3])
        reason = f"only a registry gives it these digests again: {lost}" if lost else ""
        yield Item("image", name, COPY, image.size, reason)


def _is_left(volume: Volume, options: Options) -> bool:
    return f"volume:{volume.inspect['Name']}" in options.leave


def _volume(volume: Volume, options: Options, against: Sequence[str]) -> Item:
    name = inert(volume.inspect["Name"])
    if _is_left(volume, options):
        return Item("volume", name, STAY, reason="you left it behind")
    if against:
        return Item("volume", name, STAY, reason=against[0])
    if volume.content is None:
        return Item("volume", name, CREATE, reason=_OWN_MOUNT)
    reasons = []
    if volume.content.devices:
        reasons.append(
            f"{volume.content.devices} device files {'are dropped' if options.drop_devices else 'come along'}"
        )
    if options.drop_set_ids:
        reasons.append("set-id bits are dropped")
    return Item("volume", name, COPY, volume.content.size, "; ".join(reasons))


def _volume_objections(volume: Volume) -> Iterator[str]:
    name = inert(volume.inspect["Name"])
    advice = f"or leave it behind, leave: ['volume:{name}']"
    if volume.inspect.get("Driver") != "local":
        driver = inert(volume.inspect.get("Driver"))
        yield f"the volume {name} is of the driver {driver}, which may not know mapped ids: move it yourself, {advice}"
    elif volume.trouble:
        yield f"the volume {name} can't be read: {volume.trouble}: put that right, {advice}"
    elif volume.content and volume.content.unmappable:
        yield (
            f"the volume {name} has files whose ids have no room in the range ({', '.join(volume.content.unmappable)}): "
            f"give the user a larger range in /etc/subuid and /etc/subgid, {advice}"
        )


def _network_objections(network: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    name, driver = inert(network["Name"]), network.get("Driver")
    if network.get("Scope") != "local":
        yield f"the network {name} belongs to a swarm: remove it first"
    elif driver not in _DRIVERS and not network.get("ConfigOnly"):
        yield (
            f"the network {name} is of the driver {inert(driver)}, which can't be made while the first engine uses its parent: "
            f"remove it, and make it again after the migration"
        )
    own = list(_subnets(network))
    for other in facts.foreign_networks:
        if other["Name"] != network["Name"] and any(a.overlaps(b) for a in own for b in _subnets(other)):
            yield (
                f"the network {name} has addresses that {inert(other['Name'])} has in {facts.new_root} already: remove that "
                f"network there, or that directory if nothing in it is needed"
            )


def _subnets(network: Mapping[str, Any]) -> Iterator[Any]:
    for item in (network.get("IPAM") or {}).get("Config") or ():
        try:
            subnet: Any = ipaddress.ip_network(item.get("Subnet") or "", strict=False)
        except ValueError:
            continue
        yield subnet


def _host_objections(facts: Facts, options: Options, size: int) -> Iterator[str]:
    if ((facts.info.get("Swarm") or {}).get("LocalNodeState") or "inactive") != "inactive":
        yield "this host belongs to a swarm, whose data can't be moved: leave the swarm first (docker swarm leave)"
    if engine_place.holds_images(facts.info):
        yield (
            "this engine keeps images in containerd's store, which does not go with userns-remap (BuildKit can't build with "
            "both, and Docker 29 does not start with both): take features.containerd-snapshotter out of daemon.json first, which "
            "hides what is in that store: save images (docker save) before it, load them after it, and make the containers anew"
        )
    yield from _pull_objections(facts, options)
    for kind, names in sorted(facts.taken.items()):
        if names:
            these = ", ".join(inert(name, 60) for name in names[:5])
            yield f"{facts.new_root} has {kind} of these names already ({these}): remove it if nothing in it is needed"
    if size * (1 + _SPARE) > facts.free:
        need, free = int(size * (1 + _SPARE)) // _MB + 1, facts.free // _MB
        yield f"the copies need {need} MB, and {facts.root} has {free} MB free: make room, or leave volumes behind"
    for path, reason in facts.shift:
        if reason:
            yield f"the ids of {inert(path)} can't be shifted, as {reason}: leave it out of shift"
        elif not any(_is_bound(path, inspect) for inspect in facts.containers):
            yield f"no container has {inert(path)} or something below it as a bind mount: leave it out of shift"
    for effect in facts.expected.of_host():
        if effect["sure"] == CERTAIN and not plan_container.is_accepted(effect, options):
            yield f"{effect['message']}: {effect['remedy']}, or let it break, accept: ['{effect['id']}']"
    containers = {container_name.inspected(inspect) for inspect in facts.containers}
    volumes = {inert(volume.inspect["Name"]) for volume in facts.volumes}
    for text in options.leave:
        kind, _colon, name = text.partition(":")
        if name not in {"container": containers, "volume": volumes}.get(kind, ()):
            yield f"leave names {inert(text)!r}, and there is no such container: or volume:"


def _pull_objections(facts: Facts, options: Options) -> Iterator[str]:
    if not options.pull:
        return
    if not facts.can_pull:
        yield (
            "images are to be pulled, and this host has no docker client, which knows the credentials: install it, or "
            "leave pull out"
        )
    if facts.foreign_networks:
        yield (
            f"images are to be pulled, for which the networks that {facts.new_root} has from earlier would be made beside "
            f"those in use: remove that directory if nothing in it is needed, or leave pull out"
        )


def _is_bound(path: str, inspect: Mapping[str, Any]) -> bool:
    sources = (str(mount.get("Source")) for mount in inspect.get("Mounts") or () if mount.get("Type") == "bind")
    return any(source == path or source.startswith(path + "/") for source in sources)


def _notes(facts: Facts, items: Sequence[Item]) -> Iterator[str]:
    yield "logs, build cache and exit codes of containers stay in the old data root"
    for obstacle in facts.expected.obstacles[:_OBSTACLES]:
        yield f"the forecast could not judge {obstacle}"
    if facts.plugins:
        names = ", ".join(inert(name) for name in facts.plugins)
        yield f"managed plugins stay behind, install them again: {names}"
    if not facts.can_update and any(item.kind == "volume" and item.action == COPY for item in items):
        yield (
            "volumes whose file system does not prove what changed (all but ext4, xfs, btrfs and f2fs) are copied while "
            "containers are stopped, as rsync is not installed here: install it for a short downtime"
        )


def _seconds(facts: Facts, size: int) -> int:
    entries = sum(volume.content.entries for volume in facts.volumes if volume.content)
    return int(size / (facts.speed or _BYTES_A_SECOND) + entries / _FILES_A_SECOND + 2 * len(facts.containers)) + 5
