# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake dockerd with its fake containers, as much of them as a transaction can tell from real ones.

What it does with its file, with live-restore and with restart policies is moby's: daemon/daemon.go restore,
daemon/internal/restartmanager, reloadConfig in cmd/dockerd/daemon.go. A file that it can't start with has
`shutdown-timeout` 666, one that hangs it 667; one that a reload refuses has 668.
"""

import json
import re

BROKEN, HANGING, UNLOADABLE = 666, 667, 668
RELOADED = ("live-restore", "debug", "labels", "shutdown-timeout")
RESTART_SECONDS, START_LIMIT = 2, 3


class Clock:
    """time.time, monotonic and sleep, without waiting; each look at it takes a hundredth of a second."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def time(self):
        self.now += 0.01
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.now += seconds
        for call in self.slept:
            call()


class Container:
    """pid: of its first process, 0 without one. A new pid at each start."""

    def __init__(self, name, policy, removes_itself=False):
        self.id = (name.encode().hex() + "0" * 64)[:64]
        self.name, self.policy, self.removes_itself = name, policy, removes_itself
        self.pid = self.ticks = self.exit_code = self.restarts = 0
        self.started = ""
        self.paused = self.stopped_by_hand = False
        self.stops = []  # the settings in force at each stop by hand

    def inspect(self):
        state = {
            "Running": bool(self.pid),
            "Pid": self.pid,
            "StartedAt": self.started,
            "Paused": self.paused,
            "ExitCode": self.exit_code,
        }
        return {
            "Id": self.id,
            "Name": "/" + self.name,
            "State": state,
            "Config": {"StopTimeout": 1},
            "HostConfig": {"RestartPolicy": {"Name": self.policy}, "AutoRemove": self.removes_itself},
            "RestartCount": self.restarts,
        }

    def wanted_at_a_start(self):
        """Whether the engine starts it when it comes up itself."""
        return (
            self.policy == "always"
            or (self.policy == "unless-stopped" and not self.stopped_by_hand)
            or (self.policy == "on-failure" and self.exit_code != 0)
        )


