# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return to the old root after a migration, and say what was written since and is left behind."""

import functools
from typing import Any, Dict, List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    stop_order,
)
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    facts,
    interfaces,
    record,
    stale_rules,
    tree,
    undo,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Options
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.work import (
    Failed,
    save,
    stop_containers,
    switch_back,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
    text_of,
)

_BUILT_IN = {"bridge", "host", "none"}


def go_back(host: Host, entry: Optional[Record], options: Options, root: str) -> Dict[str, Any]:
    """Parts of the result. root: the data root in force. Raises Refused, RolledBack, NotRestored."""
    if entry is None or entry.phase == record.BACK:
        if entry is not None and root == entry.root or not root.endswith(_remapped_name(entry, root)):
            return {"changed": False}
        raise Refused(
            "this host was not migrated by this role, so there is no old data root to return to: decline the setting "
            "(docker_daemon_userns_remap: false) or change userns-remap by daemon_transaction"
        )
    if root != entry.new_root:
        return {"changed": False, "notes": [f"dockerd works in {root}, not in {entry.new_root}: nothing to take back"]}
    engine = host.engine()
    try:
        since = written_since(engine, entry)
        running = containers.running(host, engine)
    except (EngineError, OSError, tree.Unshiftable) as error:
        raise Refused(inert(error))
    finally:
        engine.close()
    if since and not options.accept_loss:
        refusal = Refused(
            f"{len(since)} things were written since the migration and would be left behind in {entry.new_root}: "
            f"{'; '.join(since[:5])}: save what you need, then set accept_loss"
        )
        refusal.result = {"written_since": since}
        raise refusal
    if options.check:
        return {"changed": True, "written_since": since}
    return dict(_begin(host, entry, running), written_since=since)


def _remapped_name(entry: Optional[Record], root: str) -> str:
    """The end of a remapped data root, as 100000.100000; what no path ends with where it is none."""
    name = root.rpartition("/")[2]
    first, dot, second = name.partition(".")
    return name if dot and first.isdigit() and second.isdigit() else "\0"


def _begin(host: Host, entry: Record, running: Sequence[Container]) -> Dict[str, Any]:
    returning = entry._replace(phase=record.RETURNING, returning=tuple(stop_order(running)))
    save(host, returning)
    return finish(host, returning)


def finish(host: Host, entry: Record) -> Dict[str, Any]:
    """Take all steps of the way back that are left; each may be taken twice. Raises RolledBack, NotRestored, JournalError.

    entry: its phase is RETURNING.
    """
    try:
        return _finish(host, entry)
    except (RolledBack, NotRestored, JournalError):
        raise
    except Exception as error:  # whatever it is: the record stays, and a person has to know
        raise NotRestored(f"the way back ended half-way ({inert(text_of(error))}): run again, which goes on from here")


def _finish(host: Host, entry: Record) -> Dict[str, Any]:
    _leave(host, entry)
    still = interfaces.remove_bridges(entry.new_bridges)
    rules = stale_rules.remove(entry.new_bridges)
    # not what somebody stopped since the migration, but what that had not started
    stopped = set(entry.started) - {item.name for item in entry.returning}
    again = undo.start_again(host, [item for item in entry.running if item.name not in stopped])
    notes = [f"the bridge {name} of the new data root is left in the kernel" for name in still] + rules + again.notes
    notes.append(f"{entry.new_root} is as it was: remove it when nothing in it is needed")
    save(host, entry._replace(phase=record.BACK, returning=()))
    return {"changed": True, "started": again.started, "notes": notes}


def _leave(host: Host, entry: Record) -> None:
    """Stop, shift and switch back, in this order, as dockerd may start containers of the old root by itself.

    Where dockerd works in the old root already, nothing is stopped or shifted, and a transaction that was killed is ended.
    """
    try:
        stop_containers(host, entry.returning)
        undo.shift_back(entry)
        switch_back(host, entry)
    except Failed as error:
        if undo.root_in_force(host) != entry.new_root:
            raise NotRestored(f"{error}: put that right and run again, which goes on from here")
        for path in entry.shifted:
            undo.attempt(f"the ids of {path} can't be shifted", functools.partial(tree.shift, path, entry.ids))
        notes = undo.start_again(host, entry.returning).notes
        save(host, entry._replace(phase=record.DONE, returning=()))
        raise RolledBack("; ".join([f"{error}; dockerd works in {entry.new_root} as before"] + notes))


def written_since(engine: Engine, entry: Record) -> List[str]:
    """What the new root has that the migration did not bring. Raises EngineError, OSError, Unshiftable."""
    result = []
    for item in facts.inspects(engine):
        name, path = container_name.inspected(item), facts.upper(item, entry.new_root)
        if name not in entry.containers:
            result.append(f"container {name} is new")
        elif path and tree.changed_since(path, entry.finished):
            result.append(f"container {name} wrote to its own layer")
    for volume in engine.get("/volumes").get("Volumes") or ():
        if volume["Name"] not in entry.volumes:
            result.append(f"volume {inert(volume['Name'])} is new")
        elif tree.changed_since(volume["Mountpoint"], entry.begun):
            result.append(f"volume {inert(volume['Name'])} was written to")
    for network in engine.get("/networks"):
        if network["Name"] not in entry.networks and network["Name"] not in _BUILT_IN:
            result.append(f"network {inert(network['Name'])} is new")
    known = set(entry.images)
    for image in engine.get("/images/json"):
        if image["Id"] not in known:
            result.append(f"image {inert((image.get('RepoTags') or [image['Id'][:19]])[0])} is new")
    return result
