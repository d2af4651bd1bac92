# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories from which the daemon runs plugins as root, where its configuration puts them elsewhere. Pure."""

from typing import Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean

# moby: daemon/internal/nri/nri.go; without them /opt/nri/plugins and /etc/nri/conf.d, which are sensitive in any case
_KEYS = ("plugin-path", "plugin-config-path")


def list_directories(evidence: Evidence) -> Tuple[str, ...]:
    """Return the clean paths; none where the daemon's settings can't be read, or there is no daemon."""
    try:
        options = evidence["daemon"]["running"].get("nri-opts")
    except (Absent, Unreadable):
        return ()
    if not isinstance(options, Mapping) or not options.get("enable"):
        return ()
    return tuple(clean(str(options[key])) for key in _KEYS if options.get(key))


def sensitive(path: str, directories: Tuple[str, ...], allowed: Tuple[str, ...]) -> Optional[str]:
    """Return why a container should not have this clean path, as linux.paths.sensitive; None where it may."""
    if any(below(path, entry) for entry in allowed):
        return None
    for place in directories:
        if below(path, place):
            return path
        if below(place, path):
            return f"{path}, which contains {place}"
    return None
