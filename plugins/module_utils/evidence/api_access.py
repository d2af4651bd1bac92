# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads who may connect to the unix sockets on which a dockerd serves its API. I/O only: decides nothing.

No dockerd serves it on a vsock: it refuses such an address, and ends by one that systemd hands over (moby:
daemon/listeners/listeners_linux.go; both run with 28.5).
"""

import grp
import os
import pwd
import re
import stat
import struct
from typing import AbstractSet, Dict, FrozenSet, List, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.linux import rooted, sockets

_LISTENING = 0x10000  # linux: net/unix/af_unix.c shows __SO_ACCEPTCON as this flag
# What dockerd listens on besides, for its own helpers (moby: libnetwork/sandbox_externalkey_unix.go, daemon/cluster,
# daemon/metrics_unix.go). Who may use these is another question.
_NO_API = re.compile(r"/libnetwork/[0-9a-f]+\.sock\Z|/swarm/control\.sock\Z|/metrics\.sock\Z")
_WRITE = 2
# linux: include/uapi/linux/posix_acl.h and posix_acl_xattr.h
_ACL = "system.posix_acl_access"
_ACL_USER, _ACL_GROUP, _ACL_MASK = 0x02, 0x08, 0x10


class Access(NamedTuple):
    """Who may connect to one socket, besides root and the user of dockerd itself.

    name: a path, or `@name` of an abstract socket, which has no permissions; mode: the file's permissions; group: its
    group's name; everybody: whether each user of the host may; users: names of those who may by group, ACL or ownership.
    """

    name: str
    mode: int
    group: str
    everybody: bool
    users: Tuple[str, ...]


def look(process: daemon_process.DaemonProcess, own: AbstractSet[int], tables: sockets.Tables) -> List[Access]:
    """Return who may connect to each API socket of this dockerd. Raise OSError, ValueError.

    own: the inodes of its sockets; tables: of its network namespace.
    """
    names = sorted({name for inode, name in list_listening(tables).items() if inode in own})
    uid = os.stat(f"/proc/{int(process.pid)}").st_uid
    accesses = []
    for name in names:
        if name.startswith("@"):
            accesses.append(Access(name, 0, "", True, ()))
        elif not _NO_API.search(name):
            try:
                accesses.append(of_file(os.path.join(process.directory, name), process.root, uid))
            except rooted.Missing:
                continue  # nobody can connect to what has no file any more
    return accesses


def list_listening(tables: sockets.Tables) -> Dict[int, str]:
    """Return the name of each listening unix socket, by inode. Raise OSError, ValueError."""
    return {inode: name for inode, flags, name in tables.unix() if flags & _LISTENING}


def list_accepted(tables: sockets.Tables, own: AbstractSet[int]) -> FrozenSet[int]:
    """Return the inodes of the connections to its API that this dockerd has accepted. own: of its sockets. OSError, ValueError.

    Such a socket has the name of the one that listens.
    """
    rows = [row for row in tables.unix() if row[0] in own and not _NO_API.search(row[2])]
    names = {name for _inode, flags, name in rows if flags & _LISTENING}
    return frozenset(inode for inode, flags, name in rows if name in names and not flags & _LISTENING)


def of_file(path: str, root: str, uid: int) -> Access:
    """Access by the file of a socket. uid: of the dockerd, who needs no permission. Raise OSError, rooted.Missing."""
    descriptor, _since = rooted.find(path, root)
    try:
        status = _status(descriptor)
        named = _acl(f"/proc/self/fd/{int(descriptor)}")
    finally:
        os.close(descriptor)
    users = set()
    owner_writes = bool(status.st_mode & stat.S_IWUSR)
    if owner_writes and status.st_uid not in (0, uid):
        users.add(_user(status.st_uid))
    gids = {id_ for tag, id_ in named if tag == _ACL_GROUP}
    if status.st_mode & stat.S_IWGRP:
        gids.add(status.st_gid)
    users.update(_user(id_) for tag, id_ in named if tag == _ACL_USER and id_ not in (0, uid))
    for gid in gids - {0}:
        users |= members(gid)
    owner = _user(uid)
    everybody = bool(status.st_mode & stat.S_IWOTH) and _reachable(path, root)
    mode = stat.S_IMODE(status.st_mode)
    return Access(path, mode, _group(status.st_gid), everybody, tuple(sorted(users - {"root", owner})))


def _reachable(path: str, root: str) -> bool:
    """Whether everybody may pass each directory above."""
    above = os.path.dirname(path)
    while True:
        descriptor, _since = rooted.find(above, root)
        try:
            if not os.fstat(descriptor).st_mode & stat.S_IXOTH:
                return False
        finally:
            os.close(descriptor)
        if above == "/":
            return True
        above = os.path.dirname(above)


def _status(descriptor: int) -> os.stat_result:
    return os.fstat(descriptor)


def _acl(path: str) -> List[Tuple[int, int]]:
    """(tag, id) of each user and group whom an access control list lets write."""
    try:
        data = os.getxattr(path, _ACL)
    except OSError:
        return []  # none, or a filesystem without them
    entries = [struct.unpack_from("<HHI", data, at) for at in range(4, len(data) - 7, 8)]
    mask = next((perm for tag, perm, _id in entries if tag == _ACL_MASK), 7)
    return [(tag, id_) for tag, perm, id_ in entries if tag in (_ACL_USER, _ACL_GROUP) and perm & mask & _WRITE]


def members(gid: int) -> FrozenSet[str]:
    """The users in a group, as members and as their first group, as far as the host lists them."""
    users = {user.pw_name for user in pwd.getpwall() if user.pw_gid == gid}
    try:
        users.update(grp.getgrgid(gid).gr_mem)
    except KeyError:
        pass
    return frozenset(users)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
