# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `GET /info` says, in the terms of rules. Pure."""

import re
from functools import lru_cache
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless, Unreadable


def field(info: Mapping[str, Any], key: str) -> Any:
    """What docker info has under a key of its top level. Raises Unreadable where this engine doesn't say it."""
    if info.get(key) is None:
        raise Unreadable(f"docker info of this engine has no {key}")
    return info[key]


def _options(info: Mapping[str, Any]) -> Sequence[str]:
    """SecurityOptions, of which Go writes null for none."""
    if "SecurityOptions" not in info:
        raise Unreadable("docker info of this engine has no SecurityOptions")
    return info["SecurityOptions"] or ()


def version(info: Mapping[str, Any]) -> Tuple[int, int]:
    """(major, minor) of the engine. ValueError where it names none (a development build)."""
    return _version(field(info, "ServerVersion"))


def release(info: Mapping[str, Any]) -> Optional[Tuple[int, ...]]:
    """(28, 5, 2), or less of it where the engine says less; None where it names none (a development build)."""
    match = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", str(info.get("ServerVersion")))
    return tuple(int(part) for part in match.groups() if part is not None) if match else None


@lru_cache(maxsize=8)  # every container asks again
def _version(text: str) -> Tuple[int, int]:
    match = re.match(r"v?(\d+)\.(\d+)", text)
    if not match:
        raise Meaningless(f"engine version {text!r}")
    return int(match.group(1)), int(match.group(2))


def security_options(info: Mapping[str, Any]) -> Dict[str, Dict[str, str]]:
    """{"seccomp": {"profile": "builtin"}, "userns": {}} from `name=seccomp,profile=builtin`, `name=userns`."""
    return _security_options(tuple(_options(info)))


@lru_cache(maxsize=8)  # every container asks again
def _security_options(options: Sequence[str]) -> Dict[str, Dict[str, str]]:
    by_name = {}
    for option in options:
        pairs = dict(part.partition("=")[::2] for part in option.split(","))
        by_name[pairs.pop("name", option)] = pairs
    return by_name


def says_no_new_privileges(info: Mapping[str, Any]) -> Optional[bool]:
    """The daemon's default; None before 24.0, whose info is silent about it (moby: daemon/info.go)."""
    if "no-new-privileges" in security_options(info):
        return True
    return False if version(info) >= (24, 0) else None


def remaps(info: Mapping[str, Any]) -> bool:
    """Whether root in a container is, unless the container asks otherwise, an ordinary user of the host.

    So it is on a daemon with userns-remap, and on a rootless one (moby: daemon/info.go).
    """
    options = security_options(info)
    return "userns" in options or "rootless" in options


def is_rootless(info: Mapping[str, Any]) -> bool:
    """Whether the daemon itself is an ordinary user, and so all that it starts."""
    return "rootless" in security_options(info)


def seccomp_profile(info: Mapping[str, Any]) -> Optional[str]:
    """The daemon's profile: "builtin", "unconfined" or a path; None where kernel or engine has no seccomp.

    20.10 calls the built-in one "default" (moby: daemon/info.go).
    """
    start = "name=seccomp,profile="
    for option in _options(info):
        if option.startswith(start):
            return "builtin" if option[len(start) :] == "default" else option[len(start) :]
    return None


def lacking_limit(info: Mapping[str, Any], key: str) -> str:
    """Return what to add to "it has no limit" where the kernel supports none, else "". key: MemoryLimit or PidsLimit."""
    if info.get(key) is not False:
        return ""
    return f"; docker info says {key}: false, so this kernel supports none: switch its controller on first"
