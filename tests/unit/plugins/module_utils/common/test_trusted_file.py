# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit's own file: whose it is, what stands in its place, and what is left after a failure."""

import errno
import fcntl
import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import trusted_file
from ansible_collections.containment.docker.plugins.module_utils.common.trusted_file import (
    RecordError,
    opened,
    read,
    write,
)


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    monkeypatch.setattr(trusted_file, "OWNER", os.geteuid())


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state" / "audit.json")


def kept(path, data):
    with opened(path, True) as place:
        write(place, data)


def read_file(path):
    with opened(path, False) as place:
        return read(place)


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def test_file_and_directory_are_for_their_owner_only_whatever_the_umask(path):
    before = os.umask(0)
    try:
        kept(path, b"one")
    finally:
        os.umask(before)
    assert (mode(os.path.dirname(path)), mode(path), read_file(path)) == (0o700, 0o600, b"one")


def test_a_new_one_replaces_the_old_one_as_a_whole_and_leaves_nothing_beside_it(path):
    kept(path, b"one")
    with open(path, "rb") as reader:
        open(
            os.path.join(os.path.dirname(path), ".audit.json.containment-new"), "wb"
        ).close()  # of a run that was killed
        kept(path, b"two")
        assert reader.read() == b"one"
    assert (read_file(path), os.listdir(os.path.dirname(path))) == (b"two", ["audit.json"])


def test_no_file_is_none_and_no_directory_is_not_made_to_look(path, tmp_path):
    with pytest.raises(RecordError, match="cannot be opened"):
        read_file(path)
    assert os.listdir(str(tmp_path)) == []
    os.mkdir(os.path.dirname(path), 0o700)
    assert read_file(path) is None


def test_only_the_last_directory_is_made(path):
    with pytest.raises(RecordError, match="state cannot be opened"):
        kept(os.path.join(os.path.dirname(path), "deeper", "audit.json"), b"one")


def test_another_user_keeps_nothing(path, monkeypatch):
    monkeypatch.setattr(trusted_file, "OWNER", os.geteuid() + 1)
    with pytest.raises(RecordError, match="only root"):
        kept(path, b"one")


@pytest.mark.parametrize("writable", [0o720, 0o702, 0o1777])
def test_a_directory_that_others_can_write_is_refused(path, writable):
    kept(path, b"one")
    os.chmod(os.path.dirname(path), writable)
    for use in (read_file, lambda p: kept(p, b"two")):
        with pytest.raises(RecordError, match="state is writable for others"):
            use(path)


def test_a_parent_that_others_can_write_is_refused_unless_it_is_as_tmp_is(path, tmp_path):
    kept(path, b"one")
    tmp_path.chmod(0o1777)
    assert read_file(path) == b"one"
    tmp_path.chmod(0o777)
    with pytest.raises(RecordError, match="writable for others"):
        read_file(path)
    tmp_path.chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give something away")
@pytest.mark.parametrize("relative", ["audit.json", "", ".."])
def test_what_belongs_to_someone_else_is_refused(path, relative):
    kept(path, b"one")
    os.chown(os.path.normpath(os.path.join(os.path.dirname(path), relative)), 4242, -1)
    with pytest.raises(RecordError, match="belongs to user 4242"):
        read_file(path)


def test_a_link_in_the_place_of_the_directory_is_refused(path, tmp_path):
    (tmp_path / "elsewhere").mkdir(0o700)
    os.symlink(str(tmp_path / "elsewhere"), os.path.dirname(path))
    with pytest.raises(RecordError, match="symbolic link"):
        kept(path, b"one")
    assert os.listdir(str(tmp_path / "elsewhere")) == []


def test_a_link_in_the_place_of_the_file_is_not_followed_and_replaced(path, tmp_path):
    kept(path, b"one")
    (tmp_path / "shadow").write_bytes(b"secret")
    os.unlink(path)
    os.symlink(str(tmp_path / "shadow"), path)
    with pytest.raises(RecordError, match="audit.json is a symbolic link"):
        read_file(path)
    kept(path, b"two")
    assert (tmp_path / "shadow").read_bytes() == b"secret"
    assert read_file(path) == b"two" and not os.path.islink(path)


def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(path, tmp_path):
    kept(path, b"one")
    (tmp_path / "shadow").write_bytes(b"secret")
    os.symlink(str(tmp_path / "shadow"), os.path.join(os.path.dirname(path), ".audit.json.containment-new"))
    kept(path, b"two")
    assert (tmp_path / "shadow").read_bytes() == b"secret" and read_file(path) == b"two"


def test_a_file_that_others_can_write_is_not_believed_and_replaced(path):
    kept(path, b"one")
    os.chmod(path, 0o620)
    with pytest.raises(RecordError, match="audit.json is writable for others"):
        read_file(path)
    kept(path, b"two")
    assert (read_file(path), mode(path)) == (b"two", 0o600)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_refused_without_waiting_for_it(path, make):
    kept(path, b"one")
    os.unlink(path)
    make(path)
    with pytest.raises(RecordError, match="not a regular file"):
        read_file(path)


def test_a_directory_in_its_place_is_an_error_and_nothing_is_left_beside_it(path):
    os.makedirs(path, 0o700)
    with pytest.raises(RecordError, match="cannot be written"):
        kept(path, b"one")
    assert os.listdir(os.path.dirname(path)) == ["audit.json"]


def test_too_much_is_neither_read_nor_written(path, monkeypatch):
    monkeypatch.setattr(trusted_file, "MAX_BYTES", 3)
    kept(path, b"one")
    with pytest.raises(RecordError, match="would be larger than 3 bytes"):
        kept(path, b"four")
    assert read_file(path) == b"one"
    monkeypatch.setattr(trusted_file, "MAX_BYTES", 2)
    with pytest.raises(RecordError, match="is larger than 2 bytes"):
        read_file(path)


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_write_that_fails_leaves_the_old_one(path, monkeypatch, call):
    kept(path, b"one")

    def fail(*_args, **_more):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(RecordError, match="cannot be written: Read-only"):
        kept(path, b"two")
    monkeypatch.undo()
    monkeypatch.setattr(trusted_file, "OWNER", os.geteuid())
    assert (read_file(path), os.listdir(os.path.dirname(path))) == (b"one", ["audit.json"])


def test_two_that_write_come_one_after_the_other(path):
    kept(path, b"one")
    other = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RecordError, match="another run held"), opened(path, True, wait=0):
            pass
        assert read_file(path) == b"one"  # looking does not wait
    finally:
        os.close(other)
    kept(path, b"two")
    assert read_file(path) == b"two"


def test_no_descriptor_is_left_open(path):
    def descriptors():
        return len(os.listdir("/proc/self/fd"))

    kept(path, b"one")
    before = descriptors()
    kept(path, b"two")
    read_file(path)
    os.chmod(os.path.dirname(path), 0o777)
    for use in (read_file, lambda p: kept(p, b"three")):
        with pytest.raises(RecordError):
            use(path)
    assert descriptors() == before
