# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name what cures a mount that the forecast calls denied. Pure, but for the questions to the kernel."""

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.selinux import mount_access, remedies, types


def describe_cure(looked: mount_access.MountForecast, policy: remedies.Policy) -> str:
    """Write what makes a denied mount usable, and what that opens; "" where nothing is denied."""
    if not looked.denied:
        return ""
    if looked.denied == mount_access.STARTING:
        return f"take :z and :Z off this mount: {looked.reason}"
    if looked.kind == "socket":
        return _of_socket(looked)
    read = () if looked.read_only else mount_access.list_needs(looked.kind, True)
    return remedies.describe(
        remedies.Use(
            looked.process,
            looked.label or "",
            looked.kind,
            looked.source,
            mount_access.list_needs(looked.kind, looked.read_only),
            read,
            looked.by_mount,
            looked.labels,
        ),
        policy,
    )


def _of_socket(looked: mount_access.MountForecast) -> str:
    who = f", which is {inert(types.type_of(looked.listener), 64)}" if looked.listener else ""
    return (
        f"take the socket out: a label of its file lets nobody connect to who serves it{who}, and is the host's own; or give "
        "the container a domain of its own (label=type:...) that may"
    )
