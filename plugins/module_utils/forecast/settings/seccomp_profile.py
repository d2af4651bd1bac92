# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""seccomp-profile: containers whose system calls were not filtered so far, or are filtered otherwise. Pure.

moby: profiles/seccomp/default_linux.go. Docker's own profile refuses a new user namespace (clone, unshare) without SYS_ADMIN, and
every personality but those of _PERSONALITIES.
"""

from typing import Iterable, Iterator, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, DAEMON, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities

NAME = "seccomp-profile"
_OWN = ("", "builtin", "default")  # Docker's own profile, by the names that engines of all ages have for it
_PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008)


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
    if (evidence["wanted"].get(NAME) or "") not in _OWN:
        return  # what a file refuses is not known
    for kind, message in _refused(evidence):
        yield Item(
            NAME,
            kind,
            subject_of(name),
            CERTAIN,
            f"{message}, which Docker's own profile refuses",
            "give this container a profile of its own that allows it (--security-opt seccomp=PROFILE)",
        )


def _refused(evidence: Evidence) -> Iterator[Tuple[str, str]]:
    """(kind, message) of what its processes have done and could not do under Docker's own profile."""
    config = evidence["inspect"]["HostConfig"]
    has = capabilities.created_with(config.get("CapAdd"), config.get("CapDrop"), False)
    if "SYS_ADMIN" not in has and _has_made_user_namespace(evidence):
        yield "user-namespace", "a process of it has made a user namespace"
    if "use" in evidence:
        for personality in sorted(evidence["use"].personalities - set(_PERSONALITIES)):
            yield "personality", f"a process of it has taken the personality {personality:#x}"


def _has_made_user_namespace(evidence: Evidence) -> bool:
    members = evidence["processes"] if "processes" in evidence else ()
    namespaces = {process.user_namespace for process in members if process.user_namespace}
    remapped = (
        engine_info.remaps(evidence["daemon"]["info"]) and evidence["inspect"]["HostConfig"].get("UsernsMode") != "host"
    )
    if len(namespaces) != 1 or remapped:
        return len(namespaces) > 1
    return namespaces != {evidence["host"]["namespaces"]["user"]}


def is_in_force(shared: Evidence) -> bool:
    """Tell whether Docker's own profile is wanted and in force; a file's content may have changed."""
    wanted = shared["wanted"].get(NAME) or ""
    return wanted in _OWN and engine_info.seccomp_profile(shared["daemon"]["info"]) == "builtin"


SETTING = Setting(NAME, of_host=of_host, of_container=of_container, is_in_force=is_in_force)
