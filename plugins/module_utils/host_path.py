# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of the host, compared component by component. Pure: never looks at a filesystem."""

import posixpath
import re
from typing import Dict, Iterable, Optional

# What is a symbolic link on each host that Docker runs on (Filesystem Hierarchy Standard 3.0, 5.13)
_LINKS = (("/var/run", "/run"), ("/var/lock", "/run/lock"))

# A directory of these, or anything below it, gives away the host or lets a container change it.
TREES = (
    "/boot",  # kernel, initial ramdisk, boot loader
    "/dev",  # the disks
    "/etc",  # accounts, keys, units, cron
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/usr",  # what the host's root executes
    "/proc",
    "/sys",  # the running kernel
    "/root",  # root's keys and start-up files
    "/run",  # sockets of engines, systemd and D-Bus
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/containers",  # images, other containers, their secrets
    "/var/lib/kubelet",
    "/var/lib/cni",
    "/opt/cni",
    "/opt/containerd",  # credentials; programs that root executes
    "/var/lib/cloud",
    "/var/lib/systemd",
    "/var/lib/dpkg",
    "/var/lib/rpm",  # scripts that root executes
    "/var/spool/cron",
    "/var/spool/at",
    "/var/log",  # traces, and what people paste there
)
_DEPTH = max(tree.count("/") for tree in TREES)
_HOME = re.compile(r"/home(/[^/]+(/\..*)?)?$", re.DOTALL)


def ancestors(paths):
    # type: (Iterable[str]) -> Dict[str, str]
    """The directories that contain one of these clean paths, with the first that they contain."""
    found = {}  # type: Dict[str, str]
    for path in paths:
        parent = path
        while parent != "/":
            parent = parent.rpartition("/")[0] or "/"
            found.setdefault(parent, path)
    return found


_TREES = frozenset(TREES)
_ABOVE = ancestors(TREES)


def clean(path):
    # type: (str) -> str
    """An absolute path without `.`, `..`, doubled slashes, and the links that each host has resolved."""
    path = posixpath.normpath("/" + path.lstrip("/"))
    for link, target in _LINKS:
        if below(path, link):
            return target + path[len(link) :]
    return path


def below(path, directory):
    # type: (str, str) -> bool
    """Whether a clean path is this clean directory or stands below it."""
    return directory == "/" or path == directory or path.startswith(directory + "/")


def sensitive(path, data_root, allowed):
    # type: (str, Optional[str], Iterable[str]) -> Optional[str]
    """Why a container should not have this clean host path: itself, or what it contains; None where it may.

    A home directory counts whole and for its dot files (keys, credentials, start-up files), not for other
    directories in it. allowed: clean paths; each allows what is below it too.
    """
    for entry in allowed:
        if below(path, entry):
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
        return "%s, which contains %s" % (path, inside)
    return path if _HOME.match(path) else None
