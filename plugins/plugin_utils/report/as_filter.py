# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One place where what writes a report becomes a filter."""

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport, read_fleet


def as_filter(name: str, write: Callable[[Sequence[HostReport]], Any]) -> Callable[[Any], Any]:
    """The filter over {host: result} that returns what `write` makes of the reports.

    What it returns is marked unsafe: Ansible never takes braces in it for a template.
    """

    def report_filter(results: Any) -> Any:
        try:
            return wrap_var(write(read_fleet(results)))
        except ValueError as error:
            raise AnsibleFilterError(f"{name}: {error}") from error

    return report_filter
