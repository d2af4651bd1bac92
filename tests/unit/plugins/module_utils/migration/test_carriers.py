# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of a real tree are asked for attributes with ids, and where these are written to."""

import os
import shutil
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import attributes, carriers, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import Identities

IDS = IdMap(100000, 65536, 100000, 65536)
KNOWN = [("security.capability", b"value")]


@pytest.fixture
def source(tmp_path):
    """A tree of old files."""
    (tmp_path / "source" / "sub").mkdir(parents=True)
    for name in ("one", "two", "sub/three"):
        (tmp_path / "source" / name).write_text("text")
    (tmp_path / "source" / "link").symlink_to("one")
    return tmp_path / "source"


@pytest.fixture
def read_names(monkeypatch, source):
    """Names of the files that are asked; all of them carry ids. What changes from now on is new."""
    names = []

    def read_attributes(place):
        names.append(os.path.basename(os.readlink(place.rpartition("/")[0]) + "/" + place.rpartition("/")[2]))
        return KNOWN

    time.sleep(0.02)  # more than a tick of the clock
    (source.parent / "now").touch()
    oldest = os.lstat(source.parent / "now").st_ctime_ns
    monkeypatch.setattr(tree, "read_attributes", read_attributes)
    monkeypatch.setattr(carriers, "oldest_change", lambda earlier: oldest)
    return names


def inode(path):
    status = os.lstat(path)
    return status.st_dev, status.st_ino


def test_a_tree_in_which_nothing_changed_is_asked_for_nothing(source, read_names):
    content = carriers.read(str(source), Identities())
    assert (content.carriers, read_names) == ([], [])
    status = os.lstat(source)
    assert (content.users, content.groups) == ({status.st_uid}, {status.st_gid})
    assert content.latest == max(os.lstat(path).st_ctime_ns for path in (source, *source.rglob("*")))


def test_a_file_that_changed_is_asked(source, read_names):
    (source / "two").chmod(0o600)
    content = carriers.read(str(source), Identities())
    assert (content.carriers, read_names) == ([("two", KNOWN)], ["two"])


def test_a_new_link_is_not_asked(source, read_names):
    (source / "sub" / "new").symlink_to("three")
    assert carriers.read(str(source), Identities()).carriers == [("sub", KNOWN)]


def test_a_file_that_carried_ids_is_asked_wherever_its_directory_is_by_now(source, read_names):
    earlier = Identities(carriers=frozenset([inode(source / "sub" / "three")]))
    (source / "sub").rename(source / "moved")
    read = dict(carriers.read(str(source), earlier).carriers)
    assert "moved/three" in read and "one" not in read


def test_a_root_that_carried_ids_is_asked(source, read_names):
    content = carriers.read(str(source), Identities(carriers=frozenset([inode(source)])))
    assert (content.carriers, read_names) == ([("", KNOWN)], ["."])


def test_without_an_earlier_walk_everything_but_links_is_asked(source, monkeypatch):
    monkeypatch.setattr(tree, "read_attributes", lambda place: KNOWN)
    paths = [path for path, _values in carriers.read(str(source), Identities()).carriers]
    assert sorted(paths) == ["", "one", "sub", "sub/three", "two"]


@pytest.fixture
def written(monkeypatch):
    """(real path, value) of what is written."""
    pairs = []
    monkeypatch.setattr(
        os, "setxattr", lambda place, name, value, **more: pairs.append((os.path.realpath(place), value, more))
    )
    monkeypatch.setattr(attributes, "shift", lambda name, value, ids: b"shifted " + value)
    return pairs


def test_attributes_are_written_to_the_same_paths(source, written):
    carriers.write(str(source), [(path, KNOWN) for path in ("", "one", "sub", "sub/three", "two")], IDS)
    paths = [source, source / "one", source / "sub", source / "sub" / "three", source / "two"]
    assert written == [(str(path), b"shifted value", {"follow_symlinks": False}) for path in paths]


def test_a_directory_that_is_a_link_gives_no_file_outside_an_attribute(source, written, tmp_path):
    shutil.copytree(source, tmp_path / "outside")
    shutil.rmtree(source / "sub")
    (source / "sub").symlink_to(tmp_path / "outside" / "sub")
    with pytest.raises(OSError):
        carriers.write(str(source), [("sub/three", KNOWN)], IDS)
    assert written == []


def test_an_attribute_whose_id_has_no_room_is_named(source, monkeypatch):
    monkeypatch.setattr(attributes, "shift", lambda name, value, ids: None)
    with pytest.raises(tree.Unshiftable, match="sub/three has security.capability with an id"):
        carriers.write(str(source), [("sub/three", KNOWN)], IDS)


def test_no_descriptor_stays_open(source, written):
    before = len(os.listdir("/proc/self/fd"))
    carriers.write(str(source), [("sub/three", KNOWN), ("sub/missing/x", KNOWN)][:1], IDS)
    with pytest.raises(OSError):
        carriers.write(str(source), [("sub/missing/x", KNOWN)], IDS)
    carriers.read(str(source), Identities())
    assert len(os.listdir("/proc/self/fd")) == before
