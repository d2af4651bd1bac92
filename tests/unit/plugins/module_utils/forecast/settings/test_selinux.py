# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SELinux in force would take from containers, from what selinux_report reads."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.denials import denials as denials_
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Listed
from ansible_collections.containment.docker.plugins.module_utils.forecast import in_force
from ansible_collections.containment.docker.plugins.module_utils.forecast import setting as setting_
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import selinux
from ansible_collections.containment.docker.plugins.module_utils.selinux.mount_access import MountForecast
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast
from ansible_collections.containment.docker.plugins.module_utils.selinux_report.forecast import UNLABELLED
from ansible_collections.containment.docker.plugins.modules import selinux_info

from ..world import read_sureness, world

MOUNT = {
    "source": "/srv",
    "target": "/data",
    "verdict": "denied",
    "wanted": ["read", "open"],
    "hidden": ["dir read"],
    "context": "system_u:object_r:default_t:s0",
    "why": "it is on nfs",
    "cure": "mount it with :z",
}
DENIAL = {
    "container": "web",
    "label": "system_u:system_r:container_t:s0:c1,c2",
    "program": "cat",
    "path": "/srv/index.html",
    "target": "system_u:object_r:default_t:s0",
    "tclass": "file",
    "port": 0,
    "wanted": ["read"],
    "permissive": True,
    "count": 2,
    "last": "2026-08-01T05:00:01Z",
    "cure": "mount /srv with :z",
    "harmless": False,
}
ROOT = {
    "path": "/srv/docker",
    "verdict": "wrong",
    "why": "/srv/docker is var_t",
    "cure": "restorecon",
    "context": "var_t",
    "expected": "container_var_lib_t",
}


def report(mounts=(), denials=(), root=None, labels="on", state="running", reason="", enforcing="", engine="", why="w"):
    containers = [{"name": "web", "labels": labels, "why": why, "state": state, "mounts": list(mounts)}]
    in_the_way = {"permissive": "", "enforcing": enforcing}
    return {
        "mode": {"running": "permissive", "in_the_way": in_the_way, "policy_loaded": not reason},
        "daemon": {"reason": engine},
        "policy": {"reason": reason},
        "containers": containers if mounts else [],
        "data_root": root,
        "denials": {"reason": "", "seen": list(denials)},
    }


def items(answer, mode="permissive", wanted=True):
    shared = world({"selinux": wanted}, host=Evidence(selinux=mode), selinux_report=answer)
    return setting_.ask("selinux", "daemon", selinux.of_host, shared)


def ids(answer, **more):
    return {key[len("selinux/") :]: sure for key, sure in read_sureness(items(answer, **more)[0]).items()}


@pytest.mark.parametrize(
    "answer, result",
    [
        (report(), {}),
        (report([MOUNT]), {"mount/container:web:/data": "likely"}),
        (report([dict(MOUNT, verdict="allowed")]), {}),
        (report([MOUNT], labels="off"), {}),
        (report([MOUNT], state="exited"), {}),
        (report([MOUNT], state="paused"), {"mount/container:web:/data": "likely"}),
        (report(denials=[DENIAL]), {"denial/container:web:/srv/index.html": "certain"}),
        (report(denials=[dict(DENIAL, path="", port=5432)]), {"denial/container:web:port 5432": "certain"}),
        (report(denials=[dict(DENIAL, permissive=False)]), {}),  # it is refused already
        (report(denials=[dict(DENIAL, harmless=True)]), {}),
        (report(denials=[dict(DENIAL, container="")]), {}),
        (report(root=ROOT), {"data-root/daemon:/srv/docker": "likely"}),
        (report(root=dict(ROOT, verdict="right")), {}),
        (report(enforcing="/usr/bin/env has no label"), {"mode/host": "certain"}),
    ],
)
def test_what_breaks(answer, result):
    assert ids(answer) == result


def test_what_no_log_tells_is_in_the_message():
    (item,), _obstacles = items(report([MOUNT]))
    assert "denies it read, open; no log would tell dir read" in item.message


@pytest.mark.parametrize(
    "answer, reason",
    [
        (report(reason="no policy is loaded"), "no policy is loaded"),
        (report(engine="no such socket"), "no such socket"),
        (report([MOUNT, dict(MOUNT, verdict="unknown")]), "web: /srv: it is on nfs"),
        (report([MOUNT], labels="unknown"), "web: w"),
    ],
)
def test_what_cannot_be_judged_is_an_obstacle_behind_the_items(answer, reason):
    before, (obstacle,) = items(answer)
    assert reason in obstacle.reason
    assert len(before) == (1 if "nfs" in reason else 0)


def test_a_host_without_selinux_is_judged_only_where_it_is_asked_for():
    answer = report(reason="no policy is loaded, so what it would deny is not known")
    assert items(answer, mode=None) == ([], [])
    assert "no policy" in items(answer, mode=None, wanted="enforcing")[1][0].reason


@pytest.mark.parametrize("mode, holds", [("enforcing", True), ("permissive", False), (None, False)])
def test_enforcing_breaks_nothing_more(mode, holds):
    shared = world({"selinux": True}, host=Evidence(selinux=mode))
    assert in_force.holds(selinux.SETTING, shared) is holds


UNJUDGED = dict(MOUNT, verdict="unknown", why="its label is var_t")


@pytest.mark.parametrize(
    "changes, is_named",
    [({}, True), ({"why": "privileged"}, False), ({"state": "exited"}, False), ({"reason": ""}, False)],
)
def test_without_a_policy_mounts_that_cannot_be_judged_are_named(changes, is_named):
    """No container has a label then; one that would get none all the same loses nothing."""
    facts = dict({"labels": "off", "why": UNLABELLED, "reason": "no policy is loaded"}, **changes)
    _items, obstacles = items(report([UNJUDGED], **facts), mode=None, wanted="enforcing")
    assert any("web: /srv: its label is var_t" in obstacle.reason for obstacle in obstacles) is is_named


def test_a_denial_has_the_id_that_selinux_info_gives_it():
    (item,), _obstacles = items(report(denials=[DENIAL]))
    assert item.id == f"{denials_.FORECAST_RULE}/{denials_.subject_of_denial(DENIAL)}"
    assert item.rule == denials_.FORECAST_RULE


def test_the_keys_that_are_read_are_those_of_the_report():
    looked = MountForecast("/srv", "/data", False, "u:r:default_t:s0", "dir", "", ("read",))
    listed = Listed("a" * 64, "web", "running")
    inspect = {"ProcessLabel": "u:r:container_t:s0:c1,c2", "HostConfig": {}}
    container = forecast.forecast_container(listed, inspect, [], lambda: [looked], str)
    assert list(container["mounts"][0]) == list(MOUNT)
    assert set(report([MOUNT])["containers"][0]) <= set(container)
    for key in [*DENIAL, *ROOT]:
        assert f"{key}:" in selinux_info.RETURN, key
