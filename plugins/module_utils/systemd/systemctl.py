# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask systemd about a unit: runs systemctl and reads unit and environment files."""

import glob
import os
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.systemd.environment_file import parse_environment_file
from ansible_collections.containment.docker.plugins.module_utils.systemd.quoting import Unparsable, split_words
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import (
    Command,
    UnitState,
    command,
    environment_file_names,
    service,
    shown_differs,
    unit_state,
)

DOCKER_SERVICE = "docker.service"
_PROPERTIES = (
    "LoadState,ActiveState,SubState,MainPID,NeedDaemonReload,FragmentPath,DropInPaths,ExecStart,InvocationID,Result"
)
_MAX_FILE = 1024 * 1024


class SystemdError(Exception):
    """systemd cannot be asked; the text is one sentence."""


class NextStart(NamedTuple):
    """The next start of the daemon.

    argv    list with the program first, or None where it is not known
    reason  why argv is None, one sentence; else ""
    environment  those of its variables that dockerd takes for settings
    managed whether there is such a unit at all. False: no systemd, no unit; then nothing can be said against the file.
            True with argv None: there is a unit and it could not be understood.
    """

    argv: Optional[List[str]]
    reason: str
    managed: bool
    environment: Mapping[str, str] = {}


def state(unit: str = DOCKER_SERVICE, timeout: float = 10) -> UnitState:
    """UnitState of a unit (load is "not-found" where there is none); raises SystemdError."""
    return unit_state(systemctl(["show", "--property=" + _PROPERTIES, "--", unit], timeout))


def next_start(unit: str = DOCKER_SERVICE, timeout: float = 10, known: Optional[UnitState] = None) -> NextStart:
    """NextStart of a unit. Never raises for what the machine lacks. known: its UnitState, where that is known."""
    try:
        known = known or state(unit, timeout)
    except SystemdError as error:
        return NextStart(None, str(error), False)
    if known.load in ("not-found", "masked", ""):
        return NextStart(None, f"{unit} is {known.load or 'not known to systemd'}", False)
    if known.need_daemon_reload:
        reason = f"systemd has not read the changed files of {unit}; run systemctl daemon-reload"
        return NextStart(None, reason, True)
    try:
        command = _command(unit, known, timeout)
    except (SystemdError, Unparsable) as error:
        return NextStart(None, str(error), True)
    if command.argv and os.path.basename(command.argv[0]) != "dockerd":
        return NextStart(None, f"{unit} starts {show_json(command.argv[0])}, not dockerd itself", True)
    return NextStart(command.argv, command.reason, True, environment.relevant(command.environment or {}))


def _command(unit: str, unit_state: UnitState, timeout: float) -> Command:
    parsed = service([_read(path) for path in (unit_state.fragment,) + unit_state.drop_ins])
    if unit_state.exec_starts and shown_differs(parsed, unit, unit_state.exec_starts[-1]):
        raise SystemdError(f"the files of {unit} read differently from what systemd shows as its ExecStart")
    variables: Dict[str, str] = {}
    for pattern, optional in environment_file_names(parsed, unit):
        paths = sorted(glob.glob(pattern))
        if not paths and not optional:
            raise SystemdError(f"the environment file {show_json(pattern)} of {unit} is missing")
        for path in paths:
            variables.update(parse_environment_file(_read(path)))
    asks_manager = "$" in "".join(parsed.exec_starts) or parsed.pass_environment
    manager = _environment(timeout) if asks_manager else {}
    return command(parsed, unit, variables, manager)


def _environment(timeout: float) -> Dict[str, str]:
    """systemd's own variables. It prints a value with special characters as $'…', with escapes."""
    pairs = (line.partition("=") for line in systemctl(["show-environment"], timeout).splitlines())
    return {
        name: split_words(value[1:])[0] if value.startswith("$'") else value for name, equals, value in pairs if equals
    }


def _read(path: str) -> str:
    try:
        with open(path, "rb") as handle:
            data = handle.read(_MAX_FILE + 1)
    except OSError as error:
        raise SystemdError(f"{show_json(path)} cannot be read: {error.strerror}")
    if len(data) > _MAX_FILE:
        raise SystemdError(f"{show_json(path)} is larger than {_MAX_FILE} bytes")
    return data.decode("utf-8", "surrogateescape")


def systemctl(arguments: Sequence[str], timeout: float = 10) -> str:
    """The output of a systemctl command; raises SystemdError."""
    if not os.path.isdir("/run/systemd/system"):  # as sd_booted(3)
        raise SystemdError("systemd does not run here")
    try:
        done = programs.run(["systemctl", "--no-pager", *arguments], timeout, SYSTEMD_PAGER="", SYSTEMD_COLORS="0")
    except OSError as error:
        raise SystemdError(str(error))
    if done.status != 0:
        raise SystemdError(f"systemctl failed: {show_json(done.errors.decode('utf-8', 'replace').strip(), 200)}")
    return done.output.decode("utf-8", "surrogateescape")
