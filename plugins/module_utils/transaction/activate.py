# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a changed daemon.json into force, by reload or restart, and waits for evidence. I/O; decides nothing."""

import signal
from typing import Any, Callable, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    EngineError,
    container_path,
    quote,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.log_reason import RELOAD_REFUSED, last_error
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.dockerd.reported import matches, reloaded
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction.docker_unit import Mark
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host

# A stop takes the container's own time; the rest is the engine's.
STOP_MARGIN = 30
NO_PROCESS: Mark = (0, 0)


class NotInForce(Exception):
    """The change did not come into force; the text says why in one sentence."""


def _nothing() -> None:
    """Nothing is to be checked."""


def mark(host: Host, pid: int) -> Mark:
    """What names one process, whatever happens to its pid. Raises OSError if it is gone."""
    return pid, host.start_ticks(pid)


def mark_of_unit(host: Host) -> Mark:
    """The mark of the unit's process, NO_PROCESS without one. Raises SystemdError.

    systemd may name a process that the kernel has just ended: there is none then.
    """
    pid = host.unit_status().main_pid
    try:
        return mark(host, pid) if pid else NO_PROCESS
    except OSError:
        return NO_PROCESS


def words(host: Host, since: float) -> str:
    """What dockerd itself last said about it, as ": …"; empty where the journal has nothing."""
    text = last_error(host.log(since))
    return ": " + show_json(text, 300) if text else ""


def end_hung(host: Host, before: Mark) -> None:
    """Kill a dockerd that we started and that does not come up: one that hangs in its start does not hear systemd's stop
    signal either, and systemd would wait for it. Never the one from before (`before`), nor one that is up.
    """
    try:
        now = host.unit_status()
        if now.active in ("activating", "deactivating") and now.main_pid and mark(host, now.main_pid) != before:
            host.dockerd(now.main_pid)  # ValueError if it is no dockerd
            host.signal(now.main_pid, signal.SIGKILL)
    except (SystemdError, OSError, ValueError):
        pass  # it has ended, or is no dockerd: then the restart deals with it


def dockerd(host: Host) -> DaemonProcess:
    """The unit's dockerd. Raises NotInForce if its main process is none."""
    try:
        return host.dockerd(host.unit_status().main_pid)
    except (OSError, ValueError, SystemdError) as error:
        raise NotInForce(f"dockerd's process can't be read: {getattr(error, 'strerror', None) or error}")


def reload(host: Host, settings: Mapping[str, Any], keys: Sequence[str], check: Callable[[], Any] = _nothing) -> None:
    """Have dockerd read its file again and wait until the engine says that `keys` are in force as in `settings`.

    check: called at the last moment before it; may raise. Raises NotInForce if it doesn't within the host's timeout, or ends.
    """
    process = dockerd(host)
    since = host.now()
    try:
        before = mark(host, process.pid)
        check()
        host.signal(process.pid, signal.SIGHUP)
    except OSError as error:
        raise NotInForce(f"dockerd can't be told to reload: {error.strerror}")
    refused = _Refusal(host, since)
    done = wait(host, host.timeout, lambda: _reload_shows(host, before, since, settings, keys) or refused.reason())
    if done is not True:
        in_time = "" if done else f" within {host.timeout:g} s"
        raise NotInForce(f"dockerd did not take the file in a reload{in_time}{words(host, since)}")


class _Refusal:
    """Looks now and then whether dockerd logged that it did not take its file; the evidence of success is the engine's."""

    def __init__(self, host: Host, since: float) -> None:
        self._host, self._since = host, since
        self._next = host.monotonic() + 1

    def reason(self) -> Optional[str]:
        if self._host.monotonic() < self._next:
            return None
        self._next = self._host.monotonic() + 3
        logged = self._host.log(self._since)
        return "refused" if any(phrase in logged for phrase in RELOAD_REFUSED) else None


