# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may connect, as the permissions of real sockets say it."""

import os
import socket
import struct
from collections import namedtuple

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence import api_access
from ansible_collections.containment.docker.plugins.module_utils.linux import rooted, sockets

User = namedtuple("User", "pw_name pw_uid pw_gid")
Group = namedtuple("Group", "gr_name gr_mem")
USERS = [User("root", 0, 0), User("ann", 1000, 1000), User("bob", 1001, 999), User("cat", 1002, 1002)]
GROUPS = {0: Group("root", ["ann"]), 999: Group("docker", ["ann"]), 1002: Group("cat", [])}


@pytest.fixture(autouse=True)
def host(monkeypatch):
    """A host with these users and groups."""
    monkeypatch.setattr(api_access.pwd, "getpwall", lambda: USERS)
    monkeypatch.setattr(api_access.pwd, "getpwuid", {user.pw_uid: user for user in USERS}.__getitem__)
    monkeypatch.setattr(api_access.grp, "getgrgid", GROUPS.__getitem__)


@pytest.fixture(name="served")
def _served():
    """A socket that listens in a directory that everybody may pass."""
    path = "/tmp/api-access-%d.sock" % os.getpid()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(1)
        yield path
    os.unlink(path)


def access(path, mode, uid=0, gid=999, dockerd=0, acl=(), monkeypatch=None):
    """Access by a file with these permissions, whoever runs the test."""
    os.chmod(path, mode)
    if monkeypatch:
        status = namedtuple("Status", "st_mode st_uid st_gid")
        monkeypatch.setattr(api_access, "_status", lambda _descriptor: status(os.lstat(path).st_mode, uid, gid))
        monkeypatch.setattr(api_access, "_acl", lambda path: list(acl))
    return api_access.of_file(path, "/", dockerd)


def test_members_of_the_group_may_connect(served, monkeypatch):
    result = access(served, 0o660, monkeypatch=monkeypatch)
    assert (result.mode, result.group, result.everybody, result.users) == (0o660, "docker", False, ("ann", "bob"))


@pytest.mark.parametrize("mode, gid", [(0o600, 999), (0o640, 999), (0o660, 0), (0o660, 1234)])
def test_nobody_else_may(served, mode, gid, monkeypatch):
    assert access(served, mode, gid=gid, monkeypatch=monkeypatch).users == ()


def test_a_mode_for_all_is_for_everybody_who_reaches_it(served, tmp_path, monkeypatch):
    assert access(served, 0o666, monkeypatch=monkeypatch).everybody
    assert not access(served, 0o664, monkeypatch=monkeypatch).everybody
    os.chmod(str(tmp_path), 0o700)
    with socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind(str(tmp_path / "s"))
        assert not access(str(tmp_path / "s"), 0o666, monkeypatch=monkeypatch).everybody


def test_the_owner_may_if_it_is_not_the_dockerds_own(served, monkeypatch):
    assert access(served, 0o600, uid=1002, monkeypatch=monkeypatch).users == ("cat",)
    assert access(served, 0o600, uid=1002, dockerd=1002, monkeypatch=monkeypatch).users == ()


def test_an_access_control_list_lets_more_in(served, monkeypatch):
    acl = [(api_access._ACL_USER, 1002), (api_access._ACL_GROUP, 999), (api_access._ACL_USER, 4000)]
    assert access(served, 0o600, gid=0, acl=acl, monkeypatch=monkeypatch).users == ("4000", "ann", "bob", "cat")


@pytest.mark.parametrize("mask, wanted", [(7, [(2, 1000), (8, 999)]), (5, [])])
def test_an_access_control_list_is_read_as_the_kernel_writes_it(mask, wanted, monkeypatch):
    entries = [
        (1, 6, 0xFFFFFFFF),
        (2, 6, 1000),
        (2, 4, 1001),
        (4, 6, 0xFFFFFFFF),
        (8, 6, 999),
        (0x10, mask, 0xFFFFFFFF),
    ]
    data = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    monkeypatch.setattr(api_access.os, "getxattr", lambda path, name: data)
    assert api_access._acl("/x") == wanted


def test_the_sockets_of_a_process_also_abstract_ones(served):
    name = "\0api-access-%d" % os.getpid()
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket(socket.AF_UNIX) as silent:
        abstract.bind(name)
        abstract.listen(1)
        silent.bind("\0silent" + name[1:])
        with open("/proc/self/net/unix", "rb") as stream:
            assert b"@api-access" in stream.read()
        os.chmod(served, 0o600)
        # the socket of `served` is held by this process too
        own, tables = sockets.all_held(os.getpid()), sockets.Tables(os.getpid())
        entries = api_access.look(DaemonProcess(os.getpid(), (), 0.0, "/"), own, tables)
    assert {item.name for item in entries} == {"@" + name[1:], served}
    assert [item.everybody for item in entries if item.name.startswith("@")] == [True]


def test_a_socket_without_a_file_is_nobodys(tmp_path):
    with pytest.raises(rooted.Missing):
        api_access.of_file(str(tmp_path / "none"), "/", 0)
