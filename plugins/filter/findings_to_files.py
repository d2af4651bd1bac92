# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and texts of the files of reports."""

from collections.abc import Sequence
from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.plugin_utils.report.files import report_files


def findings_to_files(
    results: Any, formats: Sequence[str], fleet: bool = False, groups: Any = None
) -> list[dict[str, str]]:
    """What report_files returns, marked unsafe: Ansible never takes braces in it for a template."""
    try:
        return wrap_var(report_files(results, formats, fleet, groups))
    except ValueError as error:
        raise AnsibleFilterError(f"findings_to_files: {error}") from error


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"findings_to_files": findings_to_files}
