# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container is started again for ever."""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import integers
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UPDATE, Remedy, Rule, Verdict

MOST_TRIES = 5


def _configured(evidence: Evidence) -> Verdict:
    policy = evidence["inspect"]["HostConfig"].get("RestartPolicy") or {}
    name, tries = policy.get("Name") or "no", integers.parse(policy.get("MaximumRetryCount"))
    if name == "no":
        return Verdict(True, "RestartPolicy is no")
    if name in ("always", "unless-stopped"):
        return Verdict(False, f"RestartPolicy is {name}")
    if name != "on-failure":
        return Verdict(None, f"RestartPolicy is {name!r}, which dockerd does not know")
    if tries == 0:
        return Verdict(False, "RestartPolicy is on-failure with no limit of tries")
    return Verdict(tries <= MOST_TRIES, f"RestartPolicy is on-failure with {int(tries)} tries")


def _run(evidence: Evidence) -> List[RunChange]:
    return (
        [RunChange("add", "RestartPolicy", f"on-failure:{int(MOST_TRIES)}")]
        if _configured(evidence).ok is False
        else []
    )


RULE = Rule(
    id="restart-policy",
    title="No container is started again for ever",
    severity="low",
    weakness={"container": "it is started again for ever"},
    rationale=(
        "A container that is started again whenever it ends hides why it ended, gives an attacker as many tries as an "
        "exploit needs, and with always it is back after each restart of the daemon, also when someone had stopped it."
    ),
    remediation=(
        "Use `--restart on-failure:5` or no restart policy, for one that runs by "
        "`docker update --restart on-failure:5`; where a service has to be up at any time, let an orchestrator or "
        "systemd see to it."
    ),
    references={"CIS 1.6": ("5.15",), "CIS 1.8": ("5.15",), "NIST SP 800-190": ("4.4.3",)},
    reads=("container.inspect",),
    container={"configured": _configured},
    frozen="never",
    run=_run,
    remedy=Remedy(UPDATE, "restart_policy", "none, and without its own it would not come back after a reboot"),
)
