# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of a real tree that is brought up to date. What it must not miss is staged with the kernel's own change times."""

import os
import shutil
import stat
import subprocess
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import entry_copy, tree, update
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import read_clock

# own ids are in the range, so that nobody has to be root
IDS = IdMap(os.geteuid(), 65536, os.getegid(), 65536)
OLD = 10**18 + 123456789


def tick():
    time.sleep(0.02)  # more than a tick of the kernel's clock


def same_time(*paths):
    for path in paths:
        os.utime(str(path), ns=(OLD, OLD), follow_symlinks=False)


class Trees:
    """A source and its copy, made by cp; what changes in the source from now on is new."""

    def __init__(self, folder):
        self.source, self.target = folder / "source", folder / "target"
        for name in ("one/deep", "two"):
            (self.source / name).mkdir(parents=True)
        for name in ("file", "one/file", "one/deep/file", "two/file", "two/other"):
            (self.source / name).write_text("text of " + name.replace("two", "one"))
        (self.source / "link").symlink_to("file")
        os.link(str(self.source / "file"), str(self.source / "one" / "hard"))
        os.mkfifo(str(self.source / "pipe"))
        same_time(*self.source.rglob("*"))
        tick()
        directories = tree.survey(str(self.source), IDS).identities.directories
        self.base = update.Base(read_clock(), directories)
        subprocess.check_call(["cp", "-a", str(self.source), str(self.target)])
        tick()

    def update(self, base=None):
        update.update(str(self.source), str(self.target), IDS, base or self.base, lambda: None)
        assert entries(self.target) == entries(self.source)


def entries(root):
    """What a copy must have, by path."""
    result, names = {}, {}
    for path in sorted([root, *root.rglob("*")]):
        status = os.lstat(str(path))
        kind = stat.S_IFMT(status.st_mode)
        names.setdefault(status.st_ino, []).append(str(path.relative_to(root)))
        content = None
        if kind == stat.S_IFREG:
            content = path.read_bytes()
        elif kind == stat.S_IFLNK:
            content = os.readlink(str(path))
        attributes = {n: os.getxattr(str(path), n, follow_symlinks=False) for n in list_attributes(path)}
        result[str(path.relative_to(root))] = [status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns]
        result[str(path.relative_to(root))] += [content, attributes, names[status.st_ino] if content else None]
    return result


def list_attributes(path):
    return [name for name in os.listxattr(str(path), follow_symlinks=False) if name != "security.selinux"]


@pytest.fixture
def trees(tmp_path):
    return Trees(tmp_path)


@pytest.fixture
def written(monkeypatch):
    """Names of what is copied again."""
    names = []
    for function in ("make", "rewrite"):
        real = getattr(entry_copy, function)
        monkeypatch.setattr(
            entry_copy, function, lambda *arguments, real=real: names.append(arguments[2]) or real(*arguments)
        )
    return names


def test_what_did_not_change_is_not_written(trees, written):
    before = {path: os.lstat(str(path)).st_ctime_ns for path in trees.target.rglob("*")}
    trees.update()
    assert written == []
    assert before == {path: os.lstat(str(path)).st_ctime_ns for path in trees.target.rglob("*")}


def test_a_file_that_changed_at_the_same_size_and_has_its_old_time_is_copied(trees, written):
    changed = trees.source / "one" / "deep" / "file"
    changed.write_text("TEXT OF one/deep/file")
    same_time(changed)
    trees.update()
    assert written == ["file"]


def test_a_file_grows_and_another_is_cut(trees, written):
    (trees.source / "two" / "file").write_text("x" * 100000)
    (trees.source / "two" / "other").write_text("")
    trees.update()
    assert sorted(written) == ["file", "other"]


def test_what_came_and_what_went(trees, written):
    (trees.source / "one" / "new" / "below").mkdir(parents=True)
    (trees.source / "one" / "new" / "below" / "file").write_text("new")
    (trees.source / "link").unlink()
    (trees.source / "link").symlink_to("nowhere")
    (trees.source / "pipe").unlink()
    shutil.rmtree(str(trees.source / "two"))
    trees.update()
    assert sorted(written) == ["file", "link"]


