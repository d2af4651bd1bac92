# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked before a file is written: whether it is one to start with, and whether it can be written. I/O."""

import os
from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import config_check
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.locate import NextStart
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused


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


def sentence(path: str, found: Sequence[str]) -> str:
    """The refusal for these problems."""
    return f"{path} is not changed: {'; '.join(found)}"


def warnings(change: Change, start: NextStart, version: Optional[str]) -> List[str]:
    """What dockerd takes and ignores, and what is newer than this collection knows, one sentence each."""
    return [f"{change.path}: {sentence}" for sentence in config_check.notes(candidate(change, start, version))]


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
