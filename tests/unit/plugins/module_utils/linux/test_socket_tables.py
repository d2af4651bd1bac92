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


HEAD = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def row(local, remote, state):
    return b"   0: %s %s %s 00000000:00000000 00:00000000 00000000     0        0 1 1\n" % (local, remote, state)


def test_connections_that_its_own_side_began():
    server = row(b"020011AC:0050", b"00000000:0000", b"0A") + row(b"020011AC:0050", b"030011AC:9999", b"01")
    client = row(b"020011AC:8888", b"030011AC:1538", b"01") + row(b"020011AC:8889", b"030011AC:1538", b"06")
    expected = [socket_tables.Connection("tcp", "172.17.0.2", "172.17.0.3", 5432)]
    assert socket_tables.connected(HEAD + server + client, "tcp") == expected


def test_an_address_of_ipv4_in_ipv6_is_ipv4():
    mapped = b"0000000000000000FFFF0000%s:%s"
    data = HEAD + row(mapped % (b"020011AC", b"8888"), mapped % (b"030011AC", b"0050"), b"01")
    assert socket_tables.connected(data, "tcp")[0][1:] == ("172.17.0.2", "172.17.0.3", 80)
    data = HEAD + row(b"000080FE000000000000000001000000:8888", b"000080FE000000000000000002000000:0050", b"01")
    assert socket_tables.connected(data, "tcp")[0][1:] == ("fe80::1", "fe80::2", 80)


def test_a_datagram_socket_that_is_only_bound_did_not_begin():
    data = HEAD + row(b"00000000:0035", b"00000000:0000", b"07") + row(b"020011AC:0035", b"030011AC:9999", b"01")
    assert socket_tables.connected(data, "udp") == []


@pytest.mark.parametrize("line", [row(b"x", b"0:0", b"01"), b" 0:\n", row(b"020011AC:8888", b"zz:1", b"01")])
def test_a_connection_that_no_kernel_writes_is_refused(line):
    with pytest.raises(ValueError):
        socket_tables.connected(HEAD + line, "tcp")


def test_sockets_in_use_are_counted_by_protocol():
    data = b"sockets: used 14\nTCP: inuse 2 orphan 0 tw 10 alloc 7 mem 262\nUDP: inuse 0 mem 0\nUDPLITE: inuse 3\nRAW: inuse 1\n"
    assert socket_tables.in_use(data) == {"tcp": 2, "udp": 0}
    assert socket_tables.in_use(b"TCP6: inuse 0\nUDP6: inuse 1\nUDPLITE6: inuse 4\n") == {"tcp6": 0, "udp6": 1}


def test_what_is_no_count_is_left_out():
    assert socket_tables.in_use(b"TCP: inuse many\nUDP: 0\n TCP6: inuse 0\n") == {}
