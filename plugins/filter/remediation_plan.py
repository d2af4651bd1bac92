# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about findings."""

from typing import Any, Callable, Dict

from ansible_collections.containment.docker.plugins.plugin_utils.as_filter import as_filter
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.plan import remediation_plan


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"remediation_plan": as_filter("remediation_plan", remediation_plan)}
