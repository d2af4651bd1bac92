# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of the host, compared component by component. Pure: never looks at a filesystem."""

import posixpath
import re
from typing import Iterable, Optional

# What is a symbolic link on each host that Docker runs on (Filesystem Hierarchy Standard 3.0, 5.13)
_LINKS = (("/var/run", "/run"), ("/var/lock", "/run/lock"))

# A directory of these, or anything below it, gives away the host or lets a container change it.
TREES = (
    "/boot",  # kernel, initial ramdisk, boot loader
    "/dev",  # the disks
    "/etc",  # accounts, keys, units, cron
    "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr",  # what the host's root executes
    "/proc", "/sys",  # the running kernel
    "/root",  # root's keys and start-up files
    "/run",  # sockets of engines, systemd and D-Bus
    "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers",  # images, other containers, their secrets
    "/var/lib/kubelet", "/var/lib/cni", "/opt/cni", "/opt/containerd",  # credentials; programs that root executes
    "/var/lib/cloud", "/var/lib/systemd", "/var/lib/dpkg", "/var/lib/rpm",  # scripts that root executes
    "/var/spool/cron", "/var/spool/at",
    "/var/log",  # traces, and what people paste there
)
_HOME = re.compile(r"/home(/[^/]+(/\..*)?)?$", re.DOTALL)


def clean(path):
    # type: (str) -> str
    """An absolute path without `.`, `..`, doubled slashes, and the links that each host has resolved."""
    path = posixpath.normpath("/" + path.lstrip("/"))
    for link, target in _LINKS:
        if below(path, link):
            return target + path[len(link):]
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
    for tree in TREES if data_root is None else TREES + (data_root,):
        if below(path, tree):
            return path
        if below(tree, path):
            return "%s, which contains %s" % (path, tree)
    return path if _HOME.match(path) else None
