# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who serves real sockets of this process; only the labels are made up."""

import contextlib
import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import listeners
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener

LABEL = "u:r:dockerd_t:s0"


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Serve a path below tmp_path with a socket of this type; gives (path, link of the descriptor)."""
    monkeypatch.chdir(tmp_path)
    # As on a host: pid 1 is in the pid namespace of this process, wherever the tests run.
    own, readlink = os.readlink("/proc/self/ns/pid"), os.readlink
    monkeypatch.setattr(
        listeners.os, "readlink", lambda path, **more: own if path == "/proc/1/ns/pid" else readlink(path, **more)
    )
    listeners.list_listeners.cache_clear()
    listeners._descriptors.cache_clear()
    with contextlib.ExitStack() as stack:

        def serve_(name, kind=socket.SOCK_STREAM, listens=True):
            path = str(tmp_path / name)
            serving = stack.enter_context(socket.socket(socket.AF_UNIX, kind))
            serving.bind(path)
            if listens and kind != socket.SOCK_DGRAM:
                serving.listen(1)
            return path, "socket:[%d]" % os.fstat(serving.fileno()).st_ino

        yield serve_
    listeners.list_listeners.cache_clear()
    listeners._descriptors.cache_clear()


@pytest.fixture
def read_links(monkeypatch):
    """The links whose label was read; each has the same."""
    links = []
    monkeypatch.setattr(
        listeners.os, "getxattr", lambda name, attribute: links.append(os.readlink(name)) or LABEL.encode() + b"\0"
    )
    return links


def test_a_stream_socket_that_listens(serve, read_links):
    serve("other")
    path, link = serve("socket")
    assert (
        listeners.list_listeners(path) == {Listener(LABEL, "unix_stream_socket")}
        and read_links[0] == link
        and set(read_links) == {link}
    )


def test_a_datagram_socket_needs_not_listen(serve, read_links):
    path, link = serve("log", socket.SOCK_DGRAM)
    assert listeners.list_listeners(path) == {Listener(LABEL, "unix_dgram_socket")} and set(read_links) == {link}


def test_links_are_followed_and_no_filesystem_that_may_hang_is_entered(serve, read_links, tmp_path, monkeypatch):
    path, _link = serve("socket")
    os.symlink(path, str(tmp_path / "link"))
    questions, bound_to = [], listeners.sockets.bound_to
    monkeypatch.setattr(listeners.sockets, "bound_to", lambda *paths: questions.append(paths) or bound_to(*paths))
    assert listeners.list_listeners(str(tmp_path / "link")) == {Listener(LABEL, "unix_stream_socket")}
    assert questions == [(str(tmp_path / "link"), path)]  # so that nothing else resolves it
    monkeypatch.setattr(listeners.path_label, "read_slow_points", lambda: frozenset((str(tmp_path),)))
    listeners.list_listeners.cache_clear()
    assert listeners.list_listeners(str(tmp_path / "link")) == frozenset() and len(questions) == 1


def test_a_stream_socket_that_does_not_listen_serves_nobody(serve, read_links):
    path, _link = serve("socket", listens=False)
    assert listeners.list_listeners(path) == frozenset() and read_links == []


def test_a_path_without_a_socket(serve, read_links, tmp_path):
    assert listeners.list_listeners(str(tmp_path / "none")) == frozenset() and read_links == []


def test_all_processes_are_read_once_for_all_sockets(serve, read_links, monkeypatch):
    paths = [serve(name)[0] for name in ("one", "two", "three")]
    passes, listdir = [], os.listdir
    monkeypatch.setattr(listeners.os, "listdir", lambda path: passes.append(path) or listdir(path))
    assert {listeners.list_listeners(path) for path in paths * 2} == {
        frozenset((Listener(LABEL, "unix_stream_socket"),))
    }
    assert passes.count("/proc") == 1


def test_a_socket_of_another_pid_namespace_is_left_out(serve, read_links, monkeypatch):
    """A container on the host's network may call its own socket as it likes."""
    path, _link = serve("socket")
    readlink, own = listeners.os.readlink, "/proc/%d/ns/pid" % os.getpid()
    monkeypatch.setattr(
        listeners.os, "readlink", lambda name, **more: "pid:[1]" if name == own else readlink(name, **more)
    )
    assert listeners.list_listeners(path) == frozenset() and read_links == []


def test_a_descriptor_that_is_another_by_now_tells_nothing(serve, read_links, monkeypatch):
    path, link = serve("socket")
    listeners._descriptors()
    readlink = listeners.os.readlink
    monkeypatch.setattr(listeners, "_link", lambda name: "pipe:[1]" if readlink(name) == link else readlink(name))
    assert listeners.list_listeners(path) == frozenset()


def test_a_socket_without_a_label(serve, monkeypatch):
    path, _link = serve("socket")

    def none(name, attribute):
        raise OSError(61, "No data available")

    monkeypatch.setattr(listeners.os, "getxattr", none)
    assert listeners.list_listeners(path) == frozenset()
