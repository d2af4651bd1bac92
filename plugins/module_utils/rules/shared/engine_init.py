# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small program that the engine mounts in a container as its first process. Pure."""

from typing import Any, Dict, FrozenSet, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import clean
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked

# Where dockerd looks for it: its own directories, and a service's PATH (systemd.exec(5))
_PROGRAMS = (
    "/usr/libexec/docker",
    "/usr/local/libexec/docker",
    "/usr/lib/docker",
    "/usr/local/lib/docker",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/snap/bin",
)


def asked_for(evidence: Evidence) -> bool:
    """Whether the container, or the daemon for all that say nothing, asks for it."""
    option = evidence["inspect"]["HostConfig"].get("Init")
    return _by_default(evidence) if option is None else bool(option)


def _by_default(evidence: Evidence) -> bool:
    """Whether the daemon gives an init to containers that say nothing; it may where that can't be told."""
    running = _running(evidence)
    return running is None or bool(running.get("init"))


def _running(evidence: Evidence) -> Optional[Dict[str, Any]]:
    """The settings that the daemon was started with, None where they can't be told."""
    try:
        return evidence["daemon"]["running"]
    except (Absent, Unreadable):
        return None


def programs(evidence: Evidence) -> FrozenSet[str]:
    """The regular files that the engine's init may be (moby: daemon/config/config_linux.go, LookupInitPath)."""
    try:
        daemon, place_at = evidence["daemon"], evidence["host"]["place_at"]
        name = (_running(evidence) or {}).get("init-path") or daemon["info"].get("InitBinary") or "docker-init"
    except (Absent, Unreadable):
        return frozenset()
    paths = set()
    for candidate in [name] if name.startswith("/") else [f"{place}/{name}" for place in _PROGRAMS]:
        try:
            place = place_at(clean(candidate))
        except NotLooked:
            continue
        if place.kind == "file" and not place.loose:
            paths.add(place.path)
    return frozenset(paths)
