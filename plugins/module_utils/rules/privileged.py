# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container is privileged, and no process entered it with more than it was created with."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities, every


def _container_configured(evidence: Evidence) -> Verdict:
    privileged = evidence["inspect"]["HostConfig"].get("Privileged") or False
    return Verdict(privileged is False, f"Privileged is {str(privileged).lower()}")


def _container_kernel(evidence: Evidence) -> Optional[Verdict]:
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged"):
        return None
    own = capabilities.created_with(host_config.get("CapAdd"), host_config.get("CapDrop"), False)
    above = capabilities.beyond(evidence["processes"], own, capabilities.judged_namespaces(evidence))
    for pid, excess in above:
        what = f"process {pid} has {capabilities.listed(excess)}"
        return Verdict(False, f"{what}, and the container was created without: entered with exec --privileged?")
    return Verdict(True, "no process has a capability that the container was created without")


RULE = Rule(
    id="privileged",
    title="Containers are not privileged",
    severity="critical",
    weakness={"container": "it is privileged"},
    rationale=(
        "A privileged container has every capability and device of the host, writable kernel files, and neither "
        "seccomp nor AppArmor nor SELinux labels: root inside can load a kernel module or mount the host's disk. "
        "A process that enters an ordinary container through `docker exec --privileged` gets every capability too."
    ),
    remediation=(
        "Recreate the container without `--privileged`, giving the single capability or device that it needs; end "
        "processes that were entered with `docker exec --privileged` (a restart of the container does)."
    ),
    references={
        "CIS 1.6": ("5.5", "5.23"),
        "CIS 1.8": ("5.5", "5.23"),
        "STIG": ("DKER-EE-001960", "DKER-EE-002080"),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.namespaces",
        "container.processes",
        "daemon.info",
        "host.namespaces",
    ),
    container={"configured": _container_configured, "kernel": every.of_processes(_container_kernel)},
    frozen="start",
    run=lambda evidence: unprivileged(evidence["inspect"]["HostConfig"]),
    explains=("Privileged",),
)
