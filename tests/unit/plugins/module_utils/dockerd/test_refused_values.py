# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses that no dockerd listens on."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import refused_values


@pytest.mark.parametrize(
    "host, is_refused",
    [
        ("unix:///run/docker.sock", False),
        ("fd://", False),
        ("tcp://127.0.0.1:2375", False),
        ("127.0.0.1:2375", False),
        # 28.5: unsupported proto 'vsock'; and one that systemd hands over ends it (run, by LISTEN_FDS)
        ("vsock://2:2375", True),
        ("npipe:////./pipe/docker", True),
        ("ssh://host", True),
    ],
)
@pytest.mark.parametrize("release", [(20, 10), (28, 5), None])
def test_only_addresses_of_three_kinds_are_listened_on(host, is_refused, release):
    problems = refused_values.problems({"hosts": [host]}, release)
    assert [problem for problem in problems if '"hosts" takes' in problem] == (
        [f'"hosts" takes unix://, tcp:// or fd://, not "{host}"'] if is_refused else []
    )
