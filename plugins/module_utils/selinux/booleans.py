# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List what the policies' booleans let containers do, as recorded. Pure.

No kernel says what a boolean would add before it is set. RHEL 9 and 10: the conditional rules of the compiled policies;
Debian 13: each boolean set in a running kernel, and its policy asked before and after. lock and ioctl come with read
(refpolicy: policy/support/obj_perm_sets.spt, read_file_perms).
"""

from typing import Dict, FrozenSet, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.selinux import types as selinux_types

_LIST, _READ = "open read ioctl lock", "getattr open read ioctl lock map"
_READ_NO_MAP = "getattr open read ioctl lock"
_ALL_DIR = _LIST + " getattr search write add_name remove_name create"
_ALL_FILE = _READ + " write append create setattr unlink"
_USE = "getattr open read write ioctl append lock"


class Boolean(NamedTuple):
    """adds: what it allows, by (type, class); opens: what else it opens, behind "then "; only: its domains, all of
    containers' if empty."""

    name: str
    adds: Mapping[Tuple[str, str], FrozenSet[str]]
    opens: str
    only: FrozenSet[str] = frozenset()


def _boolean(
    name: str, adds: Mapping[str, Mapping[str, str]], opens: str, only: FrozenSet[str] = frozenset()
) -> Boolean:
    rows: Dict[Tuple[str, str], FrozenSet[str]] = {}
    for types, classes in adds.items():
        for of_type in types.split():
            for tclass, permissions in classes.items():
                rows[of_type, tclass] = frozenset(permissions.split())
    return Boolean(name, rows, opens, only)


def _whole(types: str) -> Dict[str, Dict[str, str]]:
    return {types: {"dir": _ALL_DIR, "file": _ALL_FILE, "lnk_file": "getattr read"}}


_NODES = (
    "device_t dri_device_t fixed_disk_device_t fuse_device_t kmsg_device_t memory_device_t null_device_t removable_t"
    " scsi_generic_device_t sound_device_t tun_tap_device_t"
)
_DEFAULT = frozenset((selinux_types.DEFAULT,))
# A name of RHEL goes before Debian's for the same. Each is for every container, as a boolean knows no single one.
BOOLEANS = (
    _boolean("virt_use_nfs", _whole("nfs_t"), "every container uses each NFS share that it is given"),
    _boolean("container_use_nfs", _whole("nfs_t"), "every container uses each NFS share that it is given"),
    _boolean("virt_use_samba", _whole("cifs_t"), "every container uses each CIFS share that it is given"),
    _boolean("container_use_samba", _whole("cifs_t"), "every container uses each CIFS share that it is given"),
    # The policy of RHEL has cephfs_t as another name of fs_t, and the kernel tells that one.
    _boolean("container_use_cephfs", _whole("cephfs_t fs_t"), "every container uses each CephFS that it is given"),
    _boolean("container_use_ecryptfs", _whole("ecryptfs_t"), "every container uses each eCryptfs that it is given"),
    _boolean(
        "virt_sandbox_use_fusefs",
        _whole("fusefs_t"),
        "every container uses each FUSE filesystem that it is given, and mounts and unmounts such where it may mount",
        _DEFAULT,
    ),
    _boolean("container_use_hugetlbfs", {"hugetlbfs_t": {"file": _USE + " map"}}, "every container uses huge pages"),
    _boolean(
        "container_manage_cgroup",
        {"cgroup_t": {"dir": "read write add_name remove_name create", "file": "append write create setattr unlink"}},
        "every container that has the control groups writable changes the host's limits and its own",
    ),
    _boolean(
        "container_read_certs",
        {"cert_t": {"dir": "read ioctl lock", "file": _READ_NO_MAP, "lnk_file": "getattr read"}},
        "every container reads what it is given of the host's certificates, private keys (/etc/pki/tls/private) among them",
    ),
    _boolean(
        "virt_sandbox_share_apache_content",
        {"httpd_sys_content_t": {"dir": "read ioctl lock"}},
        "every container reads the web server's content that it is given",
        _DEFAULT,
    ),
    _boolean(
        "container_read_public_content",
        {"public_content_t public_content_rw_t": {"dir": "read ioctl lock", "file": _READ_NO_MAP}},
        "every container reads the public content that it is given",
    ),
    _boolean(
        "container_manage_public_content",
        {
            "public_content_rw_t": {
                "dir": "read write add_name remove_name create",
                "file": _READ_NO_MAP + " write append create setattr unlink",
            }
        },
        "every container changes the public content that it is given",
    ),
    _boolean(
        "container_use_dri_devices",
        {"dri_device_t": {"chr_file": _USE}},
        "every container uses each GPU that it is given",
    ),
    _boolean(
        "container_use_dri", {"dri_device_t": {"chr_file": _USE}}, "every container uses each GPU that it is given"
    ),
    _boolean(
        "container_use_devices",
        {_NODES: {"chr_file": _USE, "blk_file": _USE}},
        "every container uses each node of the host's devices that it is given, the host's disks and memory among them",
    ),
)


def find_cures(
    domain: str, of_type: str, denied: Mapping[str, Sequence[str]], known: Mapping[str, bool]
) -> List[Boolean]:
    """Find the booleans that are off, and would allow a container's domain all that is denied.

    denied: permissions by class; known: the booleans that the loaded policy has, and whether each is on.
    """
    cures = []
    for boolean in BOOLEANS:
        if known.get(boolean.name, True) or domain not in (boolean.only or selinux_types.CONTAINERS):
            continue
        adds = [boolean.adds.get((of_type, tclass), frozenset()) for tclass in denied]
        if denied and all(added.issuperset(denied[tclass]) for added, tclass in zip(adds, denied)):
            cures.append(boolean)
    return cures
