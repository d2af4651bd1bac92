# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The transaction without activation: change the file, and tell what it then needs. What daemon_config runs.

Asks the unit and the dockerd program, never the daemon's socket: to connect would start a stopped daemon.
"""

import os
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import activation, daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import Activation
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import StartRecord
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    change,
    checks,
    exclusive,
    guarded_file,
    in_force,
    locate,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.locate import NextStart

_URL_PASSWORD = re.compile(r"://[^/\s@:]*:([^/\s@]+)@")
_SECRET_KEY = re.compile(r"(?i)(token|password|secret)$")


class Options(NamedTuple):
    """What to do; see the module's documentation."""

    config: Mapping[str, Any]
    absent: Sequence[str] = ()
    path: Optional[str] = None
    validate: bool = True
    backup: bool = True
    check: bool = False
    lock_timeout: float = 30.0


class Outcome(NamedTuple):
    """result: the module's; warnings: beside it; problems: why nothing was written; secrets: texts not to be shown."""

    result: Dict[str, Any]
    warnings: List[str]
    problems: List[str]
    secrets: List[str]


def run(options: Options, host: Host) -> Outcome:
    """Change the file. Raises ConfigError or Refused, each one sentence."""
    start = locate.next_start(host)
    unknown = f"the flags of the next start are not known: {start.reason}" if start.is_managed and start.reason else ""
    if unknown and options.path is None:
        raise ConfigError(f"name the file in path: {unknown}")
    path = options.path or start.path
    warnings = _notes(host, start, options.path)
    with exclusive.lock(path, options.lock_timeout, host.lock_path):
        wish = change.read(path, options.config, options.absent, start.flags)
        version = host.program_version(start.argv[0]) if start.argv else None
        problems = [unknown] if unknown and options.validate and wish.data is not None else []
        if options.validate and wish.data is not None:
            problems += checks.problems(host, wish, start, version, ask=not unknown)
        if problems:
            return Outcome({"path": path}, warnings, problems, secrets(wish))
        warnings += checks.warnings(wish, start, version) if options.validate else []
        if wish.changes:
            checks.require_writable([path] if options.check else [])
        result = _result(host, start, wish)
        if wish.changes and not options.check:
            warnings += _remember(host, start, wish)
            saved = _write(host, wish, options.backup)
            if saved:
                result["backup_file"] = saved
    return Outcome(result, warnings, [], secrets(wish))


def _notes(host: Host, start: NextStart, path: Optional[str]) -> List[str]:
    if start.reason and not start.is_managed:
        return [f"conflicts with the daemon's flags are not looked for: {start.reason}"]
    if not start.reason and locate.is_other_file(path, start):
        return [f"{host.unit} reads {start.path} at its next start, not {path}"]
    return []


def _result(host: Host, start: NextStart, wish: Change) -> Dict[str, Any]:
    needs, is_certain = needs_of(host, start, wish)
    return {
        "changed": wish.changes,
        "path": wish.path,
        "activation": needs.needs,
        "pending": [{"key": key, "needs": kind} for key, kind in needs.pending],
        "certain": is_certain,
        "diff": wish.diff(),
    }


def _write(host: Host, wish: Change, wants_backup: bool) -> Optional[str]:
    """Write the file; the backup's name, None where there was nothing to back up or no wish to."""
    saved = checks.backup(wish, wants_backup)
    try:
        guarded_file.put(host, wish.path, wish.file.data, wish.data)
    except (ConfigError, guarded_file.ForeignEdit) as error:
        if saved:
            os.unlink(saved)
        raise ConfigError(f"{error}; nothing is written" if isinstance(error, guarded_file.ForeignEdit) else str(error))
    return saved


def needs_of(host: Host, start: NextStart, wish: Change) -> Tuple[Activation, bool]:
    """(what the running daemon needs to have the file as it shall be in force, whether that is known for certain).

    Nothing where it is stopped. Where it is not known whether it runs: what this change needs. Where the file was changed
    after the daemon's start, what the daemon has is what the record says; without that every key may be pending.
    """
    pid = _pid(host, start)
    if pid == 0:
        return activation.together([]), True
    known = wish.settings_before if pid is None else _settings_in_force(host, pid, wish)
    if known is None:
        return activation.unproven(wish.settings_before, wish.settings_after), False
    return activation.activation(known, wish.settings_after), pid is not None


def _pid(host: Host, start: NextStart) -> Optional[int]:
    """The daemon's, 0 if it is stopped, None if that is not known."""
    if not start.is_managed:
        return None
    try:
        status = host.unit_status()
    except SystemdError:
        return None
    return 0 if locate.is_ended(status) else status.main_pid or None


def _settings_in_force(host: Host, pid: int, wish: Change) -> Optional[Dict[str, bool]]:
    """What the file said that the daemon has in force, without keys that it has not applied; None if not known."""
    record = _record(host, pid)
    if _is_older_than(host, pid, wish):
        settings = wish.settings_before
        record = record if record and record.digest == in_force.digest(wish.file.data) else None
    elif record is None or record.path not in ("", wish.file.real):
        return None
    elif record.digest == in_force.digest(wish.file.data):
        settings = wish.settings_before
    elif record.digest is None or record.data is not None:
        settings = daemon_json.parse(record.data or b"", wish.path)
    else:
        return None
    pending = record.pending if record else ()
    return {key: value for key, value in settings.items() if key not in pending}


def _record(host: Host, pid: int) -> Optional[StartRecord]:
    try:
        return in_force.load(host, pid)
    except (JournalError, OSError):
        return None


def _is_older_than(host: Host, pid: int, wish: Change) -> bool:
    """Whether the file is older than the daemon's start, so that the daemon has read just this."""
    if wish.file.status is None:
        return False
    try:
        link = os.lstat(wish.file.path).st_ctime
        return max(wish.file.status.st_ctime, link) < host.dockerd(pid).started
    except (OSError, ValueError):
        return False


def _remember(host: Host, start: NextStart, wish: Change) -> List[str]:
    """Before the first write after the daemon's start: record what it was started with, for later runs. Warnings."""
    pid = _pid(host, start)
    if not pid or not host.is_root() or not _is_older_than(host, pid, wish):
        return []
    try:
        host.open_journal()
        if in_force.record_of(host, pid, wish.file.data) is None:
            in_force.save(host, pid, wish.path, wish.file.data, ())
    except (JournalError, OSError) as error:
        return [f"later runs will not know what the daemon was started with: {error}"]
    return []


def secrets(wish: Change) -> List[str]:
    """Passwords in addresses and the values of keys that are named like a token, to keep out of what is shown."""
    texts = set(_URL_PASSWORD.findall(wish.before + wish.after))
    for settings in (wish.settings_before, wish.settings_after):
        for value in settings.values():
            if isinstance(value, dict):
                texts.update(item for key, item in value.items() if isinstance(item, str) and _SECRET_KEY.search(key))
    return sorted(text for text in texts if len(text) > 2)
