# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

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
    for item in (one, other):
        item.close()
    os.close(reader)
    os.close(writer)
    assert not inodes & sockets.all_held(os.getpid())


def test_a_process_that_is_not_there_is_an_error():
    with pytest.raises(OSError):
        sockets.all_held(2**22 + 1)
