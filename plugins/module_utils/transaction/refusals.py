# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a change of daemon.json is refused before anything is touched; each reason one sentence. Pure."""

from typing import Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import forwarding, log_drivers
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import ROOT, STORE, Move
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import (
    Plan,
    Situation,
    Stock,
    in_swarm,
)


def cannot_start(flags: dockerd_flags.Flags, version: Optional[str], unready: Sequence[str]) -> str:
    """What keeps a change from being planned, whether dockerd runs now or not; "" if nothing is known against it.

    flags: of the next start; version: the engine's; unready: why the host can't remap users.
    """
    for objection in dockerd_flags.objections(flags, version):
        return f"the flags of the next start: {objection}"
    return unready[0] if unready else ""


def refusal(plan: Plan, situation: Situation) -> str:
    """Why this plan for a daemon that runs must not be carried out, "" if nothing is against it."""
    info, unit = situation.info, situation.unit
    broken = _breaks_containers(situation)
    if broken:
        return broken
    swarm = in_swarm(info)
    authorized = bool(situation.running_flags.get("authorization-plugins"))
    if swarm and situation.next.get("live-restore"):
        return "this node is in a swarm, and dockerd does not start with live-restore there"
    if plan.activation == RELOAD and authorized:
        return f"{unit} passes --authorization-plugin, which a reload would drop: the API would be open afterwards"
    if plan.activation != RESTART:
        return ""
    off = forwarding.off(situation.next, situation.forwarding)
    if off:
        return off
    if plan.moves:
        why = hides(plan, situation)
        if why:
            return why
    if plan.live_restore_first:
        return _no_live_restore(swarm, authorized, situation)
    return ""


def hides(plan: Plan, situation: Situation) -> str:
    """Why what this plan moves must stay where it is, "" if it may move."""
    roots = [move.key for move in plan.moves if move.what == ROOT]
    if roots and in_swarm(situation.info):
        return f"{_names(roots)} moves the data root, and with it this node would lose its swarm: leave the swarm first"
    return "" if situation.accept or not plan.moves else _vanishing(plan.moves, situation.stock)


def _breaks_containers(situation: Situation) -> str:
    """What dockerd itself accepts, though containers could no longer be created or reached with it."""
    driver = situation.next.get("log-driver") if "log-driver" in situation.wanted else None
    broken = log_drivers.refusal(driver, situation.log_drivers)
    if broken or forwarding.KEY not in situation.wanted:
        return broken
    return forwarding.refusal(situation.next, situation.forwarding)


def _vanishing(moves: Sequence[Move], stock: Stock) -> str:
    kinds = [move.what for move in moves]
    counts = [(len(stock.running), "running container")]
    if ROOT in kinds or STORE in kinds:
        counts += [(stock.containers - len(stock.running), "stopped container"), (stock.images, "image")]
    if ROOT in kinds:
        counts.append((stock.volumes, "volume"))
    texts = [_count(number, noun) for number, noun in counts if number > 0]
    if not texts:
        return ""
    what, then = "a restart that can't keep", "stop what runs, start it again afterwards and go on"
    if ROOT in kinds or STORE in kinds:
        then = "stop what runs and go on"
    if ROOT in kinds:
        what = "a new data root, where the engine no longer sees"
    elif STORE in kinds:
        what = "another store, where the engine no longer sees"
    keys = _names([move.key for move in moves])
    counted = " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
    return f"changing {keys} means {what} {counted}; set accept_new_data_root to {then}"


def _count(number: int, noun: str) -> str:
    return f"{int(number)} {noun}{'' if number == 1 else 's'}"


def _no_live_restore(swarm: bool, authorized: bool, situation: Situation) -> str:
    if swarm:
        why = "this node is in a swarm, where live-restore can't be used: drain it first"
    elif authorized:
        why = f"live-restore can't be turned on, as a reload drops the --authorization-plugin of {situation.unit}"
    elif "live-restore" in situation.running_flags or "live-restore" in situation.next_flags.settings:
        why = f"live-restore stands as a flag of {situation.unit} and is off"
    else:
        return ""
    return f"a restart of dockerd would stop {_count(len(situation.stock.running), 'running container')}, and {why}"


def _names(keys: Sequence[str]) -> str:
    return " and ".join(keys)