@pytest.mark.parametrize("name", ["two", "link", "pipe", "file"])
def test_one_kind_becomes_another(trees, name):
    path = trees.source / name
    shutil.rmtree(str(path)) if path.is_dir() else path.unlink()
    if name == "two":
        path.write_text("a file now")
    else:
        (path / "sub").mkdir(parents=True)
        (path / "sub" / "file").write_text("a directory now")
    trees.update()


def swap(one, other):
    for place, there in ((one, one.with_name("aside")), (other, one), (one.with_name("aside"), other)):
        place.rename(there)


def alike(trees):
    """Two directories whose files have the same names, sizes and times, and another content. Copied so."""
    for name in ("a", "b"):
        (trees.source / "two" / name / "sub").mkdir(parents=True)
        for path in (trees.source / "two" / name / "file", trees.source / "two" / name / "sub" / "file"):
            path.write_text(name)
            same_time(path, path.parent)
    tick()
    shutil.rmtree(str(trees.target))
    trees.base = update.Base(read_clock(), tree.survey(str(trees.source), IDS).identities.directories)
    subprocess.check_call(["cp", "-a", str(trees.source), str(trees.target)])
    tick()
    return trees.source / "two" / "a", trees.source / "two" / "b"


def test_directories_that_are_swapped_are_copied_although_their_files_are_old(trees):
    swap(*alike(trees))
    trees.update()


def test_directories_that_are_swapped_and_then_change_are_copied(trees):
    one, other = alike(trees)
    swap(one, other)
    for path in (one, other):
        (path / "new").touch()
    trees.update()


def test_directories_that_were_swapped_while_they_were_copied_are_copied_again(trees):
    """The copy has what the other had then; now all is as it was before."""
    one, other = alike(trees)
    swap(one, other)
    shutil.rmtree(str(trees.target))
    subprocess.check_call(["cp", "-a", str(trees.source), str(trees.target)])
    swap(one, other)
    same_time(one, other)
    trees.update()


def test_a_directory_whose_mode_changed_is_not_copied_whole(trees, written):
    (trees.source / "one").chmod(0o700)
    trees.update()
    assert written == []


def test_a_directory_whose_entries_changed_is_not_copied_whole(trees, written):
    (trees.source / "new").mkdir()  # so that the one above it changed, too
    (trees.source / "two" / "new").touch()
    trees.update()
    assert written == ["new"]


def test_without_the_earlier_directories_it_is(trees, written):
    (trees.source / "new").mkdir()
    (trees.source / "two" / "new").touch()
    trees.update(trees.base._replace(directories=frozenset()))
    assert sorted(written) == ["file", "new", "other"]


def test_with_no_moment_everything_is_copied(trees, written):
    trees.update(update.Base(0, trees.base.directories))
    assert len(written) == 7


@pytest.mark.parametrize("name", ["file", "zz", "one/aa"])
def test_a_file_gets_another_name(trees, name):
    """Before or after the others in the order of the directory."""
    if not (trees.source / name).exists():
        os.link(str(trees.source / "two" / "other"), str(trees.source / name))
    os.link(str(trees.source / "file"), str(trees.source / "two" / "third"))
    trees.update()


def test_a_file_that_had_two_names_and_is_two_files_now(trees):
    (trees.source / "file").unlink()
    (trees.source / "file").write_text("text of FILE")
    same_time(trees.source / "file")
    trees.update()


def test_a_copy_that_lacks_something_or_has_more_is_mended(trees):
    (trees.target / "one" / "file").unlink()
    (trees.target / "two" / "more").write_text("not of the source")
    (trees.target / "two" / "other").write_text("half")
    (trees.target / "link").unlink()
    (trees.target / "link").mkdir()
    trees.update()


def test_links_of_a_copy_that_are_two_files_become_one(trees):
    (trees.target / "one" / "hard").unlink()
    shutil.copy2(str(trees.target / "file"), str(trees.target / "one" / "hard"))
    trees.update()


