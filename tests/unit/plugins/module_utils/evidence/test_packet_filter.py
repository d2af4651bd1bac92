# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The evidence of the packet filter: which program is asked, and why there is none."""

import os
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.evidence import packet_filter
from ansible_collections.containment.docker.plugins.module_utils.linux import packet_filter_reader

ITEM = {"Id": "a" * 64, "Names": ["/web"], "NetworkSettings": {"Networks": {}}}


class FakeEngine(object):
    """An engine that answers each path with the same, or not at all."""

    def __init__(self, answer):
        self.answer = answer
        self.paths = []

    def get(self, path):
        self.paths.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def each(self, path):
        return iter(self.get(path))


@pytest.fixture
def collected(monkeypatch):
    """collected(**changes): the Evidence of a dockerd in this process's network namespace; what is read is (family, backend)."""
    monkeypatch.setattr(packet_filter_reader, "read", lambda family, backend: (family, backend))

    def collect(**changes):
        evidence = Evidence(process=SimpleNamespace(pid=os.getpid()), info={}, configured={})
        evidence.update(changes)
        packet_filter.collect(evidence)
        packet_filter.collect_modules(evidence)
        return evidence

    return collect


@pytest.mark.parametrize(
    "backend, expected",
    [
        (None, "iptables"),
        ({"Driver": "iptables+firewalld"}, "iptables"),
        ({"Driver": "nftables"}, "nftables"),
        ({"Driver": "nftables+firewalld"}, "nftables"),
    ],
)
def test_backend_that_the_engine_says(collected, backend, expected):
    evidence = collected(info={"FirewallBackend": backend})
    assert evidence["packet_filter"] == ("ip", expected)
    assert evidence["packet_filter6"] == ("ip6", expected)


def test_dockerd_in_a_network_namespace_of_its_own(collected, monkeypatch):
    own = os.readlink("/proc/self/ns/net")
    monkeypatch.setattr(packet_filter.os, "readlink", lambda path: own if "self" in path else "net:[1]")
    with pytest.raises(Unreadable, match="network namespace of its own"):
        collected()["packet_filter"]


def test_dockerd_that_is_not_known(collected):
    with pytest.raises(Unreadable, match="can't be told"):
        collected(process=Unreadable("can't be told"))["packet_filter"]


@pytest.mark.parametrize("error", [OSError("there is no program nft"), ValueError("nft -j printed no ruleset")])
def test_packet_filter_that_can_not_be_read(collected, monkeypatch, error):
    def read(family, backend):
        raise error

    monkeypatch.setattr(packet_filter_reader, "read", read)
    with pytest.raises(Unreadable, match=str(error)):
        collected()["packet_filter"]


def test_containers_and_networks_of_the_engine():
    assert [item.name for item in packet_filter.list_endpoints(FakeEngine([ITEM]))] == ["web"]
    engine = FakeEngine([{"Name": "lan", "Id": "b" * 64}])
    assert packet_filter.list_networks(engine)[0]["Name"] == "lan"
    (path,) = engine.paths
    assert unquote(path) == '/networks?filters={"driver": ["bridge"]}'  # another driver's plugin may hang


@pytest.mark.parametrize("answer", [EngineError("no answer"), [{"Id": 1}], [[]]])
def test_answers_that_no_engine_gives(answer):
    for work in (packet_filter.list_endpoints, packet_filter.list_networks):
        with pytest.raises(Unreadable):
            work(FakeEngine(answer))


def test_modules_of_the_next_start(collected, monkeypatch):
    monkeypatch.setattr(packet_filter.kernel_modules, "missing", lambda names: names)
    assert collected()["filter_modules"] == ["xt_addrtype"]
    assert collected(configured={"iptables": False})["filter_modules"] == []
