# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock that one holder keeps, and another waits for as long as it says."""

import errno
import fcntl
import os
import threading
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import file_lock


@pytest.fixture
def descriptors(tmp_path):
    """Two on one directory: flock(2) takes them for two holders."""
    handles = [os.open(str(tmp_path), os.O_RDONLY) for _number in range(2)]
    yield handles
    for descriptor in handles:
        os.close(descriptor)


def test_a_free_one_is_taken_at_once_and_kept(descriptors):
    first, second = descriptors
    assert file_lock.lock(first, 0)
    with pytest.raises(BlockingIOError):
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_one_that_is_held_is_given_up_after_the_wait(descriptors):
    first, second = descriptors
    fcntl.flock(first, fcntl.LOCK_SH)  # shared, so that only an exclusive one is kept out
    before = time.monotonic()
    assert file_lock.lock(second, 0.2) is False
    assert 0.2 <= time.monotonic() - before < 5


def test_one_that_comes_free_meanwhile_is_taken(descriptors):
    first, second = descriptors
    fcntl.flock(first, fcntl.LOCK_EX)
    timer = threading.Timer(0.15, fcntl.flock, (first, fcntl.LOCK_UN))
    timer.start()
    assert file_lock.lock(second, 30)
    timer.join()
    assert file_lock.lock(first, 0) is False


def test_without_a_wait_it_is_tried_once(descriptors, monkeypatch):
    first, second = descriptors
    fcntl.flock(first, fcntl.LOCK_EX)
    monkeypatch.setattr(file_lock.time, "sleep", lambda seconds: pytest.fail("it waited"))
    assert file_lock.lock(second, 0) is False


def test_what_can_never_be_locked_is_not_waited_for(descriptors):
    closed = os.dup(descriptors[0])
    os.close(closed)
    with pytest.raises(OSError) as caught:
        file_lock.lock(closed, 60)
    assert caught.value.errno == errno.EBADF


def test_who_holds_the_lock_of_a_file_is_named(tmp_path):
    path = str(tmp_path / "lock")
    with file_lock.exclusive(path, 0):
        with pytest.raises(file_lock.Locked, match=rf"another run \(process {os.getpid()}\) holds the lock {path}"):
            with file_lock.exclusive(path, 0):
                pass
    with file_lock.exclusive(path, 0):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("text", ["", "someone else\n", "\x1b[31m", "9" * 100])
def test_what_stands_in_a_lock_is_not_believed(tmp_path, text):
    path = tmp_path / "lock"
    path.write_text(text)
    with path.open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(file_lock.Locked) as reason:
            with file_lock.exclusive(str(path), 0):
                pass
    assert len(str(reason.value)) < 200 + len(str(path)) and "\x1b" not in str(reason.value)
    assert path.read_text() == text


def test_a_directory_is_locked_and_nothing_is_put_into_it(tmp_path):
    with file_lock.exclusive(str(tmp_path), 0):
        with pytest.raises(file_lock.Locked, match=f"another run holds the lock {tmp_path}"):
            with file_lock.exclusive(str(tmp_path), 0):
                pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path):
    (tmp_path / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError):
        with file_lock.exclusive(str(tmp_path / "lock"), 0):
            pass
    assert not (tmp_path / "victim").exists()
