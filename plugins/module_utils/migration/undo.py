# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a migration that failed or was killed: the old root, what ran there, and nothing of ours in the new one."""

import functools
from typing import Any, Callable, List

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    facts,
    interfaces,
    record,
    sandbox,
    second_engine,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed, clean, switch
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate, containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import NotRestored, Refused


def undo(host: Host, entry: Record) -> List[str]:
    """Bring back what was. Sentences about what is not as before, none if all is. Raises NotRestored.

    The old root was never written, so that each step can be repeated by the next run.
    """
    notes: List[str] = []
    _attempt("the copying can't be stopped", lambda: sandbox.stop_service(sandbox.COPY_UNIT))
    _attempt("the second engine can't be stopped", second_engine.stop)
    if entry.phase in (record.SWITCHING, record.STARTING):
        _leave_new_root(host, entry)
        still = interfaces.remove_bridges(entry.new_bridges)
        notes += [f"the bridge {name} of the new data root is left in the kernel" for name in still]
    shift_back(entry)
    if entry.phase != record.PREPARING:
        again = _attempt("the containers can't be started", lambda: containers.start_stopped(host, entry.running))
        notes += [f"{text} does not start" for text in [*again.failed, *again.left]]
    notes += _clean(entry)
    host.remove_record(record.NAME)
    return notes


def _leave_new_root(host: Host, entry: Record) -> None:
    """Switch back where the daemon works in the new root. A transaction that was killed is ended by that, too."""
    _attempt("dockerd can't be switched back", lambda: switch(host, entry.before, False))
    if _attempt("the engine can't be asked", lambda: _root(host)) != entry.root:
        raise NotRestored(
            f"dockerd does not work in {entry.root} again: set userns-remap in daemon.json to "
            f"{entry.before or 'nothing'}, restart {host.unit}, and run again"
        )


def _root(host: Host) -> str:
    engine = host.engine()
    try:
        return facts.data_root(engine)
    finally:
        engine.close()


def shift_back(entry: Record) -> None:
    """Give the directories outside of the data root their ids again. Raises NotRestored."""
    for path in entry.shifted:
        _attempt(
            f"the ids of {path} can't be shifted back",
            functools.partial(tree.shift, path, entry.ids._replace(back=True)),
        )


def _attempt(what: str, function: Callable[[], Any]) -> Any:
    try:
        return function()
    except (Failed, EngineError, CommandError, Refused, activate.NotInForce, tree.Unshiftable) as error:
        reason = inert(error)
    except OSError as error:
        reason = inert(f"{error.filename or ''} {error.strerror}")
    raise NotRestored(f"{what}: {reason}; put that right and run again, which goes on from here")


def _clean(entry: Record) -> List[str]:
    """Remove from the new root what was made there. What can't be removed is named, and is no reason to fail."""
    try:
        second_engine.start(entry.program, entry.config)
        clean(entry)
        return []
    except (CommandError, EngineError, OSError) as error:
        return [f"what was made in {entry.new_root} is left there ({inert(error)}): remove that directory"]
    finally:
        try:
            second_engine.stop()
        except (CommandError, OSError):
            pass
