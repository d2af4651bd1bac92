# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the child process does inside a container's mount namespace; `parent` forks it.

In there each file is the container's, and the child is the host's root (the class of CVE-2019-14271). So it calls
nothing but what was bound before (`syscalls`), with bytes and numbers made before: it imports nothing, encodes
nothing, raises nothing, opens files only as O_PATH, one component at a time and without following links, and executes
nothing. It finds out which mount a descriptor is on through the host's /proc, opened before. It acts on descriptors,
stays in the host's user namespace, answers in fixed-size numbers and ends with _exit.
"""

import array
import errno
import locale
import os
import resource
import signal
import stat
from typing import List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import syscalls as sys_
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import BIND, MASK, READ_ONLY, Change

_WALK = sys_.O_PATH | sys_.O_CLOEXEC | sys_.O_NOFOLLOW
_FILE_MASK = sys_.MOUNT_ATTR_RDONLY | sys_.MOUNT_ATTR_NOSUID | sys_.MOUNT_ATTR_NOEXEC
_TMPFS = sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC
NULL = os.makedev(1, 3)  # linux: Documentation/admin-guide/devices.txt
# What a change failed at. The child answers two numbers for each: one of these, and an errno.
DONE, FIND, SWAPPED, COPY, PROTECT, ATTACH, NO_NULL, ENTER, CRASHED, UNDO = range(10)


class Step(NamedTuple):
    """A Change in bytes and numbers. point, below: the components; flags: those that a remount has to carry over."""

    action: str
    mount: int
    point: Tuple[bytes, ...]
    below: Tuple[bytes, ...]
    flags: int


def step(change: Change) -> Step:
    """To be made before the fork."""
    return Step(
        change.action,
        change.mount.id,
        _components(change.mount.point),
        _components(change.below),
        sys_.carried_flags(change.mount.options),
    )


def _components(path: str) -> Tuple[bytes, ...]:
    return tuple(os.fsencode(name) for name in path.split("/") if name)


def run(
    calls: sys_.Calls,
    null: int,
    namespace: int,
    root: int,
    steps: Sequence[Step],
    null_ids: Mapping[int, int],
    writer: int,
) -> None:
    """Make the changes and write two numbers for each to a pipe: a stage, and an errno. Never returns, never raises.

    null: a descriptor of the host's /dev/null; namespace, root: of the container's first process; null_ids: flags by
    the id of the mounts whose /dev/null may serve where the host's can't be brought along.
    """
    try:
        calls.prctl(sys_.PR_SET_DUMPABLE, 0, 0, 0, 0)
        calls.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        locale.setlocale(locale.LC_ALL, "C")  # no message catalogues, whatever should ask for a text
        own = calls.openat(sys_.AT_FDCWD, b"/proc/self/fdinfo", sys_.O_PATH | sys_.O_DIRECTORY | sys_.O_CLOEXEC, 0)
        links = calls.openat(sys_.AT_FDCWD, b"/proc/self/fd", sys_.O_PATH | sys_.O_DIRECTORY | sys_.O_CLOEXEC, 0)
        inside = _Inside(calls, root, own, _null_mounts(calls, null, steps), null_ids)
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


def _null_mounts(calls: sys_.Calls, null: int, steps: Sequence[Step]) -> List[int]:
    """Mounts of the host's /dev/null, attached nowhere: nothing can be brought along once the child is inside.

    Read-only, or the container could change the mode of the host's file; private, or what the container mounts on
    one would appear on the host's.
    """
    mounts: List[int] = []
    if calls.by_descriptor:
        for step in steps:
            if step.action == MASK:
                mount = calls.clone_mount(null)
                if mount >= 0 and calls.set_attributes(mount, _FILE_MASK, private=True) == 0:
                    mounts.append(mount)
    return mounts


class _Inside:
    """What the child does in the container's mount namespace. The working directory is the host's /proc/self/fd, so
    that mount(2), which only takes paths, can be given a descriptor by its number.
    """

    def __init__(self, calls: sys_.Calls, root: int, own: int, nulls: List[int], null_ids: Mapping[int, int]) -> None:
        self._calls = calls
        self._root = root
        self._own = own
        self._nulls = nulls
        self._null_ids = null_ids
        self._opened: List[int] = []

    def make(self, step: Step) -> Tuple[int, int]:
        """(stage, errno) of one change."""
        answer = self._make(step)
        while self._opened:
            self._calls.close(self._opened.pop())
        return answer

    def _make(self, step: Step) -> Tuple[int, int]:
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
        directory = self._calls.openat(target, b".", _WALK | sys_.O_DIRECTORY, 0)
        if directory >= 0:
            self._calls.close(directory)
            error = self._calls.mount(b"tmpfs", b"%d" % target, b"tmpfs", _TMPFS, b"size=4k,mode=755")
            return (DONE, 0) if error == 0 else (ATTACH, -error)
        return self._mask_file(step, target)

    def _protect(self, mount: int, flags: int) -> Tuple[int, int]:
        """Make the mount read-only whose root this is: MS_BIND keeps it to the mount, off the superblock."""
        calls = self._calls
        if calls.by_descriptor:
            error = calls.set_attributes(mount, sys_.MOUNT_ATTR_RDONLY)
        else:
            error = calls.mount(
                None, b"%d" % mount, None, sys_.MS_REMOUNT | sys_.MS_BIND | sys_.MS_RDONLY | flags, None
            )
        return (DONE, 0) if error == 0 else (PROTECT, -error)

    def _bind(self, step: Step, target: int) -> Tuple[int, int]:
        calls = self._calls
        if not calls.by_descriptor:
            return self._old_bind(target, target, step, step.flags)
        clone = calls.clone_mount(target, recursive=True)
        if clone < 0:
            return COPY, -clone
        self._opened.append(clone)
        # Its root first: what is mounted below was made read-only before where it could be.
        error = calls.set_attributes(clone, 0, private=True, recursive=True)
        if error == 0:
            error = calls.set_attributes(clone, sys_.MOUNT_ATTR_RDONLY)
        if error < 0:
            return PROTECT, -error  # the copy was never attached and ends with its descriptor
        error = calls.attach(clone, target)
        return (DONE, 0) if error == 0 else (ATTACH, -error)

    def _mask_file(self, step: Step, target: int) -> Tuple[int, int]:
        calls = self._calls
        if calls.by_descriptor:
            if not self._nulls:
                return NO_NULL, 0
            mount = self._nulls.pop()
            error = calls.attach(mount, target)
            calls.close(mount)
            return (DONE, 0) if error == 0 else (ATTACH, -error)
        # A kernel without these calls can't bring the host's: the container's own serves where it is the null device,
        # on a filesystem in memory.
        null = self._walk(self._root, (b"dev", b"null"))
        if null < 0:
            return NO_NULL, -null
        flags = self._null_ids.get(self._mount_id(null))
        if flags is None:
            return NO_NULL, 0
        status = os.fstat(null)
        if not stat.S_ISCHR(status.st_mode) or status.st_rdev != NULL:
            return NO_NULL, 0
        return self._old_bind(null, target, step, flags)

    def _old_bind(self, source: int, target: int, step: Step, flags: int) -> Tuple[int, int]:
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

    def _walk(self, start: int, names: Sequence[bytes]) -> int:
        """A descriptor of what these components lead to, without following links; the negative errno otherwise."""
        here = start
        for name in names:
            following = self._calls.openat(here, name, _WALK, 0)
            if here != start:
                self._calls.close(here)
            if following < 0:
                return following
            here = following
        if here != start:
            self._opened.append(here)
        return here

    def _mount_id(self, descriptor: int) -> int:
        """The id that mountinfo gives the mount of a descriptor, -1 if it can't be told."""
        info = self._calls.openat(self._own, b"%d" % descriptor, os.O_RDONLY | sys_.O_CLOEXEC, 0)
        if info < 0:
            return -1
        data = self._calls.read(info)
        self._calls.close(info)
        start = data.find(b"mnt_id:")
        end = data.find(b"\n", start)
        return int(data[start + 7 : end]) if 0 <= start < end else -1
