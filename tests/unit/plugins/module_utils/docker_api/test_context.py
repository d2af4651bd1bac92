# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a context of the docker command leads."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.context import Target, parse_context


def meta(host):
    return json.dumps({"Name": "prod", "Metadata": {}, "Endpoints": {"docker": {"Host": host}}}).encode()


@pytest.mark.parametrize(
    "host, target",
    [
        ("tcp://127.0.0.1:2380", Target("prod", "tcp", "", "127.0.0.1", 2380)),
        ("tcp://[::1]:2376", Target("prod", "tcp", "", "::1", 2376)),
        ("https://Build.example/", Target("prod", "tcp", "", "build.example", 2376)),
        ("ssh://root@localhost", Target("prod", "ssh", "root", "localhost", 22)),
        ("ssh://localhost:2222/run/docker.sock", Target("prod", "ssh", "", "localhost", 2222)),
        ("unix:///run/docker.sock", None),
        ("tcp://127.0.0.1:99999", None),
        ("tcp://", None),
        ("", None),
    ],
)
def test_a_context_leads_to_its_host(host, target):
    assert parse_context(meta(host)) == target


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"Name": "a", "Endpoints": {"kubernetes": {}}}', b"\xff", b"[" * 99999]
)
def test_what_docker_did_not_write_leads_nowhere(data):
    assert parse_context(data) is None
