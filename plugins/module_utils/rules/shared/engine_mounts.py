# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container's mounts show of the host, without what its engine itself put there. Pure.

Whoever may start containers chooses names and places, so neither exempts anything: a mount is the engine's because it
is the directory or file of this very container in the engine's data root, found by device and path on the device.
Each exemption stands in EXEMPTIONS (see exemptions.py), with a test that tries to hide behind it.
"""

import re
from typing import FrozenSet, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Unreadable,
    results_beside,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import binds
from ansible_collections.containment.docker.plugins.module_utils.linux import kernel_view
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import (
    HostMounts,
    alive,
    bound_from,
    host_places,
    located,
    root_mount,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import device_nodes, engine_init

# moby: daemon/container/container_unix.go: files for the network, and a directory for shm, secrets, parts of volumes
_OWN_FILE = re.compile(r"/([0-9a-f]{64})/(resolv\.conf$|hostname$|hosts$|mounts/)")
_PART_OF_VOLUME = re.compile(r"/[0-9a-f]{64}/mounts/")
_VOLUME = re.compile(r"/[^/]+/_data(/|$)")
INIT = "/sbin/docker-init"
# containerd mounts a root there that it keeps itself
_ROOTFS = re.compile(
    r"/run/(?:docker/)?containerd/(?:daemon/)?io\.containerd\.runtime\.v2\.task/[^/]+/([^/]+)/rootfs\Z"
)


class MountPaths(NamedTuple):
    """One mount of a container.

    paths: of the host, all that show the same; own: those of them that are the engine's doing; bound: where the host
    has mounted something from inside of it; volume: it is one, or part of one; own_filesystem: which is no directory
    of the data root.
    """

    mount: Mount
    paths: List[str]
    own: FrozenSet[str] = frozenset()
    bound: Sequence[str] = ()
    volume: bool = False
    own_filesystem: bool = False


class _Directory(NamedTuple):
    """A directory of the engine: the path of the host as the engine spells it, and where it is: (device, path on it)."""

    path: str
    place: Optional[Tuple[str, str]]

    def rest(self, mount: Mount) -> str:
        """The path of a mount's root below this directory, "" where it isn't."""
        root = alive(mount.root)
        if self.place is None or mount.device != self.place[0] or not below(root, self.place[1]):
            return ""
        return root[len(self.place[1].rstrip("/")) :]

    def is_way(self, host_root: str) -> bool:
        """Whether a host's mount with this root leads to the directory, and not only to something in it."""
        return self.place is not None and below(self.place[1], host_root)


def list_shown(evidence: Evidence, root_dir: str) -> List[MountPaths]:
    """For each mount of a filesystem that the host has, too. The kernel's own are left to kernel-filesystems.

    root_dir: the engine's data root.
    """
    host = evidence["host"]["mounts"]
    view = _View(evidence, host, root_dir)
    entries: List[MountPaths] = []
    for mount in evidence["mounts"]:
        if mount.fstype == "nsfs":
            entries.extend(_namespace(evidence, mount))
        elif mount.device in host.places and mount.fstype not in kernel_view.FILESYSTEMS:
            places = host_places(host, mount.device, alive(mount.root))
            paths = [path for path, _root in places]
            volume = view.is_volume(mount, paths)
            bound = [
                path for path in bound_from(host, mount.device, alive(mount.root)) if not is_volume(path, root_dir)
            ]
            own_filesystem = volume and not view.volumes.rest(mount)
            entries.append(MountPaths(mount, paths, view.own(mount, places, volume), bound, volume, own_filesystem))
    return entries


def is_volume(path: str, root_dir: str) -> bool:
    """Whether the engine has a volume at this path of the host, or part of one for some container."""
    if not below(path, root_dir):
        return False
    kind, _slash, rest = path[len(root_dir.rstrip("/")) + 1 :].partition("/")
    pattern = {"volumes": _VOLUME, "containers": _PART_OF_VOLUME}.get(kind)
    return pattern is not None and bool(pattern.match("/" + rest))


def _namespace(evidence: Evidence, mount: Mount) -> Iterator[MountPaths]:
    """A mount of one of the host's namespaces: a handle to enter it with."""
    for name, identity in evidence["host"]["namespaces"].items():
        if alive(mount.root).lstrip("/") == identity:
            yield MountPaths(mount, ["/proc/1/ns/" + name])


