# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write files on the controller, without a process or a copy of their content; plugins/modules/report_files.py documents it."""

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.containment.docker.plugins.plugin_utils.report.written_files import write_files

FILE = {"name": {"type": "str", "required": True}, "content": {"type": "str", "required": True}}
ARGUMENTS = {
    "directory": {"type": "path", "required": True},
    "files": {"type": "list", "elements": "dict", "options": FILE, "required": True},
    "replaces": {"type": "str", "default": ""},
}


class ActionModule(ActionBase):
    """Ansible's entry."""

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """The result, as the documentation says."""
        result = super().run(tmp, task_vars)
        _validation, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            done = write_files(arguments["directory"], arguments["files"], arguments["replaces"], self._task.check_mode)
        except (OSError, ValueError) as error:
            raise AnsibleActionFail(f"report_files: {error}") from error
        return {**result, **done}
