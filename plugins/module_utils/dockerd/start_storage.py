# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Storage settings that dockerd takes and then does not start with. Pure. moby: daemon/graphdriver/*."""

from typing import Any, List, Mapping, Optional, Set, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json

_DRIVERS = ("btrfs", "fuse-overlayfs", "overlay2", "vfs", "windowsfilter", "zfs")
# Driver: the last release that has it.
_REMOVED = {"aufs": (23, 0), "overlay": (23, 0), "devicemapper": (24, 0)}
_NO_SNAPSHOTTERS = ("overlay", "devicemapper")
_OPTIONS = {"btrfs": ("btrfs.min_space",), "overlay2": ("overlay2.size",), "vfs": ("size",), "zfs": ("zfs.fsname",)}
_KERNEL_CHECK = "overlay2.override_kernel_check"


def problems(settings: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> List[str]:
    """Return the sentences. With the containerd store, the driver is a snapshotter, of which nothing is known here.

    That store is the default from 29 on, but where a graph driver of this name is there. moby: daemon/image_store_choice.go
    """
    stored = (settings.get("features") or {}).get("containerd-snapshotter")
    driver = settings.get("storage-driver") or ""
    if release is None or stored:
        return []
    if release >= (29, 0) and stored is not False and driver not in _DRIVERS + _NO_SNAPSHOTTERS:
        return []
    texts = []
    if driver and driver not in _DRIVERS and driver not in _REMOVED:
        texts.append(f'"storage-driver" is no driver of this engine: {show_json(driver)}')
    elif release > _REMOVED.get(driver, (99, 0)):
        texts.append(f'"storage-driver": {driver} was removed after Docker {_REMOVED[driver][0]}.{_REMOVED[driver][1]}')
    for option in settings.get("storage-opts") or ():
        key, equals, _value = option.partition("=")
        if not equals:
            texts.append(f'"storage-opts" takes name=value, not {show_json(option)}')
        elif key.lower() not in _known(driver, release):
            texts.append(f'"storage-opts": {show_json(key)} is no option of {driver or "any storage driver"}')
    return texts


class _Anything:
    """Contains all."""

    def __contains__(self, item: str) -> bool:
        return True


def _known(driver: str, release: Tuple[int, int]) -> Union[Set[str], _Anything]:
    """The options that a driver takes, those of any driver where it isn't named. dm.* is devicemapper's own."""
    own = [driver] if driver in _OPTIONS else [name for name in _OPTIONS if not driver]
    known = {option for name in own for option in _OPTIONS[name]}
    if release < (24, 0) and driver in ("", "overlay2"):
        known.add(_KERNEL_CHECK)
    if driver in ("devicemapper", "fuse-overlayfs") or (not driver and release < (25, 0)):
        return _Anything()
    return known
