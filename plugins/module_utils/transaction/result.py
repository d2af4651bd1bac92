# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a transaction returns. Pure."""

from typing import Any, Dict, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import stop_order
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import ROOT, left_behind
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Plan, Situation
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof

WOULD_RECOVER = "a run that was killed would first be finished or undone; what follows can't be told before that"


def empty() -> Dict[str, Any]:
    """The result where nothing was to do."""
    return {
        "changed": False,
        "activation": NONE,
        "backup_file": None,
        "pending": [],
        "waiting": [],
        "old_data_root": None,
        "left_behind": None,
        "proof": None,
        "reason": "",
        "recovered": "",
        "in_memory": [],
        "containers": {"stopped": [], "started": [], "kept": []},
    }


def planned(change: Change, situation: Situation, plan: Plan) -> Dict[str, Any]:
    """The result as planned."""
    result = empty()
    result["changed"] = change.changes or plan.activation != NONE
    result["activation"] = plan.activation
    result["pending"] = [waits(key) for key in plan.pending]
    result["containers"]["stopped"] = [item.name for item in stop_order(plan.stop)]
    if plan.start_again:
        result["containers"]["started"] = result["containers"]["stopped"][::-1]
    result["containers"]["kept"] = [item.name for item in plan.keep]
    if ROOT in [move.what for move in plan.moves]:
        result["old_data_root"] = situation.info["DockerRootDir"]
    result["left_behind"] = left_behind(plan.moves, situation.info)
    result["diff"] = change.diff()
    return result


def proof(observed: Optional[Mapping[str, Any]]) -> Optional[Dict[str, Any]]:
    """The return value `proof`; None where nothing was observed."""
    return container_proof.to_result(observed) if observed else None


def waits(key: str) -> Dict[str, str]:
    """One item of `pending`."""
    return {
        "key": key,
        "reason": "the default bridge stays as it is while containers run: in force after a restart "
        "of dockerd with none",
    }
