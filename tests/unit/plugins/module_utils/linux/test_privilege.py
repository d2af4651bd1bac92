# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refused reader is told."""

import os
import subprocess
import sys

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import privilege

SCRIPT = "from ansible_collections.containment.docker.plugins.module_utils.linux import privilege; print(privilege.lacking())"


def test_another_user_is_told_of_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privilege.lacking() == "only root may see this"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities to lose")
def test_root_without_the_capability_is_told_which():
    command = ["setpriv", "--bounding-set=-sys_ptrace", sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, env=dict(os.environ, PYTHONPATH=":".join(sys.path))
    )
    assert done.stdout.decode().strip() == "root lacks the capability CAP_SYS_PTRACE here"
