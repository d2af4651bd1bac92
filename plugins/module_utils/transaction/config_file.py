# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file daemon.json on disk: read it, replace it, back it up. I/O only: decides nothing.

Every error is a ConfigError of one sentence, and after it the file is what it was and nothing is left beside it.
"""

import errno
import os
import stat
import time
from typing import NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import MAX_BYTES, ConfigError

NEW_MODE = 0o644
# What says who may do what with a file; security.ima and the like belong to its content and are not copied.
_KEPT_ATTRIBUTES = ("security.selinux", "system.posix_acl_access")


class ChangedMeanwhile(ConfigError):
    """The file is not what it was when it was looked at; nothing was written."""


class File(NamedTuple):
    """What stands at a path. real: the path behind symbolic links; data and status are None where there is no file."""

    path: str
    real: str
    data: Optional[bytes]
    status: Optional[os.stat_result]


def look(path: str) -> File:
    """The File at path. ConfigError for a dangling link, a directory or device, one too large or unreadable."""
    real = os.path.realpath(path)
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise ConfigError(f"{path} cannot be read: {error.strerror}")
        if os.path.islink(path):
            raise ConfigError(f"{path} is a symbolic link to {os.readlink(path)}, which does not exist")
        return File(path, real, None, None)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise ConfigError(f"{path} is not a regular file")
    with os.fdopen(descriptor, "rb") as stream:
        try:
            data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error.strerror}")
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path} is larger than {int(MAX_BYTES)} bytes")
    return File(path, real, data, status)


def read(path: str) -> Optional[bytes]:
    """The bytes at path, None where there is no file. Raises as look()."""
    return look(path).data


def write(path: str, data: bytes, expected: Optional[File] = None) -> None:
    """Put data at path, all or nothing: after a crash there is the old file or the new one, on disk.

    Mode, owner, SELinux context and ACL are kept; a new file is 0644, the caller's, with its directory's type. A symbolic
    link stays one, its target is replaced. The caller holds exclusive.lock(). expected: refuse if the file is not what it was
    when it was looked at.
    """
    now = look(path)
    _require_unchanged(now, expected)
    try:
        os.makedirs(os.path.dirname(now.real), 0o755, exist_ok=True)
        atomic_file.replace(
            now.real,
            data,
            prepare=lambda descriptor: _copy_rights(descriptor, now),
            # once more: what was written may have taken its time
            check=lambda: _require_unchanged(look(path), expected),
        )
    except OSError as error:
        hint = "; it is a mount of its own, which can't be replaced atomically" if error.errno == errno.EBUSY else ""
        raise ConfigError(f"{path} cannot be written: {error.strerror}{hint}")


def backup(path: str) -> Optional[str]:
    """Copy the file to <real path>.<UTC time>.bak with its mode, owner and context; its name, None where there is no file.

    Never overwrites: a second backup in the same second gets a number.
    """
    now = look(path)
    if now.data is None:
        return None
    stamp = now.real + time.strftime(".%Y%m%dT%H%M%SZ", time.gmtime())
    for number in range(1000):
        name = f"{stamp}-{number}.bak" if number else f"{stamp}.bak"
        try:
            atomic_file.create(name, now.data, prepare=lambda descriptor: _copy_rights(descriptor, now))
            return name
        except FileExistsError:
            continue
        except OSError as error:
            raise ConfigError(f"no backup of {path} can be written: {error.strerror}")
    raise ConfigError(f"no backup of {path} can be written: too many in this second")


def remove(path: str, expected: Optional[File] = None) -> None:
    """Back to "there is no file"; none is not an error. expected: as in write()."""
    if expected is not None:
        _require_unchanged(look(path), expected)
    try:
        atomic_file.remove(os.path.realpath(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be removed: {error.strerror}")


def _require_unchanged(now: File, expected: Optional[File]) -> None:
    if expected is not None and _identity(now) != _identity(expected):
        raise ChangedMeanwhile(f"{now.path} was changed by someone else meanwhile; nothing is written")


def _identity(file: File) -> Optional[Tuple[int, ...]]:
    if file.status is None:
        return None
    return (
        file.status.st_dev,
        file.status.st_ino,
        file.status.st_size,
        file.status.st_mtime_ns,
        file.status.st_ctime_ns,
    )


def _copy_rights(descriptor: int, like: File) -> None:
    if like.status is None:
        os.fchmod(descriptor, NEW_MODE)
        return
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (like.status.st_uid, like.status.st_gid):
        os.fchown(descriptor, like.status.st_uid, like.status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(like.status.st_mode))
    for name in _KEPT_ATTRIBUTES:
        try:
            value = os.getxattr(like.real, name)
        except OSError as error:
            if error.errno in (errno.ENODATA, errno.ENOTSUP):
                continue
            raise
        try:
            if os.getxattr(descriptor, name) == value:
                continue
        except OSError:
            pass
        os.setxattr(descriptor, name, value)
