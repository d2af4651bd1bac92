# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""selinux-enabled: which mounts the loaded policy denies to labelled containers. Pure; selinux_report works it out."""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import LIKELY, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.selinux_report.forecast import DENIED, UNKNOWN

NAME = "selinux-enabled"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say which mounts would be denied. Raise Unreadable for those that can't be judged, after all others."""
    unknown = []
    if shared["host"]["selinux"] is None:
        return  # dockerd logs a warning, and labels nothing (docs/selinux.md)
    for container in shared["selinux_mounts"]:
        for mount in container["mounts"]:
            if mount["verdict"] == DENIED:
                yield Item(
                    NAME,
                    "mount",
                    subject_of(container["name"], mount["target"]),
                    LIKELY,
                    f"{mount['source']} has the label {mount['context'] or 'none'}, of which the policy denies a labelled "
                    f"container {', '.join(mount['wanted'])}",
                    mount["cure"],
                    {"source": mount["source"], "context": mount["context"]},
                )
            elif mount["verdict"] == UNKNOWN:
                unknown.append(f"{container['name']}: {mount['source']}: {mount['why']}")
    if unknown:
        raise Unreadable("; ".join(unknown[:5]))


SETTING = Setting(NAME, of_host=of_host)
