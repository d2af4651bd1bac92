# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import socket_tables


def test_listening_sockets_only():
    data = (
        b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        b"   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1\n"
        b"   1: 0100007F:0947 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1\n"
    )
    assert socket_tables.listening_tcp(data) == [("0100007F", 0x947, 4711)]


def test_an_address_that_no_kernel_writes_is_refused():
    with pytest.raises(ValueError, match="is no address"):
        socket_tables.listening_tcp(b"\n 0: 0100007{:0947 0:0 0A 0 0 0 0 0 12 1\n")
