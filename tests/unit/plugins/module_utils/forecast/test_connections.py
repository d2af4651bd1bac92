# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import connections

HEAD = b"  sl  local_address rem_address   st\n"
CLIENT = HEAD + b"   0: 020011AC:8888 030011AC:1538 01 0:0 00:0 0 0 0 1 1\n"


class FakeProcess:
    def __init__(self, files):
        self.files, self.read_files = files, []

    def read(self, name, end=0):
        assert not end or name.startswith("net/")  # a piece of others may be short
        self.read_files.append(name)
        if name not in self.files:
            raise FileNotFoundError(name)
        return self.files[name]


def read(monkeypatch, process):
    @contextlib.contextmanager
    def open_fake(_container_id, _pid):
        yield process

    monkeypatch.setattr(connections, "open_living_member", open_fake)
    return connections.read("0" * 64, 1)


def test_tables_without_a_socket_are_not_read(monkeypatch):
    process = FakeProcess(
        {
            "net/sockstat": b"TCP: inuse 1 orphan 0\nUDP: inuse 0 mem 0\n",
            "net/sockstat6": b"TCP6: inuse 0\nUDP6: inuse 0\n",
            "net/tcp": CLIENT,
        }
    )
    assert [connection.remote for connection in read(monkeypatch, process)] == ["172.17.0.3"]
    assert process.read_files == ["net/sockstat", "net/sockstat6", "net/tcp"]


@pytest.mark.parametrize("counts", [{}, {"net/sockstat": b"TCP: many\n"}, {"net/sockstat": b"TCP: inuse 0 orphan 0\n"}])
def test_a_table_is_read_where_its_sockets_are_not_counted(monkeypatch, counts):
    """A kernel without IPv6 has neither sockstat6 nor tcp6."""
    process = FakeProcess({**counts, "net/tcp": CLIENT, "net/udp": HEAD})
    expected = [] if b"inuse" in counts.get("net/sockstat", b"") else ["172.17.0.3"]
    assert [connection.remote for connection in read(monkeypatch, process)] == expected
    assert "net/udp" in process.read_files


def test_a_line_that_no_kernel_writes_can_not_be_read(monkeypatch):
    with pytest.raises(Unreadable, match="connections can't be read"):
        read(monkeypatch, FakeProcess({"net/tcp": HEAD + b" 0: x y 01 0\n"}))


def test_the_kernel_counts_a_socket_that_is_connected_and_no_longer_listened_for():
    """Otherwise a table with a connection would be left out."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        with socket.create_connection(listener.getsockname()):
            with listener.accept()[0]:
                listener.close()
                counts = connections.in_use(bounded_file.read("/proc/self/net/sockstat", 4096))
                assert counts["tcp"] >= 2
