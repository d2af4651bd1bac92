# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One migration at work: its host, its facts and plan, and its record on disk."""

import concurrent.futures
from typing import Any, Dict, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
    quote,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.migration import record, second_engine
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts, Options, Plan
from ansible_collections.containment.docker.plugins.module_utils.migration.progress import Progress
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Original
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused, RolledBack
from ansible_collections.containment.docker.plugins.module_utils.transaction.run import Options as Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.run import run as change_daemon

KEY = "userns-remap"
_AT_ONCE = 16


class Failed(Exception):
    """A step did not succeed; the text says which and why. There is a way back."""


class Work:
    """A migration, and its record on disk."""

    def __init__(self, host: Host, options: Options, facts: Facts, plan: Plan, entry: Record) -> None:
        self.host = host
        self.options = options
        self.facts = facts
        self.plan = plan
        self.record = entry
        self.progress = Progress(host.state_directory, plan.size)
        self._phase = ""

    def enter(self, phase: str, **changes: Any) -> None:
        """Record a phase before it begins. Raises JournalError."""
        self.record = self.record._replace(phase=phase, **changes)
        save(self.host, self.record)
        if self._phase != phase:
            self.progress.say(f"phase {phase}")
            self._phase = phase


def save(host: Host, entry: Record) -> None:
    """Put the record on disk. Raises JournalError."""
    host.open_journal()
    host.save_record(record.NAME, record.to_json(entry))


def switch_back(host: Host, entry: Record) -> Dict[str, Any]:
    """As `switch`, to what was; daemon.json is byte by byte what it was, if nobody else changed it meanwhile."""
    original = Original(None if entry.file is None else entry.file.encode("utf-8"))
    return switch(host, entry.before, False, original)


def switch(host: Host, value: Any, probe: bool, original: Optional[Original] = None) -> Dict[str, Any]:
    """Have dockerd start with this userns-remap (None: without). The daemon's transaction does it.

    Raises Failed where it put everything back or refused, NotRestored where it could not.
    """
    wanted = Change({KEY: value} if value else {}, [] if value else [KEY], accept=True, probe=probe, original=original)
    try:
        return change_daemon(wanted, host)
    except (RolledBack, Refused, ConfigError, JournalError, SystemdError) as error:
        raise Failed(f"dockerd could not be switched: {error}")


def clean(entry: Record) -> None:
    """Remove from the new root what this migration made there, by the second engine, which must run. Raises EngineError."""
    engine = second_engine.engine()
    try:
        for name in entry.containers:
            engine.delete(f"/containers/{quote(name)}?force=1")
        for name in entry.networks:
            engine.delete(f"/networks/{quote(name)}")
        for name in entry.volumes:
            engine.delete(f"/volumes/{quote(name)}?force=1")
    finally:
        engine.close()


def stop_containers(host: Host, running: Sequence[Container]) -> None:
    """Stop these, dependents first, and all at once that no other one needs: each may take its whole stop timeout.

    running: in the order of their stop. Raises Failed.
    """
    rest = list(running)
    while rest:
        needed = {key for item in rest for key in item.needs}
        group = [item for item in rest if not {item.id, item.name} & needed] or rest
        with concurrent.futures.ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            for _done in pool.map(lambda item: _stop(host, item), group):
                pass
        rest = [item for item in rest if item not in group]


def _stop(host: Host, container: Container) -> None:
    try:
        activate.stop(host, container)
    except (EngineError, activate.NotInForce) as error:
        raise Failed(f"the container {inert(container.name)} could not be stopped: {error}")


def inspect(engine: Engine, name: str) -> Dict[str, Any]:
    """A container by its name. Raises EngineError."""
    return engine.get(container_path(name))
