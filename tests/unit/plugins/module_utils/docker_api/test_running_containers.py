# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    from_inspect,
    lost,
    stop_order,
)


def container(name, started, *needs):
    return Container(name * 64, name, 100 + started, "2026-01-01T00:00:%02dZ" % started, 7, False, 0, 10, needs)


def order(*containers):
    return "".join(item.name for item in stop_order(containers))


def test_the_newest_stops_first():
    assert order(container("a", 1), container("c", 3), container("b", 2)) == "cba"


def test_dependents_stop_before_what_they_need_even_if_that_is_newer():
    # a shares the network of c, which was restarted after it
    assert order(container("a", 1, "c"), container("b", 2), container("c", 3)) == "bac"


def test_dependencies_by_id_and_chains():
    assert order(container("a", 3), container("b", 2, "a" * 64), container("c", 1, "b")) == "cba"


def test_a_circle_of_links_ends():
    assert sorted(order(container("a", 1, "b"), container("b", 2, "a"))) == ["a", "b"]


def test_a_long_chain_does_not_exhaust_the_stack():
    many = [Container(str(n), "n%d" % n, n, "2026", 1, False, 0, 10, ("n%d" % (n + 1),)) for n in range(5000)]
    assert [item.name for item in stop_order(many)][:2] == ["n0", "n1"]


INSPECT = {
    "Id": "a" * 64,
    "Name": "/web",
    "RestartCount": 0,
    "State": {"Running": True, "Pid": 4711, "StartedAt": "2026-01-01T00:00:00Z", "Paused": False, "ExitCode": 0},
    "Config": {"StopTimeout": None},
    "HostConfig": {
        "NetworkMode": "container:db",
        "IpcMode": "private",
        "PidMode": "",
        "VolumesFrom": ["data:ro"],
        "Links": ["/x:/web/y"],
    },
}


def test_from_inspect():
    result = from_inspect(INSPECT, 99)
    assert (result.name, result.pid, result.ticks, result.stop_timeout) == ("web", 4711, 99, 10)
    assert result.needs == ("db", "data", "x")
    assert from_inspect(dict(INSPECT, Config={"StopTimeout": 0}), 99).stop_timeout == 0


def after(restarts=0, **state):
    return dict(INSPECT, RestartCount=restarts, State=dict(INSPECT["State"], **state))


@pytest.mark.parametrize(
    "inspect, ticks, survived",
    [
        (INSPECT, 99, True),
        (INSPECT, 100, False),  # the pid is another process now
        (INSPECT, None, False),
        (None, None, False),
        (after(Pid=5000), 99, False),
        (after(StartedAt="2026-01-01T00:09:00Z"), 99, False),  # started again
        (after(Running=False, Pid=0, ExitCode=137), None, False),  # killed
        (after(Running=False, Pid=0, ExitCode=0), None, True),  # a job that came to its end
        (after(restarts=1, Pid=5000), 99, True),  # its own restart policy
    ],
)
def test_lost(inspect, ticks, survived):
    before = from_inspect(INSPECT, 99)
    inspects = {before.id: inspect} if inspect else {}
    assert lost([before], inspects, {4711: ticks} if ticks else {}) == ([] if survived else ["web"])
