# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a migration: what is there, and what becomes of it. Pure."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image
from ansible_collections.containment.docker.plugins.module_utils.migration.tree import Survey

# STOPPED: it is made, and not started.
COPY, CREATE, STOPPED, STAY, PULL = "copy", "create", "stopped", "stay", "pull"


class Options(NamedTuple):
    """What to do; see the module's documentation."""

    remap: str
    all_images: bool = False
    drop_layers: bool = False
    drop_devices: bool = False
    drop_set_ids: bool = False
    leave: Sequence[str] = ()
    accept: Sequence[str] = ()
    waivers: Sequence[Mapping[str, Any]] = ()
    shift: Sequence[str] = ()
    accept_loss: bool = False
    check: bool = False
    probe: bool = True
    pull: bool = False


class Volume(NamedTuple):
    """inspect: as the engine tells it; content: its Survey, None where the content is not in the data root; trouble: why it
    can't be read, or ""."""

    inspect: Mapping[str, Any]
    content: Optional[Survey]
    trouble: str = ""


class Layer(NamedTuple):
    """A container's own layer. path: "" where this storage driver keeps it elsewhere."""

    path: str
    content: Optional[Survey]


class Expected(NamedTuple):
    """effects: items as hardening_forecast_info returns them; obstacles: sentences about what could not be judged.

    host_users: name of a container -> owner of the waiver by which it keeps the host's ids.
    """

    effects: Sequence[Mapping[str, Any]] = ()
    obstacles: Sequence[str] = ()
    host_users: Mapping[str, str] = {}

    def of_container(self, name: str) -> List[Mapping[str, Any]]:
        """The effects that this container would feel."""
        subject = f"container:{name}"
        return [e for e in self.effects if e["subject"] == subject or e["subject"].startswith(subject + ":")]

    def of_host(self) -> List[Mapping[str, Any]]:
        """The effects that belong to no container."""
        return [e for e in self.effects if not e["subject"].startswith("container:")]


class Facts(NamedTuple):
    """What is there.

    root: the data root in force; new_root: the remapped one. containers: inspects. layers: by container id.
    taken: kind -> names that exist in the new root and are none of ours. free: bytes on the data root's file system.
    plugins: names of managed plugins. shift: (path of options.shift, why its ids can't be shifted, or "").
    expected: what the forecast says. foreign_networks: those of a new root from earlier. can_pull: whether this host has
    Docker's client. speed: bytes a second that the data root's disk took in a trial, 0 where there was none.
    """

    info: Mapping[str, Any]
    ids: IdMap
    root: str
    new_root: str
    containers: Sequence[Mapping[str, Any]]
    images: Sequence[Image]
    volumes: Sequence[Volume]
    networks: Sequence[Mapping[str, Any]]
    layers: Mapping[str, Layer]
    taken: Mapping[str, Sequence[str]]
    free: int
    plugins: Sequence[str]
    can_update: bool
    shift: Sequence[Tuple[str, str]] = ()
    can_pull: bool = True
    expected: Expected = Expected()
    foreign_networks: Sequence[Mapping[str, Any]] = ()
    speed: int = 0


class Item(NamedTuple):
    """What becomes of one image, volume, network or container. action: COPY, PULL, CREATE, STOPPED or STAY;
    size: bytes to copy."""

    kind: str
    name: str
    action: str
    size: int = 0
    reason: str = ""


class Plan(NamedTuple):
    """refusals: sentences, each with a way forward; none where the migration may begin. seconds: a rough estimate.
    speed: as of Facts."""

    items: Tuple[Item, ...]
    refusals: Tuple[str, ...]
    notes: Tuple[str, ...]
    size: int
    seconds: int
    speed: int = 0

    def names(self, kind: str, *actions: str) -> List[str]:
        """The names of what is treated so."""
        return [item.name for item in self.items if item.kind == kind and item.action in actions]


def plan_to_json(plan: Plan) -> Dict[str, Any]:
    """Turn a plan into plain data, with a line of text for each item."""
    return {
        "parts": [dict(item._asdict()) for item in plan.items],
        "lines": [_line(item) for item in plan.items],
        "refusals": list(plan.refusals),
        "notes": list(plan.notes),
        "size": plan.size,
        "seconds": plan.seconds,
        "speed": plan.speed,
    }


def _line(item: Item) -> str:
    size = f" ({item.size / 1000000:.1f} MB)" if item.size else ""
    return f"{item.action:6} {item.kind:9} {item.name}{size}{': ' if item.reason else ''}{item.reason}"
