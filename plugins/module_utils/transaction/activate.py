# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a changed daemon.json into force, by reload or restart, and waits for evidence. I/O; decides nothing."""

import os
import signal
import time
from typing import Any, Callable, List, Mapping, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
    quote,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.dockerd.log_reason import RELOAD_REFUSED
from ansible_collections.containment.docker.plugins.module_utils.dockerd.reported import reloaded, shown
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.docker_unit import (
    life,
    log,
    mark,
    reset_failed,
    words,
)

POLL = 0.1
# A stop takes the container's own time; the rest is the engine's.
STOP_MARGIN = 30


class NotInForce(Exception):
    """The change did not come into force; the text says why in one sentence."""


class Target(NamedTuple):
    """The daemon: its unit, its engine's address, and the seconds that one activation may take."""

    unit: str = systemctl.DOCKER_SERVICE
    address: str = "unix:///var/run/docker.sock"
    timeout: float = 60.0

    def engine(self, timeout: Optional[float] = None) -> Engine:
        """A fresh client: its own deadline starts now."""
        return Engine(self.address, timeout or self.timeout)


def _nothing():
    """Nothing is to be checked."""


def dockerd(unit: str) -> daemon_process.DaemonProcess:
    """The unit's dockerd. Raises NotInForce if its main process is none."""
    try:
        return daemon_process.read(life(unit).pid)
    except (OSError, ValueError, systemctl.SystemdError) as error:
        raise NotInForce("dockerd's process can't be read: %s" % (getattr(error, "strerror", None) or error))


def reload(target: Target, settings: Mapping[str, Any], keys: List[str], check: Callable[[], Any] = _nothing) -> None:
    """Have dockerd read its file again and wait until the engine says that `keys` are in force as in `settings`.

    check: called at the last moment before it; may raise. Raises NotInForce if it doesn't within the target's timeout, or ends.
    """
    process = dockerd(target.unit)
    since = time.time()
    try:
        before = mark(process.pid)
        check()
        os.kill(process.pid, signal.SIGHUP)
    except OSError as error:
        raise NotInForce(f"dockerd can't be told to reload: {error.strerror}")
    refused = _Refusal(target.unit, since)
    done = wait(target.timeout, lambda: _reload_shows(target, before, since, settings, keys) or refused.said())
    if done is not True:
        raise NotInForce(
            "dockerd did not take the file in a reload%s%s"
            % ("" if done else " within %g s" % target.timeout, words(target.unit, since))
        )


class _Refusal:
    """Looks now and then whether dockerd logged that it did not take its file; the evidence of success is the engine's."""

    def __init__(self, unit, since):
        self._unit, self._since = unit, since
        self._next = time.monotonic() + 1

    def said(self):
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + 3
        logged = log(self._unit, self._since)
        return "refused" if any(phrase in logged for phrase in RELOAD_REFUSED) else None


def _reload_shows(target, before, since, settings, keys):
    try:
        if mark(before[0]) != before:
            raise OSError
    except OSError:
        raise NotInForce(f"dockerd ended in a reload{words(target.unit, since)}")
    engine = target.engine(min(target.timeout, 10))
    try:
        events = engine.lines(
            "/events?since=%.9f&until=%.9f&filters=%s"
            % (since, time.time(), quote('{"type":["daemon"],"event":["reload"]}'))
        )
        if not reloaded(events, settings, keys):
            return False
        info = engine.get("/info")
    except (EngineError, LookupError, TypeError):
        return False
    finally:
        engine.close()
    return all(shown(key, settings.get(key), info, None) is not False for key in keys)


def restart(target: Target, check: Callable[[], Any] = _nothing) -> daemon_process.DaemonProcess:
    """Restart dockerd (or start it, if it failed) and wait until it answers; returns the new process.

    A daemon that can't start has used up systemd's start limit, and its TimeoutStartSec may be endless: so the limit
    is reset, the job is not waited for, and the deadline is the target's own. check: called at the last moment before it;
    may raise. Raises NotInForce.
    """
    since = time.time()
    try:
        before = life(target.unit)
        reset_failed(target.unit)
        check()
        systemctl.systemctl(["restart", "--no-block", "--", target.unit])
    except systemctl.SystemdError as error:
        raise NotInForce(str(error))
    process = wait(target.timeout, lambda: _started(target, before, since))
    if not process:
        raise NotInForce(
            f"dockerd did not answer within {target.timeout:g} s after its restart{words(target.unit, since)}"
        )
    return process


def _started(target, before, since):
    try:
        now = life(target.unit)
    except systemctl.SystemdError:
        return None  # busy; the deadline decides
    if now.invocation != before.invocation and (now.active == "failed" or now.sub == "auto-restart"):
        raise NotInForce(f"dockerd does not start{words(target.unit, since)}")
    if now.active != "active" or not now.pid or now.pid == before.pid or now.invocation == before.invocation:
        return None
    return answering(target)


def answering(target: Target) -> Optional[daemon_process.DaemonProcess]:
    """The unit's dockerd, if it runs and its engine answers; None otherwise. Never starts it."""
    try:
        now = life(target.unit)
        if now.active not in ("active", "reloading"):
            return None
        process = daemon_process.read(now.pid)
        engine = target.engine(min(target.timeout, 10))
        engine.get("/info")
        engine.close()
        return process
    except (systemctl.SystemdError, EngineError, OSError, ValueError):
        return None


def wait(seconds: float, condition: Callable[[], Any]) -> Any:
    """Call `condition` until it returns something true or the seconds have passed; its last answer."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found or time.monotonic() >= deadline:
            return found
        time.sleep(POLL)


def stop(target: Target, container_id: str, seconds: int) -> None:
    """Stop a container with its own stop timeout (negative: it is waited for without end, here up to the target's)."""
    allowed = seconds + STOP_MARGIN if seconds >= 0 else target.timeout
    try:
        target.engine(allowed).post(container_path(container_id, "stop"))
    except EngineError as error:
        if error.status != 404:  # it was made with --rm and has ended
            raise NotInForce(f"a container could not be stopped: {error}")


def start(target: Target, container_id: str, paused: bool) -> bool:
    """Have a container run, and paused if it was; False if this engine has no such container.

    Raises NotInForce with the engine's reason if it refuses, EngineError if it does not answer.
    """
    engine = target.engine()
    try:
        state = engine.get(container_path(container_id))["State"]
        if not state["Running"]:
            engine.post(container_path(container_id, "start"))
        if paused and not state["Paused"]:
            engine.post(container_path(container_id, "pause"))
        return True
    except EngineError as error:
        if error.status == 404:
            return False
        if error.status is None:
            raise
        raise NotInForce(str(error))
    finally:
        engine.close()


def ask(target: Target, path: str) -> Any:
    """The engine's answer; Unreadable instead of EngineError, as evidence has it."""
    engine = target.engine()
    try:
        return engine.get(path)
    except EngineError as error:
        raise Unreadable(str(error))
    finally:
        engine.close()
