# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sockets a process holds, on real ones of this process."""

import os
import shutil
import socket
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.linux import sockets
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.real_process import process

WAITS = "import sys; sys.stdin.read()"


@pytest.fixture(name="tcp")
def _tcp():
    """A socket on a free port, which does not listen yet."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        yield server


def ports(pid, giver=None):
    listeners = daemon_process.tcp_listeners(sockets.Tables(pid), sockets.all_held(pid), giver)
    return [port for _address, port in listeners]


def test_only_what_listens_and_is_its_own(tcp):
    port = tcp.getsockname()[1]
    assert port not in ports(os.getpid())
    tcp.listen(1)
    assert ports(os.getpid()).count(port) == 1
    with process(WAITS) as other:
        assert port not in ports(other.pid)


def test_only_what_its_giver_holds_too(tcp):
    tcp.listen(1)
    port = tcp.getsockname()[1]
    with process(WAITS) as other:
        assert port not in ports(os.getpid(), other.pid)
    assert port in ports(os.getpid(), os.getpid())


def test_who_serves_a_path(tmp_path):
    path = str(tmp_path / "engine.sock")
    with socket.socket(socket.AF_UNIX) as served, process(WAITS) as other:
        served.bind(path)
        assert not daemon_process.serves(os.getpid(), path)
        served.listen(1)
        assert daemon_process.serves(os.getpid(), path)
        assert not daemon_process.serves(other.pid, path)
    assert not daemon_process.serves(os.getpid(), path)


@pytest.mark.parametrize(
    "environment, wanted",
    [
        (b"PATH=/bin\0HOME=/root\0XDG_CONFIG_HOME=/srv/x\0", "/etc/docker/daemon.json"),
        (b"ROOTLESSKIT_STATE_DIR=/run/user/1000/rk\0HOME=/home/a\0", "/home/a/.config/docker/daemon.json"),
        (b"ROOTLESSKIT_STATE_DIR=/x\0HOME=/home/a\0XDG_CONFIG_HOME=/srv/c\0", "/srv/c/docker/daemon.json"),
        (b"ROOTLESSKIT_STATE_DIR=/x\0HOME=/home/a\0HOME=/etc\0", "/home/a/.config/docker/daemon.json"),
        (b"ROOTLESSKIT_STATE_DIR=/x\0", None),
        (b"ROOTLESSKIT_STATE_DIR=\0", "/etc/docker/daemon.json"),
        (PermissionError(), None),
    ],
)
def test_which_file_a_dockerd_reads_by_its_environment(environment, wanted, monkeypatch):
    def read(_path, _limit):
        if isinstance(environment, Exception):
            raise environment
        return environment

    monkeypatch.setattr(daemon_process.bounded_file, "read", read)
    assert daemon_process._default_file(daemon_process._variables(1)) == wanted


def test_where_a_process_has_its_root():
    assert daemon_process._root(os.getpid()) == "/"
    with process(WAITS) as other:
        assert daemon_process._root(other.pid) == "/"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a mount namespace")
def test_a_mount_namespace_of_its_own_has_another_root(tmp_path):
    ready = str(tmp_path / "ready")
    code = "import ctypes, sys; assert not ctypes.CDLL(None).unshare(0x20000); open(%r, 'w'); sys.stdin.read()" % ready
    with process(code) as other:
        while not os.path.exists(ready):
            assert other.poll() is None
        assert daemon_process._root(other.pid) == "/proc/%d/root/" % other.pid


def test_a_program_that_was_replaced_since_it_began_is_known(tmp_path):
    program = tmp_path / "dockerd"
    shutil.copy(shutil.which("sleep"), str(program))
    child = subprocess.Popen([str(program), "60"])
    try:
        while not os.readlink(f"/proc/{child.pid}/exe").endswith("dockerd"):
            pass  # it is still this interpreter
        assert daemon_process.is_replaced(child.pid) is False
        (tmp_path / "new").write_bytes(b"")
        (tmp_path / "new").rename(program)
        assert daemon_process.is_replaced(child.pid) is True
    finally:
        child.kill()
        child.wait()
