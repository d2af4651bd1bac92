# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why dockerd did not start or reload, from lines as it and systemd really wrote them."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.log_reason import last_error

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
# as 26.1.5 and 28.5.2 log with log-format: json
JSON_STARTING = '{"level":"info","msg":"Starting up","time":"2026-11-27T01:17:52.742332839Z"}\n'
JSON_WARNING = (
    '{"level":"warning","msg":"WARNING: No io.max (riops) support","time":"2026-11-27T01:17:36.603507220Z"}\n'
)
JSON_RELOAD = (
    '{"level":"error","msg":"Error reconfiguring the daemon: specified default runtime \'nope\' does not exist",'
    '"time":"2026-11-27T01:17:54.515487279Z"}\n'
)
JSON_RELOAD_28 = (
    '{"error":"specified default runtime \'nope\' does not exist","level":"error","msg":"Error reconfiguring the daemon",'
    '"time":"2026-11-27T01:18:15.770300467Z"}\n'
)
JSON_FATAL = (
    '{"error":"no space left on device","level":"fatal","msg":"Error starting daemon","time":"2026-11-27T01:18:15Z"}\n'
)
BARE = "Unable to get the full path to root (/etc/hostname): canonical path points to a file '/etc/hostname'\n"
EXITED = "docker.service: Main process exited, code=exited, status=1/FAILURE\n"
SYSTEMD = "docker.service: Failed with result 'exit-code'.\n"


@pytest.mark.parametrize(
    "log, reason",
    [
        ("", ""),
        (STARTING + SYSTEMD, ""),
        (WARNING + FATAL, 'Error validating authorization plugin: plugin "nope" not found'),
        (STARTING + PROFILE + SYSTEMD, PROFILE.strip()),
        (STARTING + RELOAD, "Error reconfiguring the daemon: specified default runtime 'nope' does not exist"),
        (STARTING + RELOAD_28, 'Error reconfiguring the daemon: no runtime "nope"'),
        (FATAL + SYSTEMD, 'Error validating authorization plugin: plugin "nope" not found'),
        (PROFILE + STARTING + FATAL, PROFILE.strip()),
        (JSON_STARTING + JSON_WARNING + PROFILE + EXITED, PROFILE.strip()),
        (
            JSON_STARTING + JSON_RELOAD,
            "Error reconfiguring the daemon: specified default runtime 'nope' does not exist",
        ),
        (JSON_RELOAD_28, "Error reconfiguring the daemon: specified default runtime 'nope' does not exist"),
        (JSON_WARNING + JSON_FATAL + EXITED, "Error starting daemon: no space left on device"),
        (JSON_STARTING + BARE + EXITED + SYSTEMD, BARE.strip()),
        (STARTING + BARE + EXITED + SYSTEMD, BARE.strip()),
        (STARTING + EXITED, ""),
        (SYSTEMD + EXITED, ""),
        ('{"level":"error"}\n', '{"level":"error"}'),
        ('{"level":"error","msg":7}\n', '{"level":"error","msg":7}'),
        ('{"level":\n[]\n{}\n', ""),
        ("{" * 100000 + "\n", ""),
        ('time="x" level=error msg=bare error=cause\n', "bare: cause"),
    ],
)
def test_last_error(log, reason):
    assert last_error(log) == reason
