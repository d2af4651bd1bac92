# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers of denials that have expired, or that cover nothing, are shown."""

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.denials import waivers as denial_waivers
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import waivers

TODAY = datetime.date(2026, 8, 1)
DENIED = {"container": "web", "label": "system_u:system_r:container_t:s0:c1,c2", "path": "/srv/web/secret"}


def report(denied=(DENIED,), is_complete=True, **changes):
    wish = {"container": "web", "path": "/srv/web", "reason": "r", "owner": "ops", "expires": "2026-08-01"}
    waiver = denial_waivers.parse(0, dict(wish, **changes))
    return waivers.report_waivers([waiver], denied, is_complete, "2026-07-01T00:00:00Z", TODAY)


@pytest.mark.parametrize(
    "changes, unused",
    [
        ({}, False),
        ({"path": "/srv/other"}, True),
        ({"container": "db"}, True),
        ({"denied": ()}, True),
        ({"denied": (), "is_complete": False}, False),
    ],
)
def test_a_waiver_that_covers_no_denial_is_unused(changes, unused):
    result = report(**changes)
    assert bool(result["unused_waivers"]) is unused and result["expired_waivers"] == []
    assert len(result["waiver_lines"]) == unused and all("remove it" in line for line in result["waiver_lines"])


def test_an_expired_waiver_is_shown_with_its_ticket():
    result = report(expires="2026-07-31", ticket="OPS-1")
    assert [waiver["ticket"] for waiver in result["expired_waivers"]] == ["OPS-1"] and result["unused_waivers"] == []
    assert result["waiver_lines"] == [
        "waivers: the waiver of ops for web: /srv/web ended on 2026-07-31 and does not count any more (r); renew or remove it"
    ]
