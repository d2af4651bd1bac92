# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Config.User, as dockerd reads it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.user import uid_of


@pytest.mark.parametrize(
    "user, uid",
    [
        (None, 0),
        ("", 0),
        ("0", 0),
        ("root", 0),
        ("0:0", 0),
        ("root:x", 0),
        (":100", 0),
        ("00", 0),
        ("+0", 0),
        ("-0", 0),
        ("1000", 1000),
        ("1000:0", 1000),
        ("1000:root", 1000),
        ("2147483647", 2147483647),
        ("app", None),
        ("app:0", None),
        ("Root", None),
        (" 0", None),
        ("0x0", None),
        ("٠", None),
        ("0\n", None),
    ],
)
def test_uid_of(user, uid):
    assert uid_of(user) == uid


@pytest.mark.parametrize("user", ["-1", "2147483648", "4294967296"])
def test_no_uid(user):
    with pytest.raises(ValueError):
        uid_of(user)
