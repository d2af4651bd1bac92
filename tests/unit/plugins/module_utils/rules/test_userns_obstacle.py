# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userns-remap is not proposed where the engine refuses it beside the containerd image store."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID

INFO = {
    "ServerVersion": "29.7.2",
    "SecurityOptions": ["name=seccomp,profile=builtin"],
    "DriverStatus": [],
    "DockerRootDir": "/var/lib/docker",
}
STORE = [["driver-type", "io.containerd.snapshotter.v1"]]


@pytest.mark.parametrize(
    "configured, status, refused",
    [
        ({}, [], False),
        ({"features": {"containerd-snapshotter": False}}, [], False),
        ({"features": {"containerd-snapshotter": True}}, STORE, True),
        ({"features": {"containerd-snapshotter": True}}, [], True),  # of the next start
        ({}, STORE, False),  # the default of 29.0 and after gives way
    ],
)
def test_an_explicit_store_is_in_the_way_and_a_default_one_is_not(configured, status, refused):
    evidence = Evidence(configured=configured, info=dict(INFO, DriverStatus=status))
    finding = judge(BY_ID["userns-remap"], "daemon", "daemon", evidence)
    assert finding["status"] == "fail"
    assert ("obstacle" in finding) is refused
    if refused:
        assert "features.containerd-snapshotter" in finding["obstacle"] and "--user" in finding["obstacle"]


@pytest.mark.parametrize("info", [dict(INFO, ServerVersion="28.5.2"), Unreadable("stopped")])
def test_an_engine_before_29_that_can_t_build_with_both_is_no_other_and_nor_is_one_that_is_not_known(info):
    """As daemon_transaction refuses it on each of them: a plan would come to nothing."""
    evidence = Evidence(configured={"features": {"containerd-snapshotter": True}}, info=info)
    finding = judge(BY_ID["userns-remap"], "daemon", "daemon", evidence)
    assert finding["status"] == "fail" and "can't build with both" in finding["obstacle"]
