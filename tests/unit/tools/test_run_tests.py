# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run's output is enough to know what failed."""

import importlib
import os
import sys
import threading
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from ansible_collections.containment.docker.tools import junit

TOOLS = Path(junit.__file__).parent


@pytest.fixture
def run_tests(monkeypatch, tmp_path):
    """The module, with a folder of results of its own."""
    monkeypatch.syspath_prepend(str(TOOLS))
    known = set(sys.modules)
    module = importlib.import_module("run_tests")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    yield module
    for name in set(sys.modules) - known:
        del sys.modules[name]


def report(folder, session, *cases):
    """A JUnit file of (name, what stands in the testcase), and a log of 99 lines."""
    inside = "".join(
        f'<testcase classname="tests.test_x" name={quoteattr(name)}>{what}</testcase>' for name, what in cases
    )
    (folder / f"{session}.xml").write_text(
        f"<testsuites><testsuite>{inside}</testsuite></testsuites>", encoding="utf-8"
    )
    (folder / f"{session}.log").write_text("".join(f"line {number}\n" for number in range(99)), encoding="utf-8")


def failed(message, text=""):
    return f"<failure message={quoteattr(message)}>{text}</failure>"


def summary(run_tests, capsys, *sessions):
    outcomes = [run_tests.judge(name, 1, 1.0) for name in sessions]
    assert run_tests.summary(sessions, outcomes) == 1
    return capsys.readouterr().out.rstrip("\n").split("\n")


def test_a_failed_test_stands_with_its_message_before_the_last_line(run_tests, tmp_path, capsys):
    text = "def test_it():\n\n    assert one == two"
    report(tmp_path, "molecule-x", ("test_ok", ""), ("test_it[docker://a]", failed("assert 1 == 2\n  more", text)))
    assert summary(run_tests, capsys, "molecule-x")[-8:] == [
        "",
        "FAILED molecule-x: tests.test_x::test_it[docker://a]",
        "    assert 1 == 2",
        "      more",
        "    def test_it():",
        "        assert one == two",
        "",
        "1 passed, 1 failed",
    ]


def test_without_a_failed_test_the_end_of_the_log_tells(run_tests, tmp_path, capsys):
    report(tmp_path, "molecule-x", ("test_ok", ""))
    (tmp_path / "demo.log").write_text("broken\n", encoding="utf-8")
    lines = summary(run_tests, capsys, "molecule-x", "demo")
    assert lines[-4:] == ["FAILED demo; the end of demo.log:", "    broken", "", "1 passed, 2 failed"]
    start = lines.index("FAILED molecule-x; the end of molecule-x.log:")
    assert lines[start + 1 : -5] == [f"    line {number}" for number in range(74, 99)]


def test_it_is_bounded(run_tests, tmp_path, capsys):
    long = "\n".join(["x" * 1000] * 50)
    report(tmp_path, "molecule-x", *((f"test_{number}", failed(long)) for number in range(15)))
    report(tmp_path, "units-3.6", *((f"test_{number}", failed(long)) for number in range(15)))
    lines = summary(run_tests, capsys, "molecule-x", "units-3.6")
    assert len([line for line in lines if line.startswith("FAILED")]) == 20
    assert lines[-3:] == ["and 10 failed tests more", "", "0 passed, 30 failed"]
    assert len(lines) < 20 * 17 + 20 and max(map(len, lines)) < 210


def test_what_passed_is_not_told(run_tests, tmp_path, capsys):
    report(tmp_path, "molecule-x", ("test_ok", ""))
    outcome = run_tests.judge("molecule-x", 0, 1.0)
    assert run_tests.summary(["molecule-x"], [outcome]) == 0
    output = capsys.readouterr().out
    assert "FAILED" not in output and output.endswith("\n1 passed, 0 failed\n")


