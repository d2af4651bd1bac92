# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects what is in the way of the next start of dockerd, whatever settings it gets. Reads only; no daemon is started."""

import datetime
import os
from typing import Any, List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    config_check,
    daemon_json,
    program,
    start_conditions,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_conditions import Start, StartProblem
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl

_FILE_LIMIT = 16 * 1024 * 1024


def problems(daemon: Evidence, unit: str) -> List[StartProblem]:
    """Return what is in the way, the file as it is now included. Raise Unreadable where no dockerd of this host runs."""
    process, info = daemon["process"], daemon["info"]
    following = systemctl.next_start(unit)
    if following.managed and following.argv is None:
        raise Unreadable(following.reason)
    argv = following.argv or list(process.argv)
    flags = dockerd_flags.parse(argv[1:])
    path = os.path.join("/", flags.config_file) if flags.config_file else process.default_file
    if not path:
        raise Unreadable("which daemon.json dockerd reads is not known")
    problems: List[StartProblem] = []
    settings: Any = {}
    try:
        text = _text(path)
        settings = {} if text is None else daemon_json.parse(text.encode("utf-8"), path)
        candidate = config_check.Candidate(path, text, settings, settings, flags, argv, info.get("ServerVersion"))
        reasons = config_check.problems(candidate, os.path.exists, program.problem)
    except ConfigError as error:
        reasons = [str(error)]
    if reasons:
        message = f"dockerd does not start with {path} as it is: {'; '.join(reasons)}"
        problems.append(StartProblem("file", path, True, message, "correct the file"))
    start = Start(
        argv,
        dockerd_flags.merged(settings, flags, DEFAULTS),
        process.pid,
        str(info.get("ServerVersion")),
        str(info.get("Driver")),
        str(info.get("DockerRootDir")),
    )
    return problems + start_conditions.problems(start, datetime.datetime.now(datetime.timezone.utc), program.version)


def _text(path: str) -> Optional[str]:
    """The file's text, None where there is no file. Raise ConfigError, Unreadable."""
    try:
        return daemon_json.decode(bounded_file.read(path, _FILE_LIMIT), path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise Unreadable(f"{path}: {error}")
