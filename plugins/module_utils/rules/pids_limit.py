# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each container has a limit of processes."""

from typing import Any, Dict, List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import integers
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.docker_api.info import lacking_limit
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UPDATE, Remedy, Rule, Verdict

# linux: include/linux/threads.h, PID_MAX_LIMIT: no kernel has more
_PID_MAX_LIMIT = 4194304


def _requested(evidence: Evidence) -> int:
    return integers.parse(evidence["inspect"]["HostConfig"].get("PidsLimit"))


def _info(evidence: Evidence) -> Dict[str, Any]:
    try:
        return evidence["daemon"]["info"]
    except (Absent, Unreadable):
        return {}


def _all_pids(evidence: Evidence) -> int:
    """As many processes as there can be: the host's own number where a container's kernel is the host's."""
    return evidence["host"]["pid_max"] if "limits" in evidence else _PID_MAX_LIMIT


def _configured(evidence: Evidence) -> Verdict:
    limit, pids = _requested(evidence), _all_pids(evidence)
    if limit <= 0:
        return Verdict(
            False, f"PidsLimit is {int(limit)}, which is no limit{lacking_limit(_info(evidence), 'PidsLimit')}"
        )
    if limit >= pids:
        return Verdict(False, f"PidsLimit is {int(limit)}, and the kernel has no more than {int(pids)}")
    return Verdict(True, f"PidsLimit is {int(limit)}")


def _kernel(evidence: Evidence) -> Verdict:
    limit, configured = evidence["limits"]["pids"], _requested(evidence)
    if limit.most is None:
        return Verdict(False, limit.where)
    if configured <= 0:
        # systemd gives its DefaultTasksMax to each scope: neither the container's own limit nor drift
        return Verdict(None, f"{limit.where} is {int(limit.most)}, which the engine did not set")
    if configured != limit.most:
        return Verdict(False, f"{limit.where} is {int(limit.most)}, and not the engine's {int(configured)}")
    return Verdict(limit.most < _all_pids(evidence), f"{limit.where} is {int(limit.most)}")


def _run(evidence: Evidence) -> List[RunChange]:
    return [RunChange("add", "PidsLimit", "COUNT")] if _configured(evidence).ok is False else []


RULE = Rule(
    id="pids-limit",
    title="Each container has a limit of processes",
    severity="medium",
    weakness={"container": "it has no limit of processes"},
    rationale=(
        "All containers share the kernel's process ids. Without a limit a fork bomb in one, meant or not, takes them "
        "all, and nothing on the host can start a process any more, not even to stop it. dockerd has no default for "
        "all containers; systemd's DefaultTasksMax may give one, but large and changed with systemd's configuration."
    ),
    remediation=(
        "Give the container `--pids-limit`, for one that runs by `docker update --pids-limit COUNT`. Where docker "
        "info warns that there is no pids limit support, turn the kernel's pids controller on first."
    ),
    references={"CIS 1.6": ("5.29",), "CIS 1.8": ("5.29",), "NIST SP 800-190": ("4.4.3",)},
    reads=(
        "container.inspect",
        "container.limits",
        "daemon.info",
        "host.pid_max",
    ),
    container={"configured": _configured, "kernel": _kernel},
    frozen="never",
    run=_run,
    remedy=Remedy(UPDATE, "pids_limit", "no limit"),
)
