# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of the host, compared component by component. Pure: never looks at a filesystem."""

import posixpath
import re
from typing import Dict, Iterable, Optional

from ansible_collections.containment.docker.plugins.module_utils.linux.sensitive_places import TIME, TREES

# What is a symbolic link on each host that Docker runs on (Filesystem Hierarchy Standard 3.0, 5.13)
_LINKS = (("/var/run", "/run"), ("/var/lock", "/run/lock"))

_DEPTH = max(tree.count("/") for tree in TREES)
_HOME = re.compile(r"(?:/var)?/home(/[^/]+(/\..*)?)?$", re.DOTALL)
# ostree manual, Deployments: /var of a booted deployment, which the host has at /var
_DEPLOYED_VAR = re.compile(r"(?:/sysroot)?/ostree/deploy/[^/]+/var(?=/|$)")
# proc(5): the whole tree as a process sees it; from the host's own processes it is the host's
_THROUGH_PROCESS = re.compile(r"/proc/(?:self|thread-self|\d+)(?:/task/\d+)?/(?:root|cwd)(?=/|$)")


def ancestors(paths: Iterable[str]) -> Dict[str, str]:
    """The directories that contain one of these clean paths, with the first that they contain."""
    below_each: Dict[str, str] = {}
    for path in paths:
        parent = path
        while parent != "/":
            parent = parent.rpartition("/")[0] or "/"
            below_each.setdefault(parent, path)
    return below_each


_TREES = frozenset(TREES)
_ABOVE = ancestors(TREES)


def clean(path: str) -> str:
    """An absolute path without `.`, `..`, doubled slashes, and the links that each host has resolved."""
    path = posixpath.normpath("/" + path.lstrip("/"))
    for link, target in _LINKS:
        if below(path, link):
            return target + path[len(link) :]
    return path


def below(path: str, directory: str) -> bool:
    """Whether a clean path is this clean directory or stands below it."""
    return directory == "/" or path == directory or path.startswith(directory + "/")


def through_process(path: str) -> str:
    """The clean path behind `/proc/<pid>/root` or `cwd`, as the host's own processes have it; itself elsewhere."""
    match = _THROUGH_PROCESS.match(path)
    return clean(path[match.end() :]) if match else path


def sensitive(path: str, data_root: Optional[str], allowed: Iterable[str], read_only: bool = False) -> Optional[str]:
    """Why a container should not have this clean host path: itself, or what it contains; None where it may.

    A home directory counts whole and for its dot files (keys, credentials, start-up files), not for other
    directories in it. allowed: clean paths; each allows what is below it too. read_only: it can't be written through
    this mount, which is enough for the host's time zone.
    """
    deployed = _DEPLOYED_VAR.match(path)
    if deployed:
        path = "/var" + path[deployed.end() :]
    for entry in allowed:
        if below(path, entry):
            return None
    if read_only and any(below(path, entry) for entry in TIME):
        return None
    parts = path.split("/", _DEPTH + 1)[: _DEPTH + 1]
    if any("/".join(parts[:count]) in _TREES for count in range(2, len(parts) + 1)):
        return path
    inside = _ABOVE.get(path)
    if data_root is not None:
        if below(path, data_root):
            return path
        if inside is None and below(data_root, path):
            inside = data_root
    if inside is not None:
        return f"{path}, which contains {inside}"
    return path if _HOME.match(path) else None
