# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the engine holds, and how much disk that takes. Reads only."""

import os
from typing import NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import disk_usage
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.docker_api.disk_usage import DiskUsage
from ansible_collections.containment.docker.plugins.module_utils.dockerd import containerd, engine_place

# The most seconds, and the most of the engine's time that is left, for its answer about the disk.
USAGE_SECONDS, USAGE_SHARE = 15.0, 0.5


class Stock(NamedTuple):
    """What the engine holds. networks: those that a person made; image_bytes: of all images, layers that several share
    counted for each where the engine does not tell how much they use together; free_bytes: on the filesystem of the data
    root, None where that is not this host's. writable_bytes: of the containers' layers; volume_bytes: of local volumes; None
    where the engine did not say so, with the reason. containerd_root: where the images are instead of in the data root, "" for
    nowhere else.
    """

    networks: Tuple[str, ...]
    image_bytes: int
    free_bytes: Optional[int]
    writable_bytes: Optional[int] = None
    volume_bytes: Optional[int] = None
    reason: str = ""
    containerd_root: str = ""


def read(engine: Engine, daemon: Evidence) -> Stock:
    """Read it of an engine and its daemon's evidence. Raise Unreadable."""
    try:
        networks = [str(network["Name"]) for network in engine.get("/networks")]
        size = sum(int(image["Size"]) for image in engine.each("/images/json"))
    except EngineError as error:
        raise Unreadable(str(error))
    except (LookupError, TypeError, ValueError) as error:
        raise Unreadable(f"the engine's lists of networks and images: {error!r}")
    usage, reason = DiskUsage(None, None, None), ""
    try:
        usage = disk_usage.read(engine, min(USAGE_SECONDS, USAGE_SHARE * engine.remaining_seconds()))
    except EngineError as error:
        reason = inert(error, 200)
    own = tuple(sorted(set(networks) - {"bridge", "host", "none", "docker_gwbridge", "ingress"}))
    return Stock(
        own,
        size if usage.images is None else usage.images,
        _free(engine, daemon),
        usage.writable,
        usage.volumes,
        reason,
        _containerd_root(daemon),
    )


def _free(engine: Engine, daemon: Evidence) -> Optional[int]:
    if not engine.address.local:
        return None
    try:
        status = os.statvfs(daemon["info"]["DockerRootDir"])
    except (OSError, Absent, Unreadable, LookupError):
        return None  # the item says that it is not known
    return status.f_bavail * status.f_frsize


def _containerd_root(daemon: Evidence) -> str:
    """Where containerd's store has the images; "" where it has none, or where nothing says which containerd that is."""
    try:
        info = daemon["info"]
        if not engine_place.holds_images(info):
            return ""
        settings = containerd.settings_shown(info)
        return containerd.root_of(daemon["running"] if settings is None else settings, info["DockerRootDir"])
    except (Absent, Unreadable, LookupError):
        return ""