def test_what_was_skipped_is_told_with_the_reason(run_tests, tmp_path, capsys):
    skipped = '<skipped type="pytest.skip" message="absent: x"/>'
    report(tmp_path, "molecule-x", ("test_ok", ""), ("test_1", skipped), ("test_2", skipped), ("test_3", "<skipped />"))
    assert run_tests.summary(["molecule-x"], [run_tests.judge("molecule-x", 0, 1.0)]) == 0
    output = capsys.readouterr().out
    not_run = output.partition("NOT RUN")[2]
    assert "molecule-x: 2 skipped: absent: x\n" in not_run and "molecule-x: 1 skipped: test_3\n" in not_run
    assert output.endswith("\n1 passed, 0 failed\n")


def test_what_is_run_by_hand_is_told_unless_it_ran(run_tests, tmp_path, capsys):
    report(tmp_path, "molecule-x", ("test_ok", ""))
    report(tmp_path, "molecule-selinux_boots", ("test_ok", ""))
    assert [line for line in summary(run_tests, capsys, "molecule-x") if "nox -s molecule-selinux_boots" in line]
    text = "".join(summary(run_tests, capsys, "molecule-x", "molecule-selinux_boots"))
    assert "nox -s molecule-selinux_boots" not in text and "nox -s molecule-forecast" in text


def test_one_scenario_at_most_is_on_the_shared_hosts_and_beside_two_only_what_computes(run_tests, monkeypatch):
    """And all runners have something to do as long as there is anything that the others don't block."""
    names = ["units-3.6", "molecule-a", "molecule-b", "molecule-faked_rhel", "molecule-selinux", "units-3.7", "demo"]
    running, most, began, nice = set(), [], [], set()
    lock = threading.Lock()
    all_began = threading.Barrier(3)  # a busy machine may start a thread late

    def run(name, niceness):
        with lock:
            running.add(name)
            began.append(name)
            most.append(set(running))
            nice.update({name} if niceness else ())
            among_first = len(began) <= 3
        if among_first:
            all_began.wait(timeout=60)
        time.sleep(0.02)
        with lock:
            running.remove(name)
        return run_tests.Outcome(name, 1, 0, 0.0)

    monkeypatch.setattr(run_tests, "run", run)
    assert [outcome.name for outcome in run_tests.run_all(names)] == names
    assert max(map(len, most)) == 3
    assert not any({"molecule-a", "molecule-b"} <= together for together in most)
    assert all({"units-3.6", "units-3.7"} & together for together in most if len(together) == 3)
    assert set(began[:3]) == {"molecule-a", "molecule-selinux", "units-3.6"}
    assert "units-3.6" in nice <= {"units-3.6", "units-3.7"}


def test_long_sessions_begin_before_short_ones(run_tests):
    names = ["yamllint", "units-3.6", "sanity-newest", "molecule-a", "molecule-selinux"]
    waiting = run_tests.Waiting(names)
    began = list(iter(lambda: waiting.next("other"), None))
    assert began == ["molecule-selinux", "sanity-newest", "yamllint", "units-3.6"]
    assert waiting.next("computing") is None
    assert waiting.next("shared") == "molecule-a"


@pytest.mark.parametrize("niceness", [0, 5])
def test_what_gives_way_is_nicer_also_where_the_kernel_weighs_sessions(run_tests, tmp_path, monkeypatch, niceness):
    nox = tmp_path / "nox"
    nox.write_text(
        '#!/bin/sh\nsleep 1\necho "as $(nice)"\n[ ! -e /proc/self/autogroup ] || cat /proc/self/autogroup\n',
        encoding="ascii",
    )
    nox.chmod(0o755)
    monkeypatch.setattr(run_tests, "NOX", nox)
    assert run_tests.run("mypy", niceness).passed == 1
    log = (tmp_path / "mypy.log").read_text(encoding="utf-8")
    lines = log.splitlines()
    assert lines[0] == f"as {os.nice(0) + niceness}"  # these tests may give way themselves
    assert all(line.endswith(f" nice {niceness}") for line in lines[1:]), log
