# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""memory-limit and pids-limit: which containers use more, or did, than they would be allowed. Pure.

They are no keys of daemon.json: a limit is given to each container that has none, by container_remedy or when it is created anew.
"""

from typing import Iterable, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.control_groups import Usage
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

MEMORY, PIDS = "memory-limit", "pids-limit"
_WHAT = {
    MEMORY: ("memory", "Memory", "bytes of memory", "the kernel ends processes of it"),
    PIDS: ("pids", "PidsLimit", "processes and threads", "it can start no more of them"),
}


def _of_container(setting: str, name: str, evidence: Evidence) -> Iterable[Item]:
    controller, field, unit, then = _WHAT[setting]
    limit = int(evidence["wanted"][setting])
    if (evidence["inspect"]["HostConfig"].get(field) or 0) > 0 or "usage" not in evidence:
        return  # it has a limit of its own, or does not run
    usage = evidence["usage"][controller]
    if usage.now > limit or usage.peak > limit:
        kind, number, sure = _judge(usage, limit)
        yield Item(
            setting,
            kind,
            subject_of(name),
            sure,
            f"it {'uses' if kind == 'now' else 'has used'} {number} {unit}, and may have {limit}: {then}",
            "give this container a higher limit of its own",
            {"now": usage.now, "reclaimable": usage.reclaimable, "peak": usage.peak, "limit": limit},
        )


def _judge(usage: Usage, limit: int) -> Tuple[str, int, str]:
    """(kind, number, how sure). A cache of files gets smaller under a limit, and what can be swapped out ends nothing at once."""
    if usage.now - usage.reclaimable > limit:
        return "now", usage.now, LIKELY if usage.swaps else CERTAIN
    return "peak", usage.peak, LIKELY if usage.peak - usage.reclaimable > limit else POSSIBLE


def _memory(name: str, evidence: Evidence) -> Iterable[Item]:
    return _of_container(MEMORY, name, evidence)


def _pids(name: str, evidence: Evidence) -> Iterable[Item]:
    return _of_container(PIDS, name, evidence)


SETTINGS = (Setting(MEMORY, of_container=_memory), Setting(PIDS, of_container=_pids))
