# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config.User, as dockerd reads it. Pure."""

import re
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless

_NUMBER = re.compile(r"[+-]?[0-9]+\Z")  # Go's strconv.Atoi
_LARGEST = (1 << 31) - 1


def uid_of(user: Optional[str]) -> Optional[int]:
    """The uid inside the container that `user[:group]` means; None for a name that only the image can resolve.

    A name other than root may still be uid 0 in the image's /etc/passwd. Meaningless for a number that is no uid.
    moby: vendor/github.com/moby/sys/user/user.go, GetExecUser
    """
    name = (user or "").partition(":")[0]
    if name in ("", "root"):
        return 0
    if not _NUMBER.match(name):
        return None
    if not 0 <= int(name) <= _LARGEST:
        raise Meaningless(f"user {user!r} is no uid")
    return int(name)
