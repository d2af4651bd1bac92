# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of newer keys, of which no recorded check has a wrong one."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags, validate


@pytest.mark.parametrize(
    "builder, right",
    [
        ({"gc": {"defaultMinFreeSpace": "20GB"}}, True),
        ({"gc": {"defaultMinFreeSpace": 20}}, False),
        ({"gc": {"defaultMaxUsedSpace": 20}}, False),
        ({"gc": {"policy": [{"minFreeSpace": 20}]}}, False),
        ({"history": {"maxEntries": 50}}, True),
        ({"history": {"maxEntries": "50"}}, False),
        ({"entitlements": {"device": True}}, True),
        ({"entitlements": {"device": "yes"}}, False),
    ],
)
def test_the_form_of_what_a_builder_keeps(builder, right):
    assert (validate.validate({"builder": builder}, "29.7.2") == []) is right


def test_the_lowest_api_version_has_no_flag():
    assert flags.parse(["--min-api-version=1.24"]).unknown == ("--min-api-version",)
    assert flags.parse(["--firewall-backend=nftables"]).unknown == ()
