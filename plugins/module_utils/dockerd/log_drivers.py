# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which log drivers an engine knows. dockerd starts with any name, and then creates no container."""

import glob
import os
import re
from typing import Any, List, Mapping, Optional, Sequence, Set

# moby: daemon/logdrivers_linux.go, daemon/logger/factory.go; logentries until 23.0.
BUILT_IN = (
    "awslogs",
    "fluentd",
    "gcplogs",
    "gelf",
    "journald",
    "json-file",
    "local",
    "logentries",
    "none",
    "splunk",
    "syslog",
)
# Plugins that are a socket or a file of their own (moby: pkg/plugins/discovery_unix.go).
_LEGACY = (
    "/run/docker/plugins/*.sock",
    "/run/docker/plugins/*/*.sock",
    "/etc/docker/plugins/*.spec",
    "/etc/docker/plugins/*.json",
    "/usr/lib/docker/plugins/*.spec",
    "/usr/lib/docker/plugins/*.json",
)
_PLUGINS = '/plugins?filters={"capability":["logdriver"],"enabled":["true"]}'


def known(engine: Any, info: Mapping[str, Any]) -> List[str]:
    """Names that a running engine takes as log-driver. engine: an Engine. Raises EngineError."""
    names = set((info.get("Plugins") or {}).get("Log") or ()) | {"none"}
    for plugin in engine.get(_PLUGINS.replace('"', "%22").replace("{", "%7B").replace("}", "%7D")) or ():
        names |= _spellings(plugin.get("Name"))
    return sorted(names | legacy())


def legacy() -> Set[str]:
    """Names of plugins that are not managed by the engine."""
    paths = [path for pattern in _LEGACY for path in glob.glob(pattern)]
    return {os.path.splitext(os.path.basename(path))[0] for path in paths}


def _spellings(name: str) -> Set[str]:
    """A plugin is found with and without its tag "latest"."""
    if not isinstance(name, str):
        return set()
    return {name, re.sub(r":latest\Z", "", name)}


def refusal(driver: Optional[str], names: Optional[Sequence[str]]) -> str:
    """Why this log-driver must not be set, "" if nothing is against it. names: what is known, None where that can't be told."""
    if not driver or names is None or driver in names:
        return ""
    return (
        f"the engine knows no log driver {driver}, and would create no container with it: it knows {', '.join(names)}"
    )


def known_while_stopped(root: str) -> Optional[List[str]]:
    """The same for a stopped engine with this data root; None where it has plugins, whose names only the engine tells."""
    if glob.glob(os.path.join(glob.escape(root), "plugins", "[0-9a-f]*", "config.json")):
        return None
    return sorted(legacy() | set(BUILT_IN))
