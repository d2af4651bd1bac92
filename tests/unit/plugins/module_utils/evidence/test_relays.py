# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which processes may pass the engine's API on: real processes, one of which stands for dockerd."""

import os
import subprocess
import sys

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence import relays
from ansible_collections.containment.docker.plugins.module_utils.linux import relay_programs, sockets, unix_peers

ENGINE = """
import socket, sys
own = socket.socket(socket.AF_UNIX)
own.bind(sys.argv[1])
own.listen(5)
print("ready", flush=True)
accepted = [own.accept() for each in range(int(sys.argv[2]))]
print("accepted", flush=True)
sys.stdin.read()
"""
CLIENT = """
import socket, sys
api = socket.socket(socket.AF_UNIX)
if "connect" in sys.argv:
    api.connect(sys.argv[1])
port = socket.socket()
port.bind(("127.0.0.1", 0))
if "listen" in sys.argv:
    port.listen(5)
door = socket.socket(socket.AF_UNIX)
if "door" in sys.argv:
    door.bind(sys.argv[1] + ".proxy")
    door.listen(5)
print(port.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def run(monkeypatch):
    """Start a program and return (the process, its first line); only those that were started are looked at."""
    started = []

    def start(code, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    monkeypatch.setattr(relays, "_pids", lambda: [process.pid for process in started] + [os.getpid()])
    yield start
    for process in started:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def look(engine):
    tables = sockets.Tables(engine.pid)
    return relays.look(DaemonProcess(engine.pid, (), 0.0, "/"), sockets.all_held(engine.pid), tables)


def test_a_process_that_has_a_connection_to_the_api_and_listens_is_told(run, tmp_path):
    path = str(tmp_path / "docker.sock")
    engine, _ready = run(ENGINE, path, "2")
    agent, port = run(CLIENT, path, "connect", "listen")
    run(CLIENT, path, "connect")
    run(CLIENT, path, "listen")
    assert engine.stdout.readline() == "accepted\n"
    expected = [relays.Relay(agent.pid, os.path.realpath(sys.executable), None, True, (("127.0.0.1", int(port)),))]
    assert look(engine) == (expected if unix_peers.is_there() else [])


def test_a_program_that_only_passes_on_is_told_by_its_file_and_its_arguments(run, tmp_path, monkeypatch):
    path = str(tmp_path / "docker.sock")
    engine, _ready = run(ENGINE, path, "0")
    relay, port = run(CLIENT, path, "listen", "door")
    monkeypatch.setattr(relay_programs, "PROGRAMS", {os.path.realpath(sys.executable): relay_programs.SOCAT})
    monkeypatch.setattr(
        relays, "_argv", lambda pid: ("socat", "TCP-LISTEN:1", f"UNIX:{path}") if pid == relay.pid else ("socat",)
    )
    (only,) = look(engine)
    assert (only.pid, only.route, only.connected) == (relay.pid, relay_programs.Route(path), False)
    assert only.ports == (("127.0.0.1", int(port)),)
    (door,) = only.sockets
    assert door.name == path + ".proxy"


def test_another_file_with_the_same_arguments_is_not_told(run, tmp_path, monkeypatch):
    path = str(tmp_path / "docker.sock")
    engine, _ready = run(ENGINE, path, "0")
    run(CLIENT, path, "listen")
    monkeypatch.setattr(relays, "_argv", lambda pid: ("socat", "TCP-LISTEN:1", f"UNIX:{path}"))
    assert look(engine) == []


def test_more_processes_than_are_looked_at_are_unknown(run, tmp_path, monkeypatch):
    engine, _ready = run(ENGINE, str(tmp_path / "docker.sock"), "0")
    monkeypatch.undo()
    monkeypatch.setattr(relays, "_MOST", 1)
    with pytest.raises(Unreadable, match="processes, and this looks at 1"):
        look(engine)
