# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies whose source changes meanwhile. cp and rsync are stood in for; what they really do is the scenario migration."""

import os
import shutil
import time
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    carriers,
    identities,
    sandbox,
    tree,
    update,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import Identities

IDS = IdMap(100000, 65536, 200000, 65536)
ME = Identities(frozenset([os.geteuid()]), frozenset([os.getegid()]))
USER, GROUP = os.geteuid(), os.getegid()


class Programs:
    """cp and rsync: statuses of the runs to come by program, 0 where none is named; what runs, in order."""

    def __init__(self, monkeypatch, **statuses):
        self.statuses, self.runs, self.maps, self.meanwhile = statuses, [], [], lambda: None
        monkeypatch.setattr(sandbox, "between", self.between)
        monkeypatch.setattr(sandbox, "run", lambda argv: self.runs.append(argv[0]))
        monkeypatch.setattr(tree, "shift", self.shift)
        monkeypatch.setattr(bulk_copy, "has_rsync", lambda: self.rsync)
        self.rsync = True

    def shift(self, root, ids, recent=None):
        self.runs.append("shift" if recent is None else "shift, recent")
        self.recent = recent

    def between(self, source, target, argv):
        self.runs.append(argv[0])
        if argv[0] == "cp":
            assert "--preserve=xattr" in argv  # an attribute that can't be written is no failure without
        if argv[0] == "rsync":
            assert "--modify-window=-1" in argv  # it compares whole seconds without
            self.maps.append([text for text in argv if "map=" in text])
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


def copy_live(places, settled=None):
    return bulk_copy.copy_live(*map(str, places), IDS, ME, {} if settled is None else settled)


def test_a_first_copy_whose_source_rests_needs_no_rsync(monkeypatch, places):
    programs = Programs(monkeypatch)
    before = identities.read_clock()
    assert before <= copy_live(places) <= identities.read_clock()
    assert programs.runs == ["sync", "cp", "shift, recent"]


@pytest.mark.parametrize("status", [0, 23, 24])
def test_a_first_copy_whose_files_vanish_is_continued_by_rsync(monkeypatch, places, status):
    programs = Programs(monkeypatch, cp=1, rsync=status)
    # with 23 something may be left out that did not change
    assert bool(copy_live(places)) is (status != 23)
    assert programs.runs == ["sync", "cp", "shift", "rsync", "shift, recent"]
    assert (places[1] / "sub" / "file").read_text() == "text"


def test_what_is_written_during_a_first_copy_is_copied_again_by_the_last(monkeypatch, places):
    programs = Programs(monkeypatch)
    programs.meanwhile = (places[0] / "sub" / "file").touch
    copy_live(places)
    assert programs.recent <= (places[0] / "sub" / "file").stat().st_mtime_ns - 10**9


def test_volumes_that_are_copied_soon_after_each_other_share_a_sync(monkeypatch, places):
    programs, settled = Programs(monkeypatch), {}
    copy_live(places, settled)
    first = programs.recent
    copy_live(places, settled)
    assert programs.runs.count("sync") == 1 and programs.recent == first
    for moved in (-31 * 10**9, 5 * 10**9):  # it is long ago, or the clock was set back
        settled = {device: moment + moved for device, moment in settled.items()}
        copy_live(places, settled)
    assert programs.runs.count("sync") == 3 and programs.recent >= first


@pytest.mark.parametrize("status, free", [(11, 1000), (12, 1000), (23, 0), (24, 0)])
def test_a_first_copy_that_rsync_can_not_continue_fails_with_its_words(monkeypatch, places, status, free):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_bavail=free))
    Programs(monkeypatch, cp=1, rsync=status)
    with pytest.raises(
        sandbox.CommandError, match=f"cp failed with status 1: no space left; rsync failed with status {status}"
    ):
        copy_live(places)


def test_a_first_copy_whose_files_vanish_is_good_for_nothing_without_rsync(monkeypatch, places):
    programs = Programs(monkeypatch, cp=1)
    programs.rsync = False
    assert copy_live(places) == 0
    assert programs.runs == ["sync", "cp", "shift, recent"]


@pytest.mark.parametrize("status, free", [(1, 0), (137, 1000)])
def test_a_first_copy_that_fails_otherwise_fails_without_rsync(monkeypatch, places, status, free):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_bavail=free))
    Programs(monkeypatch, cp=status).rsync = False
    with pytest.raises(sandbox.CommandError, match="cp failed"):
        copy_live(places)


class Updates:
    """Updates that are asked for: (source, target, base)."""

    def __init__(self, monkeypatch, exact=True):
        self.calls, self.meanwhile = [], lambda: None
        monkeypatch.setattr(update, "is_exact", lambda source: exact)
        monkeypatch.setattr(update, "update", self.update)

    def update(self, source, target, ids, base, go_on):
        self.calls.append((source, target, base))
        self.meanwhile()


NOW = time.time_ns() if hasattr(time, "time_ns") else int(time.time() * 1e9)
KNOWN = ME._replace(boot=identities.read_boot(), directories=frozenset([("", 1, 2)]))


def test_a_last_copy_needs_no_program_where_change_times_prove_what_changed(monkeypatch, places):
    programs, updates = Programs(monkeypatch), Updates(monkeypatch)
    time.sleep(0.02)
    bulk_copy.copy_last(*map(str, places), IDS, KNOWN, NOW)
    assert programs.runs == []
    # what was begun in the last ten seconds before may not be in the first copy
    assert updates.calls == [(*map(str, places), update.Base(NOW - 10 * 10**9, KNOWN.directories))]


