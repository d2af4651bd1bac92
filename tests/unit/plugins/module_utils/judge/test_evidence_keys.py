# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of the evidence says what collectors write and rules read: neither more nor less."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence import container, daemon, host
from ansible_collections.containment.docker.plugins.module_utils.judge.evidence_keys import BY_SUBJECT, KEYS, SHARED
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import ProcessHandle
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.module_utils.systemd import socket_holder, systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.socket_holder import Listening
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

from ..rules.subjects import good

ID = "c" * 64


class FakeEngine:
    """An engine with one running container."""

    address = engine_address.parse("unix:///run/fake.sock")
    inspect = None
    received = 0

    def each(self, _path):
        return [{"Id": ID, "Names": ["/web"], "State": "running"}]

    def get(self, path):
        if path == "/version":
            return {"Version": "26.1.5", "Components": []}
        return {"Options": {}} if path.startswith("/networks") else self.inspect


def assert_as_the_schema_says(subject, evidence, others=("host", "daemon") + SHARED):
    """The items are those of the schema, and what is lazy there is lazy here."""
    items = {key: dict.get(evidence, key) for key in evidence if key not in others}
    assert set(items) == set(BY_SUBJECT[subject]), set(items) ^ set(BY_SUBJECT[subject])
    for key, value in items.items():
        if not isinstance(value, Unreadable):
            assert isinstance(value, Later) == BY_SUBJECT[subject][key].lazy, key


def test_the_host():
    evidence = host.collect(())
    evidence["containers"] = Later(lambda: None)  # as the audit does
    assert_as_the_schema_says("host", evidence)


def test_the_daemon(monkeypatch):
    unit_state = UnitState("loaded", "active", "", 7, False, "", (), ())
    monkeypatch.setattr(systemctl, "state", lambda unit: unit_state)
    monkeypatch.setattr(socket_holder, "look", lambda path, pid: Listening(frozenset((7,)), False, False))
    monkeypatch.setattr(daemon.daemon_process, "read", lambda pid: DaemonProcess(pid, ("dockerd",), 2e9, "/"))
    assert_as_the_schema_says("daemon", daemon.collect(FakeEngine(), "docker.service"))


@pytest.fixture
def collect_container(monkeypatch):
    """collect_container(inspect): the evidence of a running container of which the engine says this."""
    looked = dict.fromkeys(processes.KEYS, ())
    looked.update(stat=(1, 2), cgroup=b"0::/docker/x", mounts=[])
    monkeypatch.setattr(container.process_table, "census", lambda _known, _socket: container.process_table.NOBODY)
    monkeypatch.setattr(container, "open_living_member", lambda _id, _pid: ProcessHandle(os.getpid()))
    monkeypatch.setattr(processes, "look_at", lambda *_arguments: Evidence(looked))

    def collect(inspect):
        engine = FakeEngine()
        engine.inspect = inspect
        ((_listed, evidence),) = container.each(engine, {"daemon": Evidence(), "host": Evidence(hierarchies={})})
        return evidence

    return collect


def test_a_running_container(collect_container):
    assert_as_the_schema_says("container", collect_container(good("container")["inspect"]))


@pytest.mark.parametrize("part", ["State", "Config", "HostConfig", "Id", "Name", "Image"])
@pytest.mark.parametrize("instead", [None, [], 5])
def test_a_part_that_each_inspect_has_is_missing_or_odd(collect_container, part, instead):
    evidence = collect_container(dict(good("container")["inspect"], **{part: instead}))
    with pytest.raises(Unreadable, match=part):
        evidence["inspect"]


@pytest.mark.parametrize("kind", sorted(BY_SUBJECT))
def test_the_good_subjects_hold_what_the_schema_says(kind):
    evidence = good(kind)
    subjects = {
        kind: evidence,
        "host": evidence["host"],
        "daemon": evidence if kind == "daemon" else evidence["daemon"],
    }
    for subject, items in subjects.items():
        for key in items:
            if key in ("host", "daemon"):
                continue
            schema = KEYS[key if key in SHARED else "%s.%s" % (subject, key)]
            assert isinstance(dict.get(items, key), schema.types), (subject, key)


def test_what_no_rule_reads_is_read_by_the_judge_or_a_collector():
    read = {key for rule in RULES for key in rule.reads}
    assert set(KEYS) - read == {
        "container.cgroup",  # a collector: limits, device_permissions
        "container.image",  # waivers
        "container.parents",  # drift: who entered
        "daemon.changed",  # drift
        "daemon.newer",  # the summary of the engine
        "host.hierarchies",  # a collector: limits
        "host.own_mounts",  # a collector: contexts
    }
