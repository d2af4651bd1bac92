# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what files say a daemon is started with: daemon.json with the flags, and the seccomp profile. I/O only.

A file proves what is in force only if it is older than the daemon.
"""

import os
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, environment, program
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.linux import rooted
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

DEFAULT_FILE = daemon_process.DEFAULT_FILE


class File(NamedTuple):
    """daemon.json as it is now: settings, and since when (seconds since the epoch) it can't have been another."""

    settings: Mapping[str, Any]
    since: float


# The dockerd that runs, why it is not known, or None where none runs.
Process = Union[None, Unreadable, daemon_process.DaemonProcess]
# Asks how its unit will start it; None for a daemon without one.
Start = Optional[Callable[[], systemctl.NextStart]]


class Changed(NamedTuple):
    """Whether daemon.json was changed after the daemon started, and whether its unit has other flags than it runs with."""

    file: bool
    flags: bool


def start_of_unit(unit: str, unit_state: Optional[UnitState]) -> Callable[[], systemctl.NextStart]:
    """How a unit will start its daemon: systemd is asked once, for all that need it.

    unit_state: the unit's state, where it has been asked for.
    """
    once = Evidence(start=Later(lambda: systemctl.next_start(unit, known=unit_state)))
    return lambda: once["start"]


def next_start(start: Start, process: Process) -> Mapping[str, Any]:
    """The settings of the next start: daemon.json and the unit's flags, or the flags of a daemon without a unit."""
    flags = _next_flags(start, process)
    settings = _together(_file(*_path(flags, process)).settings, flags)
    return environment.applied(settings, next_environment(start, process))


def next_environment(start: Start, process: Process) -> Mapping[str, str]:
    """Return the variables of the next start that dockerd takes for settings. Raise Unreadable."""
    if start:
        return start().environment
    return running_environment(process)


def running_environment(process: Process) -> Mapping[str, str]:
    """Return the variables of a dockerd that runs which it takes for settings. Raise Unreadable."""
    if isinstance(process, Unreadable):
        raise process
    if not isinstance(process, daemon_process.DaemonProcess) or process.environment is None:
        raise Unreadable("dockerd's environment can't be read")
    return process.environment


def changed(start: Start, process: Process) -> Changed:
    """What of the next start's configuration is not what the daemon was started with. Raises Unreadable."""
    process = _running(process)
    after, before = _next_flags(start, process), _flags(process.argv[1:])
    others = dict(after.settings) != dict(before.settings) or after.config_file != before.config_file
    return Changed(_file(*_path(after, process)).since >= process.started, others)


def newer(start: Start, process: Process, version: Optional[str]) -> List[str]:
    """Return what of the next start's configuration is newer than the table of settings, one sentence each.

    version: the engine's. Raise Unreadable.
    """
    flags = _next_flags(start, process)
    settings = _file(*_path(flags, process)).settings
    return _validate().newer(settings, version) + dockerd_flags.newer(flags, version)


def _next_flags(start: Start, process: Process) -> dockerd_flags.Flags:
    if start:
        following = start()
        if following.argv is None:
            raise Unreadable(following.reason)
        return _flags_of_unit(following.argv)
    if isinstance(process, daemon_process.DaemonProcess):
        return _flags(process.argv[1:])
    raise Unreadable("neither a systemd unit nor a process tells how dockerd will be started")


def _running(process: Process) -> daemon_process.DaemonProcess:
    if isinstance(process, Unreadable):
        raise process
    if process is None:
        raise Unreadable("no dockerd runs")
    return process


def running(process: Process) -> Mapping[str, Any]:
    """The settings that the daemon was started with; Unreadable where file and argv can't prove them."""
    process = _running(process)
    flags = _flags(process.argv[1:])
    path, root = _path(flags, process)
    file = _file(path, root)
    if file.since >= process.started:
        raise Unreadable(f"{path} was changed after the daemon started")
    return environment.applied(_together(file.settings, flags), running_environment(process))


def seccomp_in_force(evidence: Evidence, process: Process) -> str:
    """The text of the profile that the daemon names; Unreadable where it may have read another at its start."""
    process = _running(process)
    path = os.path.join(process.directory, info.seccomp_profile(evidence["info"]) or "")
    text, since = _profile(path, process.root)
    if since >= process.started:
        raise Unreadable(f"{path} was changed after the daemon started")
    return text


