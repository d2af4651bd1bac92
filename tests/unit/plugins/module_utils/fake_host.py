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
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import file_only, journal, run
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.tests.unit.plugins.module_utils import fake_daemon

ARGV = ("/usr/bin/dockerd", "-H", "fd://")


class Killed(BaseException):
    """The run was killed: nothing of ours goes on, not even a way back."""


class FakeHost(Host):
    """The seam, with nothing of the real host behind it but files in `directory`.

    before: daemon.json's text. containers: name -> restart policy; all of them run.
    """

    poll = 2.0  # each look is a step, and each step is tried

    def __init__(self, monkeypatch, directory, before='{"debug": false}\n', containers=None):
        super().__init__(timeout=20.0)
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)
        self.shared = SimpleNamespace(trouble=lambda name: None, steps=[])  # also by a copy for another daemon
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
        self.state_directory = str(self.journal)
        self.lock_path = str(directory / "lock")
        self.in_the_way = []  # StartProblem
        self.silence = ""  # of containerd
        self.argv = list(ARGV) + ["--config-file", str(self.path)]

    @property
    def trouble(self):
        return self.shared.trouble

    @trouble.setter
    def trouble(self, act):
        self.shared.trouble = act

    @property
    def steps(self):
        return self.shared.steps

    def step(self, name):
        self.steps.append(name)
        self.trouble(name)

    def is_root(self):
        return True

    def engine(self, timeout=None):
        return FakeEngine(self)

    def evidence(self, engine):
        if self.daemon.active != "active":
            return Evidence(state="stopped", info=Unreadable("stopped"), running=Unreadable("stopped"))
        flags = dockerd_flags.parse(self.argv[1:])
        return Evidence(
            state="running",
            info=engine.get("/info"),
            process=self.dockerd(self.daemon.pid),
            running=dockerd_flags.merged(self.daemon.memory, flags, DEFAULTS),
        )

    def next_start(self):
        return systemctl.NextStart(list(self.argv), "", True)

    def unit_status(self):
        self.step("look")
        now = self.daemon
        return UnitState("loaded", now.active, now.sub, now.pid, False, "", (), (), str(now.invocation), "success")

    def reset_failed(self):
        self.step("reset-failed")
        self.step("reset-failed done")

    def restart_unit(self):
        self.step("restart")
        self.daemon.failures = 0
        self.daemon.stop()
        self.daemon.start()
        self.step("restart done")

    def log(self, since):
        return "\n".join(self.daemon.logged)

    def dockerd(self, pid):
        if not pid or pid != self.daemon.pid:
            raise FileNotFoundError(2, "No such file or directory", "/proc/%d/exe" % pid)
        return DaemonProcess(pid, tuple(self.argv), self.clock.now, "/")

    def start_ticks(self, pid):
        if pid and pid == self.daemon.pid:
            return pid
        for container in self.daemon.everywhere():
            if pid and container.pid == pid:
                return container.ticks
        raise FileNotFoundError(2, "No such file or directory", "/proc/%d/stat" % pid)

    def signal(self, pid, number):
        if pid != self.daemon.pid or not pid:
            raise ProcessLookupError(3, "No such process")
        self.step("signal %d" % number)
        if number == signal.SIGHUP:
            self.daemon.reload()
        else:
            self.daemon.crash()
        self.step("signal %d done" % number)

    def container_processes(self, ids):
        processes = {}
        for container in self.daemon.everywhere():
            pids = [pid for pid in (self.left_over.get(container.name), container.pid) if pid]
            if pids and container.id in ids:
                processes[container.id] = pids
        return processes

    def program_version(self, path):
        return "26.1.5"

    def program_problem(self, argv, data, version):
        return None

    def start_problems(self, start):
        self.step("look at the start")
        return self.in_the_way

    def containerd_silence(self, settings):
        return self.silence

    def observe(self, keep):
        self.step("observe")
        return {"starts": True, "why": "", "traffic": [], "not_tried": []}

    def lost(self, observed):
        self.step("compare")
        return []

    def write_file(self, path, data, expected):
        self.step("write")
        super().write_file(path, data, expected)
        self.step("write done")

    def remove_file(self, path, expected):
        self.step("remove")
        super().remove_file(path, expected)
        self.step("remove done")

    def save_record(self, name, record):
        self.step("save %s" % record.get("phase", name))
        super().save_record(name, record)
        self.step("save %s done" % record.get("phase", name))

    def remove_record(self, name):
        self.step("remove")
        super().remove_record(name)
        self.step("remove done")

    def now(self):
        return self.clock.time()

    monotonic = now

    def sleep(self, seconds):
        self.clock.sleep(seconds)

    # for the tests

    def change(self, config, absent=(), **more):
        """One run of daemon_transaction: its result, or the exception."""
        return run.run(run.Options(config, absent, more.pop("path", None), **more), self)

    def change_file(self, config, absent=(), **more):
        """One run of daemon_config: its Outcome, or the exception."""
        return file_only.run(file_only.Options(config, absent, **more), self)

    def file(self):
        return json.loads(self.path.read_text(encoding="utf-8"))

    def half_way(self):
        return (self.journal / journal.TRANSACTION).exists()

    def containers(self):
        return {container.name: container.pid for container in self.daemon.everywhere()}


class FakeEngine:
    """The client, as Host.engine gives it."""

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
            answer = fake_daemon.answer(self._host.daemon, method, path)
        except (fake_daemon.NotThere, fake_daemon.Conflict) as reason:
            error = EngineError("%s %s: %s" % (method, path, reason))
            error.status = 404 if isinstance(reason, fake_daemon.NotThere) else 409
            raise error
        if method == "POST":
            self._host.step("POST %s done" % what)
        return answer