class Daemon:
    """The unit and its dockerd. roots: data root -> the containers that an engine there knows."""

    def __init__(self, path, clock, root="/var/lib/docker"):
        self.path, self.clock, self.roots, self.default_root = path, clock, {root: []}, root
        self.memory = {}
        self.pid = self.invocation = self.last_pid = self.failures = self.starts = 0
        self.active, self.sub, self.due, self.events, self.logged = "inactive", "dead", None, [], []
        clock.slept.append(self._later)

    def containers(self):
        return self.roots.setdefault(self.memory.get("data-root", self.default_root), [])

    def everywhere(self):
        return [container for containers in self.roots.values() for container in containers]

    def new_pid(self):
        self.last_pid += 1
        return self.last_pid + 5000000  # no process of this machine

    def run(self, container):
        container.pid, container.ticks = self.new_pid(), int(self.clock.now * 100)
        container.started = "2026-01-01T00:00:00.%09dZ" % container.ticks
        container.stopped_by_hand, container.exit_code, container.restarts = False, 0, 0

    def end(self, container, exit_code, by_hand=False):
        container.pid, container.exit_code, container.paused = 0, exit_code, False
        container.stopped_by_hand = by_hand
        if container.removes_itself:
            self.containers().remove(container)

    def settings(self):
        try:
            return json.loads(self.path.read_text(encoding="utf-8") or "{}")
        except FileNotFoundError:
            return {}

    def start(self):
        self.starts += 1
        self.invocation += 1
        self.pid, self.due = self.new_pid(), None
        try:
            settings = self.settings()
        except ValueError as error:
            return self._failed("unable to configure the Docker daemon with file: %s" % error)
        if settings.get("shutdown-timeout") == BROKEN:
            return self._failed("failed to start daemon: shutdown-timeout is broken")
        if settings.get("shutdown-timeout") == HANGING:
            self.active, self.sub = "activating", "start"
            return None
        self.memory, self.active, self.sub, self.failures = settings, "active", "running", 0
        self.ticks = int(self.clock.now * 100)
        for container in list(self.containers()):
            if container.pid and not settings.get("live-restore"):
                self.end(container, 137)
            if not container.pid and container in self.containers() and container.wanted_at_a_start():
                self.run(container)
        return None

    def _failed(self, reason):
        self.logged.append(reason)
        self.failures += 1
        self.pid, self.active, self.sub = 0, "activating", "auto-restart"
        self.due = self.clock.now + RESTART_SECONDS
        if self.failures >= START_LIMIT:
            self.active, self.sub, self.due = "failed", "failed", None

    def _later(self):
        if self.due is not None and self.clock.now >= self.due:
            self.start()

    def stop(self):
        if self.active == "active" and not self.memory.get("live-restore"):
            for container in list(self.containers()):
                if container.pid:
                    self.end(container, 137)
        self.pid, self.active, self.sub, self.due = 0, "inactive", "dead", None

    def crash(self):
        """It is killed, and systemd waits before it starts it again."""
        self.pid, self.active, self.sub, self.due = 0, "activating", "auto-restart", self.clock.now + RESTART_SECONDS

    def reload(self):
        try:
            settings = self.settings()
            if settings.get("shutdown-timeout") == UNLOADABLE:
                raise ValueError("shutdown-timeout")
        except ValueError as error:
            self.logged.append('level=error msg="Error reconfiguring the daemon" error="%s"' % error)
            return
        self.memory = dict(self.memory, **{key: settings[key] for key in RELOADED if key in settings})
        says = {"live-restore": "true" if self.memory.get("live-restore") else "false"}
        self.events.append((self.clock.time(), {"Actor": {"Attributes": says}}))

    def info(self):
        return {
            "ServerVersion": "26.1.5",
            "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"],
            "LiveRestoreEnabled": bool(self.memory.get("live-restore")),
            "Driver": "overlay2",
            "LoggingDriver": "json-file",
            "ExperimentalBuild": False,
            "Debug": bool(self.memory.get("debug")),
            "DockerRootDir": self.memory.get("data-root", self.default_root),
            "DefaultRuntime": "runc",
            "Runtimes": {"runc": {}},
            "Labels": self.memory.get("labels", []),
            "Plugins": {"Authorization": None},
            "Swarm": {"LocalNodeState": "inactive"},
            "RegistryConfig": {"IndexConfigs": {}, "InsecureRegistryCIDRs": ["127.0.0.0/8"], "Mirrors": None},
            "Containers": len(self.containers()),
            "Images": 1,
        }

    def find(self, name):
        return next(container for container in self.everywhere() if container.name == name)


class NotThere(Exception):
    """The engine knows no such container."""


class Conflict(Exception):
    """The engine refuses that in the container's present state."""


def answer(daemon, method, path):
    """What the engine answers; False to a POST for which there is nothing to do."""
    if path in ("/info", "/version"):
        return daemon.info() if path == "/info" else {"Version": "26.1.5"}
    if path == "/volumes":
        return {"Volumes": []}
    if path == "/containers/json":
        return [{"Id": container.id} for container in daemon.containers() if container.pid]
    if path.startswith("/events?"):
        since = float(re.search(r"since=([\d.]+)", path).group(1))
        return [event for at, event in daemon.events if at >= since]
    _root, _containers, container_id, action = path.partition("?")[0].split("/")
    container = next((item for item in daemon.containers() if item.id == container_id), None)
    if container is None:
        raise NotThere(container_id)
    if method == "GET":
        return container.inspect()
    return _act(daemon, container, action)


def _act(daemon, container, action):
    if action == "pause":
        if container.paused:
            raise Conflict("already paused")
        container.paused = True
    elif action == "stop":
        if not container.pid:
            return False
        container.stops.append(dict(daemon.memory))
        daemon.end(container, 143, by_hand=True)
    elif container.paused:
        raise Conflict("cannot start a paused container, try unpause instead")
    elif container.pid:
        return False
    else:
        daemon.run(container)
    return True
