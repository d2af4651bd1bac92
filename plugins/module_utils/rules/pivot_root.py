# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers are started with pivot_root, which leaves nothing of the host's root directory in their mount namespace."""

from typing import Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict


def _configured(evidence: Evidence) -> Verdict:
    return _judge(evidence["environment_next"], "the next start")


def _effective(evidence: Evidence) -> Verdict:
    return _judge(evidence["environment"], "the daemon")


def _judge(variables: Mapping[str, str], who: str) -> Verdict:
    name = environment.NO_PIVOT_ROOT
    if environment.keeps_old_root(variables):
        return Verdict(False, f"{who} has {name} in its environment: containers are started without pivot_root")
    return Verdict(True, f"{who} has no {name} in its environment")


RULE = Rule(
    id="pivot-root",
    title="Containers leave the host's root directory behind",
    severity="medium",
    weakness={"daemon": "the host's root directory stays mounted below that of each container"},
    rationale=(
        "runc makes a container's root directory that of its mount namespace by pivot_root, and unmounts the host's. With "
        "DOCKER_RAMDISK in dockerd's environment, whatever its value, it only mounts the one over the other, as is needed where "
        "the host runs from a ramdisk. Then a process with SYS_ADMIN unmounts its root directory and stands in that of the "
        "host: with pivot_root the same process finds nothing there (both were tried). Builds by BuildKit are run so, too."
    ),
    remediation=(
        "Take DOCKER_RAMDISK out of the unit's Environment and EnvironmentFile, restart the daemon, and then the containers, as "
        "each keeps what it was started with. A host that runs from a ramdisk: have it switch to a root directory on a disk or "
        "a tmpfs before dockerd starts."
    ),
    references={"NIST SP 800-190": ("4.4.3",)},
    reads=("daemon.environment", "daemon.environment_next"),
    daemon={"configured": _configured, "effective": _effective},
)
