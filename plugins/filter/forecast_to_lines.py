# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forecast as lines for a terminal."""

from typing import Any, Callable, Dict, Mapping, Sequence

from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.plugin_utils.forecast_lines import forecast_lines


def _lines(result: Mapping[str, Any], accept: Sequence[str] = ()) -> Any:
    """The lines, which Ansible never takes for a template."""
    return wrap_var(forecast_lines(result, accept))


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"forecast_to_lines": _lines}
