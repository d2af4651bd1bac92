# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a transaction leaves on the target while it works, so that a killed one is finished or undone by the next.

Everything is in one directory that only root may enter: `transaction.json`, there only while something is half-way, and
`in-force.json`, which file the running dockerd is known to have taken.
"""

import json
import os
from typing import Any, Dict, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file, foreign_json

DIRECTORY = "/var/lib/containment.docker"
TRANSACTION = "transaction.json"
IN_FORCE = "in-force.json"
_LIMIT = 16 * 1024 * 1024


class JournalError(Exception):
    """The journal can't be used; the text is one sentence."""


def open_directory(directory: Optional[str] = None) -> None:
    """Make the directory where need be, and see that only its owner can write there. Raises JournalError."""
    directory = directory or DIRECTORY
    try:
        os.makedirs(directory, 0o700, exist_ok=True)
        _only_ours(directory)
    except OSError as error:
        raise JournalError(f"{directory}: {error.strerror}")


def _only_ours(directory: str) -> None:
    status = os.lstat(directory)
    if status.st_uid != os.geteuid() or status.st_mode & 0o022 or os.path.islink(directory):
        raise JournalError(f"{directory} is writable for others, so what it says can't be trusted")
    if status.st_mode & 0o077:
        os.chmod(directory, 0o700)


def load(name: str, directory: Optional[str] = None) -> Optional[Dict[str, Any]]:
    """The record of that name, None if there is none. Raises JournalError for one that can't be understood."""
    path = os.path.join(directory or DIRECTORY, name)
    try:
        with open(path, "rb") as stream:
            record = foreign_json.decode(stream.read(_LIMIT))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}")
    except ValueError as error:
        raise JournalError(f"{path} is damaged ({error}): look at daemon.json and its backups, then remove it")
    if not isinstance(record, dict):
        raise JournalError(f"{path} is damaged: look at daemon.json and its backups, then remove it")
    return record


def save(name: str, record: Mapping[str, Any], directory: Optional[str] = None) -> None:
    """Write the record so that after a crash there is the old one or the new one, never half of it."""
    path = os.path.join(directory or DIRECTORY, name)
    try:
        atomic_file.replace(path, json.dumps(dict(record), sort_keys=True).encode("utf-8"))
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}")


def remove(name: str, directory: Optional[str] = None) -> None:
    """Remove the record; none is not an error."""
    path = os.path.join(directory or DIRECTORY, name)
    try:
        atomic_file.remove(path)
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}")
