# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses and ports of running containers, from the list of them."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints, Port, of_listed

ITEM = {
    "Id": "a" * 64,
    "Names": ["/app/db", "/web"],
    "Ports": [
        {"IP": "127.0.0.1", "PrivatePort": 81, "PublicPort": 8081, "Type": "tcp"},
        {"PrivatePort": 82, "Type": "tcp"},
    ],
    "NetworkSettings": {
        "Networks": {"six": {"NetworkID": "b" * 64, "IPAddress": "172.30.0.2", "GlobalIPv6Address": ""}}
    },
}


def test_paths_of_the_host_and_no_volumes():
    mounts = [
        {"Type": "bind", "Source": "/run/docker.sock"},
        {"Type": "volume", "Source": "/var/lib/docker/volumes/a/_data"},
        {"Type": "tmpfs", "Source": ""},
    ]
    assert of_listed({**ITEM, "Mounts": mounts}).sources == ("/run/docker.sock",)


def test_ports_that_are_published_and_addresses_that_are_there():
    expected = Endpoints("web", (Port("127.0.0.1", 8081, "tcp", 81),), (("b" * 64, "172.30.0.2"),))
    assert of_listed(ITEM) == expected


@pytest.mark.parametrize(
    "change", [{"NetworkSettings": None}, {"NetworkSettings": {"Networks": None}}, {"Ports": None}]
)
def test_nothing_of_a_kind(change):
    assert of_listed({**ITEM, **change}).name == "web"


@pytest.mark.parametrize("change", [{"Id": 1}, {"Ports": [{"PublicPort": "80"}]}, {"Ports": {}}, {"Id": ""}])
def test_another_shape_is_refused(change):
    with pytest.raises(ValueError):
        of_listed({**ITEM, **change})
