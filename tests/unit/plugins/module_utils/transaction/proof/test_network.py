# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real sockets in the host's own namespace; other namespaces are entered by the Molecule scenario rollback."""

import os
import socket
import threading
import time
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import network as network_probe
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.network import (
    DNS,
    ECHO,
    TCP,
    Probe,
    Process,
    reached,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        yield server.getsockname()[1]


@pytest.fixture
def name_server():
    """Answers every query with what answer() makes of it."""
    answers = []
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                query, peer = server.recvfrom(512)
            except OSError:
                return
            if not query:
                return
            for answer in answers:
                server.sendto(answer(query), peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], answers
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", server.getsockname())
    thread.join(5)
    server.close()


def closed_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def test_connections(listener):
    probes = [Probe(None, TCP, "127.0.0.1", port) for port in (listener, closed_port(), listener)]
    assert reached(probes) == [True, False, True]


def response(query):
    return query[:2] + b"\x81\x83" + query[4:]


def other(query):
    return bytes([query[0] ^ 1]) + response(query)[1:]


@pytest.mark.parametrize(
    "answers, expected", [([response], True), ([other, response], True), ([other], False), ([], False)]
)
def test_queries(name_server, answers, expected):
    port, replies = name_server
    replies.extend(answers)
    assert reached([Probe(None, DNS, "127.0.0.1", port, "web")], 0.3) == [expected]


def test_no_answer_ends_in_time(name_server):
    began = time.monotonic()
    assert reached([Probe(None, DNS, "127.0.0.1", name_server[0])], 0.3) == [False]
    assert time.monotonic() - began < 5


def test_more_probes_than_sockets_at_a_time(listener, monkeypatch):
    monkeypatch.setattr(network_probe, "BATCH", 2)
    assert reached([Probe(None, TCP, "127.0.0.1", listener)] * 5) == [True] * 5


@pytest.mark.parametrize("name", ["a" * 64, "\u00e4"])
def test_what_is_no_name_is_no_crash(name_server, name):
    assert reached([Probe(None, DNS, "127.0.0.1", name_server[0], name)], 0.2) == [False]


def test_a_process_that_is_another_now_or_has_the_hosts_network(listener):
    ticks = process_handle.start_ticks(os.getpid())
    processes = [Process(os.getpid(), ticks + 1), Process(os.getpid(), ticks), Process(2**22 + 1, 1)]
    assert reached([Probe(process, TCP, "127.0.0.1", listener) for process in processes]) == [False] * 3


def test_a_process_is_known_by_its_start(monkeypatch):
    ticks = process_handle.start_ticks(os.getpid())
    right, wrong = Process(os.getpid(), ticks), Process(os.getpid(), ticks + 1)
    monkeypatch.setattr(network_probe.os, "stat", lambda path: SimpleNamespace(st_dev=0, st_ino=0))
    descriptors = network_probe._namespaces([Probe(process, TCP, "127.0.0.1") for process in (right, wrong)])
    assert list(descriptors) == [right]
    os.close(descriptors[right])


@pytest.mark.parametrize("error", [OSError(3, "No such process"), ValueError("cut")])
def test_a_process_that_ends_meanwhile_is_not_it(monkeypatch, error):
    def fail(pid):
        raise error

    monkeypatch.setattr(network_probe.process_handle, "start_ticks", fail)
    monkeypatch.setattr(network_probe.os, "stat", lambda path: SimpleNamespace(st_dev=0, st_ino=0))
    before = len(os.listdir("/proc/self/fd"))
    assert network_probe._namespaces([Probe(Process(os.getpid(), 1), TCP, "127.0.0.1")]) == {}
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_child_that_dies_reaches_nothing(listener, monkeypatch):
    monkeypatch.setattr(network_probe, "_attempt", lambda *arguments: os._exit(3))
    assert reached([Probe(None, TCP, "127.0.0.1", listener)]) == [False]


def test_no_child_is_left(listener, monkeypatch):
    children = []
    fork = os.fork

    def fork_and_note():
        children.append(fork())
        return children[-1]

    monkeypatch.setattr(network_probe.os, "fork", fork_and_note)
    before = len(os.listdir("/proc/self/fd"))
    assert reached([Probe(None, TCP, "127.0.0.1", listener)]) == [True]
    assert len(children) == 1 and len(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)


def test_a_ping_of_this_host():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except OSError:
        pytest.skip("only root may ping by raw sockets")
    assert reached([Probe(None, ECHO, "127.0.0.1")]) == [True]


def test_an_address_of_ipv6():
    with socket.socket(socket.AF_INET6) as server:
        try:
            server.bind(("::1", 0))
        except OSError:
            pytest.skip("a host without IPv6")
        server.listen(5)
        assert reached([Probe(None, TCP, "::1", server.getsockname()[1])]) == [True]
