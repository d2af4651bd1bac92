# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time, whichever module it is."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, exclusive


@pytest.fixture
def path(tmp_path):
    (tmp_path / "etc").mkdir()
    name = tmp_path / "etc" / "daemon.json"
    name.write_bytes(b"{}\n")
    return str(name)


def test_one_at_a_time(path, monkeypatch, tmp_path):
    """20 processes each add a byte; without the lock some would be lost."""
    monkeypatch.setattr(exclusive, "LOCK", str(tmp_path / "lock"))

    def add():
        with exclusive.lock(path, 30):
            data = config_file.read(path)
            time.sleep(0.002)
            config_file.write(path, data + b"x")

    children = [multiprocessing.get_context("fork").Process(target=add) for _number in range(20)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert open(path, "rb").read() == b"{}\n" + b"x" * 20


def test_the_wait_is_bounded(path, monkeypatch, tmp_path):
    monkeypatch.setattr(exclusive, "LOCK", str(tmp_path / "lock"))
    with exclusive.lock(path, 30):
        begin = time.monotonic()
        with pytest.raises(ConfigError) as caught:
            with exclusive.lock(path, 0.3):
                pass
        assert 0.2 < time.monotonic() - begin < 5
        assert "holds the lock" in str(caught.value)
    with exclusive.lock(path, 0):
        pass


def test_without_root_the_directory_is_locked(path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with exclusive.lock(path + "/not/there/yet", 0):
        with pytest.raises(ConfigError) as caught:
            with exclusive.lock(path, 0):
                pass
    assert os.path.dirname(path) in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == ["daemon.json"]


def test_a_second_run_is_locked_out_until_the_first_is_killed(path, monkeypatch, tmp_path):
    monkeypatch.setattr(exclusive, "LOCK", str(tmp_path / "lock"))
    code = (
        "import sys, time\n"
        "from ansible_collections.containment.docker.plugins.module_utils.transaction import exclusive\n"
        "exclusive.LOCK = sys.argv[1]\n"
        "with exclusive.lock(sys.argv[2], 0):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    arguments = [sys.executable, "-c", code, exclusive.LOCK, path]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment)
    try:
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(ConfigError, match="process %d" % child.pid if os.geteuid() == 0 else "another run"):
            with exclusive.lock(path, 0):
                pass
        child.send_signal(signal.SIGKILL)
        child.wait()
        with exclusive.lock(path, 0):
            pass
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()
