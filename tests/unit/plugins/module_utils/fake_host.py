# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake host for whole transactions: fake systemd, fake engine, real files, and a fault at any step that is wished.

A step is whatever a transaction does to the host or asks of it, as "restart", "POST stop", "write" or "save proving".
`trouble(name)` is called before each and, for what changes something, after it as "restart done"; it may raise.
"""

import json
import os
import signal
from types import SimpleNamespace

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.dockerd import program
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit, systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    config_file,
    exclusive,
    journal,
    run,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import Target
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof
from ansible_collections.containment.docker.tests.unit.plugins.module_utils import fake_daemon

ARGV = ("/usr/bin/dockerd", "-H", "fd://")


class Killed(BaseException):
    """The run was killed: nothing of ours goes on, not even a way back."""


class FakeHost:
    """before: daemon.json's text. containers: name -> restart policy; all of them run."""

    def __init__(self, monkeypatch, directory, before='{"debug": false}\n', containers=None):
        self.trouble = lambda name: None
        self.steps = []
        self.left_over = {}  # container name -> a process of it that no engine holds any more
        self.clock = fake_daemon.Clock()
        self.path = directory / "daemon.json"
        self.path.write_text(before, encoding="utf-8")
        self.daemon = fake_daemon.Daemon(self.path, self.clock)
        self.daemon.start()
        for name, policy in (containers or {}).items():
            container = fake_daemon.Container(name, policy)
            self.daemon.containers().append(container)
            self.clock.time()
            self.daemon.run(container)
        self.journal = directory / "journal"
        self._patch(monkeypatch, directory)

    def _patch(self, monkeypatch, directory):
        monkeypatch.setattr(journal, "DIRECTORY", str(self.journal))
        monkeypatch.setattr(exclusive, "LOCK", str(directory / "lock"))
        monkeypatch.setattr(os, "geteuid", os.getuid)
        monkeypatch.setattr(run, "is_root", lambda: True)
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)
        monkeypatch.setattr(activate, "time", self.clock)
        monkeypatch.setattr(activate, "POLL", 2.0)  # each look is a step, and each step is tried
        monkeypatch.setattr(systemctl, "systemctl", self._systemctl)
        monkeypatch.setattr(systemctl, "next_start", lambda *a, **k: systemctl.NextStart(self._argv(), "", True))
        monkeypatch.setattr(activate.os, "kill", self._kill)
        monkeypatch.setattr(activate.Target, "engine", lambda target, timeout=None: FakeEngine(self))
        monkeypatch.setattr(docker_unit, "start_ticks", self._ticks)
        monkeypatch.setattr(docker_unit, "log", lambda *a: "\n".join(self.daemon.logged))
        monkeypatch.setattr(activate, "log", docker_unit.log)
        monkeypatch.setattr(daemon_process, "read", self._process)
        monkeypatch.setattr(daemon, "collect", self._collect)
        monkeypatch.setattr(processes, "census", self._census)
        monkeypatch.setattr(container_proof, "observe", self._observe)
        monkeypatch.setattr(container_proof, "lost", self._lost)
        monkeypatch.setattr(program, "problem", lambda *a: None)
        monkeypatch.setattr(program, "version", lambda *a: "26.1.5")
        for module, name in ((config_file, "write"), (config_file, "remove"), (journal, "remove")):
            monkeypatch.setattr(module, name, self._with_trouble(name, getattr(module, name)))
        save = journal.save
        monkeypatch.setattr(journal, "save", lambda name, record: self._save(save, name, record))

    def _argv(self):
        return list(ARGV) + ["--config-file", str(self.path)]

    def step(self, name):
        self.steps.append(name)
        self.trouble(name)

    def _with_trouble(self, name, function):
        def call(*args, **more):
            self.step(name)
            found = function(*args, **more)
            self.step(name + " done")
            return found

        return call

    def _save(self, save, name, record):
        self.step("save %s" % record.get("phase", name))
        save(name, record)
        self.step("save %s done" % record.get("phase", name))

    def _systemctl(self, arguments, timeout=10):
        action = arguments[0]
        if action == "show":
            self.step("look")
            load = "not-found" if arguments[-1].endswith(".socket") else "loaded"
            now = self.daemon
            shown = (load, now.active, now.sub, now.pid, now.invocation, "success")
            names = ("LoadState", "ActiveState", "SubState", "MainPID", "InvocationID", "Result")
            return "".join("%s=%s\n" % pair for pair in zip(names, shown))
        self.step(action)
        if action == "restart":
            self.daemon.failures = 0
            self.daemon.stop()
            self.daemon.start()
        self.step(action + " done")
        return ""

    def _kill(self, pid, number):
        if pid != self.daemon.pid or not pid:
            raise ProcessLookupError(3, "No such process")
        self.step("signal %d" % number)
        if number == signal.SIGHUP:
            self.daemon.reload()
        else:
            self.daemon.crash()
        self.step("signal %d done" % number)

    def _ticks(self, pid):
        if pid and pid == self.daemon.pid:
            return pid
        for container in self.daemon.everywhere():
            if pid and container.pid == pid:
                return container.ticks
        raise FileNotFoundError(2, "No such file or directory", "/proc/%d/stat" % pid)

    def _process(self, pid):
        if not pid or pid != self.daemon.pid:
            raise FileNotFoundError(2, "No such file or directory", "/proc/%d/exe" % pid)
        return daemon_process.DaemonProcess(pid, tuple(self._argv()), self.clock.now, "/")

    def _census(self, known):
        found = {}
        for container in self.daemon.everywhere():
            pids = [pid for pid in (self.left_over.get(container.name), container.pid) if pid]
            if pids and container.id in known:
                found[container.id] = pids
        return found

    def _observe(self, target, keep):
        self.step("observe")
        return {"starts": True, "why": "", "traffic": [], "not_tried": []}

    def _lost(self, target, observed, patience=0):
        self.step("compare")
        return []

    def _collect(self, engine, unit):
        if self.daemon.active != "active":
            return Evidence(state="stopped", info=Unreadable("stopped"), running=Unreadable("stopped"))
        flags = dockerd_flags.parse(self._argv()[1:])
        return Evidence(
            state="running",
            info=engine.get("/info"),
            process=self._process(self.daemon.pid),
            running=dockerd_flags.merged(self.daemon.memory, flags, DEFAULTS),
        )

    def change(self, config, absent=(), **more):
        """One run of the module: its result, or the exception."""
        target = Target("docker.service", "unix:///var/run/docker.sock", 20.0)
        return run.run(run.Options(config, absent, target, more.pop("path", None), **more))

    def file(self):
        return json.loads(self.path.read_text(encoding="utf-8"))

    def half_way(self):
        return (self.journal / journal.TRANSACTION).exists()

    def containers(self):
        return {container.name: container.pid for container in self.daemon.everywhere()}


class FakeEngine:
    """The client, as activate.Target.engine gives it."""

    address = SimpleNamespace(local=True, path="/var/run/docker.sock")

    def __init__(self, host):
        self._host = host

    def get(self, path):
        return self._ask("GET", path)

    def each(self, path):
        return iter(self._ask("GET", path))

    lines = get

    def post(self, path, body=None):
        return self._ask("POST", path)

    def close(self):
        """Nothing is open."""

    def _ask(self, method, path):
        what = path.partition("?")[0].rpartition("/")[2]
        self._host.step("%s %s" % (method, what))
        if self._host.daemon.active != "active":
            raise EngineError("no dockerd answers")
        try:
            found = fake_daemon.answer(self._host.daemon, method, path)
        except (fake_daemon.NotThere, fake_daemon.Conflict) as reason:
            error = EngineError("%s %s: %s" % (method, path, reason))
            error.status = 404 if isinstance(reason, fake_daemon.NotThere) else 409
            raise error
        if method == "POST":
            self._host.step("POST %s done" % what)
        return found
