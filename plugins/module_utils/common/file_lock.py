# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits for a lock on an open file or directory. I/O only: what it means that another run holds it is the caller's."""

import errno
import fcntl
import time

_EVERY = 0.05


def taken(descriptor: int, wait: float) -> bool:
    """Whether the flock(2) is ours now, after at most so many seconds; it ends with the descriptor, also of a killed run.

    False where another one held it all the time. OSError where the file can't be locked at all.
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
