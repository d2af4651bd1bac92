# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which device nodes a container has in its /dev, and which devices its control group lets it use. I/O only."""

import os
import re
import stat
from functools import lru_cache
from typing import List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups

ENTRIES = 4096
_DEPTH = 4
_READ_LIMIT = 1 << 20
# linux: security/device_cgroup.c, devcgroup_seq_show
_ALLOWED = re.compile(r"([abc]) (\*|\d+):(\*|\d+) ([rwm]*)$")


class Device(NamedTuple):
    """A node or a permission. kind: char, block or "" for both; number: (major, minor), None for any.

    where: the path of a node, or the permission's text; access: of r, w, m.
    """

    where: str
    kind: str
    number: Tuple[Optional[int], Optional[int]]
    access: str = "rwm"


def nodes(process: int, device: str) -> List[Device]:
    """The nodes in the container's own /dev. Raises Unreadable.

    process: a descriptor of /proc/<pid>; device: of the tmpfs that mountinfo shows at /dev. Nothing is followed, and
    nothing but a tmpfs, which answers at once, is listed.
    """
    try:
        directory = os.open("root/dev", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=process)
        try:
            there = os.fstat(directory).st_dev
            if f"{int(os.major(there))}:{int(os.minor(there))}" != device:
                raise Unreadable("something else than the tmpfs that the kernel shows is at /dev")
            devices: List[Device] = []
            budget: List[int] = [ENTRIES]
            _list(directory, "/dev", there, devices, budget, _DEPTH)
            return devices
        finally:
            os.close(directory)
    except OSError as error:
        raise Unreadable(f"the nodes in /dev: {error.strerror}")


def _list(directory: int, path: str, device: int, devices: List[Device], budget: List[int], depth: int) -> None:
    for name, is_link in _names(directory):
        budget[0] -= 1
        if budget[0] < 0:
            raise Unreadable(f"more than {int(ENTRIES)} files in /dev; not all were looked at")
        if is_link:
            continue
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
            kind = "char" if stat.S_ISCHR(status.st_mode) else "block"
            number = (os.major(status.st_rdev), os.minor(status.st_rdev))
            devices.append(Device(path + "/" + name, kind, number))
        elif stat.S_ISDIR(status.st_mode) and status.st_dev == device:
            if not depth:
                raise Unreadable(f"{path}/{name} is too deep to be looked at")
            below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
            try:
                if os.fstat(below).st_dev == device:
                    _list(below, path + "/" + name, device, devices, budget, depth - 1)
            finally:
                os.close(below)


def _names(directory: int) -> List[Tuple[str, bool]]:
    """Return each file's name and whether it is a link, which Python 3.6 can't tell of an open directory."""
    if os.scandir not in os.supports_fd:
        return [(name, False) for name in os.listdir(directory)]
    with os.scandir(directory) as entries:
        return [(entry.name, entry.is_symlink()) for entry in entries]


def permissions(
    container: str, cgroup: bytes, hierarchies: cgroups.Hierarchies, memory: Optional[cgroups.Memory] = None
) -> Optional[List[Device]]:
    """What its device control group lets the container use; None where it is in none of its own. Raises Unreadable."""
    group = cgroups.find(cgroup, "devices", container, hierarchies, memory)
    if group.directory is None:
        return None
    if group.unified:
        return _by_programs(group.directory)
    path = group.directory + "/devices.list"
    try:
        return list(_parse_alike(bounded_file.read(path, _READ_LIMIT, end=bounded_file.ONE_RECORD)))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: {getattr(error, 'strerror', None) or error}")


def _by_programs(directory: str) -> List[Device]:
    # only where control groups are of version 2: ctypes takes its time
    from ansible_collections.containment.docker.plugins.module_utils.linux import device_filter, device_program

    try:
        return list(device_filter.allowed(device_program.attached(directory)))
    except device_filter.Unfollowed as reason:
        raise Unreadable(f"{directory}: {reason}")


@lru_cache(maxsize=16)  # most containers have the same
def _parse_alike(data: bytes) -> Tuple[Device, ...]:
    return tuple(parse_permissions(data))


def parse_permissions(data: bytes) -> List[Device]:
    """The entries of devices.list. ValueError for what the kernel does not write."""
    permissions = []
    for line in data.decode("ascii").split("\n"):
        if line:
            match = _ALLOWED.match(line)
            if not match:
                raise ValueError(f"{line[:80]!r} is no permission")
            permissions.append(permission(*match.groups()))
    return permissions


def permission(kind: str, major: str, minor: str, access: str) -> Device:
    """A permission in the words of devices.list: a, b or c, numbers or *."""
    number = tuple(None if part == "*" else int(part) for part in (major, minor))
    return Device(f"{kind} {major}:{minor} {access}", {"c": "char", "b": "block"}.get(kind, ""), number, access)  # type: ignore
