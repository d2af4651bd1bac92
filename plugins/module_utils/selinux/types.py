# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name the domains that containers run in, and the types that are theirs. Pure.

Names are what policies call them; what a domain may really do only the loaded policy knows (`selinux_access`).
"""

import re
from functools import lru_cache
from typing import AbstractSet, Any, FrozenSet, List, Mapping, Optional, Set

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless

# What dockerd gives a container (contexts/lxc_contexts of the policy)
DEFAULT = "container_t"
UNASKED = frozenset((DEFAULT, "svirt_lxc_net_t"))  # the second is what it was called before
# container-selinux: container.te, with what libvirt's policy called the same before. Not container_user_t: people log in
# with that.
CONTAINERS = frozenset(
    "container_t container_device_plugin_init_t container_device_plugin_t container_device_t container_init_t"
    " container_engine_t container_kvm_t container_logreader_t container_logwriter_t container_userns_t svirt_lxc_net_t"
    " svirt_qemu_net_t".split()
)
# What containers have their files from, with all categories or some
FILES = frozenset(
    "container_file_t container_ro_file_t container_share_t svirt_sandbox_file_t svirt_lxc_file_t".split()
)
# A whole filesystem has one of these: nobody labels a single file there
WHOLE_FILESYSTEMS = frozenset("cephfs_t cifs_t ecryptfs_t fusefs_t nfs_t".split())
# Programs, libraries and settings without secrets, which the policies let every container read on purpose (RHEL:
# container.te and virt.te; refpolicy: container.te): read-only they are nobody's loss
READ_BY_ALL = frozenset(
    "bin_t boot_t cgroup_t etc_t fonts_t ld_so_cache_t ld_so_t lib_t locale_t man_t modules_object_t net_conf_t proc_t"
    " shell_exec_t sysfs_t textrel_shlib_t usr_t".split()
)
# Known to container-selinux, the distributions' policies and Docker, and held back by hardly anything
UNCONFINED = frozenset(
    "spc_t unconfined_t unconfined_service_t container_runtime_t docker_t dockerd_t init_t initrc_t kernel_t"
    " sysadm_t".split()
)
EVERY_CATEGORY = 1024  # c0.c1023, which container-selinux and the distributions' policies have
_CATEGORIES = re.compile(r"s[0-9]{1,4}(?:-s[0-9]{1,4})?(?::(c[0-9]{1,4}(?:[.,]c[0-9]{1,4})*))?\Z")


def type_of(label: str) -> str:
    """Return the third field, "" where there is none."""
    fields = label.split(":", 3)
    return fields[2] if len(fields) > 2 else ""


def explain_weakness(label: str) -> Optional[str]:
    """Explain why a process with this label is not confined as a container is, as far as names tell, or None."""
    domain = type_of(label)
    if not domain:
        return "no label"
    if domain in UNCONFINED:
        return f"{domain} is not confined"
    try:
        if len(parse_categories(level_of(label))) >= EVERY_CATEGORY:
            return "it has every category"
    except ValueError as error:
        return str(error)
    return None


def level_of(label: str) -> str:
    """Return the fourth field, `s0:c1,c2`, "" where there is none."""
    return "".join(label.split(":", 3)[3:])


def parse_categories(level: str) -> FrozenSet[int]:
    """{1, 2} from `s0:c1,c2`, of a range (`s0-s0:c0.c1023`) those of its upper end: what it may reach. Meaningless."""
    if "-" in level and ":" in level.partition("-")[0]:
        level = level.partition("-")[2]  # s0:c1-s0:c1,c2: each end has categories
    match = _CATEGORIES.match(level)
    if not match and level:
        raise Meaningless(f"{level!r:.80} is no level of SELinux")
    numbers: Set[int] = set()
    for part in (match.group(1) or "").split(",") if match else ():
        ends = [int(end[1:]) for end in part.split(".") if end]
        if ends:
            numbers.update(range(ends[0], ends[-1] + 1))
    return frozenset(numbers)


def list_overlapping(label: str, own: str, peers: Mapping[str, Any], stored: bool) -> List[str]:
    """List the ids of the other containers one of whose labels has all categories of this label, or only some of them.

    peers: id -> peers.Peer; stored: those that don't run count with what they were created with.
    """
    mine = _categories_of(label)
    others = []
    for other, peer in peers.items():
        labels = peer.labels or ((peer.stored,) if stored and peer.stored else ())
        if other != own and any(_reaches(mine, _categories_of(theirs)) for theirs in labels):
            others.append(other)
    return others


def _reaches(one: AbstractSet[int], other: AbstractSet[int]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


@lru_cache(maxsize=4096)  # each container is compared with each
def _categories_of(label: str) -> FrozenSet[int]:
    try:
        return parse_categories(level_of(label))
    except ValueError:
        return frozenset()  # a label that is none reaches nothing, and the rule selinux names it
