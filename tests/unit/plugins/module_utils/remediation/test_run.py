# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remedies on an engine that does what no real one can be made to: lies, fails halfway, loses an answer."""

import copy
import shlex

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import Limit
from ansible_collections.containment.docker.plugins.module_utils.remediation import run as container_remedy
from ansible_collections.containment.docker.plugins.module_utils.remediation.run import parse_step, remedy

ID = "f00" + "0" * 61
MIB = 1 << 20
INFO = {"MemoryLimit": True, "SwapLimit": True, "PidsLimit": True, "Swarm": {"NodeID": ""}}
NO_MEMORY = {"memory": 1 << 62, "memory_swap": (1 << 63) - 4096}
INSPECT = {
    "Id": ID,
    "Name": "/web",
    "State": {"Running": True, "Restarting": False, "Paused": False, "Pid": 4242},
    "Config": {"StopTimeout": None, "Labels": {}},
    "HostConfig": {
        "Memory": 0,
        "MemorySwap": 0,
        "PidsLimit": None,
        "NetworkMode": "front",
        "AutoRemove": False,
        "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0},
    },
    "NetworkSettings": {
        "Networks": {
            "front": {"NetworkID": "a" * 64, "Aliases": ["www", ID[:12]], "IPAMConfig": {"IPv4Address": "10.0.0.5"}},
            "back": {"NetworkID": "b" * 64, "Aliases": None, "IPAMConfig": None, "Links": ["db:db"]},
        }
    },
}


class FakeEngine:
    """One container. posts: what was asked; kernel: controller -> limit; broken: path's end -> what happens instead."""

    def __init__(self, changes=(), info=None, address="unix:///s"):
        self.address = Engine(address).address
        self.info, self.inspect, self.posts = info or INFO, copy.deepcopy(INSPECT), []
        for path, value in dict(changes).items():
            item = self.inspect
            for key in path[:-1]:
                item = item[key]
            item[path[-1]] = value
        self.kernel = {"memory": None, "pids": None}
        self.used, self.seconds, self.broken = {"memory": 10 * MIB, "pids": 3}, 60.0, {}

    def remaining_seconds(self):
        return self.seconds

    def _break(self, path):
        for end, work in self.broken.items():
            if path.endswith(end):
                work()

    def get(self, path):
        self._break(path)
        if path == "/info":
            return self.info
        if "/stats?" in path:
            files = {"total_inactive_file": 5 * MIB, "inactive_file": 0}
            used = {"usage": self.used["memory"] + 5 * MIB, "stats": files}
            return {"memory_stats": used, "pids_stats": {"current": self.used["pids"]}}
        return copy.deepcopy(self.inspect)

    def post(self, path, body=None):
        self.posts.append((path.replace(ID, "ID"), body))
        self._break(path)
        action, state = path.rpartition("/")[2], self.inspect["State"]
        if action == "update":
            self.inspect["HostConfig"].update(body)
            for controller, name in (("memory", "Memory"), ("pids", "PidsLimit")):
                if name in body:
                    self.kernel[controller] = body[name] if 0 < body[name] < 1 << 62 else None
        elif action == "disconnect":
            networks = self.inspect["NetworkSettings"]["Networks"]
            del networks[{"a": "front", "b": "back"}[path.split("/")[2][0]]]
        elif action == "pause":
            state["Paused"] = True
        elif action == "stop":
            state.update(Running=False, Pid=0)
        return True


def failing(status=None, text="the engine says no"):
    def work():
        error = EngineError(text)
        error.status = status
        raise error

    return work


@pytest.fixture
def run(monkeypatch):
    """Remedies the fake's container by one step; returns its entry."""

    def call(engine, action, check=False, **wanted):
        def limits(container, pid, hierarchies):
            assert (container, pid) == (ID, 4242)
            return Evidence({key: Limit(most, "file") for key, most in engine.kernel.items()})

        monkeypatch.setattr(cgroups, "limits_now", limits)
        step = parse_step(0, dict(wanted, container=ID, name="web", action=action))
        result = remedy(engine, [step], check)
        (entry,) = result["containers"]
        assert result["changed"] == entry["changed"]
        return entry

    return call


ACTIONS = [
    ("update", {"memory": 64 * MIB, "pids_limit": 50, "restart_policy": "on-failure:5"}),
    ("pause", {}),
    ("disconnect", {}),
    ("stop", {}),
]


@pytest.mark.parametrize("action, wanted", ACTIONS)
def test_the_check_is_true_and_does_nothing_and_the_second_run_neither(run, action, wanted):
    engine = FakeEngine()
    foreseen = run(engine, action, check=True, **wanted)
    assert not engine.posts
    done = run(engine, action, **wanted)
    assert foreseen == done and done["changed"] and done["undo"] and not done["refused"]
    count = len(engine.posts)
    again = run(engine, action, **wanted)
    assert not again["changed"] and not again["refused"] and again["before"] == again["after"] == done["after"]
    assert len(engine.posts) == count


