# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an engine keeps its data and its containers' processes, and which settings change that. Pure."""

from typing import AbstractSet, Any, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids

# The directory of all data: containers, images and volumes seem to vanish.
ROOT = "root"
# Another store below the same directory, or in another containerd: containers and images seem to vanish, volumes stay.
STORE = "store"
# Only the way to what runs: the engine can't find the processes of running containers again, even with live-restore.
PROCESSES = "processes"
_CONTAINERD = "containerd"  # STORE where containerd holds the images, PROCESSES otherwise

FEATURES = ("containerd-snapshotter", "embedded-containerd")
# The one list. moby: daemon/daemon.go (NewDaemon), daemon_unix.go (setupDaemonRoot, RemapContainerdNamespaces),
# daemon/command/daemon_unix.go (initContainerd: embedded-containerd wins over --containerd, from 29.7 on).
PLACES = {
    "userns-remap": ROOT,
    "data-root": ROOT,
    "graph": ROOT,
    "storage-driver": STORE,
    "storage-opts": STORE,  # only with _POOLS
    "features.containerd-snapshotter": STORE,
    "features.embedded-containerd": _CONTAINERD,
    "containerd": _CONTAINERD,
    "containerd-namespace": _CONTAINERD,
    "exec-root": PROCESSES,
}
# Options that name another pool or dataset of the same storage driver.
_POOLS = ("zfs.fsname", "dm.thinpooldev", "dm.datadev", "dm.metadatadev", "dm.directlvm_device")
_NAMESPACE = "moby"


class Move(NamedTuple):
    """A setting that moves something. key: as in PLACES; what: ROOT, STORE or PROCESSES."""

    key: str
    what: str


def moves(
    keys: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any], info: Optional[Mapping[str, Any]] = None
) -> Tuple[Move, ...]:
    """What changing these top-level keys moves, in the order of PLACES.

    before, after: settings now and then; info: GET /info, None where no engine answers.
    """
    keys = frozenset(keys)
    return tuple(Move(key, _what(key, before, info)) for key in PLACES if _changes(key, keys, before, after, info))


def _changes(
    key: str,
    keys: AbstractSet[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    info: Optional[Mapping[str, Any]],
) -> bool:
    top, _dot, feature = key.partition(".")
    if top not in keys:
        return False
    if feature:
        then, now = (bool(_feature(settings, feature)) for settings in (before, after))
        if feature == "containerd-snapshotter" and info is not None and _feature(after, feature) is not None:
            then = holds_images(info)  # where the key only says what the engine does anyway, nothing moves
        return then is not now
    if key == "userns-remap":
        return _remap(before) != _remap(after)
    if key == "storage-opts":
        return _pools(before) != _pools(after)
    return True


def _remap(settings: Union[Mapping[str, Any], Mapping[str, str]]) -> str:
    """Whom it maps root to; "" where it maps to nobody, also by naming root itself."""
    user = settings.get("userns-remap") or ""
    return "" if not isinstance(user, str) or subordinate_ids.turns_off(user) else user


def _feature(settings: Mapping[str, Any], name: str) -> Optional[bool]:
    features = settings.get("features")
    return features.get(name) if isinstance(features, dict) else None


def _pools(settings: Mapping[str, Any]) -> List[str]:
    options = settings.get("storage-opts")
    options = options if isinstance(options, (list, tuple)) else ()
    return sorted(item for item in options if isinstance(item, str) and item.partition("=")[0].strip() in _POOLS)


def _what(key: str, before: Mapping[str, Any], info: Optional[Mapping[str, Any]]) -> str:
    what = PLACES[key]
    if what != _CONTAINERD:
        return what
    holds = bool(_feature(before, "containerd-snapshotter")) if info is None else holds_images(info)
    return STORE if holds else PROCESSES


def holds_images(info: Mapping[str, Any]) -> bool:
    """Whether containerd holds this engine's images (moby: daemon/containerd/service.go, LayerStoreStatus)."""
    for pair in info.get("DriverStatus") or ():
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and pair[0] == "driver-type":
            return str(pair[1]).startswith("io.containerd.snapshotter.")
    return False


def left_behind(moved: Sequence[Move], info: Mapping[str, Any]) -> Optional[str]:
    """In words, where the engine's data stay that it no longer sees after these moves; None where it sees them all."""
    kinds = [move.what for move in moved]
    root = info["DockerRootDir"]
    if ROOT in kinds:
        return f"{root}, and {_store_of_containerd(info)}" if holds_images(info) else root
    if STORE not in kinds:
        return None
    return _store_of_containerd(info) if holds_images(info) else f"the storage driver {info['Driver']} in {root}"


def _store_of_containerd(info: Mapping[str, Any]) -> str:
    containerd = info.get("Containerd") or {}
    namespace = (containerd.get("Namespaces") or {}).get("Containers") or _NAMESPACE
    address = " at " + containerd["Address"] if containerd.get("Address") else ""
    return f"the namespace {namespace} of containerd{address}, with the snapshotter {info['Driver']}"
