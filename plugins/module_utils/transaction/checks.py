# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked before a file is written: whether it is one to start with, and whether it can be written. I/O."""

import os
from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import config_check
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.refused_values import StoreConflict
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_conditions import Start
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.locate import NextStart
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Situation
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import MayWait, Refused


def own_keys(config: Mapping[str, Any], settings: Mapping[str, Any], names: Sequence[str]) -> List[str]:
    """These settings as keys of config that the file has not, so that they can be left out; [] where one can't be."""
    keys = sorted({name.partition(".")[0] for name in names})
    return keys if all(key in config and key not in settings for key in keys) else []


def candidate(change: Change, start: NextStart, version: Optional[str]) -> config_check.Candidate:
    """What is to be judged. version: the engine's."""
    text = None if change.data is None else change.after
    settings, before = change.settings_after, change.settings_before
    return config_check.Candidate(change.path, text, settings, before, start.flags, start.argv, version)


def problems(host: Host, change: Change, start: NextStart, version: Optional[str], ask: bool) -> List[str]:
    """Why this file must not be written, one sentence each. ask: whether to ask dockerd --validate, too."""
    judged = candidate(change, start, version)
    return config_check.problems(judged, os.path.exists, host.program_problem if ask else None)


def sentence(path: str, problems_: Sequence[str], present: Sequence[str] = ()) -> str:
    """The refusal for these problems. present: those of the file as it is."""
    before = ", as it is already, and not because of this change" if set(problems_) <= set(present) else ""
    return f"{path} is not changed: {'; '.join(problems_)}{before}"


def refusal(config: Mapping[str, Any], change: Change, why: str, problems_: Sequence[str], recovered: str) -> Refused:
    """The exception that says why: MayWait where nothing but userns-remap, new in the file, is in the way."""
    keys = own_keys(config, change.settings_before, ["userns-remap"])
    if keys and all(isinstance(problem, StoreConflict) for problem in problems_):
        return MayWait("; ".join(problems_), keys, recovered)
    return Refused(why)


def present_problems(host: Host, change: Change, start: NextStart, version: Optional[str], ask: bool) -> List[str]:
    """Why dockerd would not start with the file as it is, one sentence each."""
    unchanged = change._replace(data=change.file.data, after=change.before, settings_after=change.settings_before)
    return problems(host, unchanged, start, version, ask)


def warnings(change: Change, start: NextStart, version: Optional[str]) -> List[str]:
    """What dockerd takes and ignores, and what is newer than this collection knows, one sentence each."""
    return [f"{change.path}: {sentence}" for sentence in config_check.notes(candidate(change, start, version))]


def would_start(host: Host, start: NextStart, change: Change, situation: Situation, ask: bool) -> List[str]:
    """Ask whether dockerd would start again as it is, before it is restarted; what is only doubtful, one sentence each.

    ask: whether to ask dockerd --validate, too, where the file stays as it is. Raises Refused: the start of a rollback would
    fail as well.
    """
    info = situation.info
    if not change.changes:
        texts = problems(host, change, start, info.get("ServerVersion"), ask)
        if texts:
            raise Refused(
                f"{change.path} is not valid as it is, so that {host.unit} can't be restarted, and not because of this change: "
                f"{'; '.join(texts)}; nothing is changed"
            )
    attempt = Start(
        start.argv or (),
        dockerd_flags.merged(change.settings_before, start.flags, DEFAULTS),
        host.unit_status().main_pid,
        str(info.get("ServerVersion")),
        str(info.get("Driver")),
        str(info.get("DockerRootDir")),
    )
    problems_ = host.start_problems(attempt)
    certain = [problem for problem in problems_ if problem.certain]
    if certain:
        reasons = "; ".join(f"{problem.message} ({problem.remedy})" for problem in certain)
        raise Refused(
            f"{host.unit} can't be restarted safely, and not because of this change: {reasons}; nothing is changed"
        )
    return [f"{problem.message}: {problem.remedy}" for problem in problems_]


def require_writable(paths: Sequence[str]) -> None:
    """Before anything is stopped or promised. Raises Refused for a file that can't be replaced."""
    for path in paths:
        reason = replaceable.obstacle(path)
        if reason:
            raise Refused(f"{path} cannot be written: {reason}")


def backup(change: Change, wanted: bool) -> Optional[str]:
    """Keep a copy of the file, if that is wanted and there is one; its name. Raises Refused."""
    if not wanted or change.file.data is None:
        return None
    try:
        return config_file.backup(change.path)
    except ConfigError as error:
        raise Refused(str(error))
