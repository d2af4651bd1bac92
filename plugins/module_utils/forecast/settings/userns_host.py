# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userns-remap: what breaks for the engine as a whole. Pure.

moby: daemon/daemon_unix.go, setupRemappedRoot; from 29.0 on daemon/command/daemon_linux.go refuses the containerd image store.
"""

from typing import Any, Iterable, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import (
    CERTAIN,
    DAEMON,
    HOST,
    LIKELY,
    Item,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.stock import Stock
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import in_swarm

NAME = "userns-remap"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say what breaks for all: what moves out of sight, and why the host can't remap."""
    info, remapping = shared["daemon"]["info"], shared["remapping"]
    if remapping.turned_off:
        return [_maps_nobody(shared["wanted"][NAME])]
    return list(_of_host(shared, info, remapping))


def _of_host(shared: Evidence, info: Mapping[str, Any], remapping: Any) -> Iterable[Item]:
    for reason in remapping.reasons:
        yield Item(
            NAME,
            "subordinate-ids",
            HOST,
            CERTAIN,
            f"the ids are not the containers' alone: {reason}",
            "give the user a range in /etc/subuid and /etc/subgid that nobody else has",
        )
    if remapping.mapping is not None and any(side[0].first == 0 for side in remapping.mapping):
        yield _maps_nobody("a first range that starts at 0")
    running = int(info.get("ContainersRunning") or 0)
    if remapping.namespaces is not None and remapping.namespaces <= running:
        yield Item(
            NAME,
            "user-namespaces",
            HOST,
            CERTAIN if remapping.namespaces else LIKELY,
            f"the kernel allows {remapping.namespaces} user namespaces, and each container needs one",
            "raise user.max_user_namespaces, also in the profile that has set it; role docker_daemon does so where it is 0",
            {"user.max_user_namespaces": remapping.namespaces, "running containers": running},
        )
    features = shared["daemon"]["configured"].get("features")
    if isinstance(features, dict) and features.get("containerd-snapshotter"):
        release = engine_info.release(info)
        refuses = release is None or release >= (29, 0)
        yield Item(
            NAME,
            "image-store",
            DAEMON,
            CERTAIN if refuses else LIKELY,
            "dockerd does not start with userns-remap and features.containerd-snapshotter together"
            if refuses
            else "BuildKit can't build with userns-remap and features.containerd-snapshotter together (moby issue 47377), and "
            "from Docker 29.0 on dockerd does not start with both",
            "take features.containerd-snapshotter out of daemon.json; images of that store are to be pulled or loaded anew",
        )
    if in_swarm(info):
        yield Item(
            NAME,
            "swarm",
            DAEMON,
            CERTAIN,
            "this node is in a swarm, whose state stays behind in the old data root",
            "drain the node, leave the swarm, and join again afterwards",
        )
    yield from _out_of_sight(shared, info)


def _maps_nobody(what: str) -> Item:
    return Item(
        NAME,
        "maps-nobody",
        DAEMON,
        CERTAIN,
        f"with {what} root in a container stays root of the host: the setting protects nothing",
        "name a user of its own, or default, with ranges that start above the ids of real users",
        {NAME: what},
    )


def _out_of_sight(shared: Evidence, info: Mapping[str, Any]) -> Iterable[Item]:
    volumes, stock = len(shared["daemon"]["volumes"]), shared["stock"]
    counts = [
        (int(info.get("Containers") or 0), "container"),
        (int(info.get("Images") or 0), "image"),
        (volumes, "volume"),
        (len(stock.networks), "network"),
    ]
    parts = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number]
    if not parts:
        return
    places = [str(info["DockerRootDir"])]
    if stock.containerd_root and not stock.containerd_root.startswith(places[0].rstrip("/") + "/"):
        places.append(stock.containerd_root)
    yield Item(
        NAME,
        "out-of-sight",
        DAEMON,
        CERTAIN,
        f"{', '.join(parts)} stay behind in {' and '.join(places)}, where the engine no longer sees them: "
        f"{_describe_need(stock)}",
        "save images and copy volumes first, with owners shifted to the new range (docker_daemon_migrate does so); "
        "without the setting all is back",
        {
            "image bytes": stock.image_bytes,
            "writable bytes": stock.writable_bytes,
            "volume bytes": stock.volume_bytes,
            "needed bytes": _needed(stock),
            "free bytes": stock.free_bytes,
        },
    )


def _needed(stock: Stock) -> int:
    """The least that a copy of all takes: what the engine did not tell is not in it."""
    return stock.image_bytes + (stock.writable_bytes or 0) + (stock.volume_bytes or 0)


def _describe_need(stock: Stock) -> str:
    parts = [f"{_size(stock.image_bytes)} of images"]
    for size, what in ((stock.writable_bytes, "containers' layers"), (stock.volume_bytes, "volumes")):
        parts.append(
            f"{what} not counted ({stock.reason or 'the engine does not tell'})"
            if size is None
            else f"{_size(size)} of {what}"
        )
    free = ""
    if stock.free_bytes is not None:
        free = f", and {_size(stock.free_bytes)} are free" + (
            ": not enough" if stock.free_bytes < _needed(stock) else ""
        )
    return f"a copy takes up to {_size(_needed(stock))} ({', '.join(parts)}){free}"


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