def test_holes_stay_holes(trees):
    with open(str(trees.source / "holes"), "wb") as stream:
        stream.write(b"begin")
        stream.seek(8 << 20)
        stream.write(b"middle")
        stream.truncate(16 << 20)
    trees.update()
    assert os.lstat(str(trees.target / "holes")).st_blocks <= 1 << 10


def test_attributes_come_and_go(trees):
    try:
        os.setxattr(str(trees.target / "two" / "file"), "user.stale", b"x")
    except OSError:
        pytest.fail("the tests need a file system with attributes")
    os.setxattr(str(trees.source / "two" / "file"), "user.note", b"new")
    os.setxattr(str(trees.source / "one"), "user.note", b"of a directory")
    trees.update()


def test_set_id_bits_stay(trees):
    (trees.source / "two" / "file").chmod(0o6755)
    trees.update()


def test_a_link_in_the_copy_leads_nowhere(trees, tmp_path):
    (tmp_path / "outside").write_text("mine")
    (trees.target / "two" / "file").unlink()
    (trees.target / "two" / "file").symlink_to(tmp_path / "outside")
    trees.update()
    assert (tmp_path / "outside").read_text() == "mine"


def test_a_file_that_vanishes_meanwhile_says_that_the_source_does_not_rest(trees, monkeypatch):
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda place: real(place) + ["vanished"])
    with pytest.raises(update.Moved):
        trees.update()


def test_a_file_that_is_cut_while_it_is_copied_says_so(trees, monkeypatch):
    (trees.source / "two" / "file").write_text("new")
    real = os.sendfile

    def cut(*arguments):
        (trees.source / "two" / "file").write_text("")
        return real(*arguments)

    monkeypatch.setattr(os, "sendfile", cut)
    with pytest.raises(update.Moved, match="file"):
        trees.update()


def test_a_file_that_is_replaced_before_it_is_opened_says_so(trees, monkeypatch):
    (trees.source / "two" / "file").write_text("new")
    (trees.source / "two" / "other").write_text("new")
    real = entry_copy.rewrite

    def replace(source, target, name, *rest):
        (trees.source / "two" / "aside").write_text("ola")
        (trees.source / "two" / "aside").rename(trees.source / "two" / name)
        real(source, target, name, *rest)

    monkeypatch.setattr(entry_copy, "rewrite", replace)
    with pytest.raises(update.Moved):
        trees.update()


def test_what_stops_it_stops_it_and_no_descriptor_stays_open(trees):
    calls = []

    def go_on():
        calls.append(1)
        if len(calls) == 3:
            raise OSError("stopped")

    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="stopped"):
        update.update(str(trees.source), str(trees.target), IDS, trees.base, go_on)
    assert len(os.listdir("/proc/self/fd")) == before


def test_an_owner_without_room_is_named(trees):
    (trees.source / "two" / "file").write_text("new")
    ids = IdMap(os.geteuid() + 100000, 0, os.getegid() + 100000, 0)
    with pytest.raises(tree.Unshiftable, match="belongs to id"):
        update.update(str(trees.source), str(trees.target), ids, trees.base, lambda: None)


ROOT = "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"


@pytest.mark.parametrize(
    "lines, exact",
    [
        (ROOT, True),
        (ROOT + "22 21 0:5 / {} rw - tmpfs tmpfs rw\n", False),
        (ROOT + "22 21 0:5 / {}/source rw - xfs /dev/sdb rw\n", True),
        (ROOT + "22 21 0:5 / {}/source/one rw - ext4 /dev/sdb rw\n", False),
        (ROOT + "22 21 0:5 / {}/sourc rw - tmpfs tmpfs rw\n", True),
        (ROOT + "22 21 0:5 / {} rw - ext4 /dev/sdb rw\n23 22 0:6 / {} rw - nfs4 other:/ rw\n", False),
        ("nonsense\n", False),
        ("", False),
    ],
)
def test_change_times_prove_something_on_a_disk_of_this_host(trees, tmp_path, monkeypatch, lines, exact):
    (tmp_path / "mountinfo").write_text(lines.replace("{}", str(tmp_path)))
    monkeypatch.setattr(update, "MOUNTS", str(tmp_path / "mountinfo"))
    assert update.is_exact(str(trees.source)) is exact
