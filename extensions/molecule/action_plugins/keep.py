# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action `keep`: writes `content` as JSON to the file `name`.json that the verifier reads, or to `path`.

ansible.builtin.copy would do, but runs two modules on the controller for each host, which took minutes of `make test`.
"""

import json
import os
from pathlib import Path

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """name: without a directory; path: whose directory is made; content: any data. Never changed, also in check mode."""

    _requires_connection = False
    _VALID_ARGS = frozenset(("name", "path", "content"))

    def run(self, tmp=None, task_vars=None):
        """Write the file; whatever is wrong is an exception, which Ansible reports as a failure."""
        result = super().run(tmp, task_vars)
        given = self._task.args
        path = Path(given.get("path") or Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], given["name"] + ".json"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(given["content"], indent=1), encoding="utf-8")
        return {**result, "changed": False}
