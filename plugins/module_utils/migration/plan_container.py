# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what becomes of one container, and what is against it. Pure."""

from typing import Any, Dict, Iterator, List, Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import userns_remap
from ansible_collections.containment.docker.plugins.module_utils.migration.model import (
    CREATE,
    STAY,
    STOPPED,
    Facts,
    Item,
    Options,
)

# kinds of the forecast about a mount: unreadable-mount, unwritable-files
_OF_MOUNTS = ("-mount", "-files")


def plan(
    inspect: Mapping[str, Any], facts: Facts, options: Options, stay: Mapping[str, str]
) -> Tuple[Item, Tuple[str, ...]]:
    """The item, and the refusals: sentences, each with a way forward. stay: see `staying`."""
    name = container_name.inspected(inspect)
    if name in stay:
        return Item("container", name, STAY, reason=stay[name]), ()
    against = tuple(_objections(name, inspect, facts, options, stay))
    if against:
        return Item("container", name, STAY, reason=against[0]), against
    content = None if options.drop_layers else facts.layers[inspect["Id"]].content
    broken = _certain(name, inspect, facts, options)
    reasons = (
        [f"it can't run with mapped ids, which is accepted, and is not started: {broken[0]['message']}"]
        if broken
        else []
    )
    if name in facts.expected.host_users:
        reasons.append(f"it keeps the host's ids (--userns=host), by a waiver of {facts.expected.host_users[name]}")
    elif not broken:
        reasons += _doubts(name, inspect, facts, options)
    if options.drop_layers:
        reasons.append("what it wrote outside of volumes is dropped")
    action = STOPPED if broken else CREATE
    return Item("container", name, action, content.size if content else 0, "; ".join(reasons)), ()


def staying(facts: Facts, options: Options) -> Dict[str, str]:
    """Name -> reason, of the containers that are not made in the new root, though nothing is against the migration."""
    result = {}
    for inspect in facts.containers:
        name = container_name.inspected(inspect)
        if f"container:{name}" in options.leave:
            result[name] = "you left it behind"
            continue
        options_ = [option for _kind, option in userns_remap.refused_by_engine(inspect["HostConfig"])]
        effects = _certain(name, inspect, facts, options)
        if options_ and effects and all(is_accepted(effect, options) for effect in effects):
            refused = ", ".join(options_)
            result[name] = (
                f"the engine refuses {refused} with mapped ids, which is accepted: it stays in the old data root"
            )
    return result


def is_accepted(effect: Mapping[str, Any], options: Options) -> bool:
    """Whether somebody answers for an effect: by its id, or by a waiver that has not expired."""
    return effect["id"] in options.accept or not effect.get("waiver", {"expired": True})["expired"]


def _felt(name: str, inspect: Mapping[str, Any], facts: Facts, options: Options) -> List[Mapping[str, Any]]:
    """What it would feel of the mapping: nothing where it keeps the host's ids, nor of mounts whose ids are shifted."""
    if name in facts.expected.host_users:
        return []
    sources = {str(mount.get("Destination")): str(mount.get("Source")) for mount in inspect.get("Mounts") or ()}
    shifted = {
        subject_of(name, target)
        for target, source in sources.items()
        if any(source == path or source.startswith(path + "/") for path in options.shift)
    }
    effects = facts.expected.of_container(name)
    return [e for e in effects if not (e["subject"] in shifted and e["kind"].endswith(_OF_MOUNTS))]


def _certain(name: str, inspect: Mapping[str, Any], facts: Facts, options: Options) -> List[Mapping[str, Any]]:
    return [effect for effect in _felt(name, inspect, facts, options) if effect["sure"] == CERTAIN]


def _doubts(name: str, inspect: Mapping[str, Any], facts: Facts, options: Options) -> List[str]:
    likely = [effect for effect in _felt(name, inspect, facts, options) if effect["sure"] == LIKELY]
    more = f" (and {len(likely) - 1} more)" if len(likely) > 1 else ""
    return [f"likely to break: {likely[0]['message']}{more}"] if likely else []


def _objections(
    name: str, inspect: Mapping[str, Any], facts: Facts, options: Options, stay: Mapping[str, str]
) -> Iterator[str]:
    cure = f"leave it behind, leave: ['container:{name}']"
    for effect in _certain(name, inspect, facts, options):
        if not is_accepted(effect, options):
            yield (
                f"the container {name} would break: {effect['message']}: {effect['remedy']}; or have it keep the host's "
                f"ids, by a waiver of the rule userns-remap for container:{name}; or let it break, accept: ['{effect['id']}']; "
                f"or {cure}"
            )
    for other in _shared_with(inspect):
        owner = next((item for item in facts.containers if other in (item["Id"], container_name.inspected(item))), None)
        if owner is None:
            continue
        its = container_name.inspected(owner)
        if _keeps_ids(owner, facts) and not _keeps_ids(inspect, facts):
            yield (
                f"the container {name} joins {its}, which keeps the host's ids: give it a waiver of the rule userns-remap, "
                f"too, or {cure}"
            )
        if its in stay:
            yield f"the container {name} shares with {its}, which stays behind: {cure}, too"
    if inspect["State"].get("Restarting"):
        yield f"the container {name} restarts all the time: mend or stop it first, or {cure}"
    if inspect["HostConfig"].get("AutoRemove") and inspect["State"]["Running"]:
        yield f"the container {name} was started with --rm, so that a stop removes it for good: stop it yourself, or {cure}"
    if inspect["Image"] not in {image.id for image in facts.images}:
        yield f"the image of the container {name} is gone, so it can't be made again: remove the container, or {cure}"
    for mount in inspect.get("Mounts") or ():
        # docker run -v v:/v of a name that is too short for a volume has this destination as a whole
        if mount.get("Type") == "volume" and ":" in mount["Destination"]:
            yield (
                f"the container {name} has a volume at {inert(mount['Destination'])}, which no request can name with its "
                f"content: make the container again with a path for it that has no colon, or {cure}"
            )
    for text in _lost(inspect, options):
        yield f"the container {name} uses the volume {text}, which you leave behind: {cure}, too"
    if not options.drop_layers:
        yield from _layer_objections(name, inspect, facts, cure)


def _layer_objections(name: str, inspect: Mapping[str, Any], facts: Facts, cure: str) -> Iterator[str]:
    layer = facts.layers[inspect["Id"]]
    if not layer.path:
        driver = inert(facts.info.get("Driver"))
        yield (
            f"what the container {name} wrote can't be taken out of the storage driver {driver}: "
            f"set writable_layers to drop, or {cure}"
        )
    elif layer.content and layer.content.unmappable:
        yield (
            f"the container {name} wrote files whose ids have no room in the range ({', '.join(layer.content.unmappable)}): "
            f"set writable_layers to drop, or {cure}"
        )


def _keeps_ids(inspect: Mapping[str, Any], facts: Facts) -> bool:
    name = container_name.inspected(inspect)
    return inspect["HostConfig"].get("UsernsMode") == "host" or name in facts.expected.host_users


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
