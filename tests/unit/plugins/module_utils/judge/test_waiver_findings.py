# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers that somebody has to look at are findings of their own."""

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver_findings
from ansible_collections.containment.docker.plugins.module_utils.judge.waiver import Selector

TODAY = datetime.date(2026, 6, 15)


def findings(expires, unused=False, warn_days=14, ticket="", when_message=""):
    """What one waiver adds to an audit without findings."""
    selector = Selector("x", "container", "web", when_message)
    waiver = Waiver(selector, "why", "who", datetime.date(*expires), ticket)
    conclusions = {"findings": [], "counts": {"fail": 0}, "remediations": {}}
    waiver_findings.add(conclusions, [waiver], [waiver] if unused else [], TODAY, warn_days)
    added = conclusions["findings"]
    assert conclusions["counts"]["fail"] == len(added)
    assert conclusions["remediations"] == ({"waivers": waiver_findings.RULE.remediation} if added else {})
    return added


def messages(*arguments, **keywords):
    return [finding["message"] for finding in findings(*arguments, **keywords)]


@pytest.mark.parametrize(
    "expires, unused, message",
    [
        ((2026, 6, 14), False, "The waiver of who expired on 2026-06-14"),
        ((2026, 6, 14), True, "The waiver of who expired on 2026-06-14 and selects nothing that fails"),
        ((2027, 6, 14), True, "The waiver of who until 2027-06-14 selects nothing that fails"),
        ((2026, 6, 15), False, "The waiver of who expires on 2026-06-15, in 0 days"),
        ((2026, 6, 16), False, "The waiver of who expires on 2026-06-16, in 1 day"),
        ((2026, 6, 28), False, "The waiver of who expires on 2026-06-28, in 13 days"),
    ],
)
def test_waiver_that_needs_a_look_is_a_finding(expires, unused, message):
    assert messages(expires, unused) == [message]


def test_waiver_in_use_with_time_left_is_none():
    assert findings((2026, 6, 29)) == []


def test_no_warning_before_the_end_without_days_of_warning():
    assert findings((2026, 6, 15), warn_days=0) == []


def test_unused_waiver_names_the_message_it_waits_for():
    assert messages((2027, 1, 1), unused=True, when_message="process *") == [
        "The waiver of who until 2027-01-01 selects nothing that fails and says 'process *'"
    ]


def test_finding_is_of_low_severity_and_names_the_waiver():
    (finding,) = findings((2026, 6, 14), ticket="SEC-1")
    assert finding == {
        "rule": "waivers",
        "subject": "waiver:x:container:web",
        "severity": "low",
        "status": "fail",
        "message": "The waiver of who expired on 2026-06-14",
        "seen": "why, SEC-1",
        "layers": {},
        "drift": False,
    }


@pytest.mark.parametrize("value", [-1, True, "14", 1.5])
def test_what_is_no_number_of_days_is_refused(value):
    with pytest.raises(ValueError, match="waiver_warn_days: .* is no number of days"):
        waiver_findings.parse_days(value)
