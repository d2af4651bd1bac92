# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown while a task runs: on a terminal one line that is written over, in a log a line now and then."""

import os
import time

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.terminal import progress
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.progress import (
    Progress,
    Work,
    describe,
    next_report,
)


@pytest.fixture
def terminal():
    """(the end to write to, a function that reads what was written)."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)

    def read():
        try:
            return os.read(reader, 65536).decode()
        except BlockingIOError:
            return ""

    yield writer, read
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize(
    "work, text",
    [
        (Work("Copy", 100.0), "Copy: 75 s".replace("75 s", "1 min 15 s")),
        (Work("Copy", 170.0, ("a", "b")), "Copy: 5 s, waiting for a, b"),
        (Work("Copy", 170.0, ("a",), 2, 3), "Copy: 5 s, 3 items done, 2 of 3 hosts done, waiting for a"),
        (Work("Copy", 170.0, tuple("abcde")), "Copy: 5 s, waiting for a, b, c and 2 more"),
        (Work("a\x1b[2J\n", 170.0, ("\u202eb",)), "a\\x1b[2J\\n: 5 s, waiting for \\u202eb"),
    ],
)
def test_work_is_described_in_one_sentence(work, text):
    assert describe(work, 175.0) == text


def test_hosts_that_answer_are_waited_for_no_more():
    assert Work("x", 0.0).start("a").start("b").finish("a") == Work("x", 0.0, ("b",), 1)


def test_a_log_gets_fewer_lines_the_longer_it_takes():
    times = [0.0]
    while times[-1] < 4000:
        times.append(next_report(times[-1]))
    assert times[1:] == [30, 60, 120, 240, 480, 960, 1560, 2160, 2760, 3360, 3960, 4560]


def test_a_terminal_has_one_line_that_ends_in_the_first_column(terminal):
    writer, read = terminal
    display = Progress(writer, 40, pytest.fail)
    display.set_work(Work("n" * 99, time.monotonic(), ("host",)))
    text = read()
    assert text == "\r" + "n" * 38 + "…\x1b[K\r"


def test_what_is_printed_takes_the_place_of_the_line(terminal):
    writer, read = terminal
    display = Progress(writer, 40, pytest.fail)
    display.set_work(Work("Copy", time.monotonic()))
    read()
    display.print_over(lambda: os.write(writer, b"changed\n"))
    assert read() == "\r\x1b[Kchanged\n\rCopy: 0 s\x1b[K\r"


def test_the_line_goes_away_at_the_end(terminal):
    writer, read = terminal
    display = Progress(writer, 40, pytest.fail)
    display.set_work(Work("Copy", time.monotonic()))
    display.end()
    assert read().endswith("\r\x1b[K")
    display.print_over(lambda: None)
    assert read() == ""


def test_a_terminal_that_is_gone_ends_nothing(terminal):
    display = Progress(999, 40, pytest.fail)
    display.set_work(Work("Copy", time.monotonic()))
    display.print_over(lambda: None)


def wait_for(lines, number):
    end = time.monotonic() + 10
    while len(lines) < number and time.monotonic() < end:
        time.sleep(0.01)


def test_a_log_has_a_line_for_a_long_task_and_none_for_a_short_one(monkeypatch):
    monkeypatch.setattr(progress, "TICK", 0.01)
    lines = []
    display = Progress(None, 100, lines.append)
    display.begin()
    try:
        display.set_work(Work("short", time.monotonic() - 20, ("a",)))
        time.sleep(0.1)
        assert lines == []
        display.set_work(Work("Copy images", time.monotonic() - 31, ("a",)))
        wait_for(lines, 1)
        time.sleep(0.1)
        assert lines == ["still running: Copy images: 31 s, waiting for a"]
        display.set_work(None)
        display.set_work(Work("Search", time.monotonic() - 65, ("b",)))
        wait_for(lines, 2)
        assert lines[1:] == ["still running: Search: 1 min 5 s, waiting for b"]
    finally:
        display.end()


def test_a_terminal_is_drawn_again_while_the_task_runs(monkeypatch, terminal):
    monkeypatch.setattr(progress, "TICK", 0.01)
    writer, read = terminal
    display = Progress(writer, 100, pytest.fail)
    display.set_work(Work("Copy images", time.monotonic() - 41))
    read()
    display.begin()
    time.sleep(0.2)
    display.end()
    assert read().count("Copy images: 41 s") > 1
