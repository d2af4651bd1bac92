# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A migration, and its way back, at each of its steps: killed there, failing there. Nothing is lost, whatever happens."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import record
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.tree import Unshiftable
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
)
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import Killed
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.migration.fake_migration import (
    MAPPED,
    OWN,
    Host,
)

RUNNING = ["db", "web"]
EXPECTED = (RolledBack, NotRestored, Refused, JournalError)


class Trouble:
    """Acts at the step number `at`, and sees at each step that nobody meets files with foreign ids."""

    def __init__(self, host, at, act):
        self.host, self.at, self.act, self.count, self.name = host, at, act, 0, None

    def __call__(self, name):
        self.host.require_nobody_meets_foreign_ids()
        self.count += 1
        if self.count == self.at:
            self.name = name
            self.act(name)


def kill(_name):
    raise Killed()


def is_written(name):
    return name.startswith(("save", "remove", "write")) and name.endswith("done")


def fail(name):
    """Raise the error of this step where it fails. What was written was written."""
    if is_written(name):
        return
    if name.startswith(("save", "remove")):
        raise JournalError("no space left on device")
    if name.startswith(("bulk_copy", "second_engine", "sandbox")):
        raise CommandError("cp failed with status 1: no space left on device")
    if name.startswith("tree"):
        raise Unshiftable("it can't be shifted")
    if name.startswith(("restart", "look", "reset")):
        raise SystemdError("systemd does not answer")
    if name.startswith(("write", "interfaces", "signal")):
        raise PermissionError(13, "Permission denied", "/etc/docker/daemon.json")
    raise EngineError("the engine does not answer")


def surprise(name):
    """Raise an error of ours, or one about an answer of a shape that no engine gives."""
    if not is_written(name):
        raise KeyError("State")


def go(host, act):
    """Run it: the result, the expected error, or Killed."""
    try:
        return act()
    except (Killed, KeyError, *EXPECTED) as error:
        return error


def require_old(host):
    """Everything is as it was before the migration."""
    assert host.daemon.root() == host.root and host.running() == RUNNING and host.bound == OWN
    assert "userns-remap" not in host.file() and not host.half_way() and not host.second
    assert host.volumes[host.root] == {"data": ["a"]} and set(host.networks[host.root]) == {"bridge", "back"}
    assert host.phase() in (None, "back")


def require_new(host):
    assert host.daemon.root() == host.new_root and host.running() == RUNNING and host.bound == MAPPED
    assert host.volumes[host.new_root] == {"data": ["a"]} and host.phase() == "done" and not host.half_way()


def require_empty_new_root(host):
    assert not host.in_root(host.new_root) and not host.volumes[host.new_root]
    assert set(host.networks[host.new_root]) == {"bridge"}


def count_steps(monkeypatch, directory, prepare, act):
    directory.mkdir()
    host = Host(monkeypatch, directory)
    prepare(host)
    host.steps.clear()
    act(host)
    return len(host.steps)


def each_step(monkeypatch, tmp_path, prepare, act, trouble):
    """(name of the step, host, outcome) for each step of `act` with the trouble there."""
    for at in range(1, count_steps(monkeypatch, tmp_path / "whole", prepare, act) + 1):
        directory = tmp_path / str(at)
        directory.mkdir()
        host = Host(monkeypatch, directory)
        prepare(host)
        host.trouble = Trouble(host, at, trouble)
        outcome = go(host, lambda host=host: act(host))
        name = host.trouble.name
        assert name, f"step {at} never came"
        host.trouble = lambda name, host=host: host.require_nobody_meets_foreign_ids()
        print(at, name, repr(outcome)[:300])  # pytest shows the last one where a test fails
        yield f"step {at}, {name}", host, outcome


def begin(_host):
    """There is nothing to prepare for a migration."""


