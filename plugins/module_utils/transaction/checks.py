# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a transaction asks before it touches anything: whether the file is one to start with and can be written. I/O."""

import os

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    daemon_json,
    flags,
    program,
    reload_file,
    start_checks,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import validate as daemon_validate
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, journal
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Refused


def own_keys(options, found, names):
    """These settings as keys of config that the file has not, so that they can be left out; [] where one can't be."""
    keys = sorted({name.partition(".")[0] for name in names})
    return keys if all(key in options.config and key not in found.settings for key in keys) else []


def validate(options, found, after, version):
    """Raise what is wrong with the file as it will be; what dockerd takes and ignores, as warnings."""
    problems = daemon_validate.validate(after.settings, version, found.settings)
    if not problems:
        following = flags.merged(after.settings, found.flags, {})
        problems = start_checks.problems(following, version, os.path.exists)
    if after.data is not None:
        problems = daemon_json.text_problems(after.text, version) + problems
    blocks = reload_file.refusal(found.settings, after.settings, version)
    if problems or blocks:
        raise Refused(f"{found.path}: {(problems + [blocks])[0]}")
    if options.validate and after.data is not None and after.data != found.original:
        problem = program.problem(found.argv, after.data, version)
        if problem:
            raise Refused(f"{found.path}: {problem}")
    return [
        f"{found.path}: dockerd takes it, but {sentence}"
        for sentence in daemon_validate.ignored(after.settings, version)
    ]


def refuse_unwritable(found, after, made=None):
    """Before anything is stopped or promised. made: the plan for a daemon that runs."""
    changes = after.data != found.original
    places = [found.path] if changes else []
    if made is not None and (changes or made.activation != NONE):
        places.append(os.path.join(journal.DIRECTORY, journal.TRANSACTION))
    for place in places:
        reason = replaceable.obstacle(place)
        if reason:
            raise Refused(f"{place} cannot be written: {reason}")


def backup(options, found):
    if not options.backup or found.original is None:
        return None
    try:
        return config_file.backup(found.path)
    except daemon_json.ConfigError as error:
        raise Refused(str(error))