class _View:
    """What tells the engine's part of one container's mounts. Made once for all of them."""

    def __init__(self, evidence: Evidence, host: HostMounts, root_dir: str) -> None:
        inspect = evidence["inspect"]
        config = inspect["HostConfig"]
        self.evidence, self.host, self.config = evidence, host, config
        self.data_root = _directory(evidence, host, root_dir)
        self.containers = _directory(evidence, host, root_dir.rstrip("/") + "/containers")
        self.volumes = _directory(evidence, host, root_dir.rstrip("/") + "/volumes")
        self.id = inspect["Id"]
        modes = (config.get("NetworkMode") or "", config.get("IpcMode") or "")
        self.ids = {self.id}.union(mode[10:] for mode in modes if mode.startswith("container:"))
        self.root_id = root_mount(evidence["mounts"]).id
        self.reported = inspect.get("Mounts") or ()
        images = (clean(m["Destination"]) for m in self.reported if m["Type"] == "image")
        self.images = frozenset(images)
        self.devices = {
            clean(d.get("PathInContainer") or d["PathOnHost"]): clean(d["PathOnHost"])
            for d in config.get("Devices") or ()
        }

    def is_volume(self, mount: Mount, paths: List[str]) -> bool:
        """Whether it is a volume: a directory of the data root, or what the engine has mounted in its place."""
        return bool(_VOLUME.match(self.volumes.rest(mount))) or any(map(self.is_volume_path, paths))

    def own(self, mount: Mount, places: List[Tuple[str, str]], volume: bool) -> FrozenSet[str]:
        """Those of the paths (with the root of the host's mount) that are there by the engine's doing."""
        file = _OWN_FILE.match(self.containers.rest(mount))
        is_file = file is not None and file.group(1) in self.ids
        is_root = mount.id == self.root_id or (mount.point in self.images and mount.fstype == "overlay")
        is_directory = bool(_VOLUME.match(self.volumes.rest(mount)))
        own_paths = set()
        for path, root in places:
            if (
                (is_file and self.containers.is_way(root))
                or (is_directory and self.volumes.is_way(root))
                or (volume and self.is_volume_path(path))
                or (is_root and self._is_root(path, root, mount))
                or self._is_own_mount(path)
                or (not volume and self._is_asked_for(mount, path))
            ):
                own_paths.add(path)
        return frozenset(own_paths)

    def is_volume_path(self, path: str) -> bool:
        """Whether the engine has a volume there."""
        directory = self.volumes.path
        return below(path, directory) and bool(_VOLUME.match(path[len(directory) :]))

    def _is_own_mount(self, path: str) -> bool:
        """A filesystem of its own that the engine keeps for this container: shared memory, secrets."""
        directory = self.containers.path
        match = _OWN_FILE.match(path[len(directory) :]) if below(path, directory) else None
        return match is not None and match.group(1) in self.ids

    def _is_root(self, path: str, host_root: str, mount: Mount) -> bool:
        """A layer of the data root, as its storage driver mounted it; another container's files are none."""
        rootfs = _ROOTFS.match(path)
        if rootfs is not None and rootfs.group(1) == self.id:
            return True
        inside = below(path, self.data_root.path) and path != self.data_root.path
        if inside and not (below(path, self.containers.path) or below(path, self.volumes.path)):
            return True
        rest = self.data_root.rest(mount)
        return bool(rest) and not rest.startswith(("/containers", "/volumes")) and self.data_root.is_way(host_root)

    def _is_asked_for(self, mount: Mount, path: str) -> bool:
        """What an option of HostConfig, which other rules judge, puts at a place of its own."""
        if mount.point == "/dev/shm" and path == "/dev/shm":
            return self.config.get("IpcMode") == "host"
        if mount.point == "/dev/mqueue" and path == "/dev/mqueue":
            return self.config.get("IpcMode") == "host"
        if path in device_nodes.HARMLESS:  # a runtime binds them where it may not make devices: in a user namespace
            return device_nodes.is_harmless(self.evidence, path)
        if below(path, "/dev") and self.devices.get(mount.point) == path:
            return True
        return mount.point == INIT and self._is_init(mount, path)

    def _is_init(self, mount: Mount, path: str) -> bool:
        """The engine's init: asked for, no mount of that name asked for, read-only, and the engine's own program."""
        if "ro" not in mount.options or any(clean(m["Destination"]) == INIT for m in self.reported):
            return False
        return engine_init.asked_for(self.evidence) and path in engine_init.programs(self.evidence)


def _directory(evidence: Mapping, host: HostMounts, path: str) -> _Directory:
    """A directory of the engine, which may stand behind a link or be a mount. All containers of a host ask for the same."""
    results, key = results_beside(evidence["host"]), (_directory, path)
    if key not in results:
        try:
            place = evidence["host"]["place_at"](path)
            results[key] = _Directory(path, located(host, place.path))
        except (Absent, Unreadable, NotLooked):
            results[key] = _Directory(path, located(host, path))
    return results[key]


def of_volume(mount: Mount) -> List[str]:
    """The host paths that a volume shows which is a mount of its own, by what the kernel says of its filesystem."""
    options = {"type": mount.fstype, "device": mount.source, "o": mount.super_options}
    return list(binds.volume_sources(options))
