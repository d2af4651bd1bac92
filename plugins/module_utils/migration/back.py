# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return to the old root after a migration, and say what was written since and is left behind."""

from typing import Any, Dict, List, Optional, Set

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import facts, interfaces, record, tree, undo
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Options
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed, save, switch
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
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
        running = {item.name for item in containers.running(host, engine)}
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
    return dict(_switch(host, entry, running), written_since=since)


def _remapped_name(entry: Optional[Record], root: str) -> str:
    """The end of a remapped data root, as 100000.100000; what no path ends with where it is none."""
    name = root.rpartition("/")[2]
    first, dot, second = name.partition(".")
    return name if dot and first.isdigit() and second.isdigit() else "\0"


def _switch(host: Host, entry: Record, running: Set[str]) -> Dict[str, Any]:
    try:
        switch(host, entry.before, False)
    except Failed as error:
        raise RolledBack(f"{error}; dockerd works in {entry.new_root} as before")
    still = interfaces.remove_bridges(entry.new_bridges)
    undo.shift_back(entry)
    wanted = [item for item in entry.running if item.name in running]
    try:
        again = containers.start_stopped(host, wanted)
    except EngineError as error:
        raise NotRestored(f"dockerd works in {entry.root} again, and its containers can't be started: {inert(error)}")
    notes = [f"the bridge {name} of the new data root is left in the kernel" for name in still]
    notes += [f"{text} does not start" for text in [*again.failed, *again.left]]
    notes.append(f"{entry.new_root} is as it was: remove it when nothing in it is needed")
    save(host, entry._replace(phase=record.BACK))
    return {"changed": True, "started": [item.name for item in again.started], "notes": notes}


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
        elif tree.changed_since(volume["Mountpoint"], entry.finished):
            result.append(f"volume {inert(volume['Name'])} was written to")
    for network in engine.get("/networks"):
        if network["Name"] not in entry.networks and network["Name"] not in _BUILT_IN:
            result.append(f"network {inert(network['Name'])} is new")
    known = set(entry.images)
    for image in engine.get("/images/json"):
        if image["Id"] not in known:
            result.append(f"image {inert((image.get('RepoTags') or [image['Id'][:19]])[0])} is new")
    return result
