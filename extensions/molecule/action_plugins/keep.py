# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action `keep`: writes `content` as JSON to the file `name`.json that the verifier reads.

ansible.builtin.copy would do, but runs two modules on the controller for each host, which took minutes of `make test`.
"""

import json
import os
from pathlib import Path

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """name: without a directory; content: any data. Never changed, and the same in check mode."""

    _requires_connection = False
    _VALID_ARGS = frozenset(("name", "content"))

    def run(self, tmp=None, task_vars=None):
        """Write the file; whatever is wrong is an exception, which Ansible reports as a failure."""
        result = super().run(tmp, task_vars)
        name, content = self._task.args["name"], self._task.args["content"]
        path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{name}.json")
        path.write_text(json.dumps(content), encoding="utf-8")
        return {**result, "changed": False}
