# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""seccomp-profile: containers whose system calls were not filtered so far, or are filtered otherwise. Pure."""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import (
    CERTAIN,
    DAEMON,
    POSSIBLE,
    Item,
    subject_of,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "seccomp-profile"
_OWN = ("", "builtin", "default")  # Docker's own profile, by the names that engines of all ages have for it


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say that dockerd does not start without the profile's file."""
    path = str(shared["wanted"].get(NAME) or "")
    if path.startswith("/") and shared["file_at"](path) is None:
        yield Item(
            NAME,
            "profile",
            DAEMON,
            CERTAIN,
            f"there is no {path}, and dockerd does not start without it",
            "put the profile there first",
        )


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say that a container may make calls that the new profile refuses."""
    inspect = evidence["inspect"]
    config = inspect["HostConfig"]
    if config.get("Privileged") or security_opt.parse(config.get("SecurityOpt")).seccomp is not None:
        return  # the daemon's profile is not for it
    before = engine_info.seccomp_profile(evidence["daemon"]["info"])
    yield Item(
        NAME,
        "system-calls",
        subject_of(name),
        POSSIBLE,
        f"its system calls go through {'no profile' if before == 'unconfined' else before} now; the new one may refuse some",
        "try it with --security-opt seccomp=PROFILE beforehand",
        {"now": before},
    )


def is_in_force(shared: Evidence) -> bool:
    """Tell whether Docker's own profile is wanted and in force; a file's content may have changed."""
    wanted = shared["wanted"].get(NAME) or ""
    return wanted in _OWN and engine_info.seccomp_profile(shared["daemon"]["info"]) == "builtin"


SETTING = Setting(NAME, of_host=of_host, of_container=of_container, is_in_force=is_in_force)
