# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Only what is pure; reloads and restarts are proven on real hosts by the Molecule scenarios harden and rollback."""

import time

from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import wait
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host


def test_wait_ends_at_its_deadline_and_at_once_when_it_is_true():
    answers = iter([None, 0, "there"])
    assert wait(Host(), 10, lambda: next(answers)) == "there"
    begun = time.monotonic()
    assert not wait(Host(), 0.3, lambda: None)
    assert time.monotonic() - begun < 5
