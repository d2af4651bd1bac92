# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each phase of each change at each of its steps: killed there, failing once or from there on, the file edited by others.

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
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import PHASES
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    Refused,
    RolledBack,
)
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
BEFORE = "before the first phase"
STEPS = {}
NEXT = {"labels": ["next=run"]}
EXPECTED = (RolledBack, NotRestored, Refused, ConfigError, JournalError, SystemdError)


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
    """A new directory; thousands of files would otherwise be left to be removed by a later run of the tests."""
    directory.mkdir()
    yield directory
    shutil.rmtree(str(directory))


def run_with(host, change, act=None, at=0, goes_on=None):
    """(what the run ended with, the name of the step at which `act` was called first)"""
    host.before = host.containers()
    host.trouble = trouble = Trouble(at, functools.partial(act, host) if act else None, goes_on)
    try:
        ended = host.change(CHANGES[change], accept=True)
    except (Killed, *EXPECTED) as error:
        ended = error
    host.trouble = lambda name: None
    return ended, "%s at %d: %s" % (change, at, trouble.name)


def steps_of(monkeypatch, tmp_path, change):
    """phase -> the numbers of its steps to try, by a run without trouble: twice of what it does more often, as waiting."""
    if change not in STEPS:
        with monkeypatch.context() as patch, removed(tmp_path / change) as directory:
            host = new_host(patch, directory)
            ended, _step = run_with(host, change)
        assert isinstance(ended, RolledBack if "fails" in change or "hangs" in change else dict), ended
        phase, counts, steps = BEFORE, {}, {}
        for number, name in enumerate(host.steps, 1):
            saved = name.split()[1] if name.startswith("save ") else ""
            phase = saved if saved in PHASES else phase
            counts[phase, name] = counts.get((phase, name), 0) + 1
            if counts[phase, name] <= 2:
                steps.setdefault(phase, []).append(number)
        STEPS[change] = steps
    return STEPS[change]


def new_host(patch, directory):
    return FakeHost(patch, directory, containers={policy: policy for policy in POLICIES})


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
    is_changed = file == wanted
    assert is_changed or file == {"debug": False, "live-restore": False}, step
    is_explained = "live-restore stays as it is in dockerd's memory" in str(
        [getattr(end, "result", end) for end in ended]
    )
    assert is_explained or bool(memory.get("live-restore")) == file["live-restore"], step
    assert memory.get("data-root") == file.get("data-root"), step
    if "data-root" in CHANGES[change]:
        assert is_changed or all(now.values()), step
    elif "exec-root" in CHANGES[change]:
        assert all(now.values()), step
    else:
        assert now == host.before, step


def check_after_edit(host, change, step, ended):
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


def check_after_kill(host, change, step, ended):
    assert isinstance(ended, Killed), step
    run_next(host)
    check(host, change, step)


def check_after_failure(host, change, step, ended):
    check(host, change, step, ended, run_next(host))


# (what happens at the step, at which later ones it goes on, what is checked then)
TROUBLES = {
    "killed": (kill, None, check_after_kill),
    "fails once": (fail, None, check_after_failure),
    "fails from there on": (fail, alike, check_after_failure),
    "file edited by others": (edit, None, check_after_edit),
}


@pytest.mark.parametrize("phase", [BEFORE, *PHASES])
@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_each_step_of_a_phase_goes_wrong(monkeypatch, tmp_path, trouble, phase):
    act, goes_on, check_end = TROUBLES[trouble]
    reached = 0
    for change in CHANGES:
        numbers = steps_of(monkeypatch, tmp_path, change).get(phase, [])
        for number in numbers if sys.version_info >= (3, 12) else numbers[::7]:  # it is the same on each Python
            with monkeypatch.context() as patch, removed(tmp_path / str(number)) as directory:
                host = new_host(patch, directory)
                ended, step = run_with(host, change, act, number, goes_on)
                check_end(host, change, step, ended)
            reached += 1
    assert reached, f"no change in CHANGES reaches the phase {phase}"


def ended_well(ended):
    return isinstance(ended, dict)
