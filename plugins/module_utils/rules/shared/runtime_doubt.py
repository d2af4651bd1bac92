# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a container's HostConfig alone says nothing certain of it. Pure."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable


def of(evidence: Evidence) -> str:
    """See runtimes.doubt; "" also where no engine is asked."""
    try:
        return evidence["runtime_doubt"]
    except (Absent, Unreadable):
        return ""
