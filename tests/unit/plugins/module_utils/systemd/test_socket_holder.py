# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens is told without a connection, on real sockets of real processes."""

import contextlib
import os
import shutil
import socket
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.systemd import socket_holder
from ansible_collections.containment.docker.plugins.module_utils.systemd.socket_holder import Listening
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

SLEEP = shutil.which("sleep")
NOBODY = Listening(frozenset(), False, False)
DOCKERD = Listening(frozenset((7,)), False, False)
SYSTEMD = Listening(frozenset(), True, False)
HIDDEN = Listening(frozenset(), False, True)


@pytest.fixture(name="path")
def _path(tmp_path):
    path = str(tmp_path / "engine.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1)
        yield path, listener


@contextlib.contextmanager
def holder(tmp_path, listener, program):
    """A process whose executable has this name, and which has the socket."""
    copy = str(tmp_path / program)
    shutil.copy(os.path.realpath(SLEEP), copy)
    child = subprocess.Popen([copy, "60"], pass_fds=[listener.fileno()])
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def test_nobody_listens(tmp_path):
    assert socket_holder.look(str(tmp_path / "none.sock")) == NOBODY


@pytest.mark.skipif(SLEEP is None or os.path.islink(SLEEP or ""), reason="sleep is part of one program for all")
def test_a_dockerd_that_systemd_gave_its_socket(path, tmp_path):
    with holder(tmp_path, path[1], "systemd"), holder(tmp_path, path[1], "dockerd") as dockerd:
        assert socket_holder.look(path[0]) == Listening(frozenset((dockerd,)), False, False)


@pytest.mark.skipif(SLEEP is None or os.path.islink(SLEEP or ""), reason="sleep is part of one program for all")
def test_systemd_that_has_started_nobody(path, tmp_path):
    with holder(tmp_path, path[1], "systemd"):
        assert socket_holder.look(path[0]) == SYSTEMD


def test_a_socket_whose_file_is_gone(path, tmp_path):
    os.unlink(path[0])
    assert socket_holder.look(path[0]) == NOBODY


def test_another_program(path):
    assert socket_holder.look(path[0]) == NOBODY


def test_the_units_process_is_looked_at_first(path, monkeypatch):
    monkeypatch.setattr(socket_holder, "_holders", None)
    assert socket_holder.look(path[0], os.getpid()).dockerd == frozenset((os.getpid(),))


def test_who_has_another_file_of_that_name_is_not_it(path, monkeypatch):
    """As a process in a container with the host's network, on a path of its own."""
    identity = socket_holder._identity
    monkeypatch.setattr(socket_holder, "_identity", lambda path, root: identity(path, "/") if root == "/" else (0, 0))
    assert not socket_holder._is_same(os.getpid(), path[0])
    monkeypatch.setattr(socket_holder, "_identity", identity)
    assert socket_holder._is_same(os.getpid(), path[0])


def test_who_is_in_a_container_is_not_it(path, monkeypatch):
    cgroup = b"0::/system.slice/docker-" + b"a" * 64 + b".scope\n"
    monkeypatch.setattr(socket_holder.bounded_file, "read", lambda _path, _limit: cgroup)
    assert not socket_holder._is_same(os.getpid(), path[0])


def unit(active):
    return UnitState("loaded", active, "", 5, False, "", (), ())


@pytest.mark.parametrize(
    "path, name, state, listening, reason",
    [
        (
            "/run/docker.sock",
            "docker.service",
            unit("inactive"),
            SYSTEMD,
            "docker.service is inactive; looking does not",
        ),
        ("/run/docker.sock", "docker.service", unit("failed"), NOBODY, "docker.service is failed; looking does not"),
        ("/run/docker.sock", "docker.service", unit("inactive"), DOCKERD, ""),  # a snap's, one started by hand
        ("/run/docker.sock", "docker.service", unit("inactive"), HIDDEN, "docker.service is inactive"),
        ("/run/docker.sock", "docker.service", unit("active"), DOCKERD, ""),
        ("/run/docker.sock", "docker.service", unit("active"), HIDDEN, ""),  # in the group docker, not root
        ("/run/docker.sock", "docker.service", unit("activating"), SYSTEMD, ""),
        ("/run/docker.sock", "docker.service", unit("active"), SYSTEMD, "systemd may start what stands behind"),
        ("/run/docker.sock", "docker.service", None, SYSTEMD, "systemd may start what stands behind"),
        ("/run/docker.sock", "docker.service", None, NOBODY, ""),
        ("/run/other.sock", "docker.service", unit("inactive"), NOBODY, ""),
        ("/run/other.sock", "docker.service", unit("active"), SYSTEMD, "systemd may start what stands behind"),
        ("/run/other.sock", "docker.service", unit("activating"), SYSTEMD, "systemd may start what stands behind"),
        ("/run/other.sock", "other.service", unit("activating"), SYSTEMD, ""),
        (
            "/run/user/1000/docker.sock",
            "docker.service",
            unit("active"),
            SYSTEMD,
            "systemd may start what stands behind",
        ),
        ("/run/user/1000/docker.sock", "docker.service", unit("active"), DOCKERD, ""),
        (
            "/run/user/1000/docker.sock",
            "docker.service",
            unit("active"),
            HIDDEN,
            "systemd may start what stands behind",
        ),
        ("/run/podman/podman.sock", "docker.service", unit("active"), SYSTEMD, "Podman answers on this socket"),
    ],
)
def test_when_a_connection_could_start_a_daemon(path, name, state, listening, reason, monkeypatch):
    monkeypatch.setattr(socket_holder.os.path, "isdir", lambda _path: True)
    monkeypatch.setattr(socket_holder.os.path, "realpath", lambda path: path)
    sentence = socket_holder.untouchable(path, name, state, listening)
    assert sentence.startswith(reason) and bool(sentence) == bool(reason)


def test_without_systemd_nobody_starts_anything(monkeypatch):
    monkeypatch.setattr(socket_holder.os.path, "isdir", lambda _path: False)
    assert socket_holder.untouchable("/run/docker.sock", "docker.service", None, HIDDEN) == ""
