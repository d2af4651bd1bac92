# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import waivers

WHOLE = {"path": "/proc/./sys/", "containers": ["lb"], "reason": "r", "owner": "me", "expires": "2027-01-31"}
DAY = datetime.date(2027, 1, 31)


def test_a_waiver_has_a_clean_path_and_a_last_day():
    assert waivers.parse(0, WHOLE) == Waiver(waivers.Selector("/proc/sys", ("lb",)), "r", "me", DAY)


@pytest.mark.parametrize("empty", [{"owner": None, "expires": None}, {"owner": "", "expires": ""}])
def test_neither_owner_nor_last_day_is_the_deprecated_form_and_never_expires(empty):
    waiver = waivers.parse(0, dict(WHOLE, **empty))
    assert (waiver.owner, waiver.expires, waiver.has_expired(datetime.date.max)) == ("", None, False)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"path": "proc/sys"}, r"leave\[3\]: 'proc/sys' is not an absolute path"),
        ({"owner": None}, r"leave\[3\] has no owner"),
        ({"expires": None}, r"leave\[3\] has no expires"),
        ({"reason": " "}, r"leave\[3\] has no reason"),
        ({"expires": "31.1.2027"}, r"leave\[3\]: expires '31.1.2027' is not a date"),
    ],
)
def test_what_is_missing_or_odd_is_refused_with_its_place(change, message):
    with pytest.raises(ValueError, match=message):
        waivers.parse(3, dict(WHOLE, **change))


@pytest.mark.parametrize("day, counts", [(DAY, 1), (DAY + datetime.timedelta(1), 0)])
def test_a_waiver_counts_through_its_last_day(day, counts):
    assert len(waivers.count_today([waivers.parse(0, WHOLE)], day)) == counts


def test_a_waiver_for_other_containers_is_not_selected():
    waiver = waivers.parse(0, WHOLE)
    assert waivers.select_waivers("web", [waiver]) == [] and waivers.select_waivers("lb", [waiver]) == [waiver]


@pytest.mark.parametrize(
    "name, path, used",
    [("lb", "/proc/sys/net", 1), ("lb", "/proc", 1), ("lb", "/proc/system", 0), ("web", "/proc/sys", 0)],
)
def test_a_waiver_is_used_by_what_is_open_there_in_its_containers(name, path, used):
    assert len(waivers.list_used([waivers.parse(0, WHOLE)], [(name, path)])) == used


def test_the_reason_names_who_answers_and_until_when():
    waiver = waivers.parse(0, WHOLE)
    assert waivers.describe_waiver(waiver, "/proc/sys/net") == "waived by me until 2027-01-31: r"
    text = "waived for /proc/sys, which is below it by me until 2027-01-31: r"
    assert waivers.describe_waiver(waiver, "/proc") == text
    assert waivers.describe_waiver(waiver._replace(expires=None), "/proc/sys") == "waived: r"


def test_a_ticket_is_named_beside_who_answers():
    waiver = waivers.parse(0, dict(WHOLE, ticket="OPS-1"))
    assert waivers.describe_waiver(waiver, "/proc/sys") == "waived by me until 2027-01-31 (OPS-1): r"
