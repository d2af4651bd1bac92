# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file on disk: all or nothing, with the rights it had."""

import errno
import multiprocessing
import os
import resource
import signal
import stat
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import MAX_BYTES, ConfigError
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file


@pytest.fixture
def path(tmp_path):
    name = tmp_path / "daemon.json"
    name.write_bytes(b"{}\n")
    name.chmod(0o640)
    return str(name)


def listing(path):
    return sorted(os.listdir(os.path.dirname(path)))


def content(path):
    with open(path, "rb") as stream:
        return stream.read()


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_write_replaces_and_keeps_the_mode(path):
    inode = os.stat(path).st_ino
    config_file.write(path, b"new")
    assert (content(path), mode(path), listing(path)) == (b"new", 0o640, ["daemon.json"])
    assert os.stat(path).st_ino != inode, "replaced, not written in place"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_the_owner_is_kept_by_file_and_backup(path):
    os.chown(path, 1234, 2345)
    os.chmod(path, 0o4755)
    saved = config_file.backup(path)
    config_file.write(path, b"new")
    for name in (path, saved):
        status = os.stat(name)
        assert (status.st_uid, status.st_gid, mode(name)) == (1234, 2345, 0o4755)


def test_the_context_is_kept(path, monkeypatch):
    """No SELinux here: an attribute that any file may have stands for its context."""
    try:
        os.setxattr(path, "user.context", b"container_config_t")
    except OSError as error:
        assert error.errno == errno.ENOTSUP
        pytest.skip("this file system has no extended attributes")
    monkeypatch.setattr(config_file, "_KEPT_ATTRIBUTES", ("security.selinux", "user.context"))
    saved = config_file.backup(path)
    config_file.write(path, b"new")
    assert os.getxattr(path, "user.context") == os.getxattr(saved, "user.context") == b"container_config_t"


def test_a_new_file_and_its_directory(tmp_path):
    path = str(tmp_path / "etc" / "docker" / "daemon.json")
    before = os.umask(0o077)
    try:
        config_file.write(path, b"{}")
    finally:
        os.umask(before)
    assert (content(path), mode(path)) == (b"{}", 0o644)
    assert config_file.backup(str(tmp_path / "none")) is None


def test_a_symbolic_link_stays_one(path, tmp_path):
    link = str(tmp_path / "link")
    os.symlink("daemon.json", link)
    config_file.write(link, b"new")
    assert os.readlink(link) == "daemon.json"
    assert content(path) == b"new"
    assert config_file.backup(link).startswith(path + ".")


def test_what_is_no_file_is_refused(tmp_path):
    os.symlink("nowhere", str(tmp_path / "dangling"))
    os.symlink("loop", str(tmp_path / "loop"))
    os.mkfifo(str(tmp_path / "fifo"))
    (tmp_path / "large").write_bytes(b" " * (MAX_BYTES + 1))
    for name, reason in (
        ("dangling", "symbolic link to nowhere, which does not exist"),
        ("loop", "cannot be read"),
        ("fifo", "not a regular file"),
        ("large", "larger than"),
        ("", "cannot be read"),
        (".", "not a regular file"),
    ):
        where = str(tmp_path / name) if name else str(tmp_path / "large" / "x")
        with pytest.raises(ConfigError) as caught:
            config_file.look(where)
        assert reason in str(caught.value)
        with pytest.raises(ConfigError):
            config_file.write(where, b"{}")
    assert sorted(os.listdir(str(tmp_path))) == ["dangling", "fifo", "large", "loop"]
    assert config_file.read(str(tmp_path / "missing")) is None


def test_a_change_by_others_meanwhile_is_not_lost(path):
    snapshot = config_file.look(path)
    with open(path, "ab") as stream:
        stream.write(b" ")
    with pytest.raises(ConfigError) as caught:
        config_file.write(path, b"new", expected=snapshot)
    assert "changed by someone else" in str(caught.value)
    assert (content(path), listing(path)) == (b"{}\n ", ["daemon.json"])
    missing = config_file.look(path + "2")
    with open(path + "2", "wb"):
        pass
    with pytest.raises(ConfigError):
        config_file.write(path + "2", b"new", expected=missing)


def test_a_disk_that_is_full_leaves_all_as_it_was(path):
    """The kernel refuses more than 4 bytes; in a child, because the limit can't be lifted again."""

    def work(results):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))
        for attempt in (lambda: config_file.write(path, b"x" * 5), lambda: config_file.backup(path)):
            try:
                attempt()
                results.put("written")
            except ConfigError as error:
                results.put(str(error))

    with open(path, "wb") as stream:
        stream.write(b"{     }")
    results = multiprocessing.get_context("fork").SimpleQueue()
    child = multiprocessing.get_context("fork").Process(target=work, args=(results,))
    child.start()
    messages = [results.get(), results.get()]
    child.join()
    assert "cannot be written: File too large" in messages[0]
    assert "no backup" in messages[1]
    assert (content(path), listing(path)) == (b"{     }", ["daemon.json"])


@pytest.mark.parametrize(
    "name, number, reason",
    [
        ("rename", errno.EROFS, "Read-only file system"),
        ("rename", errno.EBUSY, "a mount of its own"),
        ("fsync", errno.EIO, "Input/output error"),
        ("fchmod", errno.EPERM, "Operation not permitted"),
    ],
)
def test_an_error_half_way_leaves_all_as_it_was(path, monkeypatch, name, number, reason):
    def fail(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, fail)
    with pytest.raises(ConfigError) as caught:
        config_file.write(path, b"new")
    assert reason in str(caught.value)
    assert (content(path), listing(path)) == (b"{}\n", ["daemon.json"])


def test_what_a_killed_run_left_is_swept_up(path):
    leftover = os.path.join(os.path.dirname(path), ".daemon.json.containment-new")
    with open(leftover, "wb") as stream:
        stream.write(b"half")
    config_file.write(path, b"new")
    assert (content(path), listing(path)) == (b"new", ["daemon.json"])


def test_backups_never_overwrite_each_other(path, monkeypatch):
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 0, 1, 0)))
    names = [config_file.backup(path) for _number in range(3)]
    assert [name[len(path) :] for name in names] == [
        ".20260102T030405Z.bak",
        ".20260102T030405Z-1.bak",
        ".20260102T030405Z-2.bak",
    ]
    assert all(content(name) == b"{}\n" and mode(name) == 0o640 for name in names)


def test_remove(path):
    config_file.remove(path)
    config_file.remove(path)
    assert not os.path.exists(path)
