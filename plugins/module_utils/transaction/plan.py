# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change of daemon.json takes to come into force. Pure: no I/O."""

from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import engine_place
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE, needs
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import same
from ansible_collections.containment.docker.plugins.module_utils.dockerd.reported import BRIDGE_KEYS, matches
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import (
    RESET_BY_RELOAD,
    Plan,
    Situation,
    in_swarm,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.refusals import (
    cannot_start,
    hides,
    refusal,
)


def plan(situation: Situation) -> Plan:
    """The Plan for a daemon that runs."""
    why = cannot_start(situation.next_flags, situation.info.get("ServerVersion"), situation.unready)
    if why:
        return Plan(NONE, refusal=why)
    keys, pending = _not_in_force(situation)
    activation = RESTART if situation.restart else _activation(keys, situation)
    moved = engine_place.moves(keys, _now(situation), situation.next, situation.info)
    running = situation.stock.running
    restarts = activation == RESTART
    stops = restarts and bool(moved)
    drawn = Plan(
        activation=activation,
        keys=tuple(keys),
        moves=moved,
        stop=running if stops else (),
        start_again=stops and all(move.what == engine_place.PROCESSES for move in moved),
        keep=() if stops or activation == NONE else running,
        live_restore_first=(
            not stops
            and bool(running)
            and not situation.info["LiveRestoreEnabled"]
            and (restarts or _may_end_dockerd(activation, keys, situation))
        ),
        pending=tuple(pending) + (tuple(key for key in keys if key in BRIDGE_KEYS) if running and not stops else ()),
    )
    why = refusal(drawn, situation)
    return drawn._replace(refusal=why, hides=bool(why) and why == hides(drawn, situation))


def _not_in_force(situation: Situation) -> Tuple[List[str], List[str]]:
    """(keys to activate, keys that wait for the last container to end) among the wanted ones."""
    keys: List[str] = []
    pending: List[str] = []
    for key in situation.wanted:
        target = situation.next.get(key)
        says = _says(key, target, situation)
        if situation.running is None:
            differs = says is not True and not _absent_for_long(key, situation)
        else:
            differs = not same(situation.running.get(key), target) and says is not True
        if differs:
            keys.append(key)
        elif says is False:
            (pending if key in BRIDGE_KEYS and situation.stock.running else keys).append(key)
    return keys, pending


def _says(key: str, target: Any, situation: Situation) -> Optional[bool]:
    if key == "userns-remap" and target and situation.remapped:
        return situation.info["DockerRootDir"].rpartition("/")[2] in situation.remapped
    says = matches(key, target, situation.info, situation.bridge)
    return False if says is None and key in situation.waiting else says


def _absent_for_long(key: str, situation: Situation) -> bool:
    """Nothing is known about what is in force, but the caller wants the key gone and it is: leave the daemon alone."""
    return key not in situation.after and key not in situation.before


def _may_end_dockerd(activation: str, keys: Sequence[str], situation: Situation) -> bool:
    """A plugin that does not answer ends dockerd in a reload, and systemd starts it again at once: without live-restore
    that would end all containers."""
    return activation == RELOAD and "authorization-plugins" in keys and not in_swarm(situation.info)


def _activation(keys: Sequence[str], situation: Situation) -> str:
    if not keys:
        return NONE
    if not all(_reloadable(key, situation) for key in keys):
        return RESTART
    lost = [key for key in RESET_BY_RELOAD if key in situation.running_flags and key != "authorization-plugins"]
    return RESTART if lost else RELOAD


def _reloadable(key: str, situation: Situation) -> bool:
    after = situation.next if key == "features" else situation.after
    return needs(key, _now(situation), after) == RELOAD


def _now(situation: Situation) -> Mapping[str, Any]:
    return situation.before if situation.running is None else situation.running


def unproven(
    keys: Sequence[str],
    settings: Mapping[str, Any],
    info: Mapping[str, Any],
    bridge: Optional[Mapping[str, Any]],
    running: int,
) -> Tuple[List[str], List[str]]:
    """(keys that the engine denies after its activation, keys that wait until none of `running` containers runs)."""
    denied = [key for key in keys if matches(key, settings.get(key), info, bridge) is False]
    pending = [key for key in denied if key in BRIDGE_KEYS and running]
    return [key for key in denied if key not in pending], pending
