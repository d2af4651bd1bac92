# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a waiver of any kind has: who answers, until when, and what is plain data of it."""

import datetime
from typing import NamedTuple, Tuple

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import waiver
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver

DAY = datetime.date(2027, 1, 31)


class Selector(NamedTuple):
    path: str
    containers: Tuple[str, ...]


def waived(expires=DAY, ticket=""):
    return Waiver(Selector("/a", ("b",)), "it has to", "ops", expires, ticket)


@pytest.mark.parametrize(
    "written",
    [
        "2027-01-31",
        datetime.date(2027, 1, 31),
        datetime.datetime(2027, 1, 31),
        "2027-01-31T00:00:00",
        "2027-01-31 00:00:00+00:00",
    ],
)
def test_a_last_day_as_yaml_may_hand_it_over(written):
    assert waiver.parse_last_day("here", {"expires": written}) == DAY


@pytest.mark.parametrize("days, has_expired", [(0, False), (1, True)])
def test_it_counts_through_its_last_day(days, has_expired):
    today = DAY + datetime.timedelta(days)
    assert waived().has_expired(today) is has_expired
    assert waiver.list_expired([waived()], today) == [waived()] * has_expired


def test_one_without_a_last_day_never_expires():
    assert not waived(None).has_expired(datetime.date.max) and waived(None).last_day_text == ""


def test_plain_data_has_the_fields_of_the_selector_beside_its_own():
    assert waiver.to_plain(waived(ticket="OPS-1")) == {
        "path": "/a",
        "containers": ["b"],
        "reason": "it has to",
        "owner": "ops",
        "expires": "2027-01-31",
        "ticket": "OPS-1",
    }


@pytest.mark.parametrize(
    "ticket, answer",
    [("", "by ops until 2027-01-31: it has to"), ("OPS-1", "by ops until 2027-01-31 (OPS-1): it has to")],
)
def test_the_answer_names_owner_last_day_ticket_and_reason(ticket, answer):
    assert waiver.describe_answer(waived(ticket=ticket)) == answer
