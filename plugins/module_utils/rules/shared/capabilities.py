# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which capabilities a container is created with, as dockerd works it out. Pure."""

import re
from functools import lru_cache
from typing import AbstractSet, Container, FrozenSet, Iterable, Iterator, Optional, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Meaningless
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.judge.policy import DEFAULT_CAPABILITIES
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import CAPABILITIES

EVERY = frozenset(CAPABILITIES)
DEFAULT = frozenset(DEFAULT_CAPABILITIES)
_NAME = re.compile(r"[A-Z0-9_]+\Z")


def names(capabilities: Optional[Iterable[str]]) -> FrozenSet[str]:
    """Names as the kernel's table has them: upper case, no CAP_ prefix; ALL stays. Meaningless for what is no name.

    moby: oci/caps/utils.go, NormalizeLegacyCapabilities
    """
    return _names(tuple(capabilities or ()))


@lru_cache(maxsize=256)
def _names(capabilities: Sequence[str]) -> FrozenSet[str]:
    names = set()
    for capability in capabilities:
        name = capability.upper()
        if name.startswith("CAP_"):
            name = name[4:]
            if name == "ALL":  # dockerd knows ALL, and refuses CAP_ALL
                raise Meaningless(f"{capability!r} is not a capability")
        if not _NAME.match(name):
            raise Meaningless(f"{capability!r} is not a capability")
        names.add(name)
    return frozenset(names)


def created_with(add: Optional[Iterable[str]], drop: Optional[Iterable[str]], privileged: bool) -> FrozenSet[str]:
    """The bounding set from HostConfig's CapAdd, CapDrop and Privileged; ALL adds each that this table knows.

    CapAdd beats CapDrop, but for ALL: adding ALL leaves out what is dropped by name. Meaningless as `names`.
    moby: oci/caps/utils.go, TweakCapabilities
    """
    if privileged:
        return EVERY
    added, dropped = names(add), names(drop)
    if "ALL" in added:
        return EVERY - dropped
    if "ALL" in dropped:
        return added
    return (DEFAULT - dropped) | added


def beyond(
    processes: Iterable[Process], limit: AbstractSet[str], user_namespaces: Container[Optional[str]]
) -> Iterator[Tuple[int, FrozenSet[str]]]:
    """(pid, the capabilities above the limit) of each process in one of these user namespaces, or one not known.

    Any process may make a user namespace of its own, where the kernel shows it every capability. Those reach only
    what that namespace owns, so they don't count.
    """
    for process in processes:
        excess = process.status.capabilities - limit
        if excess and (process.user_namespace is None or process.user_namespace in user_namespaces):
            yield process.pid, excess


def judged_namespaces(evidence: Evidence) -> Set[str]:
    """The user namespaces in which a container's capabilities count: the host's, and its own if it was given one."""
    host = evidence["host"]["namespaces"]["user"]
    if evidence["inspect"]["HostConfig"].get("UsernsMode") != "host" and info.remaps(evidence["daemon"]["info"]):
        return {host, evidence["namespaces"]["user"]}
    return {host}


def listed(capabilities: Iterable[str]) -> str:
    """Names for a sentence, SYS_ADMIN with what it means first."""
    ordered = sorted(capabilities)
    if "SYS_ADMIN" in ordered:
        ordered.remove("SYS_ADMIN")
        ordered.insert(0, "SYS_ADMIN (it can mount)")
    more = f" and {len(ordered) - 6} more" if len(ordered) > 6 else ""
    return ", ".join(ordered[:6]) + more
