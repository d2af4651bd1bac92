# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a changed key needs."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import activation, unproven

CASES = [
    ({}, {}, "none", []),
    ({"icc": False}, {"icc": False}, "none", []),
    ({}, {"icc": True}, "none", []),  # what holds anyway
    ({"no-new-privileges": False}, {}, "none", []),
    ({}, {"features": {}}, "none", []),
    ({}, {"icc": False}, "restart", ["icc"]),
    ({"icc": False}, {}, "restart", ["icc"]),
    ({}, {"live-restore": True}, "reload", ["live-restore"]),
    ({"live-restore": True}, {"live-restore": False}, "reload", ["live-restore"]),
    ({"live-restore": True}, {}, "restart", ["live-restore"]),  # a reload keeps it in memory
    ({"labels": ["a=b"]}, {"labels": []}, "reload", ["labels"]),
    ({"labels": ["a=b"]}, {}, "restart", ["labels"]),
    ({"default-ipc-mode": "shareable"}, {"default-ipc-mode": ""}, "restart", ["default-ipc-mode"]),
    ({"max-concurrent-downloads": 9}, {}, "reload", ["max-concurrent-downloads"]),
    ({"authorization-plugins": ["x"]}, {}, "reload", ["authorization-plugins"]),
    ({}, {"features": {"buildkit": True}}, "reload", ["features"]),
    ({"features": {"buildkit": True}}, {}, "reload", ["features"]),
    (
        {"features": {"buildkit": True}},
        {"features": {"buildkit": True, "containerd-snapshotter": True}},
        "restart",
        ["features"],
    ),
    ({"runtimes": {"a": {}}}, {}, "restart", ["runtimes"]),
    ({}, {"unheard-of": 1}, "restart", ["unheard-of"]),
    ({}, {"live-restore": True, "icc": False}, "restart", ["icc", "live-restore"]),
]


@pytest.mark.parametrize("before, after, needs, keys", CASES)
def test_activation(before, after, needs, keys):
    result = activation(before, after)
    assert result.needs == needs
    assert [key for key, _needs in result.pending] == keys


def test_each_pending_key_says_what_it_needs():
    assert activation({}, {"live-restore": True, "icc": False}).pending == (
        ("icc", "restart"),
        ("live-restore", "reload"),
    )


@pytest.mark.parametrize(
    "before, after, pending",
    [
        ({"debug": True}, {"debug": True}, (("debug", "reload"),)),
        ({"debug": True, "icc": False}, {"icc": False}, (("debug", "restart"), ("icc", "restart"))),
        ({}, {"icc": True}, ()),
    ],
)
def test_where_the_daemons_own_is_not_known_every_key_may_be_pending(before, after, pending):
    assert unproven(before, after).pending == pending
