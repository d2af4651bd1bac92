# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read from the kernel's list of mounts what a filesystem does with labels. Pure.

linux: security/selinux/hooks.c. `seclabel` stands where files keep labels of their own (selinux_sb_show_options); elsewhere
setting one fails with EOPNOTSUPP (selinux_inode_setxattr), which dockerd passes over.
"""

from typing import List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

# What the distributions' policies (genfscon) give a filesystem whose files have no labels of their own
_OF_THE_POLICY = {
    "nfs": "nfs_t",
    "nfs4": "nfs_t",
    "cifs": "cifs_t",
    "smb3": "cifs_t",
    "ceph": "cephfs_t",
    "fuse": "fusefs_t",
    "iso9660": "iso9660_t",
    "udf": "iso9660_t",
    "vfat": "dosfs_t",
    "msdos": "dosfs_t",
}


def find_holder(path: str, mounts: Sequence[Mount]) -> Optional[Mount]:
    """Find the mount that holds a clean path without links: the last of those with the longest point. None without any."""
    holder: Optional[Mount] = None
    for mount in mounts:
        if below(path, mount.point) and (holder is None or len(mount.point) >= len(holder.point)):
            holder = mount
    return holder


def keeps_labels(mount: Mount) -> bool:
    """Say whether a file there can be given a label, as the kernel with a policy shows it."""
    return "seclabel" in _options(mount.super_options)


def never_keeps_labels(mount: Mount) -> bool:
    """Say the opposite by its type alone, where no policy is loaded that would show it."""
    return mount.fstype.partition(".")[0] in _OF_THE_POLICY


def is_read_only(mount: Mount) -> bool:
    """Say whether nothing there can be changed, its labels neither."""
    return "ro" in mount.options or "ro" in _options(mount.super_options)


def label_of_all(mount: Mount) -> Optional[str]:
    """Work out the label that all of it has, None where its files have labels of their own, or that isn't known."""
    options = _options(mount.super_options)
    for option in options:
        key, _equals, value = option.partition("=")
        if key == "context":
            return value.strip('"').replace("\0", ",")
    of_type = _OF_THE_POLICY.get(mount.fstype.partition(".")[0])
    return f"system_u:object_r:{of_type}:s0" if of_type and "seclabel" not in options else None


def _options(text: str) -> List[str]:
    """Split the options of a filesystem; one in quotes may have commas: context="u:r:t:s0:c1,c2"."""
    quoted = text.split('"')
    parts = [part if i % 2 == 0 else '"' + part.replace(",", "\0") + '"' for i, part in enumerate(quoted)]
    return "".join(parts).split(",")
