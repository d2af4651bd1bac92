# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which waivers of denials have expired, and which cover nothing. Pure."""

import datetime
from typing import Any, Dict, Mapping, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver, list_expired, to_plain
from ansible_collections.containment.docker.plugins.module_utils.denials import denials
from ansible_collections.containment.docker.plugins.module_utils.denials import waivers as denial_waivers


def report_waivers(
    waivers: Sequence[Waiver],
    denied: Sequence[Mapping[str, Any]],
    is_complete: bool,
    since: str,
    today: datetime.date,
) -> Dict[str, Any]:
    """Return expired_waivers, unused_waivers and waiver_lines of selinux_info.

    denied: as denials.describe_denials returns it. is_complete: whether all denials since then and all containers are
    known; otherwise nobody can say that a waiver covers nothing.
    """
    covered = [(denials.container_of(item), item["path"]) for item in denied]
    unused = denial_waivers.list_unused(waivers, covered) if is_complete else []
    return {
        "expired_waivers": [to_plain(waiver) for waiver in list_expired(waivers, today)],
        "unused_waivers": [to_plain(waiver) for waiver in unused],
        "waiver_lines": denial_waivers.describe_problems(waivers, unused, since, today),
    }
