# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of a Docker daemon that is stopped: the file only, and nothing that would hide data or start the daemon. I/O."""

from typing import Any, Dict, Mapping, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags, forwarding, log_drivers
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import (
    PROCESSES,
    ROOT,
    Move,
    moves,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    checks,
    guarded_file,
    preflight,
    stopped_engine,
    user_mapping,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import MayWait, Refused
from ansible_collections.containment.docker.plugins.module_utils.transaction.refusals import cannot_start
from ansible_collections.containment.docker.plugins.module_utils.transaction.result import empty


def change(
    options: Any, host: Host, daemon: preflight.Daemon, wish: Change, wanted: Sequence[str], recovered: str
) -> Dict[str, Any]:
    """The result for a daemon that stays stopped: nothing may connect to its socket, as that would start it. Raises Refused.

    options: run.Options; wanted: the top-level keys that it names; recovered: what became of an earlier run.
    """
    start, status = daemon
    following = flags.merged(wish.settings_after, start.flags, DEFAULTS)
    remap = following.get("userns-remap")
    version = host.program_version(start.argv[0]) if start.argv else None
    refusal = cannot_start(start.flags, version, user_mapping.unready(remap, options.assume) if remap else ())
    if refusal:
        raise Refused(refusal)
    problems = checks.problems(host, wish, start, version, options.validate and wish.changes)
    if problems:
        why = checks.sentence(wish.path, problems)
        raise checks.refusal(options.config, wish, why, problems, recovered)
    moved, root = moves_unseen(options, host, daemon, wish, following)
    _refuse_broken_containers(following, wanted, root)
    checks.require_writable([wish.path] if wish.changes else [])
    result = dict(
        empty(),
        changed=wish.changes or bool(recovered),
        recovered=recovered,
        diff=wish.diff(),
        old_data_root=root if ROOT in [move.what for move in moved] else None,
        warnings=checks.warnings(wish, start, version),
    )
    if wish.changes:
        result["reason"] = f"{host.unit} is {status.active} and stays so: the file is in force from its next start on"
        if not options.check:
            result["backup_file"] = checks.backup(wish, options.backup)
            try:
                guarded_file.put(host, wish.path, wish.file.data, wish.data)
            except guarded_file.ForeignEdit as edit:
                raise Refused(f"{edit}; nothing is written: run again")
    return result


def _refuse_broken_containers(following: Mapping[str, Any], wanted: Sequence[str], root: str) -> None:
    driver = following.get("log-driver") if "log-driver" in wanted else None
    broken = log_drivers.refusal(driver, log_drivers.known_while_stopped(root))
    if forwarding.KEY in wanted:
        broken = broken or forwarding.refusal(following, forwarding.read())
    if broken:
        raise Refused(broken)


def moves_unseen(
    options: Any, host: Host, daemon: preflight.Daemon, wish: Change, following: Mapping[str, Any]
) -> Tuple[Sequence[Move], str]:
    """(what the change moves, the data root as it is). Raises Refused where that would hide something."""
    before = flags.merged(wish.settings_before, daemon.start.flags, DEFAULTS)
    moved = moves(
        [key for key in set(before) | set(following) if before.get(key) != following.get(key)], before, following
    )
    root = before.get("data-root") or before.get("graph") or "/var/lib/docker"
    names = " and ".join(move.key for move in moved)
    alive = stopped_engine.alive_in(host, root) if moved else 0
    if alive:
        raise Refused(
            f"{alive} container{' runs' if alive == 1 else 's run'} on while {host.unit} is {daemon.status.active}, and would be "
            f"lost with another {names}: start it first"
        )
    hiding = [move for move in moved if move.what != PROCESSES]
    if hiding and not options.accept and stopped_engine.holds_data(root):
        reason = f"changing {names} moves the engine's data, and {root} holds some; set accept_new_data_root to go on"
        keys = checks.own_keys(options.config, wish.settings_before, [move.key for move in moved])
        raise MayWait(reason, keys)
    return moved, root
