# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which contexts of the docker command lead back to this host. I/O only: decides nothing.

Of root and each user that the host lists, in homes on filesystems of this machine: the look may mount another, or wait for it.
"""

import os
import pwd
import socket
import stat
from typing import FrozenSet, Iterator, List, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.context import Target, parse_context
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs, routes, sockets

_LIMIT = 64 * 1024
_TABLE = 64 * 1024 * 1024
_MOST = 64  # contexts of a user
_LINKS = 8
_REMOTE = ("nfs", "cifs", "smb", "autofs", "fuse", "ceph", "9p", "afs", "glusterfs", "lustre", "ocfs", "gfs")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Context(NamedTuple):
    """A context that leads to an address of this host. listening: whether something listens on its port here."""

    user: str
    target: Target
    listening: bool


def look(tables: sockets.Tables, mounts: Sequence[procfs.Mount]) -> List[Context]:
    """Return them, by user. tables: of dockerd's network namespace, which counts; mounts: this process's. Raise Unreadable."""
    try:
        own = _own_addresses(tables.pid)
        ports = {port for _address, port, _inode in tables.tcp()}
        users = {entry.pw_dir: entry.pw_name for entry in reversed(pwd.getpwall()) if entry.pw_dir.startswith("/")}
    except (OSError, ValueError) as error:
        raise Unreadable(f"contexts of the docker command: {error}")
    remote = frozenset(mount.point for mount in mounts if mount.fstype.startswith(_REMOTE))
    contexts = []
    for home in sorted(users):
        for target in _targets(home, remote):
            if target.host in own:
                contexts.append(Context(users[home], target, target.port in ports))
    return contexts


def _targets(home: str, remote: FrozenSet[str]) -> Iterator[Target]:
    """Where the contexts below a home lead; none of one that isn't there, is elsewhere, or is made to mislead."""
    path = _local(home, remote)
    if path is None:
        return
    descriptors = []
    try:
        descriptors.append(os.open(path, _DIRECTORY))
        for name in (".docker", "contexts", "meta"):
            descriptors.append(os.open(name, _DIRECTORY, dir_fd=descriptors[-1]))
        for name in sorted(os.listdir(descriptors[-1]))[:_MOST]:
            target = _read(os.path.join(name, "meta.json"), descriptors[-1])
            if target is not None:
                yield target
    except OSError:
        return
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _read(path: str, directory: int) -> Optional[Target]:
    try:
        if not stat.S_ISREG(os.stat(path, dir_fd=directory, follow_symlinks=False).st_mode):
            return None
        return parse_context(bounded_file.read(path, _LIMIT, directory, os.O_NOFOLLOW | os.O_NONBLOCK))
    except (OSError, ValueError):
        return None


def _local(path: str, remote: FrozenSet[str]) -> Optional[str]:
    """The path without links in it; None where a part of it is on a filesystem of elsewhere, before that is touched."""
    for _each in range(_LINKS):
        path = os.path.normpath(path)
        parts = path.split("/")
        for count in range(2, len(parts) + 1):
            part = "/".join(parts[:count])
            if part in remote:
                return None
            if os.path.islink(part):
                path = os.path.join(os.path.dirname(part), os.readlink(part), *parts[count:])
                break
        else:
            return path
    return None


def _own_addresses(pid: int) -> FrozenSet[str]:
    """What names this host: its addresses and its name, as nobody is asked for another."""
    own = {"localhost", "ip6-localhost", "::1", "0.0.0.0", socket.gethostname().lower()}
    own |= routes.local_addresses(bounded_file.read(f"/proc/{int(pid)}/net/fib_trie", _TABLE))
    return frozenset(own)