def test_with_a_clock_that_was_set_back_everything_is_copied(monkeypatch, places):
    Programs(monkeypatch)
    updates = Updates(monkeypatch)
    time.sleep(0.02)
    bulk_copy.copy_last(*map(str, places), IDS, KNOWN._replace(boot=KNOWN.boot + 10**10), NOW)
    assert updates.calls[0][2].oldest == 0


@pytest.mark.parametrize("since, exact", [(0, True), (NOW, False)])
def test_rsync_makes_a_last_copy_where_they_do_not(monkeypatch, places, since, exact):
    programs, updates = Programs(monkeypatch), Updates(monkeypatch, exact)
    time.sleep(0.02)
    bulk_copy.copy_last(*map(str, places), IDS, KNOWN, since)
    assert programs.runs == ["rsync"] and updates.calls == []


def test_without_rsync_such_a_volume_is_copied_whole(monkeypatch, places):
    programs, updates = Programs(monkeypatch), Updates(monkeypatch)
    programs.rsync = False
    time.sleep(0.02)
    bulk_copy.copy_last(*map(str, places), IDS, KNOWN, 0)
    assert programs.runs == ["cp", "shift"] and updates.calls == []


def test_a_write_during_an_update_is_an_error_that_names_the_volume(monkeypatch, places):
    Programs(monkeypatch)
    updates = Updates(monkeypatch)
    time.sleep(0.02)
    for meanwhile in ((places[0] / "sub" / "file").touch, lambda: vanish("file")):
        updates.meanwhile = meanwhile
        with pytest.raises(bulk_copy.Changed, match="source is written to by something that is no container"):
            bulk_copy.copy_last(*map(str, places), IDS, KNOWN, NOW)


def vanish(name):
    raise update.Moved(name)


@pytest.mark.parametrize("exact, rsync, can", [(True, False, True), (False, True, True), (False, False, False)])
def test_a_first_copy_is_made_where_it_can_be_brought_up_to_date(monkeypatch, places, exact, rsync, can):
    Programs(monkeypatch).rsync = rsync
    Updates(monkeypatch, exact)
    assert bulk_copy.can_update(str(places[0])) is can


def copy_last(places, monkeypatch, earlier, later=None):
    """later: what the walk afterwards reads of owners."""
    read = carriers.read

    def read_owners(root, *rest):
        content = read(root, *rest)
        return content._replace(users=later[0], groups=later[1]) if later else content

    monkeypatch.setattr(carriers, "read", read_owners)
    time.sleep(0.02)  # more than a tick of the clock: what was made before it is old
    bulk_copy.copy_last(*map(str, places), IDS, earlier)


def test_a_last_copy_tolerates_nothing(monkeypatch, places):
    Programs(monkeypatch, rsync=24)
    with pytest.raises(sandbox.CommandError, match="status 24"):
        copy_last(places, monkeypatch, ME)


def test_a_last_copy_is_one_rsync_where_no_owner_is_new(monkeypatch, places):
    programs = Programs(monkeypatch)
    copy_last(places, monkeypatch, ME)
    assert programs.runs == ["rsync"]
    assert programs.maps == [[f"--usermap={USER}:{100000 + USER}", f"--groupmap={GROUP}:{200000 + GROUP}"]]


def test_an_owner_that_came_since_has_rsync_run_again_with_it(monkeypatch, places):
    programs = Programs(monkeypatch)
    copy_last(places, monkeypatch, Identities(frozenset([1]), frozenset([2])), ({3}, {2, 4}))
    assert programs.maps == [
        ["--usermap=1:100001", "--groupmap=2:200002"],
        ["--usermap=1:100001,3:100003", "--groupmap=2:200002,4:200004"],
    ]


def test_an_owner_that_came_since_and_has_no_room_stops_the_last_copy(monkeypatch, places):
    Programs(monkeypatch)
    with pytest.raises(tree.Unshiftable, match="belongs to id 70000"):
        copy_last(places, monkeypatch, ME, (ME.users | {70000}, ME.groups))


def test_a_write_during_the_last_copy_is_an_error_that_names_the_volume(monkeypatch, places):
    programs = Programs(monkeypatch)
    programs.meanwhile = (places[0] / "sub" / "file").touch
    with pytest.raises(bulk_copy.Changed, match="source is written to by something that is no container"):
        copy_last(places, monkeypatch, ME)


@pytest.mark.parametrize("earlier", [None, Identities(frozenset(range(65536)), frozenset([0]))])
def test_what_has_no_copy_or_more_owners_than_an_argument_takes_is_copied_whole(monkeypatch, places, earlier):
    programs = Programs(monkeypatch)
    (places[1] / "stale").touch()
    copy_last(places, monkeypatch, earlier)
    assert programs.runs == ["cp", "shift"]
    assert sorted(os.listdir(places[1])) == ["sub"]


def test_attributes_with_ids_are_written_after_rsync(monkeypatch, places):
    programs = Programs(monkeypatch)
    monkeypatch.setattr(tree, "read_attributes", lambda place: [("a", b"v")] if place.endswith("/file") else [])
    monkeypatch.setattr(carriers, "write", lambda root, items, ids: programs.runs.append((root, items, ids)))
    copy_last(places, monkeypatch, ME)
    assert programs.runs == ["rsync", (str(places[1]), [("sub/file", [("a", b"v")])], IDS)]
