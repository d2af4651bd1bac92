# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes the mounts of a container that runs, from a child process that enters its mount namespace.

In there each file is the container's, and the child is the host's root (the class of CVE-2019-14271). So the child
calls nothing but what was bound before (`mount_syscalls`), with bytes and numbers made before: it imports nothing,
encodes nothing, raises nothing, opens files only as O_PATH, one component at a time and without following links,
and executes nothing. It finds out which mount a descriptor is on through the host's /proc, opened before. It acts on
descriptors, stays in the host's user namespace, answers in fixed-size numbers and ends with _exit.
"""

import array
import errno
import gc
import locale
import os
import select
import signal
import stat
import time
from typing import List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils import mount_syscalls as sys_, processes
from ansible_collections.containment.docker.plugins.module_utils.mount_plan import BIND, MASK, READ_ONLY, Change
from ansible_collections.containment.docker.plugins.module_utils.procfs import Mount

_WALK = sys_.O_PATH | sys_.O_CLOEXEC | sys_.O_NOFOLLOW
_FILE_MASK = sys_.MOUNT_ATTR_RDONLY | sys_.MOUNT_ATTR_NOSUID | sys_.MOUNT_ATTR_NOEXEC
_TMPFS = sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC
_NULL = os.makedev(1, 3)  # linux: Documentation/admin-guide/devices.txt
# What a change failed at. The child answers two numbers for each: one of these, and an errno.
DONE, FIND, SWAPPED, COPY, PROTECT, ATTACH, NO_NULL, ENTER, CRASHED, UNDO = range(10)
_WORDS = {
    FIND: "its path could not be followed", SWAPPED: "another mount is there than the one that was looked at",
    COPY: "the mount could not be copied", PROTECT: "it could not be made read-only",
    ATTACH: "the new mount could not be put over it", NO_NULL: "no /dev/null that is known to be the kernel's",
    ENTER: "the container's mount namespace could not be entered", CRASHED: "the child process failed",
    UNDO: "it could not be made read-only, and the new mount over it could not be taken away again",
}


class Refused(Exception):
    """This container's mounts must not be changed; the text is the reason."""


class Tools(NamedTuple):
    """What is the same for all containers. null: a descriptor of the host's /dev/null; hosts: the (device, inode)
    of the mount namespaces that are never entered.
    """

    calls: sys_.Calls
    null: int
    hosts: Tuple[Tuple[int, int], ...]


class Failure(NamedTuple):
    """Why a change was not made. number: the errno, 0 if there is none."""

    stage: int
    number: int

    def __str__(self):
        words = _WORDS.get(self.stage, "it failed")
        return "%s: %s" % (words, os.strerror(self.number)) if self.number else words


