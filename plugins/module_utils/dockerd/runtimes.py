# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a container is made of its HostConfig alone, or whether its runtime may change what that says. Pure."""

import posixpath
from typing import Any, Mapping

# Both do what the specification says, and nothing more. The names are root's own in daemon.json.
_PLAIN_PROGRAMS = frozenset(("runc", "crun", "docker-runc"))
_PLAIN_TYPES = frozenset(("io.containerd.runc.v2", "io.containerd.runc.v1", "io.containerd.runtime.v1.linux"))
_PLACES = frozenset(("", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec"))


def doubt(host_config: Mapping[str, Any], info: Mapping[str, Any], running: Mapping[str, Any]) -> str:
    """Why HostConfig alone says nothing certain of this container; "" where it does.

    info: docker info, {} where it isn't known; running: the settings that the daemon was started with.
    """
    nri = running.get("nri-opts")
    if isinstance(nri, Mapping) and nri.get("enable"):
        return "NRI plugins may change what a container is made of"
    name = host_config.get("Runtime") or info.get("DefaultRuntime") or running.get("default-runtime") or "runc"
    known = (info.get("Runtimes") or {}).get(name) or {}
    if not known:
        plain = name in _PLAIN_TYPES or name in _PLAIN_PROGRAMS
        return "" if plain else f"the runtime {name} may change what a container is made of"
    kind = known.get("runtimeType") or "io.containerd.runc.v2"
    program = known.get("path") or ""
    if kind in _PLAIN_TYPES or posixpath.basename(kind) == "containerd-shim-runc-v2":
        options = known.get("options") or {}
        program = options.get("BinaryName") or program or "runc"
        directory, base = posixpath.split(program)
        if base in _PLAIN_PROGRAMS and directory in _PLACES:
            return ""
    return f"the runtime {name} ({program or kind}) may change what a container is made of"
