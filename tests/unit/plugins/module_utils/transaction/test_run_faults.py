# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each change at each of its steps: killed there, failing there once or from there on, the file edited by others there.

By a fake engine and systemd (fake_daemon.py), with a container of each restart policy; a few of these run on real engines in the
Molecule scenario rollback. Whatever happens, after one more run nothing is half-way and no container is lost.
"""

import contextlib
import functools
import json
import os
import shutil
import sys

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    RolledBack,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Refused
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_daemon import (
    BROKEN,
    HANGING,
    UNLOADABLE,
)
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost, Killed

POLICIES = ["no", "on-failure", "always", "unless-stopped"]
NEW_ROOT = {"data-root": "/srv/engine"}
CHANGES = {
    "restart": {"userland-proxy": False},
    "restart to live-restore": {"userland-proxy": False, "live-restore": True},
    "reload": {"debug": True, "labels": ["a=b"]},
    "new root": NEW_ROOT,
    "new exec root": {"exec-root": "/run/engine"},
    "new exec root fails": {"exec-root": "/run/engine", "shutdown-timeout": BROKEN},
    "restart fails": {"userland-proxy": False, "shutdown-timeout": BROKEN},
    "restart hangs": {"userland-proxy": False, "shutdown-timeout": HANGING},
    "new root fails": dict(NEW_ROOT, **{"shutdown-timeout": BROKEN}),
    "reload fails": {"debug": True, "shutdown-timeout": UNLOADABLE},
}
NEXT = {"labels": ["next=run"]}
EXPECTED = (RolledBack, NotRestored, Refused, ConfigError, JournalError, SystemdError)


@pytest.fixture(params=sorted(CHANGES))
def change(request):
    return request.param


class Trouble:
    """Calls `act(name)` at the step number `at`, or from there on at each that `goes_on(name)` allows."""

    def __init__(self, at, act, goes_on=None):
        self.at, self.act, self.goes_on = at, act, goes_on
        self.count, self.name = 0, None

    def __call__(self, name):
        self.count += 1
        if self.count == self.at:
            self.name = name
        if self.count == self.at or (self.goes_on and self.count > self.at and self.goes_on(self.name, name)):
            self.act(name)


@contextlib.contextmanager
def removed(directory):
    """Thousands of files would otherwise be left to be removed by a later run of the tests."""
    yield
    shutil.rmtree(str(directory))


def tried(steps):
    """The numbers of the steps to try: what a phase does more than twice (as waiting does) is tried twice of it."""
    phase, seen, numbers = "", {}, []
    for number, name in enumerate(steps, 1):
        phase = name if name.startswith("save") else phase
        seen[phase, name] = seen.get((phase, name), 0) + 1
        if seen[phase, name] <= 2:
            numbers.append(number)
    return numbers if sys.version_info >= (3, 12) else numbers[::7]  # it is the same on each Python


def hosts(monkeypatch, tmp_path, change, act, goes_on=None):
    """(host after the trouble, what the run ended with, the step's name) for each step of the change."""
    numbers = [10000]  # no trouble, to learn the steps
    while numbers:
        number = numbers.pop(0)
        directory = tmp_path / str(number)
        directory.mkdir()
        with monkeypatch.context() as patch, removed(directory):
            host = FakeHost(patch, directory, containers={policy: policy for policy in POLICIES})
            host.before = host.containers()
            host.trouble = trouble = Trouble(number, functools.partial(act, host), goes_on)
            try:
                ended = host.change(CHANGES[change], accept=True)
            except (Killed, *EXPECTED) as error:
                ended = error
            host.trouble = lambda name: None
            if trouble.name is None:
                assert not numbers and isinstance(ended, RolledBack if "fails" in change or "hangs" in change else dict)
                numbers = tried(host.steps)
                assert len(numbers) > 20 or sys.version_info < (3, 12)
            else:
                yield host, ended, "%d: %s" % (number, trouble.name)


def kill(_host, _name):
    raise Killed


def fail(_host, name):
    """As that step fails in life; afterwards too, where it may have been done all the same."""
    if name.startswith("save") or name == "remove":
        if not name.endswith("done"):
            raise JournalError("No space left on device")
    elif name == "write":
        raise ConfigError("Read-only file system")
    elif name.startswith(("GET", "POST")):
        raise EngineError("no answer within 60 s")
    elif name.startswith("signal"):
        raise OSError(3, "No such process")
    elif name.startswith(("look", "restart", "reset-failed")):
        raise SystemdError("systemctl did not answer within 10 s")


def alike(first, name):
    """Whether what failed first is out of order here, too."""
    return first.split()[0] == name.split()[0]


FOREIGN = '{"debug": false, "labels": ["theirs=1"]}'


def edit(host, _name):
    other = host.path.with_name("theirs")
    other.write_text(FOREIGN, encoding="utf-8")
    os.rename(str(other), str(host.path))


def run_next(host):
    """One more run, without trouble."""
    return host.change(NEXT)


def check(host, change, step, *ended):
    """What is true after one more run: all of before, with or without the change, and nothing else but what was `ended` with."""
    now, file, memory = host.containers(), host.file(), host.daemon.memory
    assert not host.half_way(), step
    assert host.daemon.active == "active", step
    assert file.pop("labels")[-1] == "next=run", step
    file.setdefault("live-restore", False)
    wanted = dict(CHANGES[change], debug=CHANGES[change].get("debug", False))
    wanted.setdefault("live-restore", False)
    wanted.pop("labels", None)
    made = file == wanted
    assert made or file == {"debug": False, "live-restore": False}, step
    told = "live-restore stays as it is in dockerd's memory" in str([getattr(end, "result", end) for end in ended])
    assert told or bool(memory.get("live-restore")) == file["live-restore"], step
    assert memory.get("data-root") == file.get("data-root"), step
    if "data-root" in CHANGES[change]:
        assert made or all(now.values()), step
    elif "exec-root" in CHANGES[change]:
        assert all(now.values()), step
    else:
        assert now == host.before, step


def test_killed_at_any_step(monkeypatch, tmp_path, change):
    for host, ended, step in hosts(monkeypatch, tmp_path, change, kill):
        assert isinstance(ended, Killed)
        run_next(host)
        check(host, change, step)


def test_failing_once_at_any_step(monkeypatch, tmp_path, change):
    for host, ended, step in hosts(monkeypatch, tmp_path, change, fail):
        check(host, change, step, ended, run_next(host))


def test_failing_from_any_step_on(monkeypatch, tmp_path, change):
    for host, ended, step in hosts(monkeypatch, tmp_path, change, fail, alike):
        check(host, change, step, ended, run_next(host))


def test_the_file_edited_by_others_at_any_step(monkeypatch, tmp_path, change):
    for host, ended, step in hosts(monkeypatch, tmp_path, change, edit):
        text = host.path.read_text(encoding="utf-8")
        theirs = json.loads(FOREIGN)
        # an edit before the file is read is merged with; later ones are left as they are
        assert text == FOREIGN or (ended_well(ended) and json.loads(text) == dict(theirs, **CHANGES[change])), step
        moved = "data-root" in host.daemon.memory and (
            ended_well(ended) or "does not know no, on-failure, always, unless-stopped where it is now" in str(ended)
        )
        assert moved or all(host.containers().values()) or isinstance(ended, LeftAsIs), step
        try:
            run_next(host)
        except LeftAsIs as reason:  # dockerd is down, and with this file a start would end what runs
            assert (
                "no, on-failure, always, unless-stopped: set live-restore in it" in str(reason)
                and host.containers() == host.before
            ), step
            host.path.write_text(json.dumps(dict(theirs, **{"live-restore": True})), encoding="utf-8")
            run_next(host)
            assert host.containers() == host.before, step
        assert not host.half_way() and host.daemon.active == "active", step
        assert moved or all(host.containers().values()), step
        assert host.file()["labels"] == ["next=run"] and host.file()["debug"] in (
            False,
            CHANGES[change].get("debug"),
        ), step


def ended_well(ended):
    return isinstance(ended, dict)
