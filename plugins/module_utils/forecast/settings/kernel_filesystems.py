# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kernel-filesystems: what containers write there now, and could not write any more. Pure.

What would be closed is worked out by kernel_mounts, as kernel_filesystems does it in check mode.
"""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "kernel-filesystems"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say for each container that runs what would be closed in it; who writes there by its name is likely to break."""
    for container in shared["kernel_mounts"]:
        paths = [change["path"] for change in container["changes"]]
        if not paths:
            continue
        busy = [mount for mount in container["left"] if mount["cure"] == "restart"]
        writers = container["warnings"] + [f"{mount['path']}: {mount['reason']}" for mount in busy]
        yield Item(
            NAME,
            "writer" if writers else "closed",
            subject_of(container["name"]),
            LIKELY if writers else POSSIBLE,
            f"{', '.join(paths[:5])} would become read-only: {writers[0]}"
            if writers
            else f"{', '.join(paths[:5])} would become read-only, and what writes there fails",
            "leave the path open there, with a reason (option leave of kernel_filesystems), until it does not need it any more",
            {"paths": len(paths)},
        )


SETTING = Setting(NAME, of_host=of_host)
