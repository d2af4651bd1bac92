# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the SELinux label of a path of the host, without being led elsewhere by what a container wrote there.

Nothing is opened but as a place (O_PATH): no device, no pipe and no file of a network is touched.
"""

import errno
import os
from typing import AbstractSet, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import path_walk, procfs
from ansible_collections.containment.docker.plugins.module_utils.linux.places import KINDS, NotLooked, is_slow
from ansible_collections.containment.docker.plugins.module_utils.selinux import filesystems

XATTR = "security.selinux"
_LIMIT = 16 * 1024 * 1024


class Labelled(NamedTuple):
    """label: as the kernel gives it, None without one; kind: as file_contexts.KINDS; device: `253:1`."""

    label: Optional[str]
    kind: str
    device: str


class Located(NamedTuple):
    """Where a path leads. path: without links, as it was where that can't be told; mount: that holds it, None without."""

    path: str
    mount: Optional[procfs.Mount]


class Missing(NotLooked):
    """Nothing stands at the path."""


def read_mounts(root: str = "/") -> List[procfs.Mount]:
    """Read all that is mounted, as this process sees it. OSError, ValueError."""
    return procfs.parse_mountinfo(bounded_file.read(os.path.join(root, "proc/self/mountinfo"), _LIMIT))


def read_slow_points(root: str = "/") -> FrozenSet[str]:
    """Read where filesystems are mounted that may keep one who looks waiting. OSError, ValueError."""
    return find_slow_points(read_mounts(root))


def find_slow_points(mounted: Sequence[procfs.Mount]) -> FrozenSet[str]:
    """Select these of mounts that are read already."""
    return frozenset(mount.point for mount in mounted if is_slow(mount.fstype))


def read_label(path: str, slow: FrozenSet[str], follow: bool, root: str = "/") -> Labelled:
    """Read the label of what stands at a clean absolute path now. NotLooked.

    follow: go where links lead, as the engine does when it starts a container. Without it a link is refused: what
    the kernel has mounted was never one.
    """
    descriptor, _real = _open(path, slow, follow, root)
    try:
        status = os.fstat(descriptor)
        kind = next((name for is_one, name in KINDS if is_one(status.st_mode)), "")
        device = f"{int(os.major(status.st_dev))}:{int(os.minor(status.st_dev))}"
        return Labelled(_label(descriptor, path), kind, device)
    finally:
        os.close(descriptor)


def resolve(path: str, slow: FrozenSet[str], root: str = "/") -> str:
    """Resolve the links of a clean absolute path, as dockerd follows a source. NotLooked."""
    descriptor, real = _open(path, slow, True, root)
    os.close(descriptor)
    return real


def locate(path: str, mounted: Sequence[procfs.Mount], slow: FrozenSet[str], root: str = "/") -> Located:
    """Follow a clean absolute path to the filesystem that holds it. mounted: what is; slow: as find_slow_points has it."""
    try:
        path = resolve(path, slow, root)
    except NotLooked:
        pass
    return Located(path, filesystems.find_holder(path, mounted))


def read_mounted_label(path: str, device: Optional[str], slow: FrozenSet[str], root: str = "/") -> Labelled:
    """Read as read_label. device: of the mount that the kernel shows from this path, which has no link in it ("" where it has
    another number for its files, as btrfs); None for a path that somebody wrote down, which may have links.

    NotLooked also where something else stands there now.
    """
    labelled = read_label(path, slow, device is None, root)
    if device and labelled.device != device:
        raise NotLooked(f"{path} is on device {labelled.device}, and the mount on {device}")
    return labelled


def _open(path: str, slow: AbstractSet[str], follow: bool, root: str) -> Tuple[int, str]:
    """Open what stands there as a place: (descriptor, path without links). NotLooked."""

    def on_link(link: path_walk.Link) -> None:
        if not follow:
            raise NotLooked(f"{link.path} is a link")
        if root == "/" and link.path.startswith("/proc/") and link.path.count("/") > 2:
            raise NotLooked(f"{link.path} is the kernel's own link, whose text doesn't say where it leads")

    try:
        return path_walk.open_place(path, root, slow, on_link)
    except path_walk.Missing as reason:
        raise Missing(str(reason))
    except path_walk.NotEntered as reason:
        raise NotLooked(str(reason))
    except OSError as error:
        raise NotLooked(f"{path}: {error.strerror}")


def _label(descriptor: int, path: str) -> Optional[str]:
    try:
        # The kernel's own link to what the descriptor holds: nobody can put another in its place.
        value = os.getxattr(f"/proc/self/fd/{int(descriptor)}", XATTR)
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise NotLooked(f"{path}: its label: {error.strerror}")
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
