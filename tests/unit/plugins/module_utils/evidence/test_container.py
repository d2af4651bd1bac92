# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a container whose process is, or is not, to be seen. The engine is a fake."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.evidence import container, container_later
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import Gone, ProcessHandle
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

ID = "c" * 64
CGROUP = b"0::/docker/%s\n" % ID.encode()


class FakeEngine:
    """An engine with one container."""

    address = engine_address.parse("unix:///run/fake.sock")

    def __init__(self, pid):
        self.pid = pid

    received = 0

    def each(self, _path):
        return [{"Id": ID, "Names": ["/web"], "State": "running"}]

    def get(self, _path):
        return {"Id": ID, "Name": "/web", "State": {"Pid": self.pid}, "Image": "i", "Config": {}, "HostConfig": {}}


@pytest.fixture(name="limits_of")
def _limits_of(monkeypatch):
    """The evidence of a container with this pid, whose limits are what they are asked by; look: processes.look_at."""
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(container_later.cgroups, "limits", lambda *question: question)
    monkeypatch.setattr(
        container, "open_living_member", lambda _id, _pid: handles.append(ProcessHandle(os.getpid())) or handles[-1]
    )
    handles = []

    def call(pid, look):
        monkeypatch.setattr(processes, "look_at", look)
        shared = {"daemon": Evidence(), "host": {"hierarchies": "where they are"}}
        ((_container, evidence),) = container.each(FakeEngine(pid), shared)
        assert all(handle.closed for handle in handles)
        return evidence

    return call


def gone(*_arguments):
    raise Gone("it is gone")


def test_limits_are_read_by_the_cgroup_of_its_first_process(limits_of):
    evidence = limits_of(42, lambda *_arguments: Evidence(cgroup=CGROUP))
    assert evidence["limits"] == (ID, CGROUP, "where they are", {})


def test_limits_of_a_process_that_is_gone_are_unknown(limits_of):
    with pytest.raises(Unreadable, match="names process 42, but it is gone"):
        limits_of(42, gone)["limits"]


def test_what_does_not_run_has_none(limits_of):
    assert "limits" not in limits_of(0, gone)


def test_nodes_can_be_read_while_the_container_is_looked_at_and_not_later(nothing_stays_open, monkeypatch):
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(container, "open_living_member", lambda _id, _pid: ProcessHandle(os.getpid()))
    dev = Mount(1, "0:5", "/", "/dev", frozenset(), (), "tmpfs", "tmpfs")
    monkeypatch.setattr(processes, "look_at", lambda *_: Evidence(cgroup=CGROUP, mounts=[dev]))
    monkeypatch.setattr(
        container_later.device_list, "nodes", lambda descriptor, device: (os.readlink("exe", dir_fd=descriptor), device)
    )
    for _listed, evidence in container.each(FakeEngine(42), {"daemon": Evidence(), "host": {}}):
        assert dict(evidence)["nodes"].work() == (os.readlink("/proc/self/exe"), "0:5")
    with pytest.raises(Unreadable, match="is not looked at any more"):
        evidence["nodes"]


class Fleet(FakeEngine):
    """An engine with so many containers, each with an inspect of so many bytes."""

    def __init__(self, count, size):
        FakeEngine.__init__(self, 42)
        self.count, self.size, self.gone = count, size, ()

    def each(self, _path):
        return [{"Id": "%064x" % number, "Names": [f"/c{number}"], "State": "running"} for number in range(self.count)]

    def get(self, path):
        identity = path.split("/")[2]
        if identity in self.gone:
            raise EngineError("no such container", 404)
        self.received = self.size
        return dict(FakeEngine.get(self, path), Id=identity, Name="/" + identity[-4:])


@pytest.fixture(name="open_handles")
def _open_handles(monkeypatch):
    handles = []
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(
        container, "open_living_member", lambda _id, _pid: handles.append(ProcessHandle(os.getpid())) or handles[-1]
    )
    monkeypatch.setattr(processes, "look_at", lambda *_: Evidence(cgroup=CGROUP))
    return lambda: [handle for handle in handles if not handle.closed]


SHARED = {"daemon": Evidence(), "host": {"hierarchies": {}}}


@pytest.mark.parametrize(
    "count, size, sizes",
    [
        (0, 0, []),
        (1, 5000, [1]),
        (20, 5000, [8, 8, 4]),
        (16, 5000, [8, 8]),
        (5, 600 * 1024, [2, 2, 1]),
        (3, 2 << 20, [1, 1, 1]),
    ],
)
def test_containers_come_a_few_at_a_time_and_large_ones_fewer(open_handles, count, size, sizes):
    lengths, names = [], []
    for batch in container.batches(Fleet(count, size), SHARED):
        assert len(open_handles()) == len(batch)
        lengths.append(len(batch))
        names += [listed.name for listed, _evidence in batch]
    assert lengths == sizes and names == ["%04x" % number for number in range(count)]
    assert batch == [] if count else True  # nobody keeps the last one's inspects
    assert open_handles() == []


def test_a_container_that_is_gone_is_left_out_of_its_batch(open_handles):
    engine = Fleet(9, 5000)
    engine.gone = ("%064x" % 3,)
    assert [len(batch) for batch in container.batches(engine, SHARED)] == [8]
    assert open_handles() == []


def test_no_handle_stays_open_where_the_reader_stops_or_a_look_fails(open_handles, monkeypatch):
    batches = container.batches(Fleet(20, 5000), SHARED)
    next(batches)
    batches.close()
    assert open_handles() == []
    monkeypatch.setattr(container, "_disputed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(container.batches(Fleet(20, 5000), SHARED))
    assert open_handles() == []
