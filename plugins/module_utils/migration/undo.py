# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a migration that failed or was killed: the old root, what ran there, and nothing of ours in the new one."""

import functools
from typing import Any, Callable, List, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    stop_order,
)
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    facts,
    interfaces,
    record,
    sandbox,
    second_engine,
    stale_rules,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import (
    Failed,
    clean,
    stop_containers,
    switch_back,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    text_of,
)


def undo(host: Host, entry: Record) -> List[str]:
    """Bring back what was. Sentences about what is not as before, none if all is. Raises NotRestored.

    The old root was never written, so that each step can be repeated by the next run.
    """
    notes: List[str] = []
    attempt("the copying can't be stopped", lambda: sandbox.stop_service(sandbox.COPY_UNITS))
    attempt("the second engine can't be stopped", second_engine.stop)
    if entry.phase in (record.SWITCHING, record.STARTING):
        _stop_remapped(host, entry)
        shift_back(entry)  # before dockerd starts what its restart policies say in the old root
        _leave_new_root(host, entry)
        still = interfaces.remove_bridges(entry.new_bridges)
        notes += stale_rules.remove(entry.new_bridges)
        notes += [f"the bridge {name} of the new data root is left in the kernel" for name in still]
    if entry.phase != record.PREPARING:
        notes += start_again(host, entry.running).notes
    notes += _clean(entry)
    host.remove_record(record.NAME)
    return notes


class StartedAgain(NamedTuple):
    """started: names; notes: sentences about those that did not start."""

    started: List[str]
    notes: List[str]


def start_again(host: Host, stopped: Sequence[Container]) -> StartedAgain:
    """Start these in the reverse of the order of their stop. Raises NotRestored."""
    again = attempt("the containers can't be started", lambda: containers.start_stopped(host, stopped))
    if again.unfinished:
        raise NotRestored(f"{'; '.join(again.unfinished)}: put that right and run again, which goes on from here")
    return StartedAgain([item.name for item in again.started], [f"{text} does not start" for text in again.failed])


def _stop_remapped(host: Host, entry: Record) -> None:
    """Stop what runs in the new root, as far as that goes: the switch ends the rest."""
    try:
        engine = host.engine()
        try:
            running = containers.running(host, engine) if facts.data_root(engine) == entry.new_root else []
        finally:
            engine.close()
        stop_containers(host, stop_order(running))
    except (EngineError, Refused, Failed):
        pass


def _leave_new_root(host: Host, entry: Record) -> None:
    """Switch back where the daemon works in the new root. A transaction that was killed is ended by that, too."""
    attempt("dockerd can't be switched back", lambda: switch_back(host, entry))
    if root_in_force(host) != entry.root:
        raise NotRestored(
            f"dockerd does not work in {entry.root} again: set userns-remap in daemon.json to "
            f"{entry.before or 'nothing'}, restart {host.unit}, and run again"
        )


def root_in_force(host: Host) -> str:
    """The data root in which the daemon works. Raises NotRestored."""

    def ask() -> str:
        engine = host.engine()
        try:
            return facts.data_root(engine)
        finally:
            engine.close()

    return str(attempt("the engine can't be asked", ask))


def shift_back(entry: Record) -> None:
    """Give the directories outside of the data root their ids again. Raises NotRestored."""
    for path in entry.shifted:
        attempt(
            f"the ids of {path} can't be shifted back",
            functools.partial(tree.shift, path, entry.ids._replace(back=True)),
        )


def attempt(what: str, function: Callable[[], Any]) -> Any:
    """What the function returns. what: a part of the sentence where it fails. Raises NotRestored for whatever else."""
    try:
        return function()
    except NotRestored:
        raise
    except Exception as error:  # whatever it is: the record stays, and a person has to know
        reason = inert(text_of(error))
    raise NotRestored(f"{what}: {reason}; put that right and run again, which goes on from here")


def _clean(entry: Record) -> List[str]:
    """Remove from the new root what was made there. What can't be removed is named, and is no reason to fail."""
    if not entry.containers + entry.networks + entry.volumes:
        return []
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
