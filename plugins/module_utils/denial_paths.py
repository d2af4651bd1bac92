# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds on the host what a denial names by its last component and inode only. Reads no file and follows no link."""

import os
from typing import FrozenSet, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.avc import Avc
from ansible_collections.containment.docker.plugins.module_utils.host_path import below

_BLOCK = "/sys/dev/block/%d:%d"


def locate(denial, sources, slow):
    # type: (Avc, Sequence[str], FrozenSet[str]) -> Optional[str]
    """Which of these clean paths, or what of this name right below it, is the denied inode; None if none is.

    The kernel tells no more of an access that ended before the file was open. slow: from labelled_path.slow_points.
    """
    plain = denial.name not in ("", ".", "..", "/") and "/" not in denial.name and "\0" not in denial.name
    for source in sources:
        if any(below(source, point) for point in slow):
            continue
        for path in [source] + ([source.rstrip("/") + "/" + denial.name] if plain else []):
            if denial.ino and path not in slow and _is(path, denial):
                return path
    return None


def _is(path, denial):
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if found.st_ino != denial.ino:
        return False
    try:
        device = os.readlink(_BLOCK % (os.major(found.st_dev), os.minor(found.st_dev)))
    except OSError:
        return True  # no disk: nothing more to compare
    return os.path.basename(device) == denial.device
