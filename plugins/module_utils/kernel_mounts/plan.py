# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would have to change in a container's mounts so that nothing of the kernel is open, and what can't. Pure.

Only flags of single mounts, and new mounts over what a mount shows. Flags of a mount never propagate; a new mount
does where the mount that it stands on is shared, so there none is made.
"""

from bisect import bisect_left
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.waivers import (
    describe_waiver,
    find_waiver,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_view import FILESYSTEMS, Opening
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import root_mount
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

READ_ONLY, BIND, MASK = "read-only", "bound read-only", "masked"
_ORDER = (READ_ONLY, BIND, MASK)
# A container can't make a look-up in these wait for it, as it can with FUSE or a network filesystem.
_LOCAL = FILESYSTEMS.union(
    (
        "aufs",
        "bcachefs",
        "btrfs",
        "devpts",
        "devtmpfs",
        "erofs",
        "ext2",
        "ext3",
        "ext4",
        "f2fs",
        "hugetlbfs",
        "iso9660",
        "mqueue",
        "nsfs",
        "overlay",
        "ramfs",
        "rootfs",
        "squashfs",
        "tmpfs",
        "vfat",
        "xfs",
        "zfs",
    )
)
COMPONENT_LIMIT = 256
CHANGE_LIMIT = 1024
STEP_LIMIT = 512  # mounts stacked on one point count each
BENEATH_LIMIT = 64  # a read-only bind takes the mounts below along


class Change(NamedTuple):
    """One thing to do. action: READ_ONLY (the mount itself), BIND or MASK (what it shows at below).

    path: where the container has it; shows: the kernel's own name of it.
    """

    action: str
    mount: Mount
    below: str
    path: str
    shows: str


class OpenPath(NamedTuple):
    """What stays open and why; cure: "waived", "restart", "recreate" or "retry"."""

    path: str
    reason: str
    cure: str


class Plan(NamedTuple):
    """changes, in the order in which they have to be made, and what they leave."""

    changes: List[Change]
    left: List[OpenPath]


def plan(mounts: Sequence[Mount], openings: Iterable[Opening], waivers: Sequence[Waiver]) -> Plan:
    """Return what to change, and what stays open.

    mounts: of the container's first process; openings: what `kernel_view.find` finds in them; waivers: those that count
    today for this container.
    """
    tree = Tree(mounts)
    changes: List[Change] = []
    unchanged: List[OpenPath] = []
    for opening in openings:
        if len(changes) + len(unchanged) >= CHANGE_LIMIT:
            unchanged.append(
                OpenPath("", f"more than {int(CHANGE_LIMIT)} openings; the rest was not looked at", "recreate")
            )
            break
        change = Change(_action(opening), opening.mount, opening.below, opening.path, opening.shows)
        obstacle = _waived(change.path, waivers) or _obstacle(change, tree)
        if obstacle is None:
            changes.append(change)
        else:
            unchanged.append(obstacle)
    # What is mounted below is made read-only before a bind takes it along or a mask hides it.
    changes.sort(key=lambda change: _ORDER.index(change.action))
    return Plan(changes, unchanged)


def _action(opening: Opening) -> str:
    if opening.readable:
        return MASK
    return BIND if opening.below else READ_ONLY


def _waived(path: str, waivers: Sequence[Waiver]) -> Optional[OpenPath]:
    waiver = find_waiver(path, waivers)
    return OpenPath(path, describe_waiver(waiver, path), "waived") if waiver else None


def _obstacle(change: Change, tree: "Tree") -> Optional[OpenPath]:
    mount, path = change.mount, change.path
    if path.count("/") > COMPONENT_LIMIT:
        return OpenPath(path, f"its path has more than {int(COMPONENT_LIMIT)} components", "recreate")
    reached = tree.walk(mount.point)
    if reached[-1].id != mount.id and len(reached) <= STEP_LIMIT:
        return OpenPath(path, f"{_mount(reached[-1])} stands on or above its mount and hides it", "restart")
    if len(reached) > STEP_LIMIT:
        return OpenPath(path, f"more than {int(STEP_LIMIT)} mounts are on the way", "recreate")
    for step in reached:
        if step.fstype not in _LOCAL:
            return OpenPath(path, f"{_mount(step)} is on the way, and the container may make it hang", "recreate")
    if change.action == READ_ONLY:
        return None
    if shared(mount):
        return OpenPath(
            path, f"{_mount(mount)} is shared: a mount over it would appear in other namespaces too", "recreate"
        )
    if change.action == BIND and "unbindable" in mount.propagation:
        return OpenPath(path, f"{_mount(mount)} is unbindable", "recreate")
    if change.action == BIND and tree.beneath(path) > BENEATH_LIMIT:
        return OpenPath(path, f"more than {int(BENEATH_LIMIT)} mounts are below it", "recreate")
    return None


def shared(mount: Mount) -> bool:
    """Whether what is mounted on it appears in its peers, which may be the host's own mounts."""
    return any(tag.startswith("shared:") for tag in mount.propagation)


def _mount(mount: Mount) -> str:
    return f"the {mount.fstype} at {mount.point!r}"


class Tree:
    """Which mount a path leads to, from the root that the mounts were listed for."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        self._points = sorted(mount.point for mount in mounts)
        self._on: Mapping[Tuple[int, str], Mount] = {(mount.parent, mount.point): mount for mount in mounts}
        self._root = root_mount(list(mounts))
        self._steps: Dict[str, List[Mount]] = {}

    def walk(self, path: str) -> List[Mount]:
        """The mounts that the look-up of an absolute path passes, the one it ends in last."""
        if path not in self._steps:
            self._steps[path] = self._walk(path)
        return self._steps[path]

    def _walk(self, path: str) -> List[Mount]:
        steps = [self._root]
        if path == "/":
            return steps
        end = path.find("/", 1)
        while True:
            here = path if end == -1 else path[:end]
            upper = self._on.get((steps[-1].id, here))
            while upper is not None and upper is not steps[-1]:
                steps.append(upper)
                if len(steps) > STEP_LIMIT:
                    return steps
                upper = self._on.get((upper.id, here))
            if end == -1:
                return steps
            end = path.find("/", end + 1)

    def beneath(self, path: str) -> int:
        """How many mounts stand below a path, in whichever mount."""
        return bisect_left(self._points, path + "0") - bisect_left(self._points, path + "/")  # "0" follows "/"
