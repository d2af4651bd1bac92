# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether there are SELinux labels to judge, as the evidence of a host and a container has it. Pure.

Imported at each start, on all hosts: what only a kernel with SELinux needs is loaded by `selinux.on_demand`.
"""

from typing import Any, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Verdict
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand

NO_KERNEL = "this kernel has no SELinux"
_NO_POLICY = "SELinux is disabled: no policy is loaded"
UNLABELLED = ("PidMode", "IpcMode")  # of the host, they switch labels off


def mode(evidence: Evidence) -> Optional[str]:
    """In force on the engine's host, as selinux_state.mode. Absent where another machine's engine is asked."""
    if (evidence.get("daemon") or evidence).get("state") == "remote":
        raise Absent("host")
    return evidence["host"]["selinux"]


def without_policy(evidence: Evidence) -> Optional[str]:
    """Why there are no labels on this host that the site doesn't demand, or None."""
    now = mode(evidence)
    if now in ("permissive", "enforcing") or evidence["policy"]["require_selinux"]:
        return None
    return _NO_POLICY if now else NO_KERNEL


def demanded(evidence: Evidence) -> Optional[Verdict]:
    """The Verdict where there are no labels because the host has no SELinux, and None where it has."""
    now = mode(evidence)
    return None if now in ("permissive", "enforcing") else Verdict(False, _NO_POLICY if now else NO_KERNEL)


def host_without_selinux(evidence: Evidence) -> Optional[Tuple[str, str]]:
    """Rule.caused_by: the host's finding, where a container has no label because the host has no SELinux."""
    return ("selinux", "host") if demanded(evidence) else None


def not_labelled(evidence: Evidence) -> Optional[str]:
    """Why a container has no label to judge, which the rule selinux says already; None where it has one."""
    try:
        why = without_policy(evidence)
        if why or demanded(evidence):
            return why
    except Absent:
        pass  # a request, or another machine's engine
    label = label_of(evidence)
    if label is None:
        host_config = evidence["inspect"]["HostConfig"]
        labels = security_opt.parse(host_config.get("SecurityOpt")).label
        return "its labels are off" if "disable" in labels or (not labels and implied(host_config)) else None
    types = on_demand.load().types
    domain = types.type_of(label)
    if domain and domain not in types.UNCONFINED:
        return None
    return f"its labels are off: it is {domain}" if domain else "it has no label"


def label_of(evidence: Evidence) -> Optional[str]:
    """Of its first process, and while it doesn't run, what it was created with; None where nothing says it."""
    if "processes" in evidence:
        return evidence["processes"][0].label or ""
    return evidence["inspect"].get("ProcessLabel")


def implied(host_config: Mapping[str, Any]) -> bool:
    """Whether labels are off unless SecurityOpt says otherwise (moby: daemon/create.go, generateSecurityOpt)."""
    return host_config.get("Privileged") or "host" in [host_config.get(name) for name in UNLABELLED]
