# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is meant: by exact name, id or image, and nobody else."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.container_selection import (
    Listed,
    running,
    select,
)

WEB = Listed("a" * 64, "web", "nginx:latest", "sha256:" + "1" * 64)
DB = Listed("b" * 64, "db", "registry.example/pg:16", "sha256:" + "2" * 64)
NAMESAKE = Listed("c" * 64, "a" * 12, "nginx:latest-debug", "sha256:" + "3" * 64)
ALL = [WEB, DB, NAMESAKE]


@pytest.mark.parametrize(
    "containers, images, taken",
    [
        (None, None, ALL),
        ([], None, []),
        (None, [], []),
        (["web"], None, [WEB]),
        (["we"], None, []),
        (["b" * 64], None, [DB]),
        (["b" * 12], None, [DB]),
        (["b" * 11], None, []),
        (["a" * 12], None, [WEB, NAMESAKE]),
        (None, ["nginx"], [WEB]),
        (None, ["registry.example/pg:16"], [DB]),
        (None, ["sha256:" + "3" * 64], [NAMESAKE]),
        (None, ["2" * 12], [DB]),
        (["db"], ["nginx"], [WEB, DB]),
    ],
)
def test_select(containers, images, taken):
    assert select(ALL, containers, images)[0] == taken


def test_names_of_none_are_told():
    assert select(ALL, ["web", "gone", "we"], ["no-image"])[1] == ["gone", "we"]


class Engine:
    def each(self, path):
        assert path == "/containers/json"  # without all=1: only what runs
        yield {"Id": WEB.id, "Names": ["/proxy/alias", "/web"], "Image": "nginx:latest", "ImageID": WEB.image_id}
        yield {"Id": DB.id, "Names": ["/x\x1b[2J"], "Image": None, "ImageID": None}
        yield {"Id": NAMESAKE.id, "Names": None, "Image": "i", "ImageID": "i"}


def test_running():
    assert [container.name for container in running(Engine())] == ["web", "x\\x1b[2J", "c" * 12]
