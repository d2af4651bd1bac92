# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: whole or refused, exact, expiring, shown."""

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import to_plain
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver

TODAY = datetime.date(2026, 6, 15)
DIGEST = "sha256:" + "d" * 64
WAIVER = {"rule": "x", "selector": "container:web", "reason": "why", "owner": "who", "expires": "2026-06-15"}


def container(**changes):
    inspect = {"Name": "/web", "Image": DIGEST, "Config": {"Labels": {"team": "a"}}}
    inspect.update(changes)
    return Evidence(inspect=inspect, image={"RepoDigests": ["web@" + DIGEST], "Config": {"Labels": None}})


def waived(evidence=None, kind="container", status="fail", **changes):
    """The finding after one waiver with these changes."""
    finding = {"rule": "x", "status": status, "seen": "process 17 has SYS_ADMIN"}
    parsed = waiver.parse(0, dict(WAIVER, **changes), ["x", "y"])
    waiver.waive(finding, kind, container() if evidence is None else evidence, [parsed], TODAY)
    return finding


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"reason": ""}, "waivers[3] has no reason"),
        ({"owner": None}, "waivers[3] has no owner"),
        ({"expires": "soon"}, "expires 'soon' is not a date"),
        ({"expires": "2026-02-30"}, "is not a date"),
        ({"expires": "2027-01-310"}, "expires '2027-01-310' is not a date"),
        ({"expires": "2027-01-31 and more"}, "is not a date"),
        ({"expires": "2027-01-31 12:00"}, "is not a date"),
        ({"expires": "27-1-3100:00"}, "is not a date"),
        ({"rule": "z"}, "unknown rule 'z'"),
        ({"selector": "container:*"}, "is none of"),
        ({"selector": "container:web\n"}, "is none of"),
        ({"selector": "image:web:latest"}, "is none of"),
        ({"selector": "web"}, "is none of"),
        ({"ownr": "typo"}, "unknown key 'ownr'"),
        ({"ticket": 17}, "ticket is no text"),
    ],
)
def test_a_waiver_that_is_not_whole_is_refused(changes, reason):
    with pytest.raises(ValueError) as error:
        waiver.parse(3, dict(WAIVER, **changes), ["x"])
    assert reason in str(error.value)


@pytest.mark.parametrize(
    "selector, status",
    [
        ("container:web", "waived"),
        ("container:webx", "fail"),
        ("container:we", "fail"),
        ("image:" + DIGEST, "waived"),
        ("image:web@" + DIGEST, "waived"),
        ("image:sha256:" + "e" * 64, "fail"),
        ("label:team=a", "waived"),
        ("label:team=b", "fail"),
        ("label:other=a", "fail"),
        ("daemon", "fail"),
        ("host", "fail"),
    ],
)
def test_a_selector_is_exact(selector, status):
    assert waived(selector=selector)["status"] == status


def test_a_label_that_the_image_sets_proves_nothing():
    evidence = container()
    evidence["image"]["Config"]["Labels"] = {"team": "a"}
    assert waived(evidence, selector="label:team=a")["status"] == "fail"
    evidence["image"] = Unreadable("no such image")
    assert waived(evidence, selector="label:team=a")["status"] == "fail"


def test_a_container_waiver_says_nothing_of_the_daemon():
    assert waived(Evidence(), kind="daemon")["status"] == "fail"
    assert waived(Evidence(), kind="daemon", selector="daemon")["status"] == "waived"


def test_the_last_day_counts_and_the_next_does_not():
    assert waived()["status"] == "waived"
    finding = waived(expires="2026-06-14")
    assert finding["status"] == "fail" and finding["waiver"]["expired"]


def test_it_is_shown_with_reason_and_owner_and_a_pass_stays_a_pass():
    assert waived(ticket="SEC-1")["waiver"] == {
        "selector": "container:web",
        "reason": "why",
        "owner": "who",
        "expires": "2026-06-15",
        "expired": False,
        "ticket": "SEC-1",
    }
    assert "waiver" not in waived(status="pass") and waived(status="pass")["status"] == "pass"
    assert waived(status="unknown")["status"] == "waived"


def test_a_waiver_is_plain_data_again():
    plain = to_plain(waiver.parse(0, WAIVER, ["x"]))
    assert (plain["rule"], plain["kind"], plain["expires"]) == (
        "x",
        WAIVER["selector"].partition(":")[0],
        WAIVER["expires"],
    )


@pytest.mark.parametrize(
    "pattern, status",
    [
        ("", "waived"),
        (None, "waived"),
        ("process 17 has SYS_ADMIN", "waived"),
        ("process * has SYS_ADMIN", "waived"),
        ("*SYS_ADMIN", "waived"),
        ("*", "waived"),
        ("process * has SYS_PTRACE", "fail"),
        ("process 17", "fail"),
        ("has SYS_ADMIN", "fail"),
        ("process 17 has SYS_ADMIN*N", "fail"),
        ("PROCESS * has SYS_ADMIN", "fail"),
        ("process .* has SYS_ADMIN", "fail"),
    ],
)
def test_waiver_for_a_message_does_not_hide_another_weakness(pattern, status):
    finding = waived(when_message=pattern)
    assert finding["status"] == status and ("waiver" in finding) == (status == "waived")


def test_pattern_of_many_parts_is_matched_in_linear_time():
    text, pattern = "a" * 500, "*a" * 250 + "*b"
    assert not waiver.says(text, pattern) and waiver.says(text + "b", pattern)


@pytest.mark.parametrize(
    "labels, reason",
    [
        ({"containment.docker.waiver-request.x": "reads\x1b[2J counters"}, "reads\\x1b[2J counters"),
        ({"containment.docker.waiver-request.x": "a" * 5000}, "a" * 199 + "…"),
        ({"containment.docker.waiver-request.y": "for another rule"}, ""),
        ({"containment.docker.waiver-request.x": ["no text"]}, ""),
        (None, ""),
    ],
)
def test_label_asks_for_a_waiver_with_a_bounded_inert_reason(labels, reason):
    assert waiver.request_of("x", container(Config={"Labels": labels})) == reason


def test_label_of_a_container_that_can_not_be_read_asks_for_nothing():
    assert waiver.request_of("x", Evidence(inspect=Unreadable("gone"))) == ""
