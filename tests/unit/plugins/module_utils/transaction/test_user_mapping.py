# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On files of our own; the user is root, as every machine has it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.transaction import exclusive, user_mapping


@pytest.fixture
def files(tmp_path, monkeypatch):
    for name in ("subuid", "subgid"):
        monkeypatch.setattr(user_mapping, name.upper(), str(tmp_path / name))
    monkeypatch.setattr(exclusive, "LOCK", str(tmp_path.with_name("lock")))
    return tmp_path


def test_both_get_the_same_free_range_and_keep_it(files):
    (files / "subuid").write_text("alice:100000:65536\n")
    (files / "subgid").write_text("alice:100000:65536\nbob:165536:65536\n")
    result = user_mapping.provide("root", "root", 65536, False)
    assert result["changed"] and result["subuid"] == result["subgid"] == [231072, 65536]
    assert (files / "subuid").read_text() == "alice:100000:65536\nroot:231072:65536\n"
    assert (files / "subgid").read_text().endswith("bob:165536:65536\nroot:231072:65536\n")
    again = user_mapping.provide("root", "root", 65536, False)
    assert not again["changed"] and again["subuid"] == [231072, 65536]


def test_check_mode_shows_the_change_and_writes_nothing(files):
    result = user_mapping.provide("nobody-of-that-name", "root", 65536, True)
    assert result["changed"] and len(result["diff"]) == 2
    assert list(files.iterdir()) == []


def test_check_mode_does_not_promise_a_file_that_can_not_be_replaced(files, monkeypatch):
    monkeypatch.setattr(replaceable, "obstacle", lambda path: "Read-only file system")
    with pytest.raises(ConfigError, match="subuid cannot be written: Read-only file system"):
        user_mapping.provide("root", "root", 65536, True)


@pytest.mark.parametrize(
    "text, words",
    [
        ("root:100000:65536\nalice:160000:10\n", "overlaps that of alice"),
        ("root:100000\n", "line 1"),
    ],
)
def test_what_can_not_be_put_right_is_refused_and_nothing_is_written(files, text, words):
    (files / "subuid").write_text(text)
    with pytest.raises(ValueError, match=words):
        user_mapping.provide("root", "root", 65536, False)
    assert (files / "subuid").read_text() == text and not (files / "subgid").exists()


def test_another_run_is_kept_out_of_both_files(files, monkeypatch):
    monkeypatch.setattr(user_mapping, "LOCK_SECONDS", 0)
    with exclusive.lock(user_mapping.SUBUID, 0):
        with pytest.raises(ConfigError, match="holds the lock"):
            user_mapping.provide("root", "root", 65536, False)
        assert user_mapping.provide("root", "root", 65536, True)["changed"]


def test_a_user_that_does_not_exist_is_refused(files):
    with pytest.raises(ValueError, match="does not exist"):
        user_mapping.provide("nobody-of-that-name", "root", 65536, False)


def test_why_a_host_is_not_ready(files):
    assert "does not exist" in user_mapping.unready("nobody-of-that-name", ["user_namespaces"])[0]
    assert "no subordinate ids" in user_mapping.unready("daemon", ["user_namespaces"])[0]
    assert user_mapping.unready("daemon", ["user_namespaces", "subordinate_ids"]) == []
    user_mapping.provide("daemon", "daemon", 65536, False)
    assert user_mapping.unready("daemon", ["user_namespaces"]) == []
    assert user_mapping.remapped("daemon") == ["100000.100000"]


def test_without_user_namespaces_nothing_can_be_remapped(files, monkeypatch):
    user_mapping.provide("daemon", "daemon", 65536, False)
    monkeypatch.setattr(user_mapping, "read_most_user_namespaces", lambda: 0)
    assert "max_user_namespaces is 0" in user_mapping.unready("daemon")[0]
    monkeypatch.setattr(user_mapping, "read_most_user_namespaces", lambda: None)  # a kernel that has no such limit
    assert user_mapping.unready("daemon") == []


@pytest.mark.parametrize(
    "programs, makes",
    [
        (["useradd", "usermod"], True),  # RHEL
        (["adduser", "useradd", "usermod"], True),  # Debian, Ubuntu
        (["adduser", "useradd"], False),
        (["usermod"], False),
        ([], False),
    ],
)
def test_dockerd_makes_its_user_where_a_service_finds_the_programs(files, monkeypatch, programs, makes):
    """Whatever the task's own path is: that of sudo or su may have no sbin."""
    for name in programs:
        (files / name).write_text("#!/bin/sh\n")
        (files / name).chmod(0o755)
    monkeypatch.setattr(user_mapping.programs, "PATH", str(files))
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(user_mapping.subordinate_ids, "DEFAULT_USER", "nobody-of-that-name")
    reasons = user_mapping.unready("default", ["user_namespaces"])
    assert (reasons == []) is makes
    assert makes or "does not exist" in reasons[0]


def test_subordinate_gids_belong_to_the_user_too(files):
    """moby: from 20.10.3; the group only has to exist."""
    user_mapping.provide("daemon", "bin", 65536, False)
    assert (files / "subgid").read_text() == "daemon:100000:65536\n"
    assert user_mapping.unready("daemon:bin", ["user_namespaces"]) == []
    assert user_mapping.remapped("daemon:bin") == ["100000.100000"]
    (files / "subgid").write_text("bin:100000:65536\n")
    assert "daemon has no subordinate ids" in user_mapping.unready("daemon:bin", ["user_namespaces"])[0]
    reason = "userns-remap names no-such-group, which does not exist"
    assert user_mapping.unready("daemon:no-such-group", ["user_namespaces"]) == [reason]


@pytest.mark.parametrize("remap", ["root", "0", "0:0", "root:root", "root:bin", "00:1"])
def test_root_needs_no_ids_as_dockerd_does_not_remap_it(files, remap):
    assert user_mapping.unready(remap) == [] and user_mapping.remapped(remap) == []


def test_a_range_that_starts_at_0_keeps_root_as_root(files):
    (files / "subuid").write_text("daemon:0:65536\n")
    (files / "subgid").write_text("daemon:100000:65536\n")
    assert "contains the real id" in user_mapping.unready("daemon", ["user_namespaces"])[0]
