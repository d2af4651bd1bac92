# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one writer: the old file or the new one, and nothing beside it, whatever fails."""

import errno
import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import atomic_file


@pytest.fixture
def path(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    return str(tmp_path / "file")


def content(path):
    with open(path, "rb") as stream:
        return stream.read()


def names(path):
    return sorted(os.listdir(os.path.dirname(path)))


def fail(*_arguments, **_options):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_replaced_file_is_another_one_that_only_its_owner_reads_whatever_the_umask(path):
    before, inode = os.umask(0), os.stat(path).st_ino
    try:
        atomic_file.replace(path, b"new")
    finally:
        os.umask(before)
    status = os.stat(path)
    assert (content(path), stat.S_IMODE(status.st_mode), names(path)) == (b"new", 0o600, ["file"])
    assert status.st_ino != inode


def test_a_file_is_named_from_an_open_directory(path, tmp_path):
    directory = os.open(str(tmp_path), os.O_RDONLY)
    try:
        atomic_file.replace("file", b"new", directory)
        atomic_file.create("other", b"x", directory)
        atomic_file.remove("other", directory)
    finally:
        os.close(directory)
    assert (content(path), names(path)) == (b"new", ["file"])


@pytest.mark.parametrize("call", ["rename", "fsync", "open"])
def test_an_error_leaves_the_old_file_and_nothing_beside_it(path, monkeypatch, call):
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError):
        atomic_file.replace(path, b"new")
    monkeypatch.undo()
    assert (content(path), names(path)) == (b"old", ["file"])


@pytest.mark.parametrize("argument", ["prepare", "check"])
def test_what_prepare_and_check_raise_comes_through_and_nothing_is_written(path, argument):
    def refuse(*_arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atomic_file.replace(path, b"new", **{argument: refuse})
    assert (content(path), names(path)) == (b"old", ["file"])


def test_the_check_comes_last(path):
    def check():
        assert names(path) == [".file.containment-new", "file"] and content(path) == b"old"

    atomic_file.replace(path, b"new", check=check)
    assert content(path) == b"new"


def test_a_link_planted_in_the_way_is_removed_and_not_followed(path, tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    (tmp_path / ".file.containment-new").symlink_to(victim)
    atomic_file.replace(path, b"new")
    assert (content(path), victim.read_bytes(), names(path)) == (b"new", b"untouched", ["file", "victim"])


def test_create_replaces_nothing(path):
    with pytest.raises(FileExistsError):
        atomic_file.create(path, b"new")
    assert content(path) == b"old"


def test_remove_twice_is_no_error(path):
    atomic_file.remove(path)
    atomic_file.remove(path)
    assert names(path) == []
