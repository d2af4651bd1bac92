# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the journal records of a transaction before it begins: all that a later run needs to finish it or to undo it."""

from typing import Any, Dict

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import stop_order
from ansible_collections.containment.docker.plugins.module_utils.dockerd import json_edit
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.systemd.docker_unit import life, mark
from ansible_collections.containment.docker.plugins.module_utils.transaction import in_force, journal
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import Target
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import RESET_BY_RELOAD, Plan
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Found
from ansible_collections.containment.docker.plugins.module_utils.transaction.result import After


def entry(target: Target, found: Found, after: After, situation: Any, made: Plan) -> Dict[str, Any]:
    """The record of a plan; it has no phase yet."""
    keep = made.keep
    start = after.text
    ends = made.activation == RESTART or made.live_restore_first
    if ends and keep and situation.next.get("live-restore") is not True:
        # a daemon that starts without it kills the containers that the old one left alive
        start = json_edit.merge(after.text, {"live-restore": True})
    process = life(target.unit).pid
    return {
        "path": found.path,
        "unit": target.unit,
        "address": target.address,
        "timeout": target.timeout,
        "engine_version": situation.info.get("ServerVersion"),
        "activation": made.activation,
        "proven": situation.running is not None,
        "keys": list(made.keys),
        "pending_before": list(made.pending),
        "before": journal.pack(found.original),
        "start": journal.pack(start.encode("utf-8") if start != after.text else after.data),
        "after": journal.pack(after.data),
        "ours": [in_force.digest(found.original)],
        "live_restore": bool(situation.info["LiveRestoreEnabled"]),
        "turn_on": made.live_restore_first,
        "reload_resets": sorted(set(situation.running_flags) & set(RESET_BY_RELOAD)),
        "dockerd": list(mark(process)),
        "keep": [dict(item._asdict()) for item in keep],
        "start_again": made.start_again,
        "stop": [dict(item._asdict()) for item in stop_order(made.stop)],
    }
