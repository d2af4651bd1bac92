# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find on the host what a denial names by its last component and inode only. Reads no file.

An inode's number alone says little: tmpfs, cgroup, NFS and CIFS begin at 1 each. Device, filesystem and label have to be
those of the denial, too, and where two different files answer to all of it, none is named.
"""

import os
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.denials.avc import Avc
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.selinux import filesystems, path_label

_BLOCK = "/sys/dev/block"


def locate(
    denial: Avc, sources: Sequence[str], slow: FrozenSet[str], mounts: Sequence[Mount]
) -> Optional[Tuple[str, str]]:
    """Find (the source, the path) of which of these clean paths, or what of this name right below it, is the denied inode.

    None if none is, or more than one. The kernel tells no more of an access that ended before the file was open. A
    source that is a link is followed, as dockerd does; what is below it is not. slow: from path_label.read_slow_points.
    """
    plain = denial.name not in ("", ".", "..", "/") and "/" not in denial.name and "\0" not in denial.name
    matches: Dict[Tuple[int, int], Tuple[str, str]] = {}
    for source in sources if denial.ino else ():
        try:
            real = path_label.resolve(source, slow)
        except path_label.NotLooked:
            continue
        if any(below(real, point) for point in slow):
            continue
        for path in [real] + ([real.rstrip("/") + "/" + denial.name] if plain else []):
            inode = _identify(path, denial, mounts) if path not in slow else None
            if inode:
                matches.setdefault(inode, (source, path))
    return list(matches.values())[0] if len(matches) == 1 else None


def _identify(path: str, denial: Avc, mounts: Sequence[Mount]) -> Optional[Tuple[int, int]]:
    """Read (device, inode) of a path; None where it isn't what was denied."""
    try:
        status = os.lstat(path)
        if status.st_ino != denial.ino or denial.device not in _devices(path, status.st_dev, mounts):
            return None
        label = os.getxattr(path, path_label.XATTR, follow_symlinks=False)
    except OSError:
        return None
    same = label.rstrip(b"\0").decode("utf-8", "backslashreplace") == denial.target
    return (status.st_dev, status.st_ino) if same else None


def _devices(path: str, number: int, mounts: Sequence[Mount]) -> List[str]:
    """List what the kernel may call the filesystem in a denial (linux: security/lsm_audit.c, s_id of the superblock).

    That is the disk's name, the type of a filesystem without one, and NFS's numbers of the device.
    """
    major, minor = os.major(number), os.minor(number)
    try:
        return [os.path.basename(os.readlink(f"{_BLOCK}/{major}:{minor}"))]
    except OSError:
        pass
    mount = filesystems.find_holder(path, mounts)
    names = [f"{major}:{minor}"]
    if mount is not None:
        names += [mount.fstype, os.path.basename(os.path.realpath(mount.source)) if mount.fstype == "btrfs" else ""]
    return [name for name in names if name]
