# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each setting that moves something, with a running container and with an image only: what is hidden, what is lost."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import (
    PLACES,
    PROCESSES,
    ROOT,
    STORE,
    Move,
    left_behind,
    moves,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import result as transaction_result
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.config_file import File
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Stock
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.test_plan import (
    RUNNING,
    situation,
)

GRAPH = {"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]]}
CONTAINERD = {
    "Driver": "overlayfs",
    "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]],
    "Containerd": {"Address": "/run/containerd/containerd.sock", "Namespaces": {"Containers": "moby"}},
}
# key -> (daemon.json, what it moves with a graph driver, what with containerd's store)
CASES = {
    "userns-remap": ({"userns-remap": "default"}, ROOT, ROOT),
    "data-root": ({"data-root": "/srv/docker"}, ROOT, ROOT),
    "graph": ({"graph": "/srv/docker"}, ROOT, ROOT),
    "storage-driver": ({"storage-driver": "vfs"}, STORE, STORE),
    "storage-opts": ({"storage-opts": ["zfs.fsname=pool/other"]}, STORE, STORE),
    "features.containerd-snapshotter": ({"features": {"containerd-snapshotter": True}}, STORE, None),
    "features.embedded-containerd": ({"features": {"embedded-containerd": True}}, PROCESSES, STORE),
    "containerd": ({"containerd": "/run/other.sock"}, PROCESSES, STORE),
    "containerd-namespace": ({"containerd-namespace": "other"}, PROCESSES, STORE),
    "exec-root": ({"exec-root": "/run/other"}, PROCESSES, PROCESSES),
}
CHANGE = Change("daemon.json", File("", "", b"", None), "", "{}", b"{}", {}, {})
IMAGE_ONLY = Stock((), 0, 1, 0)
VOLUME_ONLY = Stock((), 0, 0, 1)
BOTH = [(key, index, info) for key in CASES for index, info in ((1, GRAPH), (2, CONTAINERD))]


def planned(key, info, stock, **more):
    # the unit of the other tests names its containerd by a flag, which would conflict
    more.setdefault("argv", ["-H", "fd://"])
    return plan(situation(CASES[key][0], info=info, stock=stock, **more))


def test_every_key_of_the_list_has_a_case():
    assert sorted(CASES) == sorted(PLACES)


@pytest.mark.parametrize("key, index, info", BOTH)
def test_what_a_key_moves(key, index, info):
    what = CASES[key][index]
    assert planned(key, info, Stock()).moves == (() if what is None else (Move(key, what),))


@pytest.mark.parametrize("key, index, info", BOTH)
def test_a_running_container_is_not_lost_unasked(key, index, info):
    running = Stock((RUNNING,), 1, 1, 0)
    if CASES[key][index] is None:
        assert planned(key, info, running).refusal == ""
        return
    assert "1 running container" in planned(key, info, running).refusal
    accepted = planned(key, info, running, accept=True)
    assert (accepted.refusal, accepted.stop, accepted.keep) == ("", (RUNNING,), ())


@pytest.mark.parametrize("key, index, info", BOTH)
def test_an_image_is_not_hidden_unasked(key, index, info):
    hidden = CASES[key][index] in (ROOT, STORE)
    assert ("1 image" in planned(key, info, IMAGE_ONLY).refusal) is hidden
    assert planned(key, info, IMAGE_ONLY, accept=True).refusal == ""


@pytest.mark.parametrize("key, index, info", BOTH)
def test_volumes_vanish_only_with_the_data_root(key, index, info):
    assert ("1 volume" in planned(key, info, VOLUME_ONLY).refusal) is (CASES[key][index] == ROOT)


@pytest.mark.parametrize("key, index, info", BOTH)
def test_the_old_data_root_is_told_only_where_it_changes(key, index, info):
    what = CASES[key][index]
    state = situation(CASES[key][0], info=info, stock=IMAGE_ONLY, accept=True, argv=["-H", "fd://"])
    result = transaction_result.planned(CHANGE, state, plan(state))
    assert result["old_data_root"] == ("/var/lib/docker" if what == ROOT else None)
    assert bool(result["left_behind"]) is (what in (ROOT, STORE))


@pytest.mark.parametrize(
    "before, after, info, moved",
    [
        ({}, {"features": {"cdi": True}}, GRAPH, False),
        ({"features": {"containerd-snapshotter": True}}, {"features": {}}, CONTAINERD, True),
        ({}, {"features": {"containerd-snapshotter": False}}, GRAPH, False),
        ({}, {"features": {"containerd-snapshotter": False}}, CONTAINERD, True),  # the default from 29 on
        ({}, {"features": {"embedded-containerd": False}}, CONTAINERD, False),
        ({"features": {"embedded-containerd": True}}, {}, CONTAINERD, True),
        ({}, {"features": {"containerd-snapshotter": True}}, None, True),  # no engine to ask
        ({}, {"storage-opts": ["overlay2.size=1G"]}, GRAPH, False),
    ],
)
def test_what_only_names_the_present_state_moves_nothing(before, after, info, moved):
    assert bool(moves({"features", "storage-opts"}, before, after, info)) is moved


def test_what_is_left_behind_in_words():
    info = dict(GRAPH, DockerRootDir="/var/lib/docker")
    assert left_behind((Move("storage-driver", STORE),), info) == "the storage driver overlay2 in /var/lib/docker"
    words = left_behind((Move("containerd", STORE),), dict(CONTAINERD, DockerRootDir="/var/lib/docker"))
    assert "namespace moby of containerd at /run/containerd/containerd.sock" in words
    assert left_behind((Move("userns-remap", ROOT),), dict(CONTAINERD, DockerRootDir="/a")) == "/a, and " + words
    assert left_behind((Move("userns-remap", ROOT),), info) == "/var/lib/docker"
    assert left_behind((Move("exec-root", PROCESSES),), info) is None


@pytest.mark.parametrize(
    "before, after, moved",
    [
        (None, "root", False),
        ("root", "0:0", False),
        ("default", "root", True),
        (None, "default", True),
        ("", None, False),
    ],
)
def test_root_is_no_remapping(before, after, moved):
    then, now = ({} if user is None else {"userns-remap": user} for user in (before, after))
    assert bool(moves(["userns-remap"], then, now)) is moved
