# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small file of our own on the target, in a directory that only its owner can write. I/O only: decides nothing.

Each directory on the way is opened through the one before it and follows no link, so what was checked is what is used.
"""

import contextlib
import errno
import os
import stat
from typing import Iterator, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file, file_lock

OWNER = 0
MAX_BYTES = 2 * 1024 * 1024
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_WRITE = 0o022


class RecordError(Exception):
    """The file can't be used; the text is one sentence."""


class Place(NamedTuple):
    """path: for messages. directory: a descriptor; name: the file in it."""

    path: str
    directory: int
    name: str


@contextlib.contextmanager
def opened(path: str, write: bool, wait: float = 5) -> Iterator[Place]:
    """The Place of an absolute path without `..`. To write, its directory is made if need be, and others are kept out.

    RecordError where the caller is not its owner, where others can write to the directory, where it is a link, or
    where another run holds it for longer than so many seconds.
    """
    if os.geteuid() != OWNER:
        raise RecordError(f"only root can use {path}")
    directory, name = os.path.split(path)
    descriptor = _walk(directory, write)
    try:
        if write:
            _lock(descriptor, directory, wait)
        yield Place(path, descriptor, name)
    finally:
        os.close(descriptor)


def read(place: Place) -> Optional[bytes]:
    """The file's bytes, None where there is none. RecordError for a link, another's file, or one that others can write."""
    try:
        descriptor = os.open(
            place.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=place.directory
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(f"{place.path} {_reason(error)}")
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise RecordError(f"{place.path} is not a regular file")
        _trusted(status, place.path)
        data = os.read(descriptor, MAX_BYTES + 1)  # of a regular file the kernel gives all that there is
    except OSError as error:
        raise RecordError(f"{place.path} cannot be read: {error.strerror}")
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise RecordError(f"{place.path} is larger than {int(MAX_BYTES)} bytes")
    return data


def write(place: Place, data: bytes) -> None:
    """Replace the file, whatever stands there, readable for its owner only: after a crash the old one or the new one."""
    if len(data) > MAX_BYTES:
        raise RecordError(f"{place.path} would be larger than {int(MAX_BYTES)} bytes")
    try:
        atomic_file.replace(place.name, data, place.directory)
    except OSError as error:
        raise RecordError(f"{place.path} cannot be written: {error.strerror}")


def _walk(directory: str, make: bool) -> int:
    """A descriptor on the directory."""
    here = os.open("/", _DIRECTORY)
    so_far = ""
    for part in filter(None, directory.split("/")):
        so_far += "/" + part
        last = so_far == directory
        try:
            below = _enter(part, here, make and last)
        except OSError as error:
            raise RecordError(f"{so_far} {_reason(error)}")
        finally:
            os.close(here)
        here = below
        try:
            _trusted(os.fstat(here), so_far, last)
        except RecordError:
            os.close(here)
            raise
    return here


def _enter(name: str, directory: int, make: bool) -> int:
    try:
        return os.open(name, _DIRECTORY, dir_fd=directory)
    except FileNotFoundError:
        if not make:
            raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=directory)
    return os.open(name, _DIRECTORY, dir_fd=directory)


def _trusted(status: os.stat_result, path: str, strict: bool = True) -> None:
    """RecordError where others can put something else in its place. A parent may be root's, and sticky as /tmp is."""
    if status.st_uid != OWNER and (strict or status.st_uid != 0):
        raise RecordError(f"{path} belongs to user {int(status.st_uid)}, so what it says can't be trusted")
    if status.st_mode & _OTHERS_WRITE and (strict or not status.st_mode & stat.S_ISVTX):
        raise RecordError(f"{path} is writable for others, so what it says can't be trusted")


def _lock(descriptor: int, directory: str, wait: float) -> None:
    try:
        ours = file_lock.lock(descriptor, wait)
    except OSError as error:
        raise RecordError(f"{directory} cannot be locked: {error.strerror}")
    if not ours:
        raise RecordError(f"another run held {directory} for more than {wait:g} s")


def _reason(error: OSError) -> str:
    words = {errno.ELOOP: "is a symbolic link", errno.ENOTDIR: "is a symbolic link, or no directory"}
    return words.get(error.errno or 0) or f"cannot be opened: {error.strerror}"
