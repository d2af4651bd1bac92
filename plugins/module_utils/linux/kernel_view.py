# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container's mounts show of the kernel's own filesystems. Pure.

Each mount is judged for itself, wherever it stands and whatever put it there: which part of the filesystem does it
show, may it be written, and what of it has something mounted over it. So a second proc, the host's proc under another
name, and a mask that is no mask (runc's CVE-2025-31133: a file of /proc bound over a path of /proc) are all the same
question. A mount beneath another on the same point can't be reached and does not count.
"""

from typing import Collection, FrozenSet, Iterator, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import alive, covered, covers
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

_HOME = {"proc": "/proc", "sysfs": "/sys"}
CGROUPS = ("cgroup", "cgroup2")
# Not in a container at all unless someone mounts them, and dangerous when writable.
_OTHERS = (
    "binder",
    "binfmt_misc",
    "bpf",
    "configfs",
    "debugfs",
    "efivarfs",
    "functionfs",
    "fusectl",
    "nfsd",
    "pstore",
    "resctrl",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smackfs",
    "tracefs",
    "xenfs",
)
FILESYSTEMS = frozenset(tuple(_HOME) + CGROUPS + _OTHERS)


class Opening(NamedTuple):
    """Something of the kernel that a mount leaves open.

    below: where, relative to the mount's point, "" for all of it; shows: the kernel's own name of it, /proc/sys say,
    or only the filesystem's type; readable: it should be masked, otherwise it can be written and should not.
    """

    mount: Mount
    below: str
    shows: str
    readable: bool

    @property
    def path(self) -> str:
        """Where the container has it."""
        return ("" if self.mount.point == "/" and self.below else self.mount.point) + self.below


def openings(
    mounts: List[Mount], read_only: Collection[str], masked: Collection[str], owns_cgroups: bool
) -> Iterator[str]:
    """What `find` finds, in words."""
    return (_words(opening) for opening in find(mounts, read_only, masked, owns_cgroups))


def find(
    mounts: List[Mount], read_only: Collection[str], masked: Collection[str], owns_cgroups: bool
) -> Iterator[Opening]:
    """What of the kernel can be written, or seen although it should be masked.

    read_only, masked: paths such as /proc/sys that this kernel has. owns_cgroups: the container's root is not the
    host's, so the kernel itself keeps it to the control groups that it was given, and the mounts may be writable.
    """
    by = covers(mounts)
    for mount in mounts:
        if mount.fstype not in FILESYSTEMS or ((mount.id, mount.point) in by and mount.point != "/"):
            continue
        writable = "ro" not in mount.options
        if mount.fstype in _HOME:
            yield from _list_shown(mount, writable, read_only, masked, by)
        elif writable and not (owns_cgroups and mount.fstype in CGROUPS):
            yield Opening(mount, "", mount.fstype, False)


def _list_shown(
    mount: Mount, writable: bool, read_only: Collection[str], masked: Collection[str], by: FrozenSet[Tuple[int, str]]
) -> Iterator[Opening]:
    home = _HOME[mount.fstype]
    root = alive(mount.root)
    shows = home if root == "/" else home + root
    if writable and shows != "/proc":
        yield Opening(mount, "", shows, False)
    elif writable:
        for path in read_only:
            if not covered(mount, path[len(home) :], by):
                yield Opening(mount, path[len(home) :], path, False)
    for path in masked:
        if path.startswith(shows):  # the common case first, and cheap
            if path == shows or (path[len(shows)] == "/" and not covered(mount, path[len(shows) :], by)):
                yield Opening(mount, path[len(shows) :], path, True)
        elif shows.startswith(path) and below(shows, path):
            yield Opening(mount, "", shows, True)


def _words(opening: Opening) -> str:
    mount = opening.mount
    if mount.fstype not in _HOME:
        return f"{opening.shows} at {mount.point!r} is writable"
    where = "" if below(opening.shows, mount.point) else f" at {mount.point!r}"
    return f"{opening.shows} is {'not masked' if opening.readable else 'writable'}{where}"
