# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container has a capability that the site doesn't allow."""

from typing import FrozenSet, List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities, every


def _allowed(evidence: Evidence) -> FrozenSet[str]:
    names = capabilities.names(evidence["policy"]["allowed_capabilities"])
    return capabilities.EVERY | names if "ALL" in names else names


def _container_configured(evidence: Evidence) -> Verdict:
    host_config = evidence["inspect"]["HostConfig"]
    own = capabilities.created_with(
        host_config.get("CapAdd"), host_config.get("CapDrop"), host_config.get("Privileged") or False
    )
    excess = own - _allowed(evidence)
    if excess:
        return Verdict(False, f"created with {capabilities.listed(excess)}")
    return Verdict(True, f"created with {capabilities.listed(own) or 'no capability'}")


def _container_kernel(evidence: Evidence) -> Verdict:
    above = capabilities.beyond(evidence["processes"], _allowed(evidence), capabilities.judged_namespaces(evidence))
    for pid, excess in above:
        return Verdict(False, f"process {int(pid)} has {capabilities.listed(excess)}")
    return Verdict(
        True,
        f"all capability sets of {len({process.pid for process in evidence['processes']})} processes are allowed",
    )


def _run(evidence: Evidence) -> List[RunChange]:
    host_config, allowed = evidence["inspect"]["HostConfig"], _allowed(evidence)
    added, dropped = host_config.get("CapAdd") or (), host_config.get("CapDrop")
    kept = [name for name in added if capabilities.names([name]) <= allowed]
    changes = [RunChange("remove", "CapAdd", name) for name in added if name not in kept]
    remaining = capabilities.created_with(kept, dropped, False)
    excess = remaining - allowed  # the site allows less than Docker does
    if excess:
        changes += [RunChange("add", "CapDrop", name) for name in (("ALL",) if excess == remaining else sorted(excess))]
    return unprivileged(host_config) + changes


RULE = Rule(
    id="capabilities",
    title="Containers have only the capabilities that are allowed",
    severity="high",
    weakness={"container": "it has capabilities that are not allowed"},
    rationale=(
        "Each capability is a piece of root's power over the kernel. What keeps a container from mounting is that it "
        "lacks SYS_ADMIN: with it, a process can make read-only kernel files writable again where no other layer "
        "stops it. Others load modules, trace processes or open raw devices. A capability in the bounding set comes "
        "back through a setuid file, one in the permitted set by a single system call: of each thread of each process "
        "all five sets count."
    ),
    remediation=(
        "Recreate the container with `--cap-drop ALL` and add only what it needs; allow in the policy what a site "
        "has decided to give."
    ),
    references={
        "CIS 1.6": ("5.4",),
        "CIS 1.8": ("5.4",),
        "STIG": ("DKER-EE-001950",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.namespaces",
        "container.processes",
        "daemon.info",
        "host.namespaces",
        "policy",
    ),
    container={"configured": _container_configured, "kernel": every.of_processes(_container_kernel)},
    frozen="start",
    run=_run,
)
