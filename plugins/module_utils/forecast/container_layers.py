# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which directories of the host make up a container's root filesystem. Pure."""

import re
from typing import Any, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    mount_table,
    overlay,
    places,
    procfs,
)

# containerd: plugins/snapshots/overlay. A process in the container could have mounted an overlay of its own.
_SNAPSHOT = re.compile(r"/[^\0]*/snapshots/[0-9]+/fs\Z")


def directories(inspect: Mapping[str, Any], mounts: Optional[Sequence[Any]]) -> Tuple[str, ...]:
    """Return them, the uppermost first. mounts: the container's mountinfo, None where it doesn't run. Raise Unreadable.

    overlay2 says them in the inspect. Of containerd's snapshots only the mount of a running container tells, and of other
    drivers the container's own root is looked at.
    """
    driver = inspect.get("GraphDriver") or {}
    data = driver.get("Data") or {}
    upper, lower = data.get("UpperDir"), data.get("LowerDir")
    if isinstance(upper, str) and isinstance(lower, str):
        return tuple([upper] + [path for path in lower.split(":") if path])
    if mounts is None:
        raise Unreadable(
            "which files it has is only known while it runs, as its engine's image store doesn't tell: start it"
        )
    try:
        root = mount_table.root_mount(list(mounts))
    except Meaningless as reason:
        raise Unreadable(f"its layers are not known: {reason}")
    if root.fstype == "overlay":
        return _of_overlay(root)
    if places.is_slow(root.fstype):
        raise Unreadable(f"its root is on a filesystem ({root.fstype}) that may keep one who looks waiting")
    return (f"/proc/{int(inspect['State']['Pid'])}/root/",)


def _of_overlay(root: procfs.Mount) -> Tuple[str, ...]:
    try:
        directories = overlay.parse_directories(root.super_options)
    except ValueError as error:
        raise Unreadable(f"its layers are not known: {error}")
    foreign = [path for path in directories if not _SNAPSHOT.match(path)]
    if foreign:
        raise Unreadable(f"its root is an overlay that the engine didn't make: {foreign[0]!r:.120}")
    return directories
