# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the engine is not asked, as asking would start it."""

from functools import partial

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon, daemon_config
from ansible_collections.containment.docker.plugins.module_utils.linux import packages
from ansible_collections.containment.docker.plugins.module_utils.systemd import socket_holder, systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.socket_holder import Listening
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState


@pytest.fixture
def look(monkeypatch):
    """look(path, active, dockerd, starts): the Evidence; what the engine says is "asked" where it was asked."""

    def look(path, active, dockerd=(), starts=False, main_pid=0, hidden=False):
        unit_state = UnitState("loaded", active, "", main_pid, False, "", (), ())
        monkeypatch.setattr(systemctl, "state", lambda unit: unit_state)
        monkeypatch.setattr(socket_holder, "look", lambda path, pid: Listening(frozenset(dockerd), starts, hidden))
        monkeypatch.setattr(socket_holder.os.path, "isdir", lambda path: True)
        monkeypatch.setattr(daemon, "_ask", lambda engine, evidence: Evidence(evidence, info="asked"))
        monkeypatch.setattr(daemon.daemon_process, "read", process)
        monkeypatch.setattr(daemon.daemon_process, "peer", lambda path, timeout: 1)
        monkeypatch.setattr(daemon_config.systemctl, "next_start", partial(next_start, unit_state))
        return daemon.collect(Engine("unix://" + path, 5), "docker.service")

    return look


def next_start(asked_before, unit, known):
    assert known is asked_before  # the state is asked for once
    return systemctl.NextStart(["dockerd", "--config-file=/nonexistent/d.json"], "", True)


def process(pid):
    """One that says which dockerd it is by its data root."""
    return DaemonProcess(pid, ("dockerd", "--data-root=/srv/%d" % pid, "--config-file=/nonexistent/d.json"), 2e9, "/")


def info(evidence):
    try:
        return evidence["info"]
    except Unreadable as reason:
        return str(reason)


@pytest.mark.parametrize("active", ["inactive", "failed", "deactivating"])
@pytest.mark.parametrize("starts", [True, False])
def test_a_stopped_daemon_is_not_asked(look, active, starts):
    evidence = look("/run/docker.sock", active, starts=starts)
    assert info(evidence) == "docker.service is %s; looking does not start it" % active
    assert evidence["state"] == "stopped"
    for key in ("networks", "endpoints"):
        with pytest.raises(Unreadable):
            evidence[key]


def test_one_that_runs_is_asked(look):
    assert info(look("/run/docker.sock", "active", [5], main_pid=5)) == "asked"


def test_one_of_another_unit_on_the_usual_socket_runs_though_the_unit_is_stopped(look):
    evidence = look("/run/docker.sock", "inactive", [77])
    assert (info(evidence), evidence["state"]) == ("asked", "running")
    assert evidence["running"]["data-root"] == evidence["configured"]["data-root"] == "/srv/77"


def test_to_one_who_is_not_root_the_process_is_hidden(look, monkeypatch):
    monkeypatch.setattr(daemon.privilege, "lacking", lambda: "only root may see this")
    evidence = look("/run/docker.sock", "active", main_pid=5, hidden=True)
    assert info(evidence) == "asked"
    with pytest.raises(Unreadable, match="dockerd's process: only root may see this"):
        evidence["proxies"]
    assert evidence["configured"]["icc"] is True


def test_another_socket_that_systemd_does_not_hold_is_asked(look):
    assert info(look("/run/other.sock", "inactive")) == "asked"


@pytest.mark.parametrize("active", ["inactive", "active"])
def test_what_stands_behind_another_socket_may_be_something_else(look, active):
    evidence = look("/run/other/engine.sock", active, starts=True)
    assert info(evidence).startswith("systemd may start what stands behind /run/other/engine.sock, so it is not asked")
    with pytest.raises(Unreadable, match="no unit is known"):
        evidence["configured"]


def test_a_stopped_unit_says_nothing_of_a_daemon_that_can_not_be_found(look):
    with pytest.raises(Unreadable, match="neither a systemd unit nor a process"):
        look("/run/other.sock", "inactive")["configured"]


@pytest.mark.parametrize("replaced", [False, True])
def test_what_is_installed_says_nothing_of_an_engine_that_runs_an_older_program(look, monkeypatch, replaced):
    """Its version is the same: distributions mend a flaw without changing it."""
    installed = packages.Package("docker.io", frozenset(("CVE-2026-34040",)), "26.1.5+dfsg1-9+deb13u1")
    monkeypatch.setattr(packages, "look", lambda kernel, build: {packages.ENGINE: installed, "runc": installed})
    monkeypatch.setattr(daemon.daemon_process, "is_replaced", lambda pid: replaced)
    versions = look("/run/docker.sock", "active", dockerd=[7], main_pid=7)["packages"]
    assert versions["runc"] == installed
    assert (versions[packages.ENGINE] == installed) is not replaced
    if replaced:
        assert (versions[packages.ENGINE].mended, versions[packages.ENGINE].version) == (None, "")
        assert "restart it" in versions[packages.ENGINE].uncertain


def test_engine_that_does_not_answer_is_not_asked_again(monkeypatch):
    paths = []

    class Hung(object):
        def get(self, path):
            paths.append(path)
            raise EngineError("no answer in 5 s")

    evidence = daemon._ask(Hung(), Evidence(state="running"))
    for key in ("version", "info", "networks", "endpoints"):
        with pytest.raises(Unreadable, match="no answer"):
            evidence[key]
    assert paths == ["/version"]


@pytest.mark.parametrize("unit_state", ["inactive", "failed"])
def test_the_next_start_of_a_stopped_daemon_is_its_units(look, unit_state):
    evidence = look("/run/docker.sock", unit_state)
    assert evidence["state"] == "stopped" and evidence["configured"]["icc"] is True
    assert evidence["environment_next"] == {}


def test_a_host_without_systemd_has_a_daemon_that_is_asked(look, monkeypatch):
    def fail(unit):
        raise systemctl.SystemdError("systemd does not run here")

    look("/run/docker.sock", "active", [5], main_pid=5)
    monkeypatch.setattr(systemctl, "state", fail)
    evidence = daemon.collect(Engine("unix:///run/docker.sock", 5), "docker.service")
    assert (info(evidence), evidence["configured"]["data-root"]) == ("asked", "/srv/5")


def test_a_process_that_the_socket_names_is_known_though_others_are_hidden(look, monkeypatch):
    monkeypatch.setattr(daemon.privilege, "lacking", lambda: "only root may see this")
    look("/run/docker.sock", "active", main_pid=5, hidden=True)
    monkeypatch.setattr(daemon.daemon_process, "peer", lambda path, timeout: 77)
    evidence = daemon.collect(Engine("unix:///run/docker.sock", 5), "docker.service")
    assert evidence["running"]["data-root"] == "/srv/77"


@pytest.mark.parametrize("version, expected", [("99.0.0", ["a key that is newer"]), ("28.5.2", [])])
def test_what_is_newer_is_asked_only_of_a_newer_engine(look, monkeypatch, version, expected):
    monkeypatch.setattr(daemon_config, "newer", lambda start, process, release: ["a key that is newer"])
    evidence = look("/run/docker.sock", "active", [5], main_pid=5)
    evidence["version"] = {"Version": version}
    assert daemon.list_newer(evidence) == expected
