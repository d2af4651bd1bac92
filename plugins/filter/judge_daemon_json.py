# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue over the text of a daemon.json."""

from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.module_utils.audit import offline
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, validate
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES


def judge_daemon_json(
    text: str, path: str = "daemon.json", version: str | None = None, **options: list[str]
) -> list[dict[str, Any]]:
    """The findings; options are those of offline.measure."""
    try:
        findings = offline.judge_daemon_json(text, path, version, offline.measure(RULES, options))
    except (ConfigError, ValueError) as error:
        raise AnsibleFilterError(f"judge_daemon_json: {error}") from error
    settings = daemon_json.parse(text.encode(), path)
    for sentence in validate.ignored(settings, version):
        Display().warning(f"{path}: dockerd takes it, but {sentence}")
    for message in validate.newer(settings, version):
        Display().warning(f"{path}: {message}")
    return wrap_var(findings)


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """The filters of this file by name."""
        return {"judge_daemon_json": judge_daemon_json}
