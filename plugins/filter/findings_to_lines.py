# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a short table for the terminal."""

from typing import Any, Callable, Dict

from ansible_collections.containment.docker.plugins.plugin_utils.as_filter import as_filter
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_lines import findings_to_lines


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"findings_to_lines": as_filter("findings_to_lines", findings_to_lines)}
