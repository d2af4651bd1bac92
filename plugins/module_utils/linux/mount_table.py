# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a list of mounts means: what covers what, and which path of the host a container's mount shows. Pure.

The order of mountinfo is not trusted: a mount can be put beneath another. The parents are exact.
"""

from bisect import bisect_left
from typing import Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

DELETED = "//deleted"  # the kernel's mark on a root or point whose file is gone; no path can contain it


class HostMounts(NamedTuple):
    """The host's own mounts.

    places: device -> [(root, point)]; peers: the `shared:N` groups it takes part in; at: point -> (device, root) of
    what is mounted there last; points: those points in order.
    """

    places: Dict[str, List[Tuple[str, str]]]
    peers: FrozenSet[str]
    at: Dict[str, Tuple[str, str]]
    points: Tuple[str, ...]


def host_mounts(mounts: Iterable[Mount]) -> HostMounts:
    """The index of the mounts of the host's first process, to be made once and asked for each container."""
    places: Dict[str, List[Tuple[str, str]]] = {}
    at: Dict[str, Tuple[str, str]] = {}
    peers: Set[str] = set()
    for mount in mounts:
        root = alive(mount.root)
        places.setdefault(mount.device, []).append((root, mount.point))
        at[mount.point] = (mount.device, root)
        peers.update(tag for tag in mount.propagation if tag.startswith("shared:"))
    return HostMounts(places, frozenset(peers), at, tuple(sorted(at)))


def host_places(host: HostMounts, device: str, root: str) -> List[Tuple[str, str]]:
    """[(path of the host, root of the host's mount that shows it)] for a directory or file of a device."""
    places = []
    for host_root, point in host.places.get(device, ()):
        if below(root, host_root):
            rest = root if host_root == "/" else root[len(host_root) :]
            places.append(((point if point != "/" else "") + ("" if rest == "/" else rest) or "/", host_root))
    return places


def host_paths(host: HostMounts, mount: Mount) -> List[str]:
    """Where the host has what this mount of a container shows; none for a filesystem that only the container has."""
    return [path for path, _root in host_places(host, mount.device, alive(mount.root))]


def bound_from(host: HostMounts, device: str, root: str) -> List[str]:
    """Where the host has mounted something that lies below a directory of a device: it is seen there, too."""
    inside = ((point, host_root) for host_root, point in host.places.get(device, ()) if host_root != root)
    return [point for point, host_root in inside if below(host_root, root)]


def located(host: HostMounts, path: str) -> Optional[Tuple[str, str]]:
    """(device, path on it) of a path of the host without links; None where no mount shows it."""
    point = path
    while point not in host.at:
        if point == "/":
            return None
        point = point.rpartition("/")[0] or "/"
    device, root = host.at[point]
    rest = path if point == "/" else path[len(point) :]
    return device, ("" if root == "/" else root) + ("" if rest == "/" else rest) or "/"


def same_places(host: HostMounts, path: str) -> List[str]:
    """All paths of the host that show what a path without links shows, or what is mounted below it, the path left out.

    A bind mount of the path takes over what is mounted below it.
    """
    places = [located(host, path)]
    start = path.rstrip("/") + "/"
    for point in host.points[bisect_left(host.points, start) :]:
        if not point.startswith(start):
            break
        places.append(host.at[point])
    paths: List[str] = []
    for place in places:
        if place is not None:
            paths += [other for other, _root in host_places(host, *place)] + bound_from(host, *place)
    return [other for other in dict.fromkeys(paths) if not below(other, path)]


def alive(path: str) -> str:
    """The path without the kernel's mark of a deleted file."""
    return path[: -len(DELETED)] or "/" if path.endswith(DELETED) else path


def root_mount(mounts: List[Mount]) -> Mount:
    """The mount that a container's processes have as `/`. Meaningless if there is none, as after a chroot."""
    ids = {mount.id for mount in mounts}
    for mount in mounts:
        if mount.point == "/" and (mount.parent not in ids or mount.parent == mount.id):
            return mount
    raise Meaningless("mountinfo shows no root mount")


def covers(mounts: Iterable[Mount]) -> FrozenSet[Tuple[int, str]]:
    """(id of a mount, path) for all that something is mounted on."""
    return frozenset((mount.parent, mount.point) for mount in mounts)


def covered(mount: Mount, path: str, by: FrozenSet[Tuple[int, str]]) -> bool:
    """Whether something is mounted over what this mount shows at a path below its point, or over a parent of it.

    path: relative to the point, with a leading slash, few components; by: from `covers`.
    """
    point = "" if mount.point == "/" else mount.point
    if (mount.id, point + path) in by:
        return True
    end = path.find("/", 1)
    while end != -1:
        if (mount.id, point + path[:end]) in by:
            return True
        end = path.find("/", end + 1)
    return False