def test_an_update_sends_only_what_changes(run):
    engine = FakeEngine({("HostConfig", "PidsLimit"): 50})
    engine.kernel["pids"] = 50
    entry = run(engine, "update", pids_limit=50, restart_policy="on-failure:5")
    assert engine.posts == [
        ("/containers/ID/update", {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}})
    ]
    assert entry["undo"] == ["docker update --restart=always web"]


@pytest.mark.parametrize(
    "memory, both, accounted, swap, undo",
    [
        (0, 0, True, 64 * MIB, [1 << 62, (1 << 63) - 4096]),  # an engine can't take a limit off
        (128 * MIB, 128 * MIB, True, 64 * MIB, [128 * MIB, 128 * MIB]),
        (128 * MIB, 160 * MIB, True, 96 * MIB, [128 * MIB, 160 * MIB]),
        (128 * MIB, -1, True, -1, [128 * MIB, -1]),
        (32 * MIB, 32 * MIB, True, 64 * MIB, [32 * MIB, 32 * MIB]),
        (0, 0, False, -1, [1 << 62, (1 << 63) - 4096]),
    ],
)
def test_it_may_swap_as_much_as_before(run, memory, both, accounted, swap, undo):
    before = {("HostConfig", "Memory"): memory, ("HostConfig", "MemorySwap"): both}
    engine = FakeEngine(before, info=dict(INFO, SwapLimit=accounted))
    engine.kernel["memory"] = memory or None
    entry = run(engine, "update", memory=64 * MIB)
    ((_path, body),) = engine.posts
    assert body["Memory"] == 64 * MIB and body.get("MemorySwap", both) == swap == entry["after"]["memory_swap"]
    assert entry["undo"] == ["docker update --memory=%d --memory-swap=%d web" % tuple(undo)]


@pytest.mark.parametrize(
    "used, wanted, refused",
    [
        ({"memory": 51 * MIB}, {"memory": 64 * MIB}, False),  # files that nobody uses don't count
        ({"memory": 52 * MIB}, {"memory": 64 * MIB}, True),
        ({"pids": 40}, {"pids_limit": 50}, False),
        ({"pids": 41}, {"pids_limit": 50}, True),
    ],
)
def test_what_would_leave_no_room_is_refused(run, used, wanted, refused):
    engine = FakeEngine()
    engine.used.update(used)
    entry = run(engine, "update", **wanted)
    assert bool(entry["refused"]) == refused == (not engine.posts) and entry["changed"] != refused
    assert not refused or "more than 80 %" in entry["refused"]


def test_a_limit_that_is_raised_is_not_refused(run):
    engine = FakeEngine({("HostConfig", "PidsLimit"): 45})
    engine.kernel["pids"] = engine.used["pids"] = 45
    assert run(engine, "update", pids_limit=50)["changed"]


def test_what_is_in_use_has_to_be_known(run):
    engine = FakeEngine()
    engine.broken["one-shot=true"] = failing(500)
    assert "is not known" in run(engine, "update", memory=64 * MIB)["refused"] and not engine.posts
    engine = FakeEngine({("State", "Running"): False, ("State", "Pid"): 0})
    engine.broken["one-shot=true"] = failing(500)
    entry = run(engine, "update", memory=64 * MIB)
    assert entry["changed"] and entry["notes"] == ["it holds from its next start on"]


def test_a_kernel_that_can_t_limit_is_refused(run):
    for key, wanted in (("MemoryLimit", {"memory": 64 * MIB}), ("PidsLimit", {"pids_limit": 50})):
        engine = FakeEngine(info=dict(INFO, **{key: False}))
        assert "its kernel has no" in run(engine, "update", **wanted)["refused"] and not engine.posts


def test_what_the_kernel_does_not_show_is_put_back(run):
    engine = FakeEngine({("HostConfig", "PidsLimit"): 500})
    engine.kernel = {"memory": None, "pids": 500}
    taken = engine.post

    def post(path, body=None):
        taken(path, body)
        engine.kernel = {"memory": None, "pids": 500}

    engine.post = post
    entry = run(engine, "update", pids_limit=50)
    assert engine.posts[-1] == ("/containers/ID/update", {"PidsLimit": 500})
    assert (
        not entry["changed"] and entry["undo"] == [] and entry["refused"] == "it was asked for, but pids_limit is 500"
    )


