# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write files so that after a crash there is the old one or the new one, on disk, never half of it. I/O only.

The one writer of daemon.json, its backups, the journal and all other files of ours. The caller holds a lock that keeps others
from writing the same file, as what a killed run left behind is removed.
"""

import contextlib
import os
from typing import Callable, Iterator, Optional, Tuple

NEW_MODE = 0o600


def replace(
    path: str,
    data: bytes,
    directory: Optional[int] = None,
    prepare: Callable[[int], None] = lambda descriptor: None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Put a file with these bytes at path, whatever stands there; a link itself is replaced, never followed.

    directory: the open one that path is a name in. prepare: gives the new file (by its descriptor) its rights, 0600 by
    default. check: called at the last moment before the new file takes its place, and may raise. Raises OSError and whatever
    prepare and check raise; then path is what it was, and nothing is left beside it.
    """
    with _parent(path, directory) as (parent, name):
        temporary = f".{name}.containment-new"
        remove(temporary, parent, sync=False)  # of a run that was killed: the caller's lock says so
        create(temporary, data, parent, prepare, sync=False)
        try:
            check()
            os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            remove(temporary, parent, sync=False)
            raise
        os.fsync(parent)


def create(
    path: str,
    data: bytes,
    directory: Optional[int] = None,
    prepare: Callable[[int], None] = lambda descriptor: None,
    sync: bool = True,
) -> None:
    """Make a file that is not there yet. Arguments as in `replace`; sync: whether its name must be on disk, too.

    Raises OSError (FileExistsError where something stands there) and what prepare raises; then nothing is left of it.
    """
    with _parent(path, directory) as (parent, name):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, NEW_MODE, dir_fd=parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                prepare(stream.fileno())
                os.fsync(stream.fileno())
        except BaseException:
            os.unlink(name, dir_fd=parent)
            raise
        if sync:
            os.fsync(parent)


def remove(path: str, directory: Optional[int] = None, sync: bool = True) -> None:
    """Remove the file; none is not an error. Arguments as in `create`. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        with _parent(path, directory) as (parent, name):
            os.unlink(name, dir_fd=parent)
            if sync:
                os.fsync(parent)


@contextlib.contextmanager
def _parent(path: str, directory: Optional[int]) -> Iterator[Tuple[int, str]]:
    """(descriptor of the directory that holds path, path's name in it)"""
    if directory is not None:
        yield directory, path
        return
    folder, name = os.path.split(path)
    descriptor = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)
