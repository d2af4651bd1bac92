# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what becomes of one container, and what is against it. Pure."""

from typing import Any, Iterator, Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import userns_remap
from ansible_collections.containment.docker.plugins.module_utils.migration.model import (
    CREATE,
    STAY,
    Facts,
    Item,
    Options,
)


def plan(inspect: Mapping[str, Any], facts: Facts, options: Options) -> Tuple[Item, Tuple[str, ...]]:
    """The item, and the refusals: sentences, each with a way forward."""
    name = container_name.inspected(inspect)
    if f"container:{name}" in options.leave:
        return Item("container", name, STAY, reason="you left it behind"), ()
    against = tuple(_objections(name, inspect, facts, options))
    if against:
        return Item("container", name, STAY, reason=against[0]), against
    if options.drop_layers:
        return Item("container", name, CREATE, reason="what it wrote outside of volumes is dropped"), ()
    content = facts.layers[inspect["Id"]].content
    return Item("container", name, CREATE, content.size if content else 0), ()


def _objections(name: str, inspect: Mapping[str, Any], facts: Facts, options: Options) -> Iterator[str]:
    way = f"leave it behind, leave: ['container:{name}']"
    refused = "" if name in options.host_users else _refusing_options(inspect["HostConfig"])
    if refused:
        yield f"the container {name} can't be remapped with {refused}: keep the host's ids, host_users: ['{name}'], or {way}"
    for other in _shared_with(inspect):
        owner = next((item for item in facts.containers if other in (item["Id"], container_name.inspected(item))), None)
        if owner is None:
            continue
        its = container_name.inspected(owner)
        if _keeps_ids(owner, options) and not _keeps_ids(inspect, options):
            yield f"the container {name} joins {its}, which keeps the host's ids: name it in host_users, too, or {way}"
        if f"container:{its}" in options.leave:
            yield f"the container {name} shares with {its}, which you leave behind: {way}, too"
    if inspect["HostConfig"].get("AutoRemove") and inspect["State"]["Running"]:
        yield f"the container {name} was started with --rm, so that a stop removes it for good: stop it yourself, or {way}"
    if inspect["Image"] not in {image.id for image in facts.images}:
        yield f"the image of the container {name} is gone, so it can't be made again: remove the container, or {way}"
    for text in _lost(inspect, options):
        yield f"the container {name} uses the volume {text}, which you leave behind: {way}, too"
    if not options.drop_layers:
        yield from _layer_objections(name, inspect, facts, way)


def _layer_objections(name: str, inspect: Mapping[str, Any], facts: Facts, way: str) -> Iterator[str]:
    layer = facts.layers[inspect["Id"]]
    if not layer.path:
        driver = inert(facts.info.get("Driver"))
        yield (
            f"what the container {name} wrote can't be taken out of the storage driver {driver}: "
            f"set writable_layers to drop, or {way}"
        )
    elif layer.content and layer.content.unmappable:
        yield (
            f"the container {name} wrote files whose ids have no room in the range ({', '.join(layer.content.unmappable)}): "
            f"set writable_layers to drop, or {way}"
        )


def _keeps_ids(inspect: Mapping[str, Any], options: Options) -> bool:
    return inspect["HostConfig"].get("UsernsMode") == "host" or container_name.inspected(inspect) in options.host_users


def _refusing_options(config: Mapping[str, Any]) -> str:
    """The options with which a container can't be started by a remapped engine. config: its HostConfig."""
    options = [option for _kind, option in userns_remap.refused_by_engine(config)]
    if config.get("IpcMode") == "host" and config.get("UsernsMode") != "host":
        options.append("--ipc=host")  # runc can't mount /dev/mqueue there
    return ", ".join(options)


def _shared_with(inspect: Mapping[str, Any]) -> Iterator[str]:
    for key in ("NetworkMode", "IpcMode", "PidMode"):
        kind, _colon, other = str(inspect["HostConfig"].get(key) or "").partition(":")
        if kind == "container":
            yield other
    for text in inspect["HostConfig"].get("VolumesFrom") or ():
        yield text.partition(":")[0]


def _lost(inspect: Mapping[str, Any], options: Options) -> Iterator[str]:
    for mount in inspect.get("Mounts") or ():
        if mount.get("Type") == "volume" and f"volume:{mount.get('Name')}" in options.leave:
            yield inert(mount["Name"])
