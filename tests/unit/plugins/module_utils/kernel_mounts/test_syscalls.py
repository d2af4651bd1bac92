# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flags are carried over, errors come back as numbers, and the calls that are probed fail harmlessly."""

import errno
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import syscalls as sys_


@pytest.mark.parametrize(
    "options, flags",
    [
        ("rw,nosuid,nodev,noexec,relatime", sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC | sys_.MS_RELATIME),
        ("ro,noatime,nodiratime", sys_.MS_NOATIME | sys_.MS_NODIRATIME),
        ("rw", sys_.MS_STRICTATIME),  # none of the atime words means strict
        ("rw,nosymfollow,idmapped,relatime", sys_.MS_NOSYMFOLLOW | sys_.MS_RELATIME),
    ],
)
def test_carried_flags(options, flags):
    assert sys_.carried_flags(frozenset(options.split(","))) == flags


def test_an_error_is_a_number():
    calls = sys_.Calls()
    assert calls.openat(sys_.AT_FDCWD, b"/nowhere/at all", sys_.O_PATH, 0) == -errno.ENOENT
    assert calls.close(9999) == -errno.EBADF
    assert calls.clone_mount(9999) in (-errno.EBADF, -errno.ENOSYS, -errno.EPERM)
    assert calls.mount(None, b"/nowhere", None, sys_.MS_REMOUNT | sys_.MS_BIND, None) < 0
    assert calls.read(9999) == b""


def test_what_is_opened_is_read_and_written():
    calls = sys_.Calls()
    reader, writer = os.pipe()
    data = bytes(bytearray(range(256))) * 8
    assert calls.write(writer, data) == 0
    assert calls.read(reader) == data
    assert calls.close(writer) == 0 and calls.read(reader) == b""
    os.close(reader)
