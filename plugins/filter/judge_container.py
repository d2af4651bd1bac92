# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue over inspects and create requests."""

from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.module_utils.audit import offline
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES


def judge_container(documents: Any, form: str = "auto", **options: list[str]) -> list[dict[str, Any]]:
    """The findings; options are those of plain_data.measure."""
    try:
        findings = offline.judge_containers(documents, form, offline.measure(RULES, options))
    except ValueError as error:
        raise AnsibleFilterError(f"judge_container: {error}") from error
    return wrap_var([dict(finding) for finding in findings])


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"judge_container": judge_container}
