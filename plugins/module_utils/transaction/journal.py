# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a transaction leaves on the target while it works, so that a killed one is finished or undone by the next.

Everything is in one directory that only root may enter: `lock`, held while a run works; `transaction.json`, there only
while something is half-way; `in-force.json`, which file the running dockerd is known to have taken.
"""

import base64
import contextlib
import errno
import fcntl
import json
import os
from typing import Any, Dict, Iterator, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import foreign_json

DIRECTORY = "/var/lib/containment.docker"
TRANSACTION = "transaction.json"
IN_FORCE = "in-force.json"
VERSION = 1
_LIMIT = 16 * 1024 * 1024


class JournalError(Exception):
    """The journal can't be used; the text is one sentence."""


@contextlib.contextmanager
def exclusive(directory: Optional[str] = None) -> Iterator[None]:
    """Keeps other runs out; raises JournalError if one is at work. The kernel frees the lock of a killed run."""
    directory = directory or DIRECTORY
    try:
        os.makedirs(directory, 0o700, exist_ok=True)
        _only_ours(directory)
        descriptor = os.open(
            os.path.join(directory, "lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
    except OSError as error:
        raise JournalError(f"{directory}: {error.strerror}")
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise JournalError(f"{directory}/lock: {error.strerror}")
            raise JournalError(f"another run is changing this Docker daemon (process {_holder(descriptor)})")
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        except OSError as error:
            raise JournalError(f"{directory}/lock: {error.strerror}")
        yield
    finally:
        os.close(descriptor)


def _only_ours(directory):
    found = os.lstat(directory)
    if found.st_uid != os.geteuid() or found.st_mode & 0o022 or os.path.islink(directory):
        raise JournalError(f"{directory} is writable for others, so what it says can't be trusted")
    if found.st_mode & 0o077:
        os.chmod(directory, 0o700)


def _holder(descriptor):
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return text if text.isdigit() else "unknown"


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
    if not isinstance(record, dict) or record.get("version") != VERSION:
        raise JournalError(f"{path} was written by another version of this collection: finish with that one")
    return record


def save(name: str, record: Dict[str, Any], directory: Optional[str] = None) -> None:
    """Write the record so that after a crash there is the old one or the new one, never half of it."""
    directory = directory or DIRECTORY
    path = os.path.join(directory, name)
    temporary = path + ".new"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(json.dumps(dict(record, version=VERSION), sort_keys=True).encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        os.rename(temporary, path)
        _sync(directory)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # what a full disk took of it
        raise JournalError(f"{path}: {error.strerror}")


def remove(name: str, directory: Optional[str] = None) -> None:
    """Remove the record; none is not an error."""
    directory = directory or DIRECTORY
    try:
        os.unlink(os.path.join(directory, name))
        _sync(directory)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise JournalError(f"{directory}/{name}: {error.strerror}")


def _sync(directory):
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pack(data: Optional[bytes]) -> Optional[str]:
    """File bytes as the journal holds them; None is no file."""
    return None if data is None else base64.b64encode(data).decode("ascii")


def unpack(text: Optional[str]) -> Optional[bytes]:
    """The reverse of pack."""
    return None if text is None else base64.b64decode(text)
