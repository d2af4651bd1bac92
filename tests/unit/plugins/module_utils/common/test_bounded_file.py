# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200000])
def test_read(tmp_path, size):
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    assert bounded_file.read(str(tmp_path / "file"), 200000) == data
    directory = os.open(str(tmp_path), os.O_RDONLY)
    assert bounded_file.read("file", 200000, directory) == data
    os.close(directory)


def test_what_comes_in_pieces():
    with open("/proc/self/mountinfo", "rb") as stream:
        assert bounded_file.read("/proc/self/mountinfo", 1 << 24) == stream.read()


@pytest.mark.parametrize("end, calls", [(0, 2), (4, 2), (5, 1)])
def test_the_end_is_not_asked_for_where_a_short_piece_tells_it(monkeypatch, tmp_path, end, calls):
    (tmp_path / "file").write_bytes(b"four")
    read, pieces = os.read, []
    monkeypatch.setattr(bounded_file.os, "read", lambda *arguments: pieces.append(read(*arguments)) or pieces[-1])
    assert bounded_file.read(str(tmp_path / "file"), 4, end=end) == b"four"
    assert len(pieces) == calls


def test_one_byte_too_many(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 70001)
    with pytest.raises(ValueError, match="file is larger than 70000 bytes"):
        bounded_file.read(str(tmp_path / "file"), 70000)


def test_no_end():
    with pytest.raises(ValueError, match="larger"):
        bounded_file.read("/dev/zero", 1 << 20)


def test_no_file(tmp_path):
    with pytest.raises(OSError):
        bounded_file.read(str(tmp_path / "none"), 10)
