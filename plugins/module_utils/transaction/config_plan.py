# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change of daemon.json: which file, what it will say, what is wrong with that, and what it then needs.

Looks at the unit and at the dockerd program, never at the daemon's socket: to connect would start a stopped daemon.
"""

import os
import re
import shutil
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    activation,
    daemon_json,
    json_edit,
    process,
    start_checks,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import program as dockerd_program
from ansible_collections.containment.docker.plugins.module_utils.dockerd import validate as daemon_validate
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, journal

DEFAULT_FILE = "/etc/docker/daemon.json"
STARTED_WITH = "started-with.json"
_STOPPED = ("inactive", "failed")
_PROGRAM_PATH = "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"
_URL_PASSWORD = re.compile(r"://[^/\s@:]*:([^/\s@]+)@")
_SECRET_KEY = re.compile(r"(?i)(token|password|secret)$")


class Target(NamedTuple):
    """The daemon that the file is for.

    path      the file to change
    argv      of the next start, program first; without a unit only the program; None if neither is known
    flags     of that command line
    version   of that program, or None
    pid       of the running daemon, 0 if it is stopped, None if that is not known
    problems  what keeps the next start's flags from being known, though there is a unit
    warnings  what else a person should know
    """

    path: str
    argv: Optional[Tuple[str, ...]]
    flags: dockerd_flags.Flags
    version: Optional[str]
    pid: Optional[int]
    problems: Tuple[str, ...]
    warnings: Tuple[str, ...]


class Plan(NamedTuple):
    """The change. problems: why it must not be written. file: as it was looked at; before, after: its text.

    ignored: what stays in the file though dockerd ignores it.
    """

    file: config_file.File
    before: str
    after: str
    settings_before: Mapping[str, Any]
    settings_after: Mapping[str, Any]
    problems: Tuple[str, ...]
    ignored: Tuple[str, ...] = ()


def target(path: Optional[str] = None, unit: str = systemctl.DOCKER_SERVICE) -> Target:
    """The Target of a unit. path: the file, where it is not the one that the unit's next start reads."""
    start = systemctl.next_start(unit)
    problems: List[str] = []
    warnings: List[str] = []
    argv: Optional[Tuple[str, ...]] = None
    if start.argv is not None:
        argv = tuple(start.argv)
    elif start.managed:
        problems.append(f"the flags of the next start are not known: {start.reason}")
    else:
        program = shutil.which("dockerd", path=_PROGRAM_PATH)
        argv = (program,) if program else None
        warnings.append(f"conflicts with the daemon's flags are not looked for: {start.reason}")
    flags = dockerd_flags.parse(argv[1:] if argv else ())
    named = os.path.join("/", flags.config_file) if flags.config_file else DEFAULT_FILE
    if path is None and problems:
        raise ConfigError(f"name the file in path: {problems[0]}")
    if path is not None and start.argv is not None and os.path.realpath(path) != os.path.realpath(named):
        warnings.append(f"{unit} reads {named} at its next start, not {path}")
    version = dockerd_program.version(argv[0]) if argv else None
    return Target(
        path or named, argv, flags, version, _pid(unit) if start.managed else None, tuple(problems), tuple(warnings)
    )


def _pid(unit):
    try:
        shown = systemctl.state(unit)
    except systemctl.SystemdError:
        return None
    return 0 if shown.active in _STOPPED else shown.main_pid or None


def plan(aim: Target, config: Dict[str, Any], absent: Sequence[str], validate: bool = True) -> Plan:
    """The Plan for config merged in and absent dropped. Raises ConfigError where the file can't be read or understood."""
    file = config_file.look(aim.path)
    data = b"" if file.data is None else file.data
    settings_before = daemon_json.parse(data, aim.path)
    before = daemon_json.decode(data, aim.path)
    config = dockerd_flags.left_to_flags(config, settings_before, aim.flags)
    after = json_edit.merge(before, config, absent, aim.path)
    new_data = after.encode("utf-8")
    settings_after = daemon_json.parse(new_data, aim.path)
    missing = file.data is None and after == before
    problems = problems_of(aim, new_data, settings_before) if validate and not missing else []
    ignored = daemon_validate.ignored(settings_after, aim.version) if validate else []
    return Plan(file, before, after, settings_before, settings_after, tuple(problems), tuple(ignored))


