# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `GET /info` says, in the terms of rules. Pure."""

import re
from typing import Any, Dict, Mapping, Optional, Tuple


def version(info):
    # type: (Mapping[str, Any]) -> Tuple[int, int]
    """(major, minor) of the engine. ValueError where it names none (a development build)."""
    match = re.match(r"v?(\d+)\.(\d+)", info["ServerVersion"])
    if not match:
        raise ValueError("engine version %r" % info["ServerVersion"])
    return int(match.group(1)), int(match.group(2))


def security_options(info):
    # type: (Mapping[str, Any]) -> Dict[str, Dict[str, str]]
    """{"seccomp": {"profile": "builtin"}, "userns": {}} from `name=seccomp,profile=builtin`, `name=userns`."""
    found = {}
    for option in info["SecurityOptions"] or ():
        pairs = dict(part.partition("=")[::2] for part in option.split(","))
        found[pairs.pop("name", option)] = pairs
    return found


def says_no_new_privileges(info):
    # type: (Mapping[str, Any]) -> Optional[bool]
    """The daemon's default; None before 24.0, whose info is silent about it (moby: daemon/info.go)."""
    if "no-new-privileges" in security_options(info):
        return True
    return False if version(info) >= (24, 0) else None
