# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue over inspects and create requests."""

from typing import Any, Callable, Dict

from ansible_collections.containment.docker.plugins.module_utils.audit import offline
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.plugin_utils.as_filter import as_filter


def judge_container(documents: Any, form: str = "auto", **options: list[str]) -> list[dict[str, Any]]:
    """The findings; options are those of offline.measure. ValueError."""
    return offline.judge_containers(documents, form, offline.measure(RULES, options))


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"judge_container": as_filter("judge_container", judge_container)}