def problems_of(aim: Target, data: bytes, before: Optional[Mapping[str, Any]] = None) -> List[str]:
    """Why the daemon of this Target would not start with these bytes, or would ignore a part of them.

    before: the settings before the change; what dockerd ignores in them already is not told again.
    """
    settings = daemon_json.parse(data, aim.path)
    found = list(aim.problems)
    found += daemon_json.text_problems(data.decode("utf-8"), aim.version)
    found += daemon_validate.validate(settings, aim.version, before)
    found += [
        f"{name} is set by a flag of the next start, too; dockerd does not start with both"
        for name in dockerd_flags.conflicts(settings, aim.flags)
    ]
    if not any(not isinstance(problem, daemon_validate.Ignored) for problem in found):
        following = dockerd_flags.merged(settings, aim.flags, {})
        found += start_checks.problems(following, aim.version, os.path.exists)
    if aim.argv is None or not dockerd_program.can_validate(aim.version):  # a newer dockerd knows its own flags best
        found += [f"the flags of the next start: {problem}" for problem in aim.flags.problems]
    elif not found:
        refusal = dockerd_program.problem(aim.argv, data, aim.version)
        found += [refusal] if refusal else []
    return found


def apply(made: Plan, backup: bool = True) -> Optional[str]:
    """Write the Plan's text; the name of the backup, None where there was nothing to back up or no wish to."""
    saved = config_file.backup(made.file.path) if backup else None
    try:
        config_file.write(made.file.path, made.after.encode("utf-8"), expected=made.file)
    except ConfigError:
        if saved:
            os.unlink(saved)
        raise
    return saved


def needs(aim: Target, made: Plan) -> Tuple[activation.Activation, bool]:
    """(what the running daemon needs to have the Plan's text in force, whether that is known for certain).

    Nothing where it is stopped. Where it is not known whether it runs: what this Plan changes. Where the file was changed
    after the daemon's start, what the daemon has is what remember() kept; without that every key may be pending.
    """
    if aim.pid == 0:
        return activation.together([]), True
    known = made.settings_before if aim.pid is None else _started_with(aim, made)
    if known is None:
        return activation.unproven(made.settings_before, made.settings_after), False
    return activation.activation(known, made.settings_after), aim.pid is not None


def remember(aim: Target, made: Plan) -> None:
    """Before the first write after the daemon's start: keep what it was started with, for later runs. JournalError."""
    if aim.pid and os.geteuid() == 0 and _untouched(aim, made):
        journal.open_directory()
        journal.save(STARTED_WITH, {"process": _process_id(aim.pid), "path": made.file.real, "text": made.before})


def _started_with(aim, made):
    if _untouched(aim, made):
        return made.settings_before
    try:
        record = journal.load(STARTED_WITH)
        if record and record["process"] == _process_id(aim.pid) and record["path"] == made.file.real:
            return daemon_json.parse(record["text"].encode("utf-8"), made.file.path)
    except (journal.JournalError, ConfigError, OSError, KeyError):
        pass
    return None


def _untouched(aim, made):
    """Whether the file is older than the daemon's start, so that the daemon has read just this."""
    if made.file.found is None:
        return False
    try:
        link = os.lstat(made.file.path).st_ctime
        return max(made.file.found.st_ctime, link) < process.read(aim.pid).started
    except (OSError, ValueError):
        return False


def _process_id(pid):
    return [pid, process.start_ticks(pid)]


def secrets(made: Plan) -> List[str]:
    """Passwords in addresses and the values of keys that are named like a token, to keep out of what is shown."""
    found = set(_URL_PASSWORD.findall(made.before + made.after))
    for settings in (made.settings_before, made.settings_after):
        for value in settings.values():
            if isinstance(value, dict):
                found.update(item for key, item in value.items() if isinstance(item, str) and _SECRET_KEY.search(key))
    return sorted(text for text in found if len(text) > 2)
