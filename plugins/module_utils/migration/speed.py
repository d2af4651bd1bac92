# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast a disk takes what is written, by a trial that leaves nothing. I/O."""

import os
import time

_MB = 1024 * 1024
# Enough that more than a cache is measured, and little enough for a disk at work.
_TRIAL, _SECONDS = 32 * _MB, 1.0
# Below so much free space nothing is tried: containers may need it meanwhile.
_FREE = 1024 * _MB


def measure(root: str) -> int:
    """Bytes a second that the file system of a directory takes; 0 where that can't be tried.

    By a file without a name, which is gone when it is closed, however this process ends.
    """
    try:
        status = os.statvfs(root)
        if status.f_bavail * status.f_frsize < _FREE:
            return 0
        handle = os.open(root, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError:
        return 0
    try:
        piece, written, begin = os.urandom(_MB), 0, time.monotonic()
        while written < _TRIAL and time.monotonic() - begin < _SECONDS:
            written += os.write(handle, piece)
        os.fdatasync(handle)
        return int(written / max(time.monotonic() - begin, 0.001))
    except OSError:
        return 0
    finally:
        os.close(handle)