def test_an_engine_that_refuses_is_not_given_anything_back(run):
    """It kept what it had; and where that was no limit, giving one as large as none would be a change."""
    engine = FakeEngine()
    engine.broken["/update"] = failing(409, "write \x1b[2J: invalid argument")
    entry = run(engine, "update", memory=64 * MIB)
    assert len(engine.posts) == 1 and not entry["changed"] and entry["refused"] == r"write \x1b[2J: invalid argument"


def test_a_limit_that_only_the_kernel_has_otherwise_is_set_again(run):
    engine = FakeEngine({("HostConfig", "Memory"): 64 * MIB, ("HostConfig", "MemorySwap"): 64 * MIB})
    engine.kernel["memory"] = 1 << 40
    entry = run(engine, "update", memory=64 * MIB)
    assert entry["before"]["memory"] == 1 << 40 and engine.kernel["memory"] == 64 * MIB
    assert entry["changed"] and not entry["refused"] and entry["undo"] == []


def test_a_limit_that_the_engine_did_not_set_is_none_of_its_own(run):
    """systemd's default happens to be the one that is wanted."""
    engine = FakeEngine()
    engine.kernel["pids"] = 50
    entry = run(engine, "update", pids_limit=50)
    assert entry["changed"] and engine.inspect["HostConfig"]["PidsLimit"] == 50


def test_where_no_kernel_is_seen_the_note_says_so(run, monkeypatch):
    entry = run(FakeEngine(address="tcp://10.0.0.1"), "update", pids_limit=50)
    assert entry["changed"] and entry["notes"] == ["only the engine says so: its kernel can't be seen from here"]


def test_where_the_control_group_can_t_be_read_the_note_says_so(monkeypatch):
    def limits(container, pid, hierarchies):
        raise Unreadable("not mounted")

    monkeypatch.setattr(cgroups, "limits_now", limits)
    step = parse_step(0, dict(container=ID, name="web", action="update", pids_limit=50))
    (entry,) = remedy(FakeEngine(), [step], False)["containers"]
    assert entry["changed"] and entry["notes"] == ["only the engine says so: not mounted"]


