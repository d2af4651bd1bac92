# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What JUnit files say: how many tests passed and failed, and what failed how."""

from collections import Counter
from typing import NamedTuple
from xml.etree import ElementTree

LINES, WIDTH = 15, 200


class Failure(NamedTuple):
    """A failed test and the first lines of its message and what follows it."""

    test: str
    lines: list


def count(report):
    """(passed, failed) of a JUnit file; a skipped test is neither."""
    passed = failed = 0
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = {child.tag for child in case}
        failed += bool(outcome & {"failure", "error"})
        passed += not outcome & {"failure", "error", "skipped"}
    return passed, failed


def skips(reports):
    """{reason, or else the test's name: number of tests} that these JUnit files skipped."""
    reasons = Counter()
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            for skipped in case.iter("skipped"):
                reasons[(skipped.get("message") or case.get("name"))[:WIDTH]] += 1
    return reasons


def failures(reports):
    """A Failure for each failed test of these JUnit files."""
    return [failure for report in reports for failure in _failures(report)]


def _failures(report):
    for case in ElementTree.parse(report).iter("testcase"):
        failures = [child for child in case if child.tag in ("failure", "error")]
        if failures:
            text = "\n".join(f"{child.get('message', '')}\n{child.text or ''}" for child in failures)
            lines = [line[:WIDTH] for line in text.splitlines() if line.strip()]
            yield Failure("::".join(filter(None, (case.get("classname"), case.get("name")))), lines[:LINES])
