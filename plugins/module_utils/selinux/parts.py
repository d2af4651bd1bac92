# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of this package that an audit needs on a host with SELinux; `on_demand.load` returns this one."""

from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    access,
    confinement,
    data_root,
    file_contexts,
    listeners,
    mount_access,
    path_label,
    peers,
    state,
    types,
)

__all__ = (
    "access",
    "confinement",
    "data_root",
    "file_contexts",
    "listeners",
    "mount_access",
    "path_label",
    "peers",
    "state",
    "types",
)
