# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Listed
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.selinux import peers as selinux_peers
from ansible_collections.containment.docker.plugins.module_utils.selinux.peers import Peers

START = "system_u:system_r:container_t:"
A, B, C, D, E = (letter * 64 for letter in "abcde")


def gone():
    error = EngineError("no such container")
    error.status = 404
    return error


class Engine:
    """Of containers by id: {"PidMode", "IpcMode"}; notes what it is asked."""

    def __init__(self, modes):
        self.modes, self.questions = modes, []

    def get(self, path):
        container = path.split("/")[2]
        self.questions.append(container[0])
        answer = self.modes[container]
        if isinstance(answer, Exception):
            raise answer
        return {"ProcessLabel": START + "s0:c8,c9", "HostConfig": answer} if isinstance(answer, dict) else answer


@pytest.fixture
def peers(monkeypatch):
    """Peers of containers named like their first letter; `running` have processes with a level."""

    def make(modes, **running):
        levels = {letter * 64: level for letter, level in running.items()}
        monkeypatch.setattr(
            processes,
            "labels",
            lambda container, pids: frozenset([START + levels[container]] if container in levels else ()),
        )
        engine = Engine(dict.fromkeys((A, B, C, D, E), {}))
        engine.modes.update(modes)
        listed = [Listed(id, id[0], "running") for id in (A, B, C, D, E)]
        return Peers(engine, listed, {}), engine

    return make


def test_only_those_without_processes_are_asked_for_their_label(peers):
    known, engine = peers({}, a="s0:c1,c2", b="s0:c3,c4", c="s0", d="s0:c5,c6")
    assert engine.questions == ["e"]
    assert known.all[A].labels == {START + "s0:c1,c2"} and known.all[A].stored == ""
    assert known.all[E].labels == frozenset() and known.all[E].stored == START + "s0:c8,c9"


ALL = dict.fromkeys("abcde", "s0:c1,c2")


@pytest.mark.parametrize(
    "modes, wanted",
    [
        ({}, ""),
        ({A: {"IpcMode": "container:" + B}}, "b"),
        ({B: {"IpcMode": "container:" + A}}, "b"),
        ({A: {"PidMode": "container:" + C}, B: {"IpcMode": "container:" + C}}, "bc"),  # both joined one
        ({A: {"PidMode": "container:" + B}, B: {"IpcMode": "container:" + C}, C: {"PidMode": "container:" + D}}, "bcd"),
        ({D: {"PidMode": "container:" + E}}, ""),  # others among themselves
        ({A: {"PidMode": "container:b"}}, "b"),  # by name
        ({A: {"PidMode": "container:" + B[:12]}}, "b"),
        ({A: {"PidMode": "container:gone"}, B: {"PidMode": "container:gone"}}, "b"),  # whom they joined was removed
        ({A: {"PidMode": "host", "IpcMode": "shareable"}, B: {"PidMode": "host"}}, ""),
        ({A: {"NetworkMode": "container:" + B}}, ""),  # that shares no label
        ({A: {"PidMode": "container:" + A}}, ""),
        ({A: {"PidMode": "container:" + B}, B: gone()}, "b"),
    ],
)
def test_together(peers, modes, wanted):
    known, _engine = peers(modes, **ALL)
    assert {id[0] for id in known.together(A, [B, C, D, E])} == set(wanted)


def test_the_way_leads_over_one_that_does_not_share_the_label_now(peers):
    known, _engine = peers({A: {"PidMode": "container:" + E}, E: {"PidMode": "container:" + B}}, **ALL)
    assert known.together(A, [B]) == {B}


def test_each_is_asked_once(peers):
    known, engine = peers({A: {"PidMode": "container:" + B}}, **ALL)
    known.together(A, [B, C])
    known.together(B, [A, C])
    assert sorted(engine.questions) == ["a", "b", "c"]


def test_an_engine_that_does_not_answer(peers):
    known, _engine = peers({B: EngineError("no answer within 5 s")}, **ALL)
    with pytest.raises(Unreadable, match="no answer"):
        known.together(A, [B])


@pytest.mark.parametrize("inspect", [[], {"PidMode": 1}, None])
def test_an_inspect_of_no_shape(peers, inspect):
    with pytest.raises(Unreadable, match="unexpected shape"):
        peers({B: inspect}, a="s0", c="s0", d="s0", e="s0")


def test_bounded(peers, monkeypatch):
    monkeypatch.setattr(selinux_peers, "_NODES", 2)
    known, engine = peers({}, **ALL)
    known.together(A, [B, C, D, E])
    assert len(engine.questions) == 2
