# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes the mounts of a container that runs, from a child process that enters its mount namespace: the parent.

It makes sure that the container is the right one, and that a child that hangs or dies does no harm to the run.
"""

import array
import errno
import gc
import os
import select
import signal
import stat
import time
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import child as mount_child
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import syscalls
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import Change
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

HOST_NAMESPACE = "its first process is in the host's own mount namespace"
_WORDS = {
    mount_child.FIND: "its path could not be followed",
    mount_child.SWAPPED: "another mount is there than the one that was looked at",
    mount_child.COPY: "the mount could not be copied",
    mount_child.PROTECT: "it could not be made read-only",
    mount_child.ATTACH: "the new mount could not be put over it",
    mount_child.NO_NULL: "no /dev/null that is known to be the kernel's",
    mount_child.ENTER: "the container's mount namespace could not be entered",
    mount_child.CRASHED: "the process that should do it hung or died",
    mount_child.UNDO: "it could not be made read-only, and the new mount over it could not be taken away again",
}


class Refused(Exception):
    """This container's mounts must not be changed; the text is the reason."""


class Tools(NamedTuple):
    """What is the same for all containers. null: a descriptor of the host's /dev/null; hosts: the (device, inode)
    of the mount namespaces that are never entered.
    """

    calls: syscalls.Calls
    null: int
    hosts: Tuple[Tuple[int, int], ...]


class Failure(NamedTuple):
    """Why a change was not made. number: the errno, 0 if there is none."""

    stage: int
    number: int

    @property
    def busy(self) -> bool:
        """Whether someone holds a file of the mount open for writing."""
        return self.stage == mount_child.PROTECT and self.number == errno.EBUSY

    def __str__(self) -> str:
        words = _WORDS.get(self.stage, "it failed")
        return f"{words}: {os.strerror(self.number)}" if self.number else words


def prepare() -> Tools:
    """Bind and open what the children need. Raises Refused where this host doesn't offer it."""
    try:
        null = os.open("/dev/null", os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        hosts = tuple(_identity(os.stat(f"/proc/{pid}/ns/mnt")) for pid in ("1", "self"))
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}; this needs root")
    status = os.fstat(null)
    if not stat.S_ISCHR(status.st_mode) or status.st_rdev != mount_child.NULL:
        raise Refused("the host's /dev/null is not the null device")
    return Tools(syscalls.Calls(), null, hosts)


def apply(
    tools: Tools, container: str, pid: int, mounts: Sequence[Mount], changes: Sequence[Change], timeout: float
) -> List[Optional[Failure]]:
    """Make the changes in the mount namespace of a container's first process; None for each that was made.

    Raise Gone if pid is no process of this container (any more), Refused if it must not be entered.
    timeout in seconds; what a child did that had to be killed, only the kernel knows: look at the mounts anew.
    """
    opened: List[int] = []
    try:
        try:
            with process_handle.open_member(container, pid) as process:
                namespace = os.open("ns/mnt", os.O_RDONLY | os.O_CLOEXEC, dir_fd=process.directory)
                opened.append(namespace)
                root = os.open("root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=process.directory)
                opened.append(root)
        except OSError as error:
            raise process_handle.Gone(f"process {int(pid)}: {error.strerror}")
        if _identity(os.fstat(namespace)) in tools.hosts:
            raise Refused(HOST_NAMESPACE)
        steps = [mount_child.step(change) for change in changes]
        return _run(tools, namespace, root, steps, _null_ids(tools, mounts), timeout)
    finally:
        for descriptor in opened:
            os.close(descriptor)


def is_hosts(tools: Tools, name: str) -> bool:
    """Whether this mount namespace, as mnt:[4026531841], is one that is never entered."""
    return name in [f"mnt:[{int(inode)}]" for _device, inode in tools.hosts]


def _identity(status: os.stat_result) -> Tuple[int, int]:
    return status.st_dev, status.st_ino


def _null_ids(tools: Tools, mounts: Sequence[Mount]) -> Dict[int, int]:
    """Flags by the id of the mounts whose /dev/null may serve where the host's can't be brought along."""
    if tools.calls.by_descriptor:
        return {}
    return {
        mount.id: syscalls.carried_flags(mount.options) for mount in mounts if mount.fstype in ("tmpfs", "devtmpfs")
    }


def _run(
    tools: Tools,
    namespace: int,
    root: int,
    steps: Sequence[mount_child.Step],
    null_ids: Mapping[int, int],
    timeout: float,
) -> List[Optional[Failure]]:
    size = 2 * len(steps) * array.array("i").itemsize
    reader, writer = os.pipe()
    try:
        try:
            child = _fork(tools, namespace, root, steps, null_ids, writer)
        finally:
            os.close(writer)
        try:
            answer = _answer(reader, size, time.monotonic() + timeout)
        finally:
            _end(child)
    finally:
        os.close(reader)
    if len(answer) != size:
        return [Failure(mount_child.CRASHED, 0)] * len(steps)
    numbers = array.array("i", answer)
    return [Failure(*pair) if pair[0] != mount_child.DONE else None for pair in zip(numbers[::2], numbers[1::2])]


def _fork(
    tools: Tools, namespace: int, root: int, steps: Sequence[mount_child.Step], null_ids: Mapping[int, int], writer: int
) -> int:
    collecting = gc.isenabled()
    gc.disable()  # a collection in the child could run anything
    try:
        child = os.fork()
        if child == 0:
            mount_child.run(tools.calls, tools.null, namespace, root, steps, null_ids, writer)
        return child
    finally:
        if collecting:
            gc.enable()


def _answer(reader: int, size: int, deadline: float) -> bytes:
    """What the child wrote until then; less than size where it hangs or died."""
    data = b""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while len(data) < size:
        seconds = deadline - time.monotonic()
        piece = os.read(reader, size - len(data)) if seconds > 0 and poll.poll(seconds * 1000) else b""
        if not piece:
            break
        data += piece
    return data


def _end(child: int) -> None:
    """Reap it; one that hangs in the kernel is killed, and not waited for longer than a moment."""
    for attempt in range(100):
        try:
            if os.waitpid(child, os.WNOHANG)[0]:
                return
        except ChildProcessError:  # reaped by whoever ignores SIGCHLD for this process
            return
        if attempt == 20:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001 if attempt < 20 else 0.01)
