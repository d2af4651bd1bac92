# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter waivers_to_lines: each waiver of a fleet once, with all that it hides."""

import pytest

from ansible_collections.containment.docker.plugins.filter.waivers_to_lines import FilterModule

from .report_results import HOSTILE, finding, hostile_result, result, waiver

waivers_to_lines = FilterModule().filters()["waivers_to_lines"]
WAIVED = waiver(selector="container:web", ticket="SEC-1")
UNUSED = dict(WAIVED, rule="seccomp", kind="container", value="gone")


def test_waiver_of_two_hosts_is_listed_once_with_what_it_hides():
    results = {host: result(finding("waived", waiver=WAIVED)) for host in ("web1", "web2")}
    assert waivers_to_lines(results) == [
        "in use     privileged  container:web  until 2027-01-31, ops, SEC-1: reads counters",
        "    web1: container:web: Privileged",
        "    web2: container:web: Privileged",
    ]


def test_what_needs_a_look_comes_first():
    audit = result(
        finding("waived", waiver=WAIVED),
        finding(rule="apparmor", waiver=dict(WAIVED, expired=True, expires="2026-01-31")),
        finding(rule="memory-limit", waiver_request={"reason": "please"}),
        unused_waivers=[UNUSED],
    )
    assert [line.split("  ")[0] for line in waivers_to_lines({"web1": audit}) if not line.startswith(" ")] == [
        "expired",
        "unused",
        "in use",
        "requested",
    ]


def test_unused_waiver_names_the_hosts_where_it_hides_nothing():
    lines = waivers_to_lines({host: result(unused_waivers=[UNUSED]) for host in ("web1", "web2")})
    assert lines == [
        "unused     seccomp  container:gone  until 2027-01-31, ops, SEC-1: reads counters",
        "    web1",
        "    web2",
    ]


def test_request_names_the_container_that_asks():
    assert waivers_to_lines({"web1": result(finding(waiver_request={"reason": "please"}))}) == [
        "requested  privileged  by container:web: please",
        "    web1: container:web: Privileged",
    ]


def test_many_findings_of_one_waiver_are_bounded():
    audit = result(*(finding("waived", subject=f"container:c{n}", waiver=WAIVED) for n in range(20)))
    lines = waivers_to_lines({"web1": audit})
    assert len(lines) == 18 and lines[-1] == "    and 4 more"


def test_fleet_without_waivers_says_so_and_a_host_without_an_audit_is_named():
    assert waivers_to_lines({"web1": result(finding())}) == ["no waivers"]
    assert waivers_to_lines({"web1": None}) == ["not audited: web1: there is no result of an audit of it"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printable(text):
    lines = waivers_to_lines({text: hostile_result(text)})
    assert len(lines) >= 4 and all(line.isprintable() for line in lines)
