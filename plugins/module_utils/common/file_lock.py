# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep other runs out by flock(2), which the kernel takes back from a run that is killed. I/O only.

The one lock protocol: `exclusive` for a file made to be locked, which also says whose it is; `lock` for an open directory.
"""

import contextlib
import errno
import fcntl
import os
import time
from typing import Iterator

_EVERY = 0.05


class Locked(Exception):
    """Another run holds the lock; the text is one sentence that names its process, where that is known."""


def lock(descriptor: int, wait: float) -> bool:
    """Lock an open file or directory, waiting at most so many seconds; return whether it is ours now.

    The lock ends with the descriptor. Raises OSError where the file can't be locked at all.
    """
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError as error:
            if error.errno != errno.EWOULDBLOCK:
                raise
        if time.monotonic() >= end:
            return False
        time.sleep(_EVERY)


@contextlib.contextmanager
def exclusive(path: str, wait: float) -> Iterator[None]:
    """Hold the lock of the file at path, made if need be, or of a directory; the file holds our process id then.

    Raises Locked where another run holds it for all of `wait` seconds; OSError where it can't be opened, locked or written.
    """
    is_directory = os.path.isdir(path)
    flags = os.O_RDONLY | os.O_DIRECTORY if is_directory else os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        if not lock(descriptor, wait):
            raise Locked(_holder(path, descriptor, is_directory, wait))
        if not is_directory:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(path: str, descriptor: int, is_directory: bool, wait: float) -> str:
    """A sentence about who keeps the lock. Bounded: the file may hold anything."""
    text = "" if is_directory else os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    process = f" (process {text})" if text.isdigit() else ""
    return f"another run{process} holds the lock {path}, also after {wait:g} s: run again when it has ended"
