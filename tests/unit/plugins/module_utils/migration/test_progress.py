# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody sees who follows a migration."""

import os
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.progress import NAME, Progress

GB = 1000**3


def lines(directory):
    return [line[20:] for line in (directory / NAME).read_text().splitlines()]


def wait_for(directory, part):
    """Wait until a line has it; 10 s at most."""
    end = time.perf_counter() + 10
    while time.perf_counter() < end:
        if any(part in line for line in lines(directory)):
            return
        time.sleep(0.01)
    pytest.fail(f"{part!r} is in none of {lines(directory)}")


def test_a_long_copy_says_how_much_is_done_while_it_works(tmp_path):
    progress = Progress(str(tmp_path), 4 * GB, every=0.01)
    with progress.copying("one", GB):
        pass
    with progress.copying("2 images", 2 * GB):
        pieces = progress.watched([b"x" * 10**7] * 50)
        assert sum(len(piece) for piece in pieces) == 5 * 10**8
        wait_for(tmp_path, "2 images: about 500.0 MB, 1.50 GB of 4.00 GB")
    assert lines(tmp_path)[-1].startswith("2 images: done in ") and lines(tmp_path)[-1].endswith(
        "3.00 GB of 4.00 GB are done"
    )


def test_a_copy_by_a_program_is_measured_by_free_space(tmp_path, monkeypatch):
    free = [10 * GB]
    status = os.statvfs(str(tmp_path))
    monkeypatch.setattr(os, "statvfs", lambda path: type("S", (), {"f_bfree": free[0], "f_frsize": 1})())
    assert status
    progress = Progress(str(tmp_path), 4 * GB, every=0.01)
    with progress.copying("volume data", 2 * GB, str(tmp_path)):
        free[0] -= GB
        wait_for(tmp_path, "volume data: about 1.00 GB, 1.00 GB of 4.00 GB")
        free[0] -= 5 * GB  # of somebody else
        wait_for(tmp_path, "volume data: about 2.00 GB, 2.00 GB of 4.00 GB")


@pytest.fixture
def clock(monkeypatch):
    """Seconds that have passed, in a list of one."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def copy(progress, clock, seconds, *arguments):
    with progress.copying(*arguments):
        clock[0] += seconds


def test_the_rest_is_estimated_by_the_speed_of_the_copies_so_far(tmp_path, clock):
    progress = Progress(str(tmp_path), 4 * GB)
    copy(progress, clock, 10.0, "volume one", GB, str(tmp_path))
    copy(progress, clock, 1000.0, "volume one, last copy", 0, str(tmp_path))
    copy(progress, clock, 40.0, "volume two", GB, str(tmp_path))
    assert lines(tmp_path)[1::2] == [
        "volume one: done in 10.0 s, 1.00 GB of 4.00 GB are done, 100.0 MB/s, about 30 s to go",
        "volume one, last copy: done in 1000.0 s, 1.00 GB of 4.00 GB are done, 100.0 MB/s, about 30 s to go",
        "volume two: done in 40.0 s, 2.00 GB of 4.00 GB are done, 40.0 MB/s, about 50 s to go",
    ]


def test_images_that_are_there_already_are_no_measure_of_speed(tmp_path, clock):
    progress = Progress(str(tmp_path), 4 * GB)
    with progress.copying("0 images", GB):
        clock[0] += 5
    assert lines(tmp_path)[-1] == "0 images: done in 5.0 s, 1.00 GB of 4.00 GB are done"
    with progress.copying("1 images", GB):
        clock[0] += 5
        assert len(list(progress.watched([b"x" * 10**6] * 100))) == 100
    assert lines(tmp_path)[-1].endswith("2.00 GB of 4.00 GB are done, 10.0 MB/s, about 200 s to go")


def test_a_copy_at_work_counts(tmp_path, clock):
    progress = Progress(str(tmp_path), 4 * GB, every=0.01)
    with progress.copying("1 images", 2 * GB):
        clock[0] += 5
        assert len(list(progress.watched([b"x" * 10**7] * 50))) == 50
        wait_for(tmp_path, "1 images: about 500.0 MB, 500.0 MB of 4.00 GB, 100.0 MB/s, about 35 s to go")


def test_no_speed_is_told_of_a_moment_and_no_time_where_nothing_is_left(tmp_path, clock):
    progress = Progress(str(tmp_path), GB)
    copy(progress, clock, 0.5, "volume one", GB // 2, str(tmp_path))
    assert lines(tmp_path)[-1].endswith("500.0 MB of 1.00 GB are done")
    copy(progress, clock, 0.5, "volume two", GB // 2, str(tmp_path))
    assert lines(tmp_path)[-1].endswith("1.00 GB of 1.00 GB are done, 1.00 GB/s")


def test_copies_beside_each_other_take_their_time_once(tmp_path, clock):
    progress = Progress(str(tmp_path), 4 * GB)
    with progress.copying("layer of one", GB, str(tmp_path)), progress.copying("volume, last copy", 0, str(tmp_path)):
        clock[0] += 5
        copy(progress, clock, 5.0, "layer of two", GB, str(tmp_path))
    clock[0] += 1000
    copy(progress, clock, 10.0, "layer of three", GB, str(tmp_path))
    assert lines(tmp_path)[-1].endswith("3.00 GB of 4.00 GB are done, 150.0 MB/s, about 7 s to go")


def test_a_file_from_earlier_is_begun_anew_and_is_for_root_only(tmp_path):
    Progress(str(tmp_path), 1).say("first")
    progress = Progress(str(tmp_path), 1)
    progress.say("second")
    progress.say("third\x1b[31m\n")
    assert lines(tmp_path) == ["second", "third\\x1b[31m\\n"]
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_what_can_not_be_written_is_no_error(tmp_path):
    with Progress(str(tmp_path / "missing"), 1).copying("one", 1):
        pass
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    Progress(str(tmp_path), 1).say("text")
    assert not (tmp_path / "elsewhere").exists()
