# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of a Docker daemon that is stopped: the file only, and nothing that would hide data or start the daemon. I/O."""

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    flags,
    forwarding,
    log_drivers,
    program,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import PROCESSES, ROOT, moves
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    checks,
    guarded_file,
    preflight,
    user_mapping,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Hides, Refused
from ansible_collections.containment.docker.plugins.module_utils.transaction.refusals import cannot_start
from ansible_collections.containment.docker.plugins.module_utils.transaction.result import (
    diff,
    empty,
)


def change(options, found, after, wanted, recovered):
    """A daemon that is stopped stays stopped: nothing may connect to its socket, as that would start it."""
    following = flags.merged(after.settings, found.flags, DEFAULTS)
    remap = following.get("userns-remap")
    refusal = cannot_start(
        after.settings,
        following,
        found.flags,
        user_mapping.unready(remap, options.assume) if remap else (),
        options.target.unit,
    )
    if refusal:
        raise Refused(refusal)
    warnings = checks.validate(options, found, after, program.version(found.argv[0]))
    moved, root = moves_unseen(found, following, options)
    _refuse_broken_containers(following, wanted, root)
    checks.refuse_unwritable(found, after)
    result = dict(
        empty(),
        changed=after.data != found.original or bool(recovered),
        recovered=recovered,
        diff=diff(found, after),
        old_data_root=root if ROOT in [move.what for move in moved] else None,
        warnings=warnings,
    )
    if after.data != found.original:
        result["reason"] = (
            f"{options.target.unit} is {found.state} and stays so: the file is in force from its next start on"
        )
        if not options.check:
            result["backup_file"] = checks.backup(options, found)
            try:
                guarded_file.put(found.path, found.original, after.data)
            except guarded_file.ForeignEdit as edit:
                raise Refused(f"{edit}; nothing is written: run again")
    return result


def _refuse_broken_containers(following, wanted, root):
    driver = following.get("log-driver") if "log-driver" in wanted else None
    broken = log_drivers.refusal(driver, log_drivers.known_while_stopped(root))
    if forwarding.KEY in wanted:
        broken = broken or forwarding.refusal(following, forwarding.read())
    if broken:
        raise Refused(broken)


def moves_unseen(found, following, options):
    """(what the change moves, the data root as it is). Raises Refused where that would hide something."""
    before = flags.merged(found.settings, found.flags, DEFAULTS)
    moved = moves(
        [key for key in set(before) | set(following) if before.get(key) != following.get(key)], before, following
    )
    root = before.get("data-root") or before.get("graph") or "/var/lib/docker"
    names = " and ".join(move.key for move in moved)
    alive = preflight.alive_in(root) if moved else 0
    if alive:
        raise Refused(
            "%d container%s on while %s is %s, and would be lost with another %s: start it first"
            % (alive, " runs" if alive == 1 else "s run", options.target.unit, found.state, names)
        )
    hides = [move for move in moved if move.what != PROCESSES]
    if hides and not options.accept and preflight.holds_data(root):
        reason = "changing %s moves the engine's data, and %s holds some; set accept_new_data_root to go on"
        raise Hides(reason % (names, root), checks.own_keys(options, found, [move.key for move in moved]))
    return moved, root
