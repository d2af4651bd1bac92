# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a transaction: its evidence and its plan. Pure."""

from typing import Any, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import Move
from ansible_collections.containment.docker.plugins.module_utils.dockerd.forwarding import Forwarding
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import BY_NAME

# A reload sets them back to their defaults unless they stand in the file (moby: daemon/reload.go).
RESET_BY_RELOAD = tuple(name for name in BY_NAME if BY_NAME[name].reset)


class Stock(NamedTuple):
    """What the engine holds: running containers, and how many containers, images and volumes in all."""

    running: Tuple[Container, ...] = ()
    containers: int = 0
    images: int = 0
    volumes: int = 0


class Situation(NamedTuple):
    """The evidence for a plan.

    before, after: daemon.json as it is and as it shall be
    wanted: the top-level keys that the caller names
    running: the settings in force, None where that can't be proven
    next: the settings of the next start with `after`
    running_flags: settings given by flags of the running dockerd; next_flags: the Flags of its next start
    info, bridge: the engine's answers (bridge: None without a default bridge)
    accept: whether the caller accepts that data move out of the engine's sight
    unready: why the host can't remap users; looked at only where that is wanted
    waiting: default-bridge settings that this dockerd is recorded not to have applied, as containers ran
    log_drivers: those that the engine knows, None where that key is not wanted
    forwarding: the host's, None where the next start leaves it to dockerd
    restart: whether the caller wants a restart whatever the settings
    remapped: the ends that a data root has with the wanted userns-remap, as "100000.100000"
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    wanted: Sequence[str]
    running: Optional[Mapping[str, Any]]
    next: Mapping[str, Any]
    running_flags: Mapping[str, Any]
    next_flags: flags.Flags
    info: Mapping[str, Any]
    bridge: Optional[Mapping[str, Any]]
    stock: Stock
    accept: bool = False
    unready: Sequence[str] = ()
    remapped: Sequence[str] = ()
    waiting: Sequence[str] = ()
    unit: str = "docker.service"
    log_drivers: Optional[Sequence[str]] = None
    forwarding: Optional[Forwarding] = None
    restart: bool = False


class Plan(NamedTuple):
    """How a change comes into force.

    activation: none, reload or restart
    keys: what is not in force yet
    moves: what those move out of the engine's sight
    stop: containers to stop first, in order
    start_again: whether the engine still has those afterwards
    keep: those that must survive
    live_restore_first: turn it on by reload before anything that could end them
    pending: keys that come into force only when no container runs
    refusal: why not, or ""
    hides: whether that is because of `moves`, and nothing is against the change without them
    """

    activation: str
    keys: Tuple[str, ...] = ()
    moves: Tuple[Move, ...] = ()
    stop: Tuple[Container, ...] = ()
    start_again: bool = False
    keep: Tuple[Container, ...] = ()
    live_restore_first: bool = False
    pending: Tuple[str, ...] = ()
    refusal: str = ""
    hides: bool = False


def in_swarm(info: Mapping[str, Any]) -> bool:
    """Whether the node belongs to a swarm, also one that is locked or pending."""
    return ((info.get("Swarm") or {}).get("LocalNodeState") or "inactive") != "inactive"