def seccomp_next(evidence: Evidence, process: Process) -> str:
    """The text of the profile that the next start will read. Raises Unreadable."""
    path, root = evidence["configured"]["seccomp-profile"], "/"
    if isinstance(process, daemon_process.DaemonProcess):
        path, root = os.path.join(process.directory, path), process.root
    return _profile(path, root)[0]


def _profile(path: str, root: str) -> Tuple[str, float]:
    """(text, since when it can't have been another) of a seccomp profile. Raises Unreadable."""
    try:
        data, since = rooted.read(path, daemon_json.MAX_BYTES, root)
        if len(data) > daemon_json.MAX_BYTES:
            raise Unreadable(f"{path} is larger than {int(daemon_json.MAX_BYTES)} bytes")
        return data.decode("utf-8"), since
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
    except rooted.Missing as error:
        raise Unreadable(str(error))
    except ValueError as error:
        raise Unreadable(f"{path}: {error}")


def _flags(argv: Sequence[str]) -> dockerd_flags.Flags:
    """The flags of a dockerd that runs: it knows those that the table doesn't. Raises Unreadable."""
    flags = dockerd_flags.parse(argv)
    if flags.problems:
        raise Unreadable(f"dockerd's flags: {flags.problems[0]}")
    return flags


def _flags_of_unit(argv: Sequence[str]) -> dockerd_flags.Flags:
    """The flags of a unit's next start. What the table doesn't know is asked of the program. Raises Unreadable."""
    flags = _flags(argv[1:])
    if flags.unknown:
        for objection in dockerd_flags.objections(flags, program.version(argv[0])):
            raise Unreadable(f"dockerd's flags: {objection}")
    return flags


def _together(settings: Mapping[str, Any], flags: dockerd_flags.Flags) -> Dict[str, Any]:
    twice = dockerd_flags.conflicts(settings, flags)
    if twice:
        raise Unreadable(f"{twice[0]} stands both in daemon.json and as a flag, and dockerd won't start so")
    return dockerd_flags.merged(settings, flags, DEFAULTS)


def _path(flags: dockerd_flags.Flags, process: Process) -> Tuple[str, str]:
    """(the configuration file's absolute path, the root directory below which it stands). Raises Unreadable."""
    if not isinstance(process, daemon_process.DaemonProcess):
        return flags.config_file or DEFAULT_FILE, "/"
    path = flags.config_file or process.default_file
    if not path:
        raise Unreadable("dockerd's environment doesn't tell which daemon.json it reads")
    return os.path.join(process.directory, path), process.root


def _file(path: str, root: str = "/") -> File:
    """The file's settings; none where there is no file. Raises Unreadable."""
    try:
        data, since = rooted.read(path, daemon_json.MAX_BYTES, root)
        settings = daemon_json.parse(data, path)
        wrong = _misshapen(settings)
        if wrong:
            raise Unreadable(f"{path}: {wrong[0]}, and dockerd won't start so")
        return File(settings, since)
    except rooted.Missing as missing:
        return File({}, _without_key(missing, path, root))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
    except daemon_json.ConfigError as error:
        raise Unreadable(str(error))
    except ValueError as error:
        raise Unreadable(str(error))


def _misshapen(settings: Mapping[str, Any]) -> List[str]:
    if not settings:
        return []
    return _validate().misshapen(settings)


def _validate() -> Any:
    """Load the table of settings, which hosts without a daemon.json don't need."""
    from ansible_collections.containment.docker.plugins.module_utils.dockerd import validate

    return validate


def _without_key(missing: rooted.Missing, path: str, root: str) -> float:
    """Since when a file that isn't there can't have been there.

    dockerd itself creates key.json (to 24) beside it in its first start; that change of the directory is not counted.
    """
    try:
        key = os.stat(root + os.path.join(os.path.dirname(path), "key.json")).st_mtime
    except OSError:
        return missing.changed
    return 0.0 if missing.last and abs(key - missing.changed) < 1 else missing.changed
