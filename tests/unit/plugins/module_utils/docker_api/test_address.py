# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api import address


@pytest.mark.parametrize(
    "text, expected",
    [
        ("unix:///var/run/docker.sock", ("unix", "/var/run/docker.sock", "", 0)),
        ("/run/x.sock", ("unix", "/run/x.sock", "", 0)),
        ("unix:///run/what?#x.sock", ("unix", "/run/what?#x.sock", "", 0)),
        ("tcp://10.0.0.1", ("tcp", "", "10.0.0.1", 2375)),
        ("https://docker.example:2376/", ("tcp", "", "docker.example", 2376)),
        ("tcp://[::1]:2376", ("tcp", "", "::1", 2376)),
        ("tcp://[fe80::1%eth0]", ("tcp", "", "fe80::1%eth0", 2375)),
    ],
)
def test_addresses(text, expected):
    assert address.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh://host",
        "fd://",
        "unix://relative",
        "docker.sock",
        "tcp://",
        "tcp://h:99999",
        "tcp://h:0",
        "tcp://user@h",
        "tcp://::1",
        "tcp://h:2375\n",
    ],
)
def test_addresses_that_are_refused(text):
    with pytest.raises(ValueError, match="engine address"):
        address.parse(text)
