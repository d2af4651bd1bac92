# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import fcntl
import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import sockets


def test_all_held_has_the_inodes_of_this_processs_sockets_and_no_other_descriptor():
    one, other = socket.socketpair()
    reader, writer = os.pipe()
    inodes = {os.fstat(item.fileno()).st_ino for item in (one, other)}
    held_inodes = sockets.all_held(os.getpid())
    assert inodes <= held_inodes and os.fstat(reader).st_ino not in held_inodes
    assert set(sockets.select_held(os.getpid(), inodes)) == inodes
    high = fcntl.fcntl(other.fileno(), fcntl.F_DUPFD, 50)
    expected = [os.fstat(item.fileno()).st_ino for item in sorted((one, other), key=lambda item: item.fileno())]
    assert list(sockets.select_held(os.getpid(), inodes)) == expected + [os.fstat(high).st_ino]
    os.close(high)
    for item in (one, other):
        item.close()
    os.close(reader)
    os.close(writer)
    assert not inodes & sockets.all_held(os.getpid())


def test_a_process_that_is_not_there_is_an_error():
    with pytest.raises(OSError):
        sockets.all_held(2**22 + 1)


def test_a_table_is_read_once_and_to_its_end(monkeypatch):
    """More sockets than a page of the kernel's has lines for."""
    calls = []
    read = sockets.bounded_file.read
    monkeypatch.setattr(
        sockets.bounded_file, "read", lambda path, *limit, **how: calls.append(path) or read(path, *limit, **how)
    )
    listeners = [socket.socket() for _each in range(60)]
    named = [socket.socket(socket.AF_UNIX) for _each in range(60)]
    try:
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)
        for one in named:
            one.bind("")  # the kernel names it
        tables = sockets.Tables(os.getpid())
        for _twice in range(2):
            tcp, unix = tables.tcp(), tables.unix()
        assert {one.getsockname()[1] for one in listeners} <= {port for _address, port, _inode in tcp}
        assert {os.fstat(one.fileno()).st_ino for one in listeners} <= {inode for _address, _port, inode in tcp}
        assert {"@" + one.getsockname()[1:].decode() for one in named} <= {name for _inode, _flags, name in unix}
    finally:
        for one in listeners + named:
            one.close()
    own = f"/proc/{os.getpid()}/net/"
    assert calls == [own + "tcp", own + "tcp6", own + "unix"]
    with pytest.raises(OSError):
        sockets.Tables(2**22 + 1).tcp()
