# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which two unix sockets are connected, as the kernel says it."""

import os
import socket
import struct

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import unix_peers


def inode(connection):
    return os.fstat(connection.fileno()).st_ino


def message(kind, body):
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body


def entry(number, peer):
    attributes = struct.pack("=HHI", 8, 2, peer) if peer else b""
    name = struct.pack("=HH", 7, 0) + b"/a\0\0"  # three bytes, and one to the next word
    return message(20, struct.pack("=BBBBI2I", 1, 1, 1, 0, number, 0, 0) + name + attributes)


def test_the_kernel_tells_the_peer_of_a_pair():
    if not unix_peers.is_there():
        assert not os.path.exists("/sys/module/unix_diag")  # and asking would have one loaded
        return
    one, other = socket.socketpair(socket.AF_UNIX)
    alone = socket.socket(socket.AF_UNIX)
    try:
        alone.bind("")
        inodes = [inode(one), inode(other), inode(alone)]
        alone.close()
        assert unix_peers.read(inodes) == {inode(one): inode(other), inode(other): inode(one)}
    finally:
        one.close()
        other.close()


def test_a_socket_that_is_not_connected_has_no_peer():
    assert unix_peers.parse_answer(entry(7, 8)) == {7: 8}
    assert unix_peers.parse_answer(entry(9, 0)) == {}


def test_the_kernels_refusal_is_an_error():
    with pytest.raises(OSError, match="No such file"):
        unix_peers.parse_answer(message(2, struct.pack("=i", -2)))


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("=IHHII", 8, 20, 0, 1, 0),
        entry(1, 2)[:-2],
        message(20, b"short"),
        message(9, b"\0" * 16),
        message(20, b"\0" * 16 + struct.pack("=HH", 0, 2)),
    ],
)
def test_what_no_kernel_writes_is_refused(data):
    with pytest.raises(ValueError):
        unix_peers.parse_answer(data)


@pytest.mark.parametrize("builtin, there", [(b"kernel/net/unix/unix_diag.ko\n", True), (b"kernel/net/x.ko\n", False)])
def test_a_kernel_that_would_load_a_module_is_not_asked(tmp_path, builtin, there):
    for name, data in {
        "proc/modules": b"",
        "proc/sys/kernel/osrelease": b"6.1.0\n",
        "lib/modules/6.1.0/modules.builtin": builtin,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert unix_peers.is_there(str(tmp_path)) is there
    (tmp_path / "sys/module/unix_diag").mkdir(parents=True)
    assert unix_peers.is_there(str(tmp_path))
