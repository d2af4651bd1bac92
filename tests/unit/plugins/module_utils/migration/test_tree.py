# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real tree on this file system: walked without following links, shifted, and shifted back."""

import os
import stat
import struct

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

IDS = IdMap(100000, 65536, 100000, 65536)
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def content(tmp_path):
    """A tree with a directory, a file with two names, a link out of it, a pipe, and a name of odd bytes."""
    top = tmp_path / "top"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "file").write_text("text")
    os.link(top / "sub" / "file", top / "second name")
    (top / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(top / "pipe")
    with open(os.path.join(os.fsencode(top), b"odd\xff\n"), "wb"):
        pass
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("not ours")
    return top


def paths(top):
    return sorted(path for _handle, _name, path, _status in tree.walk(str(top)))


def test_a_walk_names_everything_once_and_follows_no_link(content):
    assert paths(content) == sorted(["sub", "sub/file", "second name", "link", "pipe", "odd\udcff\n"])


def test_a_deep_tree_is_walked_without_recursion(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    for _level in range(400):
        os.mkdir("d", dir_fd=handle)
        below = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    assert len(paths(tmp_path)) == 400


def test_a_tree_deeper_than_may_be_open_is_an_error_that_names_it(content, monkeypatch):
    monkeypatch.setattr(tree, "raise_descriptors", lambda: 1)
    with pytest.raises(tree.Unshiftable, match="sub is 1 directories deep"):
        paths(content)


def test_a_survey_counts_a_file_with_two_names_once(content):
    survey = tree.survey(str(content), IDS)
    assert survey.entries == 7
    single = sum(os.lstat(content / name).st_blocks * 512 for name in ("", "sub", "sub/file", "link", "pipe"))
    assert survey.size == single
    assert survey.unmappable == () and survey.devices == 0


def test_a_survey_knows_owners_and_which_files_carry_ids(content, monkeypatch):
    monkeypatch.setattr(tree, "read_attributes", lambda path: [("x", b"")] if path.endswith("/file") else [])
    monkeypatch.setattr(tree.attributes, "shift", lambda name, value, ids: value)
    before = tree.survey(str(content), IDS).identities
    status = os.lstat(content / "sub" / "file")
    assert (before.users, before.groups) == ({status.st_uid}, {status.st_gid})
    assert before.carriers == {(status.st_dev, status.st_ino)} and before.moment > status.st_ctime_ns - 10**9
    monkeypatch.setattr(tree, "_MOST", 0)
    many = tree.survey(str(content), IDS).identities
    assert (many.carriers, many.moment, many.directories) == (set(), 0, set())


def test_a_survey_knows_where_directories_are(content):
    inodes = [os.lstat(content / name).st_ino for name in ("", "sub")]
    device = os.lstat(content).st_dev
    assert tree.survey(str(content), IDS).identities.directories == {
        ("", device, inodes[0]),
        ("sub", device, inodes[1]),
    }


def test_a_file_that_vanishes_before_its_attributes_are_read_has_none(content, monkeypatch):
    listxattr = os.listxattr

    def vanish(path, **more):
        if path.endswith("/pipe"):
            os.unlink(content / "pipe")
        return listxattr(path, **more)

    monkeypatch.setattr(os, "listxattr", vanish)
    assert tree.survey(str(content), IDS).entries == 7 and not (content / "pipe").exists()


@root_only
def test_a_survey_names_a_root_that_has_no_place(content):
    os.chown(content, 70000, 0)
    assert tree.survey(str(content), IDS).unmappable == (".",)


@root_only
def test_a_survey_names_what_has_no_place(content):
    os.chown(content / "sub" / "file", 70000, 0)
    assert tree.survey(str(content), IDS).unmappable == ("second name", "sub/file") or set(
        tree.survey(str(content), IDS).unmappable
    ) == {"second name", "sub/file"}


@root_only
def test_a_shift_moves_owners_keeps_modes_times_and_links_and_can_be_repeated_and_taken_back(content):
    file = content / "sub" / "file"
    os.chown(file, 5, 6)
    os.chmod(file, 0o6755)
    before = {path: os.lstat(content / path) for path in ("sub", "sub/file", "link", "pipe")}
    tree.shift(str(content), IDS)
    tree.shift(str(content), IDS)
    status = os.lstat(file)
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (100005, 100006, 0o6755)
    assert os.lstat(content / "second name").st_ino == status.st_ino
    assert os.lstat(content).st_uid == 100000
    assert os.lstat(content / "link").st_uid == 100000
    assert os.lstat(content.parent / "outside").st_uid == 0 == os.lstat(content.parent / "outside" / "secret").st_uid
    assert {path: os.lstat(content / path).st_mtime_ns for path in before} == {
        p: s.st_mtime_ns for p, s in before.items()
    }
    tree.shift(str(content), IDS._replace(back=True))
    after = {path: os.lstat(content / path) for path in before}
    assert {p: (s.st_uid, s.st_gid, s.st_mode) for p, s in after.items()} == {
        p: (s.st_uid, s.st_gid, s.st_mode) for p, s in before.items()
    }


@root_only
def test_a_shift_takes_the_time_from_files_written_since(content):
    old = os.lstat(content / "second name").st_mtime_ns
    (content / "new").write_text("text")
    os.utime(content / "new", ns=(old + 5, old + 5))
    tree.shift(str(content), IDS, old + 5)
    assert os.lstat(content / "new").st_mtime_ns == 0
    assert os.lstat(content / "sub" / "file").st_mtime_ns == old
    os.utime(content / "new", ns=(old + 5, old + 5))
    tree.shift(str(content), IDS)
    assert os.lstat(content / "new").st_mtime_ns == old + 5
    tree.shift(str(content), IDS, 0)
    assert os.lstat(content / "sub").st_mtime_ns and os.lstat(content / "link").st_mtime_ns


@root_only
def test_capabilities_survive_the_change_of_the_owner_and_get_the_mapped_root(content):
    file = str(content / "sub" / "file")
    value = struct.pack("<IIIII", 0x02000001, 0x400, 0, 0, 0)
    os.setxattr(file, "security.capability", value)
    tree.shift(str(content), IDS)
    assert os.getxattr(file, "security.capability") == struct.pack("<IIIIII", 0x03000001, 0x400, 0, 0, 0, 100000)


@root_only
def test_an_owner_without_a_place_stops_the_shift(content):
    os.chown(content / "pipe", 70000, 0)
    with pytest.raises(tree.Unshiftable, match="pipe belongs to 70000:0"):
        tree.shift(str(content), IDS)


@root_only
def test_what_is_mapped_already_is_found(content):
    assert tree.has_mapped(str(content), IDS) == ""
    os.chown(content / "sub" / "file", 0, 100001)
    assert tree.has_mapped(str(content), IDS) in ("sub/file", "second name")


def test_a_directory_is_opened_below_a_root_by_no_link(content):
    handle = tree.open_below(str(content), "sub")
    assert os.listdir(handle) == ["file"]
    os.close(handle)
    for path in ("link", "sub/file"):
        with pytest.raises(OSError):
            tree.open_below(str(content), path)


def test_a_change_is_seen_by_its_time(content):
    later = os.lstat(content / "sub" / "file").st_ctime_ns
    assert tree.changed_since(str(content), later)
    assert not tree.changed_since(str(content), tree.survey(str(content), IDS).latest + 1)


@root_only
def test_a_file_that_is_replaced_by_a_link_while_its_mode_is_restored_changes_no_other_file(tmp_path, monkeypatch):
    top = tmp_path / "top"
    top.mkdir()
    (top / "file").write_text("text")
    os.chmod(top / "file", 0o4755)
    (tmp_path / "outside").write_text("the host's")
    os.chmod(tmp_path / "outside", 0o600)
    chown = os.chown

    def swap(name, *arguments, **more):
        chown(name, *arguments, **more)
        if name == "file":
            (top / "file").rename(top / "aside")
            (top / "file").symlink_to(tmp_path / "outside")

    monkeypatch.setattr(os, "chown", swap)
    with pytest.raises(tree.Unshiftable, match="was replaced while its ids were shifted"):
        tree.shift(str(top), IDS)
    assert stat.S_IMODE(os.stat(tmp_path / "outside").st_mode) == 0o600


@root_only
@pytest.mark.parametrize("devices, set_ids", [(True, False), (False, True), (False, False), (True, True)])
def test_device_files_and_set_id_bits_are_taken_out_as_policy_says(tmp_path, devices, set_ids):
    top = tmp_path / "top"
    (top / "sub").mkdir(parents=True)
    os.chmod(top / "sub", 0o2775)
    (top / "sub" / "file").write_text("text")
    os.chmod(top / "sub" / "file", 0o6755)
    os.mknod(top / "sub" / "null", 0o020666, os.makedev(1, 3))
    os.mkfifo(top / "sub" / "pipe")
    tree.strip(str(top), devices, set_ids)
    assert sorted(os.listdir(top / "sub")) == ["file", "pipe"] if devices else ["file", "null", "pipe"]
    assert stat.S_IMODE(os.stat(top / "sub" / "file").st_mode) == (0o755 if set_ids else 0o6755)
    assert stat.S_IMODE(os.stat(top / "sub").st_mode) == 0o2775
