# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which contexts of the docker command lead back to this host: real files, sockets and links."""

import json
import os
import socket
from collections import namedtuple

import pytest

from ansible_collections.containment.docker.plugins.module_utils.evidence import contexts
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs, sockets

User = namedtuple("User", "pw_name pw_dir")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home of the one user, ann."""
    path = tmp_path / "ann"
    path.mkdir()
    monkeypatch.setattr(
        contexts.pwd, "getpwall", lambda: [User("ann", str(path)), User("none", str(tmp_path / "none"))]
    )
    return path


def write(home, directory, host):
    folder = home / ".docker" / "contexts" / "meta" / directory
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"Name": directory, "Endpoints": {"docker": {"Host": host}}}))
    return folder / "meta.json"


def look(mounts=()):
    own = contexts.look(sockets.Tables(os.getpid()), mounts)
    return [(context.user, context.target.name, context.listening) for context in own]


def test_contexts_that_lead_to_this_host_are_told_and_others_not(home):
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", 0))
        write(home, "open", "tcp://127.0.0.1:%d" % listener.getsockname()[1])
        write(home, "away", "tcp://192.0.2.7:2375")
        write(home, "local", "unix:///run/docker.sock")
        write(home, "name", "ssh://root@" + socket.gethostname())
        assert look() == [("ann", "name", ("ann", "name", True) in look()), ("ann", "open", False)]
        listener.listen(1)
        assert ("ann", "open", True) in look()
    finally:
        listener.close()


def test_links_and_pipes_are_not_followed(home, tmp_path):
    real = write(tmp_path / "elsewhere", "a", "tcp://127.0.0.1:2375")
    linked = write(home, "linked", "tcp://127.0.0.1:2375")
    linked.unlink()
    linked.symlink_to(real)
    piped = write(home, "piped", "tcp://127.0.0.1:2375")
    piped.unlink()
    os.mkfifo(str(piped))
    long = write(home, "long", "tcp://127.0.0.1:2375")
    long.write_text(" " * 70000 + long.read_text())
    assert look() == []


def test_a_home_behind_a_link_is_read_and_one_of_another_machine_is_not(home, tmp_path, monkeypatch):
    write(home, "open", "tcp://127.0.0.1:2375")
    (tmp_path / "link").symlink_to(home)
    monkeypatch.setattr(contexts.pwd, "getpwall", lambda: [User("ann", str(tmp_path / "link"))])
    assert [name for _user, name, _listening in look()] == ["open"]
    for kind, names in (("nfs4", []), ("fuse.sshfs", []), ("ext4", ["open"])):
        mounts = procfs.parse_mountinfo(
            b"21 1 0:9 / %s rw - %s away:/home rw\n" % (os.fsencode(str(home)), kind.encode())
        )
        assert [name for _user, name, _listening in look(mounts)] == names
