# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the parent makes of a child that answers, dies or hangs; and that it never enters the host's own namespace."""

import array
import errno
import gc
import os
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import child as mount_child
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import parent, syscalls
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import BIND, READ_ONLY, Change
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

MOUNT = Mount(7, "0:5", "/", "/a b/\udcffproc", frozenset(("rw", "nosuid", "relatime")), (), "proc", "proc")
CHANGES = [
    Change(BIND, MOUNT, "/sys", "/a b/proc/sys", "/proc/sys"),
    Change(READ_ONLY, MOUNT, "", "/a b/proc", "/proc"),
]
OTHER = ((0, 0),)


@pytest.fixture
def own_process(monkeypatch):
    """Each process counts as one of the container."""
    monkeypatch.setattr(process_handle, "open_member", lambda _id, pid: process_handle.ProcessHandle(pid))


def apply(child, monkeypatch, timeout=5.0, hosts=OTHER):
    def run(_calls, _null, _namespace, _root, _steps, _null_ids, writer):
        try:
            child(writer)
        finally:
            os._exit(0)

    monkeypatch.setattr(mount_child, "run", run)
    tools = parent.Tools(syscalls.Calls(), -1, hosts)
    return parent.apply(tools, "c", os.getpid(), [MOUNT], CHANGES, timeout)


def answering(*numbers):
    return lambda writer: os.write(writer, array.array("i", numbers).tobytes())


def no_child_is_left():
    try:
        return os.waitpid(-1, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return True


def test_answers(own_process, monkeypatch):
    done, failed = apply(answering(mount_child.DONE, 0, mount_child.PROTECT, errno.EBUSY), monkeypatch)
    assert done is None and failed.busy and "Device or resource busy" in str(failed)
    assert no_child_is_left()


def test_swapped_is_told_without_an_errno(own_process, monkeypatch):
    failed = apply(answering(mount_child.SWAPPED, 0, mount_child.FIND, errno.ENOENT), monkeypatch)
    assert str(failed[0]) == "another mount is there than the one that was looked at"
    assert str(failed[1]) == "its path could not be followed: No such file or directory" and not failed[1].busy


@pytest.mark.parametrize(
    "child",
    [
        lambda writer: None,
        answering(0),
        answering(0, 0, 0),
        lambda writer: os.kill(os.getpid(), 9),
    ],
)
def test_a_child_that_dies_did_not_do_it(own_process, monkeypatch, child):
    answers = apply(child, monkeypatch)
    assert [failure.stage for failure in answers] == [mount_child.CRASHED] * 2
    assert no_child_is_left()


def test_a_child_that_hangs_is_killed(own_process, monkeypatch):
    start = time.monotonic()
    answers = apply(lambda writer: time.sleep(60), monkeypatch, timeout=0.2)
    assert [failure.stage for failure in answers] == [mount_child.CRASHED] * 2
    assert time.monotonic() - start < 10 and no_child_is_left()


def test_nothing_is_left_open_and_the_collector_runs_again(own_process, monkeypatch):
    before = len(os.listdir("/proc/self/fd"))
    apply(answering(0, 0, 0, 0), monkeypatch)
    assert len(os.listdir("/proc/self/fd")) == before and gc.isenabled()


def test_the_host_s_namespace_is_refused_before_any_child(own_process, monkeypatch):
    namespace = os.stat("/proc/self/ns/mnt")
    with pytest.raises(parent.Refused):
        apply(lambda writer: None, monkeypatch, hosts=((namespace.st_dev, namespace.st_ino),))
    tools = parent.Tools(None, -1, ((namespace.st_dev, namespace.st_ino),))
    assert parent.is_hosts(tools, os.readlink("/proc/self/ns/mnt"))
    assert not parent.is_hosts(tools, "mnt:[1]")


def test_another_container_s_process_is_never_entered():
    """This process's cgroup does not name a container."""
    tools = parent.Tools(None, -1, OTHER)
    with pytest.raises(process_handle.Gone):
        parent.apply(tools, "f" * 64, os.getpid(), [], CHANGES, 1)


def test_a_step_is_bytes_and_numbers():
    step = mount_child.step(CHANGES[0])
    flags = syscalls.MS_NOSUID | syscalls.MS_RELATIME
    assert step == (BIND, 7, (b"a b", b"\xffproc"), (b"sys",), flags)
