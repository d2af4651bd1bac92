# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens on a real socket of this process; only the label is made up."""

import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import listeners


@pytest.fixture
def listening(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / "socket")
    own = socket.socket(socket.AF_UNIX)
    own.bind(path)
    own.listen(1)
    asked = []
    monkeypatch.setattr(
        listeners.os, "getxattr", lambda name, attribute: asked.append(os.readlink(name)) or b"u:r:dockerd_t:s0\0"
    )
    listeners.label.cache_clear()
    yield path, "socket:[%d]" % os.fstat(own.fileno()).st_ino, asked
    own.close()
    listeners.label.cache_clear()


def test_the_label_of_the_socket_that_listens_there_and_of_no_other(listening):
    path, link, asked = listening
    assert listeners.label(path) == "u:r:dockerd_t:s0" and asked == [link]


def test_all_processes_are_looked_at_once_for_all_containers(listening):
    path, _link, asked = listening
    assert listeners.label(path) == listeners.label(path) and len(asked) == 1


def test_where_nobody_listens_nothing_is_told(listening, tmp_path):
    assert listeners.label(str(tmp_path / "none")) is None and listening[2] == []
