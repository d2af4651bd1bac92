# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a container whose process is, or is not, to be seen. The engine is a fake."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
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

    def each(self, _path):
        return [{"Id": ID, "Names": ["/web"], "State": "running"}]

    def get(self, _path):
        return {"Id": ID, "Name": "/web", "State": {"Pid": self.pid}, "Image": "i", "Config": {}, "HostConfig": {}}


@pytest.fixture(name="limits_of")
def _limits_of(monkeypatch):
    """The evidence of a container with this pid, whose limits are what they are asked by; look: processes.look_at."""
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(container_later.cgroups, "limits", lambda *asked: asked)
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


def gone(*_asked):
    raise Gone("it is gone")


def test_limits_are_read_by_the_cgroup_of_its_first_process(limits_of):
    evidence = limits_of(42, lambda *_asked: Evidence(cgroup=CGROUP))
    assert evidence["limits"] == (ID, CGROUP, "where they are", {})


def test_limits_of_a_process_that_is_gone_are_unknown(limits_of):
    with pytest.raises(Unreadable, match="names process 42, but it is gone"):
        limits_of(42, gone)["limits"]


def test_what_does_not_run_has_none(limits_of):
    assert "limits" not in limits_of(0, gone)


def test_nodes_can_be_read_while_the_container_is_looked_at_and_not_later(monkeypatch):
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(container, "open_living_member", lambda _id, _pid: ProcessHandle(os.getpid()))
    dev = Mount(1, "0:5", "/", "/dev", frozenset(), (), "tmpfs", "tmpfs")
    monkeypatch.setattr(processes, "look_at", lambda *_: Evidence(cgroup=CGROUP, mounts=[dev]))
    monkeypatch.setattr(
        container_later.device_list, "nodes", lambda descriptor, device: (os.readlink("exe", dir_fd=descriptor), device)
    )
    before = len(os.listdir("/proc/self/fd"))
    for _listed, evidence in container.each(FakeEngine(42), {"daemon": Evidence(), "host": {}}):
        assert dict(evidence)["nodes"].work() == (os.readlink("/proc/self/exe"), "0:5")
    with pytest.raises(Unreadable, match="is not looked at any more"):
        evidence["nodes"]
    assert len(os.listdir("/proc/self/fd")) == before
