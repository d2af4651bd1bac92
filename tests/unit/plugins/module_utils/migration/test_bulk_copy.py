# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies whose source changes meanwhile. cp and rsync are stood in for; what they really do is the scenario migration."""

import os
import shutil
import struct
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import attributes, bulk_copy, sandbox, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

IDS = IdMap(os.geteuid() + 100000, 65536, os.getegid() + 100000, 65536)
ACL = "system.posix_acl_access"
NOBODY = 0xFFFFFFFF


class Programs:
    """cp and rsync: statuses of the runs to come by program, 0 where none is named; what runs, in order."""

    def __init__(self, monkeypatch, **statuses):
        self.statuses, self.runs, self.meanwhile = statuses, [], lambda: None
        monkeypatch.setattr(sandbox, "between", self.between)
        monkeypatch.setattr(tree, "shift", lambda root, ids: self.runs.append("shift"))

    def between(self, source, target, argv):
        self.runs.append(argv[0])
        shutil.rmtree(target)
        shutil.copytree(source, target, symlinks=True)
        self.meanwhile()
        status = self.statuses.get(argv[0], 0)
        if status:
            raise sandbox.CommandError(f"{argv[0]} failed with status {status}: no space left", status)


@pytest.fixture
def places(tmp_path):
    """(source, target): a directory with a file, and an empty one."""
    (tmp_path / "source" / "sub").mkdir(parents=True)
    (tmp_path / "source" / "sub" / "file").write_text("text")
    (tmp_path / "target").mkdir()
    return tmp_path / "source", tmp_path / "target"


def copy_live(places):
    bulk_copy.copy_live(*map(str, places), IDS)


def test_a_first_copy_whose_source_rests_needs_no_rsync(monkeypatch, places):
    programs = Programs(monkeypatch)
    copy_live(places)
    assert programs.runs == ["cp", "shift"]


@pytest.mark.parametrize("status", [0, 23, 24])
def test_a_first_copy_whose_files_vanish_is_continued_by_rsync(monkeypatch, places, status):
    programs = Programs(monkeypatch, cp=1, rsync=status)
    copy_live(places)
    assert programs.runs == ["cp", "shift", "rsync", "shift"]
    assert (places[1] / "sub" / "file").read_text() == "text"


@pytest.mark.parametrize("status, free", [(11, 1000), (12, 1000), (23, 0), (24, 0)])
def test_a_first_copy_that_rsync_can_not_continue_fails_with_its_words(monkeypatch, places, status, free):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_bavail=free))
    Programs(monkeypatch, cp=1, rsync=status)
    with pytest.raises(
        sandbox.CommandError, match=f"cp failed with status 1: no space left; rsync failed with status {status}"
    ):
        copy_live(places)


def test_a_last_copy_tolerates_nothing(monkeypatch, places):
    Programs(monkeypatch, rsync=24)
    monkeypatch.setattr(bulk_copy, "can_update", lambda: True)
    with pytest.raises(sandbox.CommandError, match="status 24"):
        bulk_copy.copy_last(*map(str, places), IDS, True)


def test_a_directory_that_became_a_link_gives_no_file_outside_an_attribute(monkeypatch, places, tmp_path):
    """The names of carriers were read before rsync; a container swapped their directory for a link in between."""
    source, target = places
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("the host's")
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, 6, NOBODY) for tag in (1, 4, 32))
    monkeypatch.setattr(bulk_copy, "_carriers", lambda place: [(ACL, acl)] if place.endswith("/file") else [])
    written = []
    monkeypatch.setattr(os, "setxattr", lambda place, *rest, **more: written.append(os.path.realpath(place)))
    monkeypatch.setattr(attributes, "shift", lambda name, value, ids: value)
    programs = Programs(monkeypatch)
    bulk_copy.update(str(source), str(target), IDS)
    assert written == [str(target / "sub" / "file")]

    def swap():
        shutil.rmtree(target / "sub")
        (target / "sub").symlink_to(tmp_path / "outside")

    programs.meanwhile = swap
    written.clear()
    bulk_copy.update(str(source), str(target), IDS)
    assert written == []
