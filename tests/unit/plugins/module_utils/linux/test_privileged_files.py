# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for setuid and setgid files and file capabilities, in trees that a container made."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import privileged_files

NET_RAW = bytes.fromhex("0100000200200000000000000000000000000000")  # setcap cap_net_raw+ep


def searched(root, take=lambda _files: True):
    descriptor = os.open(str(root), os.O_RDONLY)
    try:
        return privileged_files.search(descriptor, take)
    finally:
        os.close(descriptor)


def make(root, path, mode=0o755):
    place = os.path.join(os.fsencode(str(root)), path if isinstance(path, bytes) else os.fsencode(path))
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "wb"):
        os.chmod(place, mode)


def paths(result):
    return sorted(item.path for item in result.privileged)


def test_setuid_and_setgid_files_are_listed(tmp_path):
    make(tmp_path, "bin/su", 0o4755)
    make(tmp_path, "bin/expiry", 0o2755)
    make(tmp_path, "bin/sh", 0o755)
    make(tmp_path, "bin/not-executable", 0o4644)
    make(tmp_path, "bin/mandatory-lock", 0o2745)
    result = searched(tmp_path)
    assert [(item.path, item.setuid, item.setgid) for item in sorted(result.privileged)] == [
        ("/bin/expiry", False, True),
        ("/bin/su", True, False),
    ]
    assert result.files == 6
    assert result.incomplete == ""


def test_setgid_directories_do_not_count(tmp_path):
    (tmp_path / "mail").mkdir()
    os.chmod(str(tmp_path / "mail"), 0o2775)
    assert searched(tmp_path).privileged == ()


def test_file_capabilities_are_listed(tmp_path, monkeypatch):
    make(tmp_path, "bin/ping")
    make(tmp_path, "bin/ls")

    def getxattr(place, name, follow_symlinks):
        assert name == "security.capability" and not follow_symlinks
        if place.endswith("/ping"):
            return NET_RAW
        raise OSError(61, "No data available")

    monkeypatch.setattr(os, "getxattr", getxattr)
    (ping,) = searched(tmp_path).privileged
    assert (ping.path, ping.capabilities) == ("/bin/ping", frozenset(["NET_RAW"]))


def test_capabilities_that_cannot_be_read_make_the_search_incomplete(tmp_path, monkeypatch):
    make(tmp_path, "bin/ping")
    monkeypatch.setattr(os, "getxattr", lambda *_arguments, **_options: NET_RAW[:13])
    assert searched(tmp_path).incomplete == "/bin/ping: file capabilities of an unknown revision 0x2000000"


@pytest.mark.parametrize(
    "value, names",
    [
        (NET_RAW, {"NET_RAW"}),
        (bytes.fromhex("0100000300040000000000000000000000000000a0860100"), {"NET_BIND_SERVICE"}),
        (bytes.fromhex("0000000200200000000000000100000000000000"), {"NET_RAW", "MAC_OVERRIDE"}),
        (bytes.fromhex("0000000200000000002000000000000000000000"), set()),  # only inheritable
        (bytes.fromhex("010000010020000000000000"), {"NET_RAW"}),
    ],
)
def test_capabilities_of_each_revision(value, names):
    assert privileged_files.parse_capabilities(value) == names


@pytest.mark.parametrize("value", [b"", NET_RAW[:13], b"\0" * 20, bytes.fromhex("01000001") + b"\0" * 16])
def test_what_no_kernel_writes_are_no_capabilities(value):
    with pytest.raises(ValueError):
        privileged_files.parse_capabilities(value)


def test_links_are_not_followed(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    make(outside, "su", 0o4755)
    inside.mkdir()
    (inside / "directory").symlink_to(str(outside))
    (inside / "file").symlink_to(str(outside / "su"))
    (inside / "loop").symlink_to(".")
    assert searched(inside).privileged == ()


def test_names_with_odd_bytes_and_pipes_are_searched(tmp_path):
    make(tmp_path, b"a\xff\n\x1b[2J/su", 0o4755)
    os.mkfifo(str(tmp_path / "pipe"))
    assert paths(searched(tmp_path)) == ["/a\udcff\n\x1b[2J/su"]


def test_a_deep_tree_ends_and_says_so(tmp_path):
    make(tmp_path, "d/" * 200 + "su", 0o4755)
    make(tmp_path, "z/su", 0o4755)
    result = searched(tmp_path)
    assert paths(result) == ["/z/su"]
    assert result.incomplete == "more than 64 directories below one another"


def test_the_budget_ends_the_search(tmp_path):
    for number in range(1200):
        make(tmp_path, f"{number:04}", 0o4755)
    taken = []

    def take(files):
        taken.append(files)
        return sum(taken) <= 600

    result = searched(tmp_path, take)
    assert result.files == 768
    assert len(result.privileged) == 767
    assert taken[:4] == [0, 256, 256, 256]
    assert result.ended


def test_a_search_does_not_begin_where_the_budget_has_ended(tmp_path):
    make(tmp_path, "bin/su", 0o4755)
    assert searched(tmp_path, lambda _files: False) == privileged_files.Result((), 0, "", True)


def test_all_files_are_taken_from_the_budget(tmp_path):
    for number in range(300):
        make(tmp_path, str(number))
    taken = []
    searched(tmp_path, lambda files: taken.append(files) or True)
    assert sum(taken) == 300


def test_more_files_than_the_limit_make_the_search_incomplete(tmp_path, monkeypatch):
    monkeypatch.setattr(privileged_files, "FILE_LIMIT", 2)
    for number in range(4):
        make(tmp_path, str(number), 0o4755)
    result = searched(tmp_path)
    assert len(result.privileged) == 2
    assert result.incomplete.startswith("more than 2 files")


def test_nothing_stays_open(tmp_path):
    make(tmp_path, "a/b/c/d", 0o4755)
    before = len(os.listdir("/proc/self/fd"))
    searched(tmp_path)
    searched(tmp_path, lambda files: not files)
    assert len(os.listdir("/proc/self/fd")) == before
