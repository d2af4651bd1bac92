# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies of several volumes and layers while containers are stopped."""

import threading

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import downtime, sandbox


@pytest.fixture
def stopped(monkeypatch):
    """Units that are stopped."""
    units = []
    monkeypatch.setattr(sandbox, "stop_service", units.append)
    return units


def test_copies_are_made_beside_each_other(stopped):
    barrier = threading.Barrier(2, timeout=10)
    downtime._do_together([barrier.wait, barrier.wait], threading.Event())
    assert not barrier.broken and stopped == []


def test_no_more_than_a_few_are_made_at_once(stopped):
    lock, at_work, most, gate = threading.Lock(), [0], [0], threading.Semaphore(0)

    def job():
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            if at_work[0] == downtime._AT_ONCE:
                for _job in range(20):
                    gate.release()
        assert gate.acquire(timeout=10)
        with lock:
            at_work[0] -= 1

    downtime._do_together([job] * 20, threading.Event())
    assert most == [downtime._AT_ONCE]


def test_after_a_failure_the_others_are_stopped_and_it_is_what_is_raised(monkeypatch):
    """The first job would copy for long; it ends by being stopped, which is not what went wrong."""
    started, stop, done, ended = threading.Event(), threading.Event(), [], threading.Event()
    downtime._go_on(ended)

    def copy_for_long():
        started.set()
        assert stop.wait(10)
        raise sandbox.CommandError("cp failed with status 143: terminated")

    def fail():
        assert started.wait(10)
        raise sandbox.CommandError("no space left")

    monkeypatch.setattr(sandbox, "stop_service", lambda unit: unit == sandbox.COPY_UNITS and stop.set())
    monkeypatch.setattr(downtime, "_AT_ONCE", 2)
    with pytest.raises(sandbox.CommandError, match="no space left"):
        downtime._do_together([copy_for_long, fail, lambda: done.append(1)], ended)
    assert stop.is_set() and done == []
    with pytest.raises(sandbox.CommandError, match="another copy failed"):
        downtime._go_on(ended)


def test_what_can_not_be_stopped_ends_by_itself(monkeypatch):
    def stop(unit):
        raise sandbox.CommandError("systemd does not answer")

    def fail():
        raise OSError("the disk")

    monkeypatch.setattr(sandbox, "stop_service", stop)
    with pytest.raises(OSError, match="the disk"):
        downtime._do_together([fail], threading.Event())