def prepare():
    # type: () -> Tools
    """Bind and open what the children need. Raises Refused where this host doesn't offer it."""
    try:
        null = os.open("/dev/null", os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        hosts = tuple(_identity(os.stat("/proc/%s/ns/mnt" % pid)) for pid in ("1", "self"))
    except OSError as error:
        raise Refused("%s: %s; this needs root" % (error.filename, error.strerror))
    found = os.fstat(null)
    if not stat.S_ISCHR(found.st_mode) or found.st_rdev != _NULL:
        raise Refused("the host's /dev/null is not the null device")
    return Tools(sys_.Calls(), null, hosts)


def apply(tools, container, pid, mounts, changes, timeout):
    # type: (Tools, str, int, Sequence[Mount], Sequence[Change], float) -> List[Optional[Failure]]
    """Make the changes in the mount namespace of a container's first process; None for each that was made.

    Raises processes.Gone if pid is no process of this container (any more), Refused if it must not be entered.
    timeout in seconds; what a child did that had to be killed, only the kernel knows: look at the mounts anew.
    """
    directory = processes.hold(container, pid)
    opened = [directory]
    try:
        try:
            namespace = os.open("ns/mnt", os.O_RDONLY | os.O_CLOEXEC, dir_fd=directory)
            opened.append(namespace)
            root = os.open("root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=directory)
            opened.append(root)
        except OSError as error:
            raise processes.Gone("process %d: %s" % (pid, error.strerror))
        if _identity(os.fstat(namespace)) in tools.hosts:
            raise Refused("its first process is in the host's own mount namespace")
        return _run(tools, namespace, root, _steps(changes), _null_id(tools, mounts), timeout)
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _identity(found):
    return found.st_dev, found.st_ino


class _Step(NamedTuple):
    """A Change in bytes and numbers. point, below: the components; flags: those that a remount has to carry over."""

    action: str
    mount: int
    point: Tuple[bytes, ...]
    below: Tuple[bytes, ...]
    flags: int


def _steps(changes):
    return [
        _Step(change.action, change.mount.id, _components(change.mount.point), _components(change.below),
              sys_.carried_flags(change.mount.options))
        for change in changes
    ]


def _components(path):
    return tuple(os.fsencode(name) for name in path.split("/") if name)


def _null_id(tools, mounts):
    """(id, flags) of the mounts whose /dev/null may serve where the host's can't be brought along."""
    if tools.calls.by_descriptor:
        return {}
    return {mount.id: sys_.carried_flags(mount.options) for mount in mounts if mount.fstype in ("tmpfs", "devtmpfs")}


def _run(tools, namespace, root, steps, nulls, timeout):
    size = 2 * len(steps) * array.array("i").itemsize
    reader, writer = os.pipe()
    collecting = gc.isenabled()
    gc.disable()
    try:
        child = os.fork()
        if child == 0:
            _child(tools, namespace, root, steps, nulls, writer)
    finally:
        if collecting:
            gc.enable()
        os.close(writer)
    try:
        answer = _answer(reader, size, time.monotonic() + timeout)
    finally:
        os.close(reader)
        _end(child)
    if len(answer) != size:
        return [Failure(CRASHED, errno.ETIMEDOUT if answer is _LATE else 0)] * len(steps)
    numbers = array.array("i", answer)
    return [Failure(*pair) if pair[0] != DONE else None for pair in zip(numbers[::2], numbers[1::2])]


_LATE = b"late"


def _answer(reader, size, deadline):
    data = b""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return _LATE
        piece = os.read(reader, size - len(data))
        if not piece:
            break
        data += piece
    return data


def _end(child):
    """Reap it; one that hangs in the kernel is killed, and not waited for longer than a moment."""
    for attempt in range(100):
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        if attempt == 20:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001 if attempt < 20 else 0.01)


def _child(tools, namespace, root, steps, nulls, writer):
    """Never returns, never raises."""
    try:
        calls = tools.calls
        calls.prctl(sys_.PR_SET_DUMPABLE, 0, 0, 0, 0)
        calls.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        locale.setlocale(locale.LC_ALL, "C")  # no message catalogues, whatever should ask for a text
        own = calls.openat(sys_.AT_FDCWD, b"/proc/self/fdinfo", sys_.O_PATH | sys_.O_DIRECTORY | sys_.O_CLOEXEC, 0)
        links = calls.openat(sys_.AT_FDCWD, b"/proc/self/fd", sys_.O_PATH | sys_.O_DIRECTORY | sys_.O_CLOEXEC, 0)
        inside = _Inside(calls, root, own, _null_mounts(calls, tools.null, steps), nulls)
        answers = array.array("i", [ENTER, 0] * len(steps))
        entered = calls.setns(namespace, sys_.CLONE_NEWNS) if own >= 0 and links >= 0 else -errno.ENOENT
        if entered == 0:
            entered = calls.fchdir(links)
        for index, step in enumerate(steps):
            if entered < 0:
                answers[2 * index + 1] = -entered
            else:
                answers[2 * index], answers[2 * index + 1] = inside.make(step)
        calls.write(writer, answers.tobytes())
    except BaseException:  # pylint: disable=broad-except
        os._exit(1)
    os._exit(0)


def _null_mounts(calls, null, steps):
    """Mounts of the host's /dev/null, attached nowhere: nothing can be brought along once the child is inside.

    Read-only, or the container could change the mode of the host's file; private, or what the container mounts on
    one would appear on the host's.
    """
    made = []
    if calls.by_descriptor:
        for step in steps:
            if step.action == MASK:
                mount = calls.clone_mount(null)
                if mount >= 0 and calls.set_attributes(mount, _FILE_MASK, private=True) == 0:
                    made.append(mount)
    return made


class _Inside:
    """What the child does in the container's mount namespace. The working directory is the host's /proc/self/fd, so
    that mount(2), which only takes paths, can be given a descriptor by its number.
    """

    def __init__(self, calls, root, own, nulls, null_ids):
        self._calls = calls
        self._root = root
        self._own = own
        self._nulls = nulls
        self._null_ids = null_ids

    def make(self, step):
        """(stage, errno) of one change; descriptors are left to the end of the process."""
        point = self._walk(self._root, step.point)
        if point < 0:
            return FIND, -point
        if self._mount_id(point) != step.mount:
            return SWAPPED, 0
        if step.action == READ_ONLY:
            return self._protect(point, step.flags)
        target = self._walk(point, step.below)
        if target < 0:
            return FIND, -target
        if self._mount_id(target) != step.mount:
            return SWAPPED, 0
        if step.action == BIND:
            return self._bind(step, target)
        if self._calls.openat(target, b".", sys_.O_PATH | sys_.O_DIRECTORY | sys_.O_CLOEXEC, 0) >= 0:
            error = self._calls.mount(b"tmpfs", b"%d" % target, b"tmpfs", _TMPFS, b"size=4k,mode=755")
            return (DONE, 0) if error == 0 else (ATTACH, -error)
        return self._mask_file(step, target)

    def _protect(self, mount, flags):
        """Make the mount read-only whose root this is: MS_BIND keeps it to the mount, off the superblock."""
        calls = self._calls
        if calls.by_descriptor:
            error = calls.set_attributes(mount, sys_.MOUNT_ATTR_RDONLY)
        else:
            error = calls.mount(None, b"%d" % mount, None, sys_.MS_REMOUNT | sys_.MS_BIND | sys_.MS_RDONLY | flags, None)
        return (DONE, 0) if error == 0 else (PROTECT, -error)

    def _bind(self, step, target):
        calls = self._calls
        if not calls.by_descriptor:
            return self._old_bind(target, target, step, step.flags)
        clone = calls.clone_mount(target, recursive=True)
        if clone < 0:
            return COPY, -clone
        # Its root first: what is mounted below was made read-only before where it could be.
        error = calls.set_attributes(clone, 0, private=True, recursive=True)
        if error == 0:
            error = calls.set_attributes(clone, sys_.MOUNT_ATTR_RDONLY)
        if error < 0:
            return PROTECT, -error  # the copy was never attached and ends with its descriptor
        error = calls.attach(clone, target)
        return (DONE, 0) if error == 0 else (ATTACH, -error)

    def _mask_file(self, step, target):
        calls = self._calls
        if calls.by_descriptor:
            if not self._nulls:
                return NO_NULL, 0
            error = calls.attach(self._nulls[-1], target)
            if error == 0:
                self._nulls.pop()
            return (DONE, 0) if error == 0 else (ATTACH, -error)
        # A kernel without these calls can't bring the host's: the container's own serves where it is the null device,
        # on a filesystem in memory.
        null = self._walk(self._root, (b"dev", b"null"))
        if null < 0:
            return NO_NULL, -null
        flags = self._null_ids.get(self._mount_id(null))
        found = os.fstat(null)
        if flags is None or not stat.S_ISCHR(found.st_mode) or found.st_rdev != _NULL:
            return NO_NULL, 0
        return self._old_bind(null, target, step, flags)

    def _old_bind(self, source, target, step, flags):
        """A bind mount is writable at first; if it can't be made read-only it is taken away again."""
        calls = self._calls
        recursive = sys_.MS_REC if step.action == BIND else 0
        error = calls.mount(b"%d" % source, b"%d" % target, None, sys_.MS_BIND | recursive, None)
        if error < 0:
            return ATTACH, -error
        new = self._walk(self._root, step.point + step.below)
        if new < 0:
            return FIND, -new
        if self._mount_id(new) == step.mount:
            return SWAPPED, 0
        error = calls.mount(None, b"%d" % new, None, sys_.MS_PRIVATE | recursive, None)
        stage = PROTECT
        if error == 0:
            stage, number = self._protect(new, flags)
            if stage == DONE:
                return DONE, 0
            error = -number
        undone = calls.umount2(b"%d" % new, sys_.MNT_DETACH)
        return (stage, -error) if undone == 0 else (UNDO, -undone)

    def _walk(self, start, names):
        """A descriptor of what these components lead to, without following links; the negative errno otherwise."""
        here = start
        for name in names:
            following = self._calls.openat(here, name, _WALK, 0)
            if here != start:
                self._calls.close(here)
            if following < 0:
                return following
            here = following
        return here

    def _mount_id(self, descriptor):
        """The id that mountinfo gives the mount of a descriptor, -1 if it can't be told."""
        info = self._calls.openat(self._own, b"%d" % descriptor, os.O_RDONLY | sys_.O_CLOEXEC, 0)
        if info < 0:
            return -1
        data = self._calls.read(info)
        self._calls.close(info)
        start = data.find(b"mnt_id:")
        end = data.find(b"\n", start)
        return int(data[start + 7:end]) if 0 <= start < end else -1
