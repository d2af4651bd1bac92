# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's own name, whatever links call it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name

ID = "f00" + "0" * 61


@pytest.mark.parametrize(
    "names, expected",
    [
        (["/mydb"], "mydb"),
        # as the engine listed a database that a container app links to as db
        (["/app/db", "/mydb"], "mydb"),
        (["/mydb", "/app/db", "/other/store"], "mydb"),
        (["/app/db"], ID[:12]),
        ([], ID[:12]),
        (None, ID[:12]),
        (["/"], ID[:12]),
        (["/odd\x1b[2J"], "odd\\x1b[2J"),
        (["/" + "x" * 300], "x" * 254 + "…"),
    ],
)
def test_the_name_in_a_list(names, expected):
    assert container_name.listed({"Id": ID, "Names": names}) == expected


def test_the_name_in_an_inspect():
    assert container_name.inspected({"Name": "/mydb"}) == "mydb"
