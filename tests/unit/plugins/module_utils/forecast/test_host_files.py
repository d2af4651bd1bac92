# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real processes, files and trees."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import container_use, host_files
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget

STATUS = b"""Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t1000\t1001\t1002\t1003\nGid:\t7\t8\t9\t10
Groups:\t5 6 \nCapEff:\t0000000000000002\n"""


def test_an_identity_is_what_files_are_opened_with():
    identity = container_use.parse_identity(STATUS)
    assert (identity.uid, identity.gid, identity.groups) == (1003, 10, frozenset((5, 6)))
    assert (identity.overrides, identity.reads, identity.program) == (True, False, "sh")


@pytest.mark.parametrize("line", [b"Uid", b"Gid", b"Groups", b"CapEff"])
def test_a_status_that_no_kernel_writes_is_refused(line):
    with pytest.raises(ValueError):
        container_use.parse_identity(STATUS.replace(line + b":\t", b"x:\tz"))


def test_a_container_whose_processes_have_ended_is_unreadable():
    with pytest.raises(Unreadable, match="ended"):
        container_use.look("f" * 64, [], [], frozenset())


def tree(path, budget=None, slow=(), **limits):
    walked = host_files.Tree(str(path), frozenset(slow), budget or Budget(60, 1000), **limits)
    return sorted(os.path.relpath(file.path, str(path)) for file in walked.files()), walked.incomplete


def test_a_tree_is_walked_without_following_links(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("")
    (tmp_path / "etc").symlink_to("/etc")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(str(tmp_path / "a" / "pipe"))
    assert tree(tmp_path) == (["a", "a/file", "a/pipe"], "")


def test_what_another_filesystem_is_mounted_on_counts_only_where_it_is_asked_for():
    assert "proc" not in tree("/", depth=1)[0]
    names = tree("/", depth=2, points=True)[0]
    assert "proc" in names and not [name for name in names if name.startswith("proc/")]


def test_a_deep_tree_ends_and_says_so(tmp_path):
    (tmp_path / "1/2/3/4/5").mkdir(parents=True)
    files, incomplete = tree(tmp_path)
    assert files == ["1", "1/2", "1/2/3", "1/2/3/4"]
    assert "deeper than 4 directories" in incomplete


def test_a_wide_tree_ends_and_says_so(tmp_path):
    for name in range(9):
        (tmp_path / str(name)).write_text("")
    files, incomplete = tree(tmp_path, entries=5)
    assert len(files) == 5 and "more than 5 files" in incomplete


def test_a_search_ends_with_its_budget(tmp_path):
    for name in range(9):
        (tmp_path / str(name)).write_text("")
    files, incomplete = tree(tmp_path, Budget(60, 4))
    assert len(files) == 4 and "search_files" in incomplete


def test_a_mount_that_may_keep_one_waiting_is_left_out(tmp_path):
    (tmp_path / "nfs").mkdir()
    assert tree(tmp_path, slow=[str(tmp_path / "nfs")]) == ([], "")


def test_a_file_is_found_through_a_link_and_nothing_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("file")
    assert host_files.find(str(tmp_path / "link"), frozenset()).path == str(tmp_path / "file")
    assert host_files.find(str(tmp_path / "none"), frozenset()) is None


def test_a_slow_filesystem_is_not_entered(tmp_path):
    with pytest.raises(Unreadable, match="isn't waited for"):
        host_files.find(str(tmp_path / "x"), frozenset((str(tmp_path),)))
