# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which daemon.json the next start of a daemon reads, with which flags, and whether the daemon runs. Reads only."""

import os
import shutil
from typing import Any, Dict, NamedTuple, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DEFAULT_FILE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused

SETTLE_SECONDS = 15
_RUNS, _ENDED = ("active", "reloading"), ("inactive", "failed")


class NextStart(NamedTuple):
    """What is known of a daemon's next start.

    path: the file that it reads. argv: its command line, the program first; only the program where no unit is known;
    None where neither is. flags: of that command line. is_managed: whether there is such a unit. reason: why its command
    line is not known, or "".
    """

    path: str
    argv: Optional[Tuple[str, ...]]
    flags: dockerd_flags.Flags
    is_managed: bool
    reason: str


def next_start(host: Host) -> NextStart:
    """The NextStart of the host's unit. Raises nothing."""
    start = host.next_start()
    argv = None if start.argv is None else tuple(start.argv)
    if argv is None and not start.managed:
        program = shutil.which("dockerd", path=programs.PATH)
        argv = (program,) if program else None
    flags = dockerd_flags.parse(argv[1:] if argv else ())
    path = os.path.join("/", flags.config_file) if flags.config_file else DEFAULT_FILE
    return NextStart(path, argv, flags, start.managed, start.reason if start.argv is None else "")


def is_other_file(path: Optional[str], start: NextStart) -> bool:
    """Whether path, where it is given, is not the file of the next start."""
    return bool(path) and os.path.realpath(str(path)) != os.path.realpath(start.path)


def is_running(status: UnitState) -> bool:
    """Whether the unit's dockerd is up."""
    return status.active in _RUNS


def is_ended(status: UnitState) -> bool:
    """Whether the unit's dockerd is down, and stays so."""
    return status.active in _ENDED


def settled(host: Host) -> UnitState:
    """The unit's status once it is neither starting nor stopping, nor waiting for systemd to start it again. Raises Refused."""
    failed: Set[str] = set()
    since = host.now()
    try:

        def look() -> Optional[UnitState]:
            now = host.unit_status()
            if now.sub == "auto-restart":
                failed.add(now.invocation)
            return now if is_running(now) or is_ended(now) else None

        status = activate.wait(host, SETTLE_SECONDS, look) or host.unit_status()
    except SystemdError as error:
        raise Refused(str(error))
    if is_running(status) or is_ended(status):
        return status
    if len(failed) > 1:
        raise Refused(
            f"{host.unit} can't start with its present configuration, systemd has tried it {len(failed)} "
            f"times{activate.words(host, since)}"
        )
    if status.sub == "auto-restart":
        raise Refused(
            f"{host.unit} has ended, and systemd waits for more than {SETTLE_SECONDS} s before it starts it again: "
            f"run again when it is up"
        )
    raise Refused(f"{host.unit} is {status.active} for more than {SETTLE_SECONDS} s")


def next_settings(host: Host, path: str, data: Optional[bytes]) -> Dict[str, Any]:
    """What the unit's next start would have with these bytes. Raises ConfigError, SystemdError."""
    start = host.next_start()
    if start.argv is None:
        raise SystemdError(start.reason)
    settings = daemon_json.parse(data or b"", path)
    return resolved(dockerd_flags.merged(settings, dockerd_flags.parse(start.argv[1:]), DEFAULTS))


def resolved(settings: Any) -> Any:
    """The settings with paths as the engine tells them: without symbolic links. None stays None."""
    if settings and settings.get("data-root"):
        settings = dict(settings)
        settings["data-root"] = os.path.realpath(settings["data-root"])
    return settings
