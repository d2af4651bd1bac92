# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast a disk takes what is written."""

import os
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import speed


def refuse(*arguments):
    raise OSError(28, "No space left on device")


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(speed, "_TRIAL", 2 << 20)


@pytest.mark.usefixtures("small")
def test_a_trial_tells_a_speed_and_leaves_nothing(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    assert speed.measure(str(tmp_path)) > 1000
    assert os.listdir(str(tmp_path)) == [] and len(os.listdir("/proc/self/fd")) == before


@pytest.mark.usefixtures("small")
def test_what_the_disk_has_not_taken_does_not_count(tmp_path, monkeypatch):
    """The kernel takes what is written at once; the disk takes its time."""
    clock = [100.0]
    monkeypatch.setattr(speed.time, "monotonic", lambda: clock[0])

    def flush(handle):
        clock[0] += 1.0

    monkeypatch.setattr(os, "fdatasync", flush)
    assert speed.measure(str(tmp_path)) == 2 << 20


def test_a_slow_disk_is_tried_for_a_second(tmp_path, monkeypatch):
    clock, written = [100.0], []

    def write(handle, piece):
        clock[0] += 0.5
        written.append(len(piece))
        return len(piece)

    monkeypatch.setattr(speed.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(os, "write", write)
    assert speed.measure(str(tmp_path)) == 2 << 20 and written == [1 << 20, 1 << 20]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("call", ["open", "write", "fdatasync", "statvfs"])
def test_what_can_not_be_tried_has_no_speed(tmp_path, monkeypatch, call):
    monkeypatch.setattr(os, call, refuse)
    assert speed.measure(str(tmp_path)) == 0


def test_a_disk_that_is_nearly_full_is_not_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_bavail=1000, f_frsize=4096))
    monkeypatch.setattr(os, "write", lambda *arguments: pytest.fail("it was written to"))
    assert speed.measure(str(tmp_path)) == 0
