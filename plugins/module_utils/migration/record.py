# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a migration leaves on the host, so that a killed one is undone by the next run, and a finished one can be taken back."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

NAME = "migration.json"
VERSION = 1
# In this order. Up to COPYING the first engine is as it was, but for containers that are stopped. From RETURNING a killed run
# is not undone but ended: the way back has no way back.
PREPARING, STOPPING, COPYING, SWITCHING, STARTING, DONE, RETURNING, BACK = (
    "preparing",
    "stopping",
    "copying",
    "switching",
    "starting",
    "done",
    "returning",
    "back",
)
PHASES = (PREPARING, STOPPING, COPYING, SWITCHING, STARTING, DONE, RETURNING, BACK)


class Record(NamedTuple):
    """A migration.

    program, config: the second engine's dockerd and daemon.json. before: userns-remap in daemon.json before it, None where
    it was not there. file: the text of daemon.json before it, None where there
    was none. running: what ran, in the order of its stop. containers, volumes, networks: names of what is made in
    the new root; images: their ids there. bridges, new_bridges: the kernel's interfaces of the old and of the new root's
    networks. shifted: directories outside of the data root whose ids were shifted. started: names of
    what was started with mapped ids. returning: what ran in the new root when the
    way back began. begun, finished: when the first container was about to start with mapped ids, and when all had been
    compared; ns since the epoch.
    """

    phase: str
    remap: str
    ids: IdMap
    root: str
    new_root: str
    program: str = "dockerd"
    config: Mapping[str, Any] = {}
    before: Optional[str] = None
    file: Optional[str] = None
    running: Tuple[Container, ...] = ()
    containers: Tuple[str, ...] = ()
    volumes: Tuple[str, ...] = ()
    networks: Tuple[str, ...] = ()
    images: Tuple[str, ...] = ()
    bridges: Tuple[str, ...] = ()
    new_bridges: Tuple[str, ...] = ()
    shifted: Tuple[str, ...] = ()
    started: Tuple[str, ...] = ()
    returning: Tuple[Container, ...] = ()
    begun: int = 0
    finished: int = 0


_NAMES = ("containers", "volumes", "networks", "images", "bridges", "new_bridges", "shifted", "started")
_CONTAINERS = ("running", "returning")


def to_json(record: Record) -> Dict[str, Any]:
    """Turn it into plain data."""
    data = dict(record._asdict(), version=VERSION, ids=list(record.ids))
    for key in _CONTAINERS:
        data[key] = [dict(item._asdict(), needs=list(item.needs)) for item in data[key]]
    for key in _NAMES:
        data[key] = list(data[key])
    return data


def from_json(data: Dict[str, Any]) -> Record:
    """The record that to_json wrote. ValueError for another one."""
    if data.get("version") != VERSION:
        raise ValueError(f"it is of version {data.get('version')!r}, and this collection knows {VERSION}")
    fields = {key: data[key] for key in Record._fields}
    if fields["phase"] not in PHASES:
        raise ValueError(f"{fields['phase']!r} is no phase")
    uid, uids, gid, gids = (int(number) for number in fields["ids"][:4])
    fields["ids"] = IdMap(uid, uids, gid, gids)
    for key in _CONTAINERS:
        fields[key] = tuple(Container(**dict(item, needs=tuple(item["needs"]))) for item in fields[key])
    for key in _NAMES:
        fields[key] = tuple(_texts(fields[key]))
    return Record(**fields)


def _texts(items: List[Any]) -> List[str]:
    if not all(isinstance(item, str) for item in items):
        raise ValueError("a list of names has something else in it")
    return items
