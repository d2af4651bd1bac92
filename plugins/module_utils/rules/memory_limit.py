# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each container has a memory limit."""

from typing import Any, Dict, List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import integers
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.docker_api.info import lacking_limit
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UPDATE, Remedy, Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import cgroups


def _requested(evidence: Evidence) -> int:
    return integers.parse(evidence["inspect"]["HostConfig"].get("Memory"))


def _info(evidence: Evidence) -> Dict[str, Any]:
    try:
        return evidence["daemon"]["info"]
    except (Absent, Unreadable):
        return {}


def _configured(evidence: Evidence) -> Verdict:
    limit, info = _requested(evidence), _info(evidence)
    memory = info.get("MemTotal")
    if limit <= 0:
        return Verdict(False, f"Memory is {int(limit)}, which is no limit{lacking_limit(info, 'MemoryLimit')}")
    if memory and limit >= memory:
        return Verdict(False, f"Memory is {int(limit)}, and the host has no more than {int(memory)}")
    return Verdict(True, f"Memory is {int(limit)}")


def _kernel(evidence: Evidence) -> Verdict:
    limit, configured = evidence["limits"]["memory"], _requested(evidence)
    if limit.most is None:
        return Verdict(False, limit.where)
    if configured > 0 and not cgroups.holds(limit, "memory", configured):
        return Verdict(False, f"{limit.where} is {int(limit.most)}, and not the engine's {int(configured)}")
    return Verdict(True, f"{limit.where} is {int(limit.most)}")


def _run(evidence: Evidence) -> List[RunChange]:
    return [RunChange("add", "Memory", "SIZE")] if _configured(evidence).ok is False else []


RULE = Rule(
    id="memory-limit",
    title="Each container has a memory limit",
    severity="medium",
    weakness={"container": "it has no memory limit"},
    rationale=(
        "Without a limit of its own one container can take all memory of the host: the kernel then kills processes "
        "anywhere, perhaps the daemon's or another container's. A limit that was raised in the control group itself, "
        "past the engine, is no limit of the engine's."
    ),
    remediation=(
        "Give the container `--memory`, for one that runs by `docker update --memory SIZE --memory-swap SIZE`. "
        "Where docker info warns that there is no memory limit support, turn the kernel's memory controller on first."
    ),
    references={"CIS 1.6": ("5.11",), "CIS 1.8": ("5.11",), "NIST SP 800-190": ("4.4.3",)},
    reads=(
        "container.inspect",
        "container.limits",
        "daemon.info",
    ),
    container={"configured": _configured, "kernel": _kernel},
    frozen="never",
    run=_run,
    remedy=Remedy(UPDATE, "memory", "no limit, and a guessed one could kill it"),
)