def test_a_migration_killed_at_any_step_is_undone_by_the_next_run(monkeypatch, tmp_path):
    phases = set()
    for step, host, outcome in each_step(monkeypatch, tmp_path, begin, Host.present, kill):
        assert isinstance(outcome, Killed), step
        phases.add(host.phase())
        finished = host.phase() == record.DONE
        result = host.absent()
        require_old(host)
        if not finished:
            require_empty_new_root(host)
            assert bool(result["recovered"]) == result["changed"], step
    assert phases >= {None, "preparing", "stopping", "copying", "switching", "starting", "done"}


@pytest.mark.parametrize("trouble", [fail, surprise])
def test_a_migration_that_fails_at_any_step_is_undone_or_says_what_to_do(monkeypatch, tmp_path, trouble):
    rolled_back = 0
    for step, host, outcome in each_step(monkeypatch, tmp_path, begin, Host.present, trouble):
        if isinstance(outcome, dict):
            require_new(host)
            continue
        if isinstance(outcome, (NotRestored, JournalError)):
            host.absent()
        assert not isinstance(outcome, KeyError) or host.phase() is None, step
        rolled_back += isinstance(outcome, RolledBack)
        assert str(outcome), step
        require_old(host)
        require_empty_new_root(host)
    assert rolled_back > 30


@pytest.mark.parametrize("phase", ["preparing", "stopping", "copying", "switching", "starting"])
def test_an_undo_that_is_killed_at_any_step_is_completed_by_the_next_run(monkeypatch, tmp_path, phase):
    def kill_in_phase(name):
        if name == f"save {phase} done":
            raise Killed()

    def prepare(host):
        host.trouble = kill_in_phase
        assert isinstance(go(host, host.present), Killed)
        host.trouble = lambda name: None

    for step, host, outcome in each_step(monkeypatch, tmp_path, prepare, Host.absent, kill):
        assert isinstance(outcome, Killed), step
        host.absent()
        require_old(host)


def migrate(host):
    host.present()


def test_a_way_back_killed_at_any_step_is_completed_by_the_next_run(monkeypatch, tmp_path):
    phases = set()
    for step, host, outcome in each_step(monkeypatch, tmp_path, migrate, Host.absent, kill):
        assert isinstance(outcome, Killed), step
        phases.add(host.phase())
        host.absent()
        require_old(host)
        assert host.phase() == "back"
    assert phases >= {"done", "returning", "back"}


def test_a_migration_after_a_killed_way_back_completes_that_first(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path)
    host.present()
    host.trouble = lambda name: kill(name) if name == "tree.shift done" else None
    assert isinstance(go(host, host.absent), Killed) and host.phase() == "returning"
    host.trouble = lambda name: None
    assert host.present(check=True)["recovered"] == "an earlier way back ended half-way; it would be completed first"
    with pytest.raises(Refused, match="has containers of these names already"):
        host.present()
    require_old(host)


@pytest.mark.parametrize("trouble", [fail, surprise])
def test_a_way_back_that_fails_at_any_step_leaves_the_new_root_or_is_completed(monkeypatch, tmp_path, trouble):
    for step, host, outcome in each_step(monkeypatch, tmp_path, migrate, Host.absent, trouble):
        if isinstance(outcome, (NotRestored, JournalError)):
            host.absent()
        if isinstance(outcome, (RolledBack, Refused, KeyError)):
            require_new(host)
        else:
            require_old(host)
        assert isinstance(outcome, dict) or str(outcome), step


@pytest.mark.parametrize("step", ["save returning done", "tree.shift done", "restart done", "save proving done"])
def test_a_way_back_that_was_killed_and_then_fails_at_any_step_ends_in_one_root(monkeypatch, tmp_path, step):
    def prepare(host):
        host.present()
        host.trouble = lambda name: kill(name) if name == step else None
        assert isinstance(go(host, host.absent), Killed)
        host.trouble = lambda name: None

    for _step, host, outcome in each_step(monkeypatch, tmp_path, prepare, Host.absent, fail):
        if isinstance(outcome, RolledBack):
            require_new(host)
            continue
        host.absent()
        require_old(host)
