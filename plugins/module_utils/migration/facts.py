# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a migration has to bring along. I/O; changes nothing."""

import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    expected,
    images,
    pull,
    speed,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts, Layer, Options, Volume
from ansible_collections.containment.docker.plugins.module_utils.transaction import user_mapping
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused

# below which no directory's ids are shifted
_NEVER = ("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr")
_BRIDGE_NAME = "com.docker.network.bridge.name"


def read_ids(remap: str, check: bool) -> IdMap:
    """The range that dockerd would map to with this userns-remap. Raises Refused.

    check: where user or range are missing yet, those that the module subordinate_ids would make.
    """
    if subordinate_ids.turns_off(remap):
        raise Refused(f"userns-remap {inert(remap)!r} maps root to root, which remaps nothing: name another user")
    why = user_mapping.unready(remap)
    if why and check:
        return _future_ids(remap)
    if why:
        raise Refused(why[0])
    both = []
    try:
        for side in user_mapping.sides(*subordinate_ids.split_user(remap)):
            with open(side.path, encoding="utf-8", errors="surrogateescape") as stream:
                ranges = subordinate_ids.parse(stream.read(1 << 20), side.path)
            own = [item for item in subordinate_ids.of(ranges, side.names) if item.count]
            if not own and check:
                return _future_ids(remap)
            if len(own) != 1 or own[0].first == 0:
                raise Refused(
                    f"{side.path} has {len(own)} ranges for {inert(side.name)}{', from 0 on' if own else ''}, and a migration "
                    f"needs exactly one that does not: leave one there (module containment.docker.subordinate_ids makes it)"
                )
            both.append(own[0])
    except (OSError, ValueError) as error:
        raise Refused(str(error))
    return IdMap(int(both[0].first), int(both[0].count), int(both[1].first), int(both[1].count))


def _future_ids(remap: str) -> IdMap:
    user, group = subordinate_ids.split_user(remap)
    try:
        ranges = user_mapping.provide(user, group, subordinate_ids.COUNT, True)
    except (ValueError, ConfigError) as error:
        raise Refused(str(error))
    return IdMap(*ranges["subuid"], *ranges["subgid"])


def inspects(engine: Engine) -> List[Mapping[str, Any]]:
    """All containers, also those that do not run. Raises EngineError."""
    result = []
    for item in list(engine.each("/containers/json?all=1")):
        try:
            result.append(engine.get(container_path(item["Id"])))
        except EngineError as error:
            if error.status != 404:
                raise
    return result


def read(host: Host, engine: Engine, root: str, ids: IdMap, earlier: Any, options: Options) -> Facts:
    """The facts. root: the data root in force; earlier: earlier.Earlier. Raises EngineError, Refused."""
    skip = [text.partition(":")[2] for text in options.leave if text.startswith("volume:")]
    info = engine.get("/info")
    containers = inspects(engine)
    filesystem = os.statvfs(root)
    volumes = [_volume(item, ids, skip) for item in engine.get("/volumes").get("Volumes") or ()]
    return Facts(
        info=info,
        ids=ids,
        root=root,
        new_root=os.path.join(root, ids.directory),
        containers=containers,
        images=images.listed(list(engine.each("/images/json?all=0"))),
        volumes=volumes,
        networks=engine.get("/networks"),
        layers={inspect["Id"]: _layer(inspect, root, ids) for inspect in containers},
        taken=earlier.taken,
        foreign_networks=earlier.networks,
        free=filesystem.f_bavail * filesystem.f_frsize,
        plugins=_plugins(engine),
        can_update=all(bulk_copy.can_update(item.inspect["Mountpoint"]) for item in volumes if item.content),
        can_pull=pull.can_pull(),
        speed=speed.measure(root),
        shift=[(path, shiftable(path, root, ids)) for path in options.shift],
        expected=expected.read(host, engine, options.remap, options.waivers, containers),
    )


def shiftable(path: str, root: str, ids: IdMap) -> str:
    """Why the ids of a directory outside of the data root can't be shifted and shifted back, "" if they can."""
    real = os.path.realpath(path)
    if not os.path.isabs(path) or real != os.path.normpath(path) or not os.path.isdir(real):
        return "it is no directory, or its path is not absolute or has a link in it"
    if real.count("/") < 2 or real.split("/")[1] in _NEVER or real == root or root.startswith(real + "/"):
        return "it belongs to the system"
    try:
        mapped = tree.has_mapped(real, ids)
        if mapped:
            return f"{mapped} has a mapped id already, so that the way back could not tell it from others"
        unmappable = tree.survey(real, ids).unmappable
    except (OSError, tree.Unshiftable) as error:
        return inert(getattr(error, "strerror", None) or error)
    return f"these have ids for which the range has no room: {', '.join(unmappable)}" if unmappable else ""


def _volume(inspect: Mapping[str, Any], ids: IdMap, skip: Sequence[str]) -> Volume:
    options = inspect.get("Options") or {}
    if inspect.get("Driver") != "local" or inspect["Name"] in skip or {"type", "device", "o"} & set(options):
        return Volume(inspect, None)
    try:
        return Volume(inspect, tree.survey(inspect["Mountpoint"], ids))
    except (OSError, tree.Unshiftable) as error:
        return Volume(inspect, None, inert(getattr(error, "strerror", None) or error))


def _layer(inspect: Mapping[str, Any], root: str, ids: IdMap) -> Layer:
    """The upper directory of overlay2, which must be one of this data root."""
    path = upper(inspect, root)
    try:
        return Layer(path, tree.survey(path, ids) if path else None)
    except (OSError, tree.Unshiftable):
        return Layer("", None)


def upper(inspect: Mapping[str, Any], root: str) -> str:
    """The directory of a container's own layer, "" where it has none that can be copied."""
    driver = inspect.get("GraphDriver") or {}
    path = str((driver.get("Data") or {}).get("UpperDir") or "")
    inside = (
        driver.get("Name") == "overlay2" and path == os.path.normpath(path) and path.startswith(f"{root}/overlay2/")
    )
    return path if inside else ""


def _plugins(engine: Engine) -> List[str]:
    try:
        return [item.get("Name") or "" for item in engine.get("/plugins") or ()]
    except EngineError:
        return []


def bridges(networks: Sequence[Mapping[str, Any]]) -> Tuple[str, ...]:
    """The kernel's interfaces that the engine named by the ids of these networks."""
    return tuple(
        "br-" + item["Id"][:12]
        for item in networks
        if item.get("Driver") == "bridge" and not (item.get("Options") or {}).get(_BRIDGE_NAME)
    )


def names(engine: Engine) -> Dict[str, List[str]]:
    """What an engine has, by kind. Raises EngineError."""
    return {
        "containers": [item["Name"].lstrip("/") for item in inspects(engine)],
        "volumes": [item["Name"] for item in engine.get("/volumes").get("Volumes") or ()],
        "networks": [item["Name"] for item in engine.get("/networks")],
    }


def data_root(engine: Engine) -> str:
    """The data root in force. Raises EngineError, Refused."""
    root: Optional[str] = engine.get("/info").get("DockerRootDir")
    if not root or not os.path.isabs(root):
        raise Refused("the engine does not say where its data are")
    return os.path.realpath(root)
