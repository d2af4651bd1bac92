# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cures a denial: a label on the mount, a boolean, a port, or somebody who answers for leaving it. Pure."""

from typing import FrozenSet, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils import selinux_mounts, selinux_types
from ansible_collections.containment.docker.plugins.module_utils.avc import Avc
from ansible_collections.containment.docker.plugins.module_utils.host_path import clean
from ansible_collections.containment.docker.plugins.module_utils.rule import inert

# Classes of files, in the words of file contexts
_KINDS = {
    "file": "file",
    "dir": "dir",
    "lnk_file": "link",
    "sock_file": "socket",
    "fifo_file": "pipe",
    "chr_file": "char",
    "blk_file": "block",
}
# Booleans that let containers use a type, RHEL's (container-selinux: container.te) before Debian's (refpolicy).
_BOOLEANS = {
    "nfs_t": ("virt_use_nfs", "container_use_nfs"),
    "cifs_t": ("virt_use_samba", "container_use_samba"),
    "fusefs_t": ("virt_sandbox_use_fusefs",),
    "cephfs_t": ("container_use_cephfs",),
    "ecryptfs_t": ("container_use_ecryptfs",),
    "hugetlbfs_t": ("container_use_hugetlbfs",),
    "cgroup_t": ("container_manage_cgroup",),
    "dri_device_t": ("container_use_dri_devices", "container_use_dri"),
    "xserver_misc_device_t": ("container_use_xserver_devices",),
    "cert_t": ("container_read_certs",),
}
_DEVICES = ("container_use_devices",)
_CONNECT = ("container_connect_any",)
_WAIVE = "leave it denied, with a waiver"
_OWN_POLICY = "give the container a policy of its own (label=type:...), or %s" % _WAIVE


class Mount(NamedTuple):
    """The bind mount or volume that a denied path is in. path: of the host; relabel: "z", "Z" or "" as it was asked for."""

    source: str
    target: str
    path: str
    relabel: str


def cure(denial, mount, booleans):
    # type: (Avc, Optional[Mount], FrozenSet[str]) -> str
    """One sentence. mount: None where it isn't known; booleans: names of those that the loaded policy has."""
    if denial.tclass in _KINDS:
        return _of_file(denial, mount, booleans)
    if denial.port:
        return _of_port(denial, booleans)
    if "connectto" in denial.wanted:
        return "it talks to a service of the host: %s" % _OWN_POLICY
    if denial.tclass.startswith(("capability", "cap_userns")):
        return "its domain may not have this capability: drop it from the container, or %s" % _WAIVE
    return _OWN_POLICY


def _of_file(denial, mount, booleans):
    of_type = selinux_types.type_of(denial.target)
    names = _BOOLEANS.get(of_type, ()) or (_DEVICES if denial.tclass in ("chr_file", "blk_file") else ())
    known = [name for name in names if name in booleans]
    if known:
        return _boolean(known[0])
    if mount is None:
        return "it is in no mount of a container that is known: look what it is, or %s" % _WAIVE
    if mount.relabel:
        return "it got its label after the container was started: start the container again, which labels it anew"
    looked = selinux_mounts.Looked(
        clean(mount.source), mount.target, False, denial.target, _KINDS[denial.tclass], "", denial.wanted
    )
    return "%s: %s" % (inert(mount.source, 120), selinux_mounts.cure(looked))


def _of_port(denial, booleans):
    known = [name for name in _CONNECT if name in booleans and "name_connect" in denial.wanted]
    if known:
        return _boolean(known[0])
    return "semanage port -a -t TYPE -p %s %d, with a TYPE that %s may use; it is %s" % (
        denial.tclass.partition("_")[0],
        denial.port,
        selinux_types.type_of(denial.source),
        selinux_types.type_of(denial.target),
    )


def _boolean(name):
    return "setsebool -P %s on" % name
