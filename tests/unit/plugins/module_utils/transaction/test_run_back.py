# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back by a fake engine (fake_daemon.py): what it brings back, and what a later run does where it could not."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.transaction import journal
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    RolledBack,
)
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_daemon import BROKEN, HANGING, Conflict
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost

BROKEN_ROOT = {"data-root": "/srv/engine", "shutdown-timeout": BROKEN}
NEXT = {"labels": ["next=run"]}


@pytest.fixture(params=["no", "on-failure", "always", "unless-stopped"])
def host(request, monkeypatch, tmp_path):
    return FakeHost(monkeypatch, tmp_path, containers={"app": request.param, "db": "no"})


def test_a_new_root_that_fails_gives_all_containers_back_whatever_their_restart_policy(host):
    before = host.path.read_bytes()
    with pytest.raises(RolledBack) as error:
        host.change(BROKEN_ROOT, accept=True)
    assert error.value.result["containers"]["started"] == ["app", "db"] or all(host.containers().values())
    assert all(host.containers().values()) and host.path.read_bytes() == before and not host.half_way()
    starts = host.daemon.starts
    host.change(NEXT)
    assert host.daemon.starts == starts


def test_a_new_exec_root_stops_all_containers_and_starts_them_again(host):
    before = host.containers()
    host.daemon.find("db").paused = True
    planned = host.change({"exec-root": "/run/engine"}, accept=True, check=True)
    result = host.change({"exec-root": "/run/engine"}, accept=True)
    now = host.containers()
    assert all(now.values()) and not set(now.values()) & set(before.values()) and host.daemon.find("db").paused
    assert result["containers"]["stopped"] == planned["containers"]["stopped"] == ["db", "app"]
    assert planned["containers"]["started"] == ["app", "db"]
    assert result["containers"]["started"] == ["app", "db"]
    assert result["left_behind"] is None and result["old_data_root"] is None and not host.half_way()


def test_containers_that_do_not_start_with_a_new_exec_root_bring_everything_back(host):
    run = host.daemon.run

    def refuse(container):
        if container.name == "db" and host.daemon.memory.get("exec-root"):
            raise_conflict()
        run(container)

    host.daemon.run = refuse
    with pytest.raises(RolledBack, match="db .*port is already allocated.* does not start any more"):
        host.change({"exec-root": "/run/engine"}, accept=True)
    assert all(host.containers().values()) and host.file() == {"debug": False} and not host.half_way()
    # the former daemon can't find processes that the new one started
    assert [stop.get("exec-root") for stop in host.daemon.find("app").stops] == [None, "/run/engine"]


def test_a_setting_that_the_engine_denies_afterwards_is_taken_back(host):
    """As dockerd only warns where the kernel has no SELinux."""
    before = host.containers()
    with pytest.raises(RolledBack, match="dockerd came up, but says that selinux-enabled is not in force"):
        host.change({"selinux-enabled": True})
    assert host.containers() == before and host.file() == {"debug": False} and not host.half_way()


def test_a_paused_container_is_paused_again(host):
    host.daemon.find("app").paused = True
    with pytest.raises(RolledBack):
        host.change(BROKEN_ROOT, accept=True)
    assert host.daemon.find("app").paused and host.daemon.find("app").pid


def test_a_container_made_with_rm_is_named_as_gone(host):
    host.daemon.find("db").removes_itself = True
    with pytest.raises(RolledBack, match="db is gone: made with --rm"):
        host.change(BROKEN_ROOT, accept=True)
    assert host.containers()["app"]


def test_a_process_outside_of_the_engine_restarts_nothing_in_later_runs(host):
    host.left_over["db"] = 4242
    with pytest.raises(NotRestored) as error:
        host.change(BROKEN_ROOT, accept=True)
    assert "process 4242 of the container db" in str(error.value)
    assert "remove %s" % (host.journal / journal.TRANSACTION) in str(error.value)
    assert host.containers()["app"] and not host.containers()["db"]
    assert host.file() == {"debug": False} and host.half_way()
    starts, app = host.daemon.starts, host.containers()["app"]
    for _again in range(3):
        with pytest.raises(NotRestored, match="process 4242 of the container db"):
            host.change(NEXT)
    assert host.daemon.starts == starts and host.containers()["app"] == app
    host.left_over.clear()
    assert "started again: " in host.change(NEXT)["recovered"]
    assert all(host.containers().values()) and host.containers()["app"] == app and not host.half_way()


