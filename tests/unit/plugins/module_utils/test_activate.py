# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Only what is pure; reloads and restarts are proven on real hosts by the Molecule scenarios harden and rollback."""

import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.activate import wait
from ansible_collections.containment.docker.plugins.module_utils.dockerd_unit import last_error

STARTING = 'time="2026-11-21T23:45:38Z" level=info msg="Starting up"\n'
WARNING = 'time="2026-11-21T23:45:39Z" level=warning msg="level=error is only a word here, no fatal"\n'
PROFILE = "failed to start daemon: opening seccomp profile (/x.json) failed: open /x.json: no such file or directory\n"
RELOAD = 'time="2026-11-21T23:51:15Z" level=error msg="Error reconfiguring the daemon: specified default runtime \'nope\' does not exist"\n'
RELOAD_28 = (
    'time="2026-11-22T00:12:50Z" level=error msg="Error reconfiguring the daemon" error="no runtime \\"nope\\""\n'
)
FATAL = (
    'time="2026-11-21T23:53:27Z" level=fatal msg="Error validating authorization plugin: plugin \\"nope\\" not found"\n'
)
SYSTEMD = "docker.service: Failed with result 'exit-code'.\n"


@pytest.mark.parametrize(
    "log, said",
    [
        ("", ""),
        (STARTING + SYSTEMD, ""),
        (WARNING + FATAL, 'Error validating authorization plugin: plugin "nope" not found'),
        (STARTING + PROFILE + SYSTEMD, PROFILE.strip()),
        (STARTING + RELOAD, "Error reconfiguring the daemon: specified default runtime 'nope' does not exist"),
        (STARTING + RELOAD_28, 'Error reconfiguring the daemon: no runtime "nope"'),
        (FATAL + SYSTEMD, 'Error validating authorization plugin: plugin "nope" not found'),
        (PROFILE + STARTING + FATAL, PROFILE.strip()),
    ],
)
def test_last_error(log, said):
    assert last_error(log) == said


def test_wait_ends_at_its_deadline_and_at_once_when_it_is_true():
    answers = iter([None, 0, "there"])
    assert wait(10, lambda: next(answers)) == "there"
    begun = time.monotonic()
    assert not wait(0.3, lambda: None)
    assert time.monotonic() - begun < 5
