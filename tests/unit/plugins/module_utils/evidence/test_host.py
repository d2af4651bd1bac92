# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.evidence import host
from ansible_collections.containment.docker.plugins.module_utils.selinux import access, path_label, state


def refuse(*_arguments, **_more):
    raise PermissionError(13, "Permission denied", "/sys/fs/selinux/enforce")


@pytest.fixture
def kernel(monkeypatch):
    """The host's evidence where /proc/filesystems has this."""

    def make(filesystems):
        monkeypatch.setattr(host, "_read", lambda path: filesystems)
        return host.collect(())

    return make


def test_without_selinux_nothing_of_it_is_asked(kernel, monkeypatch):
    monkeypatch.setattr(state, "read_mode", refuse)
    assert kernel(b"nodev\tsysfs\n\text4\n")["selinux"] is None


def test_the_mode(kernel, monkeypatch):
    monkeypatch.setattr(state, "read_mode", lambda: "permissive")
    assert kernel(b"nodev\tselinuxfs\n")["selinux"] == "permissive"
    monkeypatch.setattr(state, "read_mode", refuse)
    with pytest.raises(Unreadable, match="/sys/fs/selinux/enforce: Permission denied"):
        kernel(b"nodev\tselinuxfs\n")["selinux"]


def test_the_next_boot(kernel, monkeypatch):
    monkeypatch.setattr(state, "read_command_line", refuse)
    with pytest.raises(Unreadable, match="/proc/cmdline: Permission denied"):
        kernel(b"")["selinux_boot"]
    monkeypatch.setattr(state, "read_command_line", lambda: "line")
    monkeypatch.setattr(state, "read_config", lambda: "file")
    assert kernel(b"")["selinux_boot"] == ("file", "line")


def test_a_question_that_was_asked_is_not_asked_again(kernel, monkeypatch):
    questions = []
    monkeypatch.setattr(access, "decide", lambda *question: questions.append(question) or "answer")
    ask = kernel(b"")["selinux_access"]
    assert [ask("a", "b", "file", ("read",)) for _time in range(3)] == ["answer"] * 3
    assert questions == [("a", "b", "file", ("read",))]


def test_labels_by_path(kernel, monkeypatch, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    label_at = kernel(b"")["label_at"]
    assert label_at(str(link), None).kind == "dir"
    with pytest.raises(path_label.NotLooked, match="is a link"):
        label_at(str(link), "")
    monkeypatch.setattr(bounded_file, "read", refuse)
    with pytest.raises(Unreadable, match="/proc/self/mountinfo: Permission denied"):
        kernel(b"")["label_at"]


@pytest.mark.parametrize("same, reads", [(True, 1), (False, 2)])
def test_the_mount_table_is_read_once_where_this_process_has_the_first_one_s(monkeypatch, same, reads):
    tables = {
        "/proc/self/mountinfo": b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n",
        "/proc/1/mountinfo": b"1 0 8:2 / /first rw - ext4 /dev/sda2 rw\n",
    }
    calls = []
    monkeypatch.setattr(host.bounded_file, "read", lambda path, _limit: calls.append(path) or tables[path])
    monkeypatch.setattr(host, "_has_the_view_of_the_first", lambda: same)
    evidence = host.collect(())
    evidence["hierarchies"], evidence["place_at"], evidence["name_below"]
    assert set(evidence["mounts"].places) == {"8:1" if same else "8:2"}
    assert len(calls) == reads


def test_an_own_mount_table_that_can_t_be_read_says_nothing_of_the_first_process_s(monkeypatch):
    def read(path, _limit):
        if path == "/proc/self/mountinfo":
            raise PermissionError(13, "Permission denied")
        return b"1 0 8:2 / /first rw - ext4 /dev/sda2 rw\n"

    monkeypatch.setattr(host.bounded_file, "read", read)
    monkeypatch.setattr(host, "_has_the_view_of_the_first", lambda: False)
    evidence = host.collect(())
    with pytest.raises(Unreadable, match="/proc/self/mountinfo: Permission denied"):
        evidence["hierarchies"]
    assert set(evidence["mounts"].places) == {"8:2"}