def test_a_daemon_that_does_not_come_back_is_tried_again_when_its_cause_is_gone(host):
    host.trouble = lambda name: host.path.with_name("broken").touch() if name == "save restoring" else None
    start = host.daemon.start

    def broken_start():
        if host.path.with_name("broken").exists():
            host.daemon.starts += 1
            host.daemon.invocation += 1
            return host.daemon._failed("failed to start daemon: no space left on device")
        return start()

    host.daemon.start = broken_start
    with pytest.raises(NotRestored, match="no space left on device"):
        host.change(BROKEN_ROOT, accept=True)
    host.trouble = lambda name: None
    host.path.with_name("broken").unlink()
    host.change(NEXT)
    assert all(host.containers().values()) and not host.half_way() and host.daemon.active == "active"


def test_a_container_that_the_engine_refuses_to_start_is_named_once(host):
    start = host.daemon.run

    def refuse(container):
        if container.name == "db":
            raise_conflict()
        start(container)

    host.daemon.run = refuse
    with pytest.raises(NotRestored, match="these do not start again: db"):
        host.change(BROKEN_ROOT, accept=True)
    assert host.containers()["app"] and not host.half_way()
    host.change(NEXT)


def raise_conflict():
    raise Conflict("port is already allocated")


@pytest.mark.parametrize("version", [1, 2, 3, "2", None])
def test_a_record_that_lacks_something_is_named_with_the_way_out(host, version):
    host.journal.mkdir(mode=0o700)
    (host.journal / journal.TRANSACTION).write_text(json.dumps({"version": version, "phase": "written"}))
    with pytest.raises(NotRestored, match="remove %s" % (host.journal / journal.TRANSACTION)):
        host.change(NEXT)
    assert host.daemon.starts == 1


def test_a_container_whose_turn_to_be_stopped_had_not_come_is_not_said_to_be_started_again(host):
    def edit(name):
        if name == "POST stop done":
            host.path.write_text('{"labels": ["theirs=1"]}')

    host.trouble = edit
    before = host.containers()
    with pytest.raises(LeftAsIs, match="in the phase stopping.*; started again: db; "):
        host.change(dict(BROKEN_ROOT), accept=True)
    assert host.containers()["app"] == before["app"] and host.containers()["db"]
    assert host.file() == {"labels": ["theirs=1"]} and not host.half_way()


def test_an_edit_right_before_the_restart_stops_it(host):
    def edit(name):
        if name == "reset-failed":
            host.path.write_text('{"labels": ["theirs=1"]}')

    host.trouble = edit
    before, starts = host.containers(), host.daemon.starts
    with pytest.raises(LeftAsIs, match="dockerd keeps live-restore on in its memory"):
        host.change({"userland-proxy": False})
    assert (host.containers(), host.daemon.starts) == (before, starts) and host.daemon.memory["live-restore"]
    assert host.file() == {"labels": ["theirs=1"]}


@pytest.mark.parametrize("stale_looks", [1, 2, 3])
def test_a_process_that_ends_while_it_is_looked_at_is_no_obstacle_on_the_way_back(host, stale_looks):
    """systemd may still name the process that was killed, when the kernel no longer knows it."""
    before, status, kill = host.containers(), host.unit_status, host.signal
    stale = []

    def signal(pid, number):
        kill(pid, number)
        if number == 9:
            stale.extend([pid] * stale_looks)

    host.signal = signal
    host.unit_status = lambda: status()._replace(main_pid=stale.pop()) if stale else status()
    with pytest.raises(RolledBack, match="did not answer within"):
        host.change({"userland-proxy": False, "shutdown-timeout": HANGING})
    assert host.containers() == before and host.file() == {"debug": False} and not host.half_way()
