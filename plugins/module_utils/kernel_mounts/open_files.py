# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which processes of a container still reach a mount below the one that covers it, or hold a file of it for writing,
and which mount namespaces they are in. Reads the host's /proc only, decides nothing, opens no file of the container.

A thread may have descriptors, directories and a mount namespace of its own, so each is looked at. What is on its way
through a socket, or kept by an io_uring, can't be seen.
"""

import fcntl
import os
import time
from typing import Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below

LINK_LIMIT = 200000
THREAD_LIMIT = 16384
NAMESPACE_LIMIT = 32
_NS_GET_USERNS, _NS_GET_PARENT = 0xB701, 0xB702  # linux: include/uapi/linux/nsfs.h


class Reach(NamedTuple):
    """What must not be held: the part at `below` of what the mount of this id shows at its point.

    writing: only a descriptor that is open for writing counts.
    """

    mount: int
    point: str
    below: str
    writing: bool = False


class Holder(NamedTuple):
    """A process that holds one: by what ("descriptor 5", "working directory", "root")."""

    pid: int
    what: str
    reach: Reach


class OpenFiles(NamedTuple):
    """holders, one for each process and Reach; namespaces: the mount namespaces, as mnt:[4026531841], with a process
    in each; reason: why there may be more, None if all was looked at.
    """

    holders: List[Holder]
    namespaces: Dict[str, int]
    reason: Optional[str]


class _Enough(Exception):
    """A limit was met; the text says which."""


def search(container: str, pids: Sequence[int], reaches: Sequence[Reach], deadline: float) -> OpenFiles:
    """What the processes of a container hold. deadline: on the monotonic clock."""
    result = OpenFiles([], {}, None)
    budget = _Budget(deadline)
    for pid in sorted(pids):
        try:
            with process_handle.open_member(container, pid) as process:
                _process(pid, process.directory, reaches, result, budget)
        except _Enough as limit:
            return result._replace(reason=str(limit))
        except (OSError, process_handle.Gone):
            continue  # it ended meanwhile
    return result


class _Budget:
    def __init__(self, deadline: float) -> None:
        self.deadline, self.links, self.threads = deadline, LINK_LIMIT, THREAD_LIMIT

    def thread(self) -> None:
        self.threads -= 1
        if self.threads < 0:
            raise _Enough(f"more than {int(THREAD_LIMIT)} threads")
        if time.monotonic() > self.deadline:
            raise _Enough("no time left to look at all processes")

    def link(self) -> None:
        self.links -= 1
        if self.links < 0:
            raise _Enough(f"more than {int(LINK_LIMIT)} descriptors")


def _process(pid: int, directory: int, reaches: Sequence[Reach], result: OpenFiles, budget: _Budget) -> None:
    tasks = os.open("task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=directory)
    try:
        for thread in os.listdir(tasks):
            budget.thread()
            try:
                task = os.open(thread, os.O_RDONLY | os.O_DIRECTORY, dir_fd=tasks)
            except OSError:
                continue
            try:
                _thread(pid, task, reaches, result, budget)
            except OSError:
                continue  # it ended meanwhile
            finally:
                os.close(task)
    finally:
        os.close(tasks)


def _thread(pid: int, task: int, reaches: Sequence[Reach], result: OpenFiles, budget: _Budget) -> None:
    result.namespaces.setdefault(os.readlink("ns/mnt", dir_fd=task), pid)
    if len(result.namespaces) > NAMESPACE_LIMIT:
        raise _Enough(f"more than {int(NAMESPACE_LIMIT)} mount namespaces")
    if not reaches:
        return
    for name, what in (("cwd", "working directory"), ("root", "root")):
        for reach in _by_link(task, name, reaches):
            _add(result, Holder(pid, what, reach))
    descriptors = os.open("fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=task)
    try:
        for number in os.listdir(descriptors):
            budget.link()
            try:
                reached = _by_descriptor(task, number, os.readlink(number, dir_fd=descriptors), reaches)
            except OSError:
                continue  # it was closed meanwhile
            for reach in reached:
                _add(result, Holder(pid, f"descriptor {number}", reach))
    finally:
        os.close(descriptors)


def _add(result: OpenFiles, holder: Holder) -> None:
    if not any(known.pid == holder.pid and known.reach == holder.reach for known in result.holders):
        result.holders.append(holder)


def _by_link(task: int, name: str, reaches: Sequence[Reach]) -> List[Reach]:
    possible = [reach for reach in _possible(os.readlink(name, dir_fd=task), reaches) if not reach.writing]
    if not possible:
        return possible
    mount = _mount_of_link(task, name)
    return [reach for reach in possible if reach.mount == mount]


def _by_descriptor(task: int, number: str, path: str, reaches: Sequence[Reach]) -> List[Reach]:
    possible = _possible(path, reaches)
    if not possible:
        return possible
    mount, writing = _information(task, number)
    return [reach for reach in possible if reach.mount == mount and (writing or not reach.writing)]


def _possible(path: str, reaches: Sequence[Reach]) -> List[Reach]:
    """Which of them a file of this path can be in, if it is on their mount."""
    if not path.startswith("/"):  # a pipe, a socket
        return []
    return [reach for reach in reaches if reach.below + "/" in path + "/" and _inside(path, reach)]


def _inside(path: str, reach: Reach) -> bool:
    # Relative to another root than the point is, the path does not start with it: then any match counts.
    point = "" if reach.point == "/" else reach.point
    return not below(path, reach.point) or below(path, point + reach.below)


def _information(task: int, number: str) -> Tuple[int, bool]:
    """(mount id, whether it is open for writing) of a descriptor."""
    mount, flags = -1, 0
    for line in _read("fdinfo/" + number, task).split(b"\n"):
        name, _colon, value = line.partition(b":")
        if name == b"mnt_id":
            mount = int(value)
        elif name == b"flags":
            flags = int(value, 8)
    return mount, flags & os.O_ACCMODE != os.O_RDONLY and not flags & os.O_PATH


def _mount_of_link(task: int, name: str) -> int:
    """The mount of a working directory or root: O_PATH through the kernel's own link opens no file."""
    descriptor = os.open(name, os.O_PATH, dir_fd=task)
    try:
        return _own_mount(descriptor)
    finally:
        os.close(descriptor)


def _own_mount(descriptor: int) -> int:
    with open(f"/proc/self/fdinfo/{int(descriptor)}", "rb") as stream:
        for line in stream:
            if line.startswith(b"mnt_id:"):
                return int(line[7:])
    return -1


def _read(name: str, directory: int) -> bytes:
    descriptor = os.open(name, os.O_RDONLY, dir_fd=directory)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)


def owners(container: str, pid: int) -> FrozenSet[str]:
    """The user namespaces, as user:[4026531837], whose SYS_ADMIN counts for the mounts of this process: the one that
    owns its mount namespace and those above it. Raise Gone.
    """
    opened: List[int] = []
    names = set()
    try:
        with process_handle.open_member(container, pid) as process:
            here = os.open("ns/mnt", os.O_RDONLY, dir_fd=process.directory)
        opened.append(here)
        request = _NS_GET_USERNS
        while len(opened) < 39:  # the kernel nests 32
            here = fcntl.ioctl(here, request)
            opened.append(here)
            names.add(f"user:[{int(os.fstat(here).st_ino)}]")
            request = _NS_GET_PARENT
    except OSError:  # EPERM: above is the reader's own
        pass
    finally:
        for descriptor in opened:
            os.close(descriptor)
    if not names:
        raise process_handle.Gone(f"process {int(pid)}: the owner of its mount namespace can't be seen")
    return frozenset(names)