@pytest.mark.parametrize(
    "action, wanted, changes, reason",
    [
        ("update", {"restart_policy": "always"}, {("HostConfig", "AutoRemove"): True}, "--rm"),
        ("pause", {}, {("State", "Running"): False}, "does not run"),
        ("pause", {}, {("State", "Restarting"): True}, "restarted"),
        ("disconnect", {}, {("HostConfig", "NetworkMode"): "host"}, "host's network"),
        ("disconnect", {}, {("HostConfig", "NetworkMode"): "container:\x1b"}, r"container \x1b"),
        ("stop", {}, {("HostConfig", "AutoRemove"): True}, "would remove it"),
        ("stop", {}, {("Config", "StopTimeout"): -1}, "for ever"),
        ("stop", {}, {("Config", "StopTimeout"): 60}, "more than is left"),
        ("stop", {}, {("State",): {}}, "unexpected shape"),
        ("disconnect", {}, {("NetworkSettings",): None}, "unexpected shape"),
        ("update", {"memory": 64 * MIB}, {("HostConfig", "Memory"): "64m"}, "unexpected shape"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_refusals(run, action, wanted, changes, reason, check):
    engine = FakeEngine(changes)
    entry = run(engine, action, check, **wanted)
    assert reason in entry["refused"] and not engine.posts
    assert not entry["changed"] and entry["undo"] == [] and entry["before"] == entry["after"]


@pytest.mark.parametrize("action, wanted", ACTIONS)
def test_a_container_that_is_gone_is_not_looked_for_by_its_name(run, action, wanted):
    engine = FakeEngine()
    engine.broken["/json"] = failing(404)
    assert run(engine, action, **wanted)["refused"] == "it is gone"
    other = FakeEngine({("Id",): "e" * 64, ("Name",): "/" + ID})  # another one that is called as this one's id
    assert run(other, action, **wanted)["refused"] == "it is gone"
    assert not engine.posts and not other.posts


def test_a_stop_sets_the_policy_first_and_the_undo_restores_it(run):
    engine = FakeEngine({("State", "Paused"): True})
    entry = run(engine, "stop")
    assert [path for path, _body in engine.posts] == ["/containers/ID/update", "/containers/ID/stop"]
    assert entry["undo"] == ["docker update --restart=always web", "docker start web", "docker pause web"]


def test_a_policy_that_is_not_taken_stops_nothing(run):
    engine = FakeEngine()
    engine.post = lambda path, body=None: engine.posts.append((path, body))
    entry = run(engine, "stop")
    assert entry["refused"] == "its restart policy is still always" and not entry["changed"]
    assert not [path for path, _body in engine.posts if path.endswith("stop")]


def test_a_stop_that_fails_puts_the_policy_back(run):
    engine = FakeEngine()
    engine.broken["/stop"] = failing(500)
    entry = run(engine, "stop")
    assert engine.inspect["HostConfig"]["RestartPolicy"]["Name"] == "always"
    assert entry["refused"] == "the engine says no" and not entry["changed"] and entry["undo"] == []


def test_a_stopped_one_that_would_come_back_is_kept_from_it(run):
    engine = FakeEngine({("State", "Running"): False, ("State", "Pid"): 0, ("HostConfig", "AutoRemove"): False})
    entry = run(engine, "stop")
    assert entry["changed"] and entry["undo"] == ["docker update --restart=always web"]
    assert [path for path, _body in engine.posts] == ["/containers/ID/update"]


def test_networks_that_are_left_are_told_and_the_others_can_be_connected_again(run):
    engine = FakeEngine()
    engine.broken["/networks/%s/disconnect" % ("a" * 64)] = failing(403, "swarm-scoped")
    entry = run(engine, "disconnect")
    assert entry["refused"] == "swarm-scoped" and entry["changed"]
    assert (entry["before"], entry["after"]) == ({"networks": ["back", "front"]}, {"networks": ["front"]})
    assert entry["undo"] == [
        "docker network connect --link db:db back web",
        "docker network connect --alias www --ip 10.0.0.5 front web",  # the engine adds the id's beginning itself
    ]


def test_hostile_names_are_one_word_of_a_command(run):
    networks = {"a\x1b; reboot": {"NetworkID": "a" * 64, "Aliases": ["$(reboot)", "'"]}}
    changes = {("NetworkSettings", "Networks"): networks, ("Name",): "/x; reboot"}
    entry = run(FakeEngine(changes), "disconnect", check=True)
    words = shlex.split(entry["undo"][0])
    assert words == ["docker", "network", "connect", "--alias", "$(reboot)", "--alias", "'", "a" * 64, ID]
    assert entry["before"] == {"networks": [r"a\x1b; reboot"]}


def test_a_lost_answer_is_no_unchanged(run):
    engine = FakeEngine()

    def lose():
        engine.broken["/json"] = failing(text="no answer within 60 s")
        failing(text="no answer within 60 s")()

    engine.broken["/pause"] = lose
    entry = run(engine, "pause")
    assert entry["changed"] and entry["after"] == {} and "is not known" in entry["refused"] and entry["undo"]


def test_one_container_s_trouble_is_its_own(run):
    other = "e" * 64
    engine = FakeEngine()
    engine.broken["%s/json" % other] = failing(404)
    steps = [parse_step(i, dict(container=c, name=None, action="pause")) for i, c in enumerate((other, ID))]
    result = remedy(engine, steps, False)
    assert [entry["changed"] for entry in result["containers"]] == [False, True] and result["changed"]
    assert result["diff"]["after"].split("\n") == [other[:12] + ": ", ID[:12] + ": paused true", ""]


def test_without_an_engine_nothing_is_said_of_containers():
    engine = FakeEngine()
    engine.broken["/info"] = failing()
    with pytest.raises(EngineError):
        remedy(engine, [], False)


def test_a_task_of_a_swarm_is_told_by_the_node_and_not_by_a_label_alone(run):
    label = {("Config", "Labels"): {"com.docker.swarm.node.id": "n1"}}
    assert run(FakeEngine(label), "pause")["notes"] == []
    entry = run(FakeEngine(label, info=dict(INFO, Swarm={"NodeID": "n1"})), "pause")
    assert "a swarm's service" in entry["notes"][0] and entry["changed"]


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"container": "web"}, "not a full id"),
        ({"container": ID + "\n"}, "not a full id"),
        ({"container": ID[:12]}, "not a full id"),
        ({"action": "update"}, "needs one of"),
        ({"memory": 64 * MIB}, "belongs to the action update"),
        ({"action": "update", "memory": 6 * MIB - 1}, "less than"),
        ({"action": "update", "pids_limit": 0}, "is no limit"),
        ({"action": "update", "restart_policy": "never"}, "none that dockerd knows"),
        ({"action": "update", "restart_policy": "on-failure:0"}, "none that dockerd knows"),
        ({"action": "update", "restart_policy": "on-failure:5\n"}, "none that dockerd knows"),
    ],
)
def test_bad_steps(changes, reason):
    with pytest.raises(ValueError, match=r"steps\[3\]: .*%s" % reason):
        parse_step(3, dict(dict(container=ID, name="web", action="pause"), **changes))


def test_every_action_has_a_remedy():
    assert set(container_remedy.REMEDIES) == {action for action, _wanted in ACTIONS}
