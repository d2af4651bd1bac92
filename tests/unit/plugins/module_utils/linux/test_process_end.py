# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On real processes: one that runs, one that is gone, a zombie, and one that only looks like a zombie."""

import os

from ansible_collections.containment.docker.plugins.module_utils.linux.process_end import ended
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.real_process import (
    FIRST_THREAD_ENDS,
    process,
    wait_for_zombie,
)


def test_one_that_runs():
    assert not ended(os.getpid())


def test_one_that_is_gone():
    with process("") as child:
        child.wait()
        assert ended(child.pid)


def test_a_zombie():
    with process("") as child:
        wait_for_zombie(child.pid)
        assert ended(child.pid, seconds=0)


def test_a_process_whose_first_thread_has_ended_runs():
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        assert not ended(child.pid, seconds=0.05)


def test_it_waits_for_threads_that_are_just_ending():
    with process(FIRST_THREAD_ENDS) as child:
        wait_for_zombie(child.pid)
        child.stdin.close()
        assert ended(child.pid, seconds=60)


def test_one_whose_namespaces_only_root_may_see_runs():
    assert not ended(1)
