# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work out what `:z` and `:Z` of a mount come to at the container's next start. Pure.

moby: daemon/volume/mounts/mounts.go, Setup: follows links, then relabels; passes over ENOTSUP, and fails by any other error.
"""

from typing import NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.selinux import filesystems

# opencontainers/selinux: go-selinux/label/label_linux.go, Relabel: there `:z` is an error, and the start fails
NEVER_RELABELLED = frozenset(
    "/ /bin /boot /dev /etc /etc/passwd /etc/pki /etc/shadow /home /lib /lib64 /media /opt /proc /root /run /sbin /srv"
    " /sys /tmp /usr /var /var/lib /var/log".split()
)


class Effect(NamedTuple):
    """starts: whether the container starts, reason is why not; relabelled: whether the source gets a container's label."""

    starts: bool
    relabelled: bool
    reason: str = ""


def effect(path: str, filesystem: Optional[Mount], keeps_labels: bool, usable: bool) -> Effect:
    """Work out what a relabel does.

    path: of the source, without links; filesystem: that holds it, None where that isn't known; keeps_labels: whether it
    does; usable: whether the container may use the source by the label that it has now, so that none has to be set.
    """
    if path in NEVER_RELABELLED:
        return Effect(False, False, f"the engine refuses to relabel {path}, and the container doesn't start")
    if not keeps_labels:
        return Effect(True, False)
    if filesystem and filesystems.is_read_only(filesystem) and not usable:
        where = f"{inert(path, 200)} is on a read-only filesystem"
        return Effect(False, False, f"{where}, which can't be relabelled, and the container doesn't start")
    return Effect(True, True)
