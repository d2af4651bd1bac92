# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a file as a process with another root directory sees it, and no file but that. I/O only.

Links are followed below that root: an absolute one in a mount namespace of a user's own would lead to the host's files.
"""

import os
import stat
from typing import List, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import path_walk
from ansible_collections.containment.docker.plugins.module_utils.linux.path_walk import Missing

__all__ = ("Missing", "find", "read")


def read(path: str, limit: int, root: str = "/") -> Tuple[bytes, float]:
    """Read a regular file: (its first `limit` + 1 bytes, since when it can't have been another, in seconds since the epoch).

    Raise Missing, OSError, ValueError for what is no regular file.
    """
    descriptor, since = find(path, root)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{path} is no regular file")
        with open(f"/proc/self/fd/{int(descriptor)}", "rb") as stream:
            return stream.read(limit + 1), max(since, status.st_ctime)
    finally:
        os.close(descriptor)


def find(path: str, root: str = "/") -> Tuple[int, float]:
    """(an O_PATH descriptor, when the newest link on the way was made). Raise Missing, OSError.

    Missing.changed counts these links, too.
    """
    times: List[float] = [0.0]
    try:
        descriptor, _real = path_walk.open_place(path, root, on_link=lambda link: times.append(link.status.st_ctime))
    except Missing as missing:
        missing.changed = max(missing.changed, *times)
        raise
    return descriptor, max(times)
