# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a fleet as one self-contained HTML page."""

from datetime import datetime, timezone
from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_html import read_groups, render_html
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import read_fleet


def findings_to_html(results: Any, groups: Any = None, title: str = "Docker containment") -> Any:
    """Render {host: result}. groups: {group: hosts}, as Ansible's own variable."""
    try:
        page = render_html(read_fleet(results), read_groups(groups), inert(title), datetime.now(timezone.utc))
    except ValueError as error:
        raise AnsibleFilterError(f"findings_to_html: {error}") from error
    return wrap_var(page)


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"findings_to_html": findings_to_html}