def _reload_shows(
    host: Host, before: Tuple[int, int], since: float, settings: Mapping[str, Any], keys: Sequence[str]
) -> bool:
    try:
        if mark(host, before[0]) != before:
            raise OSError
    except OSError:
        raise NotInForce(f"dockerd ended in a reload{words(host, since)}")
    engine = host.engine(min(host.timeout, 10))
    try:
        filters = quote('{"type":["daemon"],"event":["reload"]}')
        events = engine.lines(f"/events?since={since:.9f}&until={host.now():.9f}&filters={filters}")
        if not reloaded(events, settings, keys):
            return False
        info = engine.get("/info")
    except (EngineError, LookupError, TypeError):
        return False
    finally:
        engine.close()
    return all(matches(key, settings.get(key), info, None) is not False for key in keys)


def restart(host: Host, check: Callable[[], Any] = _nothing) -> DaemonProcess:
    """Restart dockerd (or start it, if it failed) and wait until it answers; returns the new process.

    A daemon that can't start has used up systemd's start limit, and its TimeoutStartSec may be endless: so the limit
    is reset, the job is not waited for, and the deadline is the host's own. check: called at the last moment before it;
    may raise. Raises NotInForce.
    """
    since = host.now()
    try:
        before = host.unit_status()
        host.reset_failed()
        check()
        host.restart_unit()
    except SystemdError as error:
        raise NotInForce(str(error))
    process = wait(host, host.timeout, lambda: _started(host, before, since))
    if not process:
        raise NotInForce(f"dockerd did not answer within {host.timeout:g} s after its restart{words(host, since)}")
    return process


def _started(host: Host, before: UnitState, since: float) -> Optional[DaemonProcess]:
    try:
        now = host.unit_status()
    except SystemdError:
        return None  # busy; the deadline decides
    if now.invocation != before.invocation and (now.active == "failed" or now.sub == "auto-restart"):
        raise NotInForce(f"dockerd does not start{words(host, since)}")
    if (
        now.active != "active"
        or not now.main_pid
        or now.main_pid == before.main_pid
        or now.invocation == before.invocation
    ):
        return None
    return answering(host)


def answering(host: Host) -> Optional[DaemonProcess]:
    """The unit's dockerd, if it runs and its engine answers; None otherwise. Never starts it."""
    try:
        now = host.unit_status()
        if now.active not in ("active", "reloading"):
            return None
        process = host.dockerd(now.main_pid)
        engine = host.engine(min(host.timeout, 10))
        engine.get("/info")
        engine.close()
        return process
    except (SystemdError, EngineError, OSError, ValueError):
        return None


def wait(host: Host, seconds: float, condition: Callable[[], Any]) -> Any:
    """Call `condition` until it returns something true or the seconds have passed; its last answer."""
    deadline = host.monotonic() + seconds
    while True:
        answer = condition()
        if answer or host.monotonic() >= deadline:
            return answer
        host.sleep(host.poll)


def stop(host: Host, container: Container) -> None:
    """Stop a container with its own stop timeout (negative: it is waited for without end, here up to the host's)."""
    seconds = container.stop_timeout
    allowed = seconds + STOP_MARGIN if seconds >= 0 else host.timeout
    try:
        host.engine(allowed).post(container_path(container.id, "stop"))
    except EngineError as error:
        if error.status != 404:  # it was made with --rm and has ended
            raise NotInForce(f"a container could not be stopped: {error}")


def start(host: Host, container: Container) -> bool:
    """Have a container run, and paused if it was; False if this engine has no such container.

    Raises NotInForce with the engine's reason if it refuses, EngineError if it does not answer.
    """
    engine = host.engine()
    try:
        state = engine.get(container_path(container.id))["State"]
        if not state["Running"]:
            engine.post(container_path(container.id, "start"))
        if container.paused and not state["Paused"]:
            engine.post(container_path(container.id, "pause"))
        return True
    except EngineError as error:
        if error.status == 404:
            return False
        if error.status is None:
            raise
        raise NotInForce(str(error))
    finally:
        engine.close()


def ask(host: Host, path: str) -> Any:
    """The engine's answer; Unreadable instead of EngineError, as evidence has it."""
    engine = host.engine()
    try:
        return engine.get(path)
    except EngineError as error:
        raise Unreadable(str(error))
    finally:
        engine.close()
