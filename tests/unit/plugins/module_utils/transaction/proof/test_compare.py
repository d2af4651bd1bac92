# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before and after a change, with a fake engine and a fake network: what counts as lost."""

import json
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.transaction import steps
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import Entry
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import traffic as container_traffic
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.start import Attempt
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import Work
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.proof.test_traffic import (
    HOST,
    INSPECT,
)

KEEP = [SimpleNamespace(id="c" * 64)]


class ProbedHost:
    """dead: kinds of probes that nothing answers; unserved: whether the container serves its own port no more."""

    def __init__(self, monkeypatch):
        self.dead, self.starts, self.unserved, self.engines = set(), Attempt(True), False, 0
        monkeypatch.setattr(container_proof, "_PAUSE", 0.01)
        monkeypatch.setattr(container_traffic, "read_host", lambda: HOST)
        monkeypatch.setattr(container_proof.network_probe, "reached", self.reached)
        monkeypatch.setattr(container_proof.network_probe, "ROUND_SECONDS", 0.01)
        monkeypatch.setattr(container_proof.container_probe, "attempt", lambda engine: self.starts)

    def reached(self, probes):
        inside = [probe.kind == "tcp" and probe.process is not None for probe in probes]
        return [not self.unserved if own else probe.kind not in self.dead for probe, own in zip(probes, inside)]

    def start_ticks(self, pid):
        return 99

    def engine(self):
        self.engines += 1
        return self

    def get(self, path):
        return INSPECT

    def close(self):
        self.engines -= 1


@pytest.fixture
def host(monkeypatch):
    return ProbedHost(monkeypatch)


def observed(host, keep=None):
    """As the journal gives it back."""
    return json.loads(json.dumps(container_proof.observe(host, KEEP if keep is None else keep)))


def test_what_works_before_and_after(host):
    before = observed(host)
    assert container_proof.lost(host, before, 0) == [] and host.engines == 0
    assert container_proof.to_result(before) == {
        "works": [
            "a container starts",
            "web can reach 192.0.2.1 (ICMP echo)",
            "web can resolve names by 192.0.2.53",
            "web can be reached on 192.0.2.7 port 8443",
        ],
        "not_tried": [],
    }


@pytest.mark.parametrize(
    "kind, words",
    [
        ("echo", "web can't reach 192.0.2.1 (ICMP echo) any more"),
        ("dns", "web can't resolve names by 192.0.2.53 any more"),
        ("tcp", "web can't be reached on 192.0.2.7 port 8443 any more"),
    ],
)
def test_what_is_lost(host, kind, words):
    before = observed(host)
    host.dead = {kind}
    assert container_proof.lost(host, before, 0) == [words]


@pytest.mark.parametrize("kind", ["echo", "dns", "tcp"])
def test_what_was_not_answered_before_is_not_lost(host, kind):
    host.dead = {kind}
    assert container_proof.lost(host, observed(host), 0) == []


def test_a_port_that_the_container_serves_no_more_is_its_own_matter(host):
    before = observed(host)
    host.dead, host.unserved = {"tcp"}, True
    assert container_proof.lost(host, before, 0) == []


def test_a_network_may_take_a_moment(host):
    before, host.dead = observed(host), {"echo"}
    reached = host.reached
    calls = []

    def later(probes):
        calls.append(len(probes))
        host.dead = {"echo"} if len(calls) < 3 else set()
        return reached(probes)

    container_proof.network_probe.reached = later
    assert container_proof.lost(host, before, 5) == [] and calls == [3, 1, 1]


def test_no_container_starts_any_more(host):
    before = observed(host)
    host.starts = Attempt(False, "no log driver")
    assert container_proof.lost(host, before, 0) == ["no container starts any more: no log driver"]


def test_what_can_be_tried_only_before_is_not_said_to_work(host):
    before = observed(host, ())
    host.starts = Attempt(None, "no space")
    assert container_proof.lost(host, before, 0) == []
    assert container_proof.to_result(before) == {"works": [], "not_tried": ["whether a container starts: no space"]}


@pytest.mark.parametrize("starts", [Attempt(False, "denied by a plugin"), Attempt(None, "no image")])
def test_what_could_not_be_tried_is_told(host, starts):
    host.starts = starts
    before = observed(host, ())
    assert container_proof.lost(host, before, 0) == []
    assert starts.why in container_proof.to_result(before)["not_tried"][0]


def test_many_losses_are_counted(host, monkeypatch):
    before = observed(host, KEEP * 20)
    host.dead = {"echo"}
    lost = container_proof.lost(host, before, 0)
    assert len(lost) == 6 and lost[5] == "so for 15 more"


def test_more_containers_than_are_tried(host, monkeypatch):
    monkeypatch.setattr(container_proof, "CONTAINERS", 1)
    assert observed(host, KEEP * 3)["not_tried"] == ["the traffic of 2 more containers"]


def test_a_container_that_ended_meanwhile(host):
    host.get = lambda path: {}
    assert observed(host)["traffic"] == []


@pytest.mark.parametrize(
    "activation, probe, kept",
    [("restart", True, "kept"), ("reload", True, ()), ("none", True, None), ("restart", False, None)],
)
def test_when_a_transaction_looks(monkeypatch, tmp_path, activation, probe, kept):
    host = FakeHost(monkeypatch, tmp_path)
    observations = []
    host.observe = lambda keep: observations.append(keep) or {"starts": True}
    fields = dict.fromkeys(Entry._fields, ())
    work = Work(Entry(**dict(fields, activation=activation, probe=probe, keep="kept", proof=None)), host, {}, b"")
    monkeypatch.setattr(Work, "record", lambda _work, **changes: None)
    steps._observe(work)
    assert observations == ([] if kept is None else [kept]) and bool(work.entry.proof) is (kept is not None)
