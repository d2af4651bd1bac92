# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AppArmor confines each process, where the kernel has it."""

import re
from typing import Any, Dict, List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info, security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every

DEFAULT = "docker-default"
_LABEL = re.compile(r"(?P<profile>.+) \((?P<mode>[a-z]+)\)\Z", re.DOTALL)
_CONFINING = ("enforce", "kill")


def _inapplicable(evidence: Evidence) -> Optional[str]:
    """A kernel without AppArmor, unless a container switches it off for the kernel that has it."""
    if evidence["host"]["apparmor"]:
        return None
    try:
        profile = security_opt.parse(evidence["inspect"]["HostConfig"].get("SecurityOpt")).apparmor
    except Absent:
        profile = None
    return None if profile == "unconfined" else "this kernel has no AppArmor, or has it switched off"


def _daemon_effective(evidence: Evidence) -> Verdict:
    if "apparmor" in info.security_options(evidence["info"]):
        return Verdict(True, "docker info shows name=apparmor")
    return Verdict(False, "the kernel has AppArmor, but docker info lacks name=apparmor")


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    host_config = evidence["inspect"]["HostConfig"]
    profile = security_opt.parse(host_config.get("SecurityOpt")).apparmor
    if profile == "unconfined":
        return Verdict(False, "SecurityOpt says apparmor=unconfined")
    if host_config.get("Privileged") and not profile:
        return Verdict(False, "a privileged container is not confined by AppArmor")
    return _by_name("SecurityOpt", profile) if profile else None


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    if not evidence["host"]["apparmor"]:
        return None
    profile = evidence["inspect"].get("AppArmorProfile")
    return _by_name("AppArmorProfile", profile) if profile else None  # none before the first start


def _run(evidence: Evidence) -> List[RunChange]:
    host_config = evidence["inspect"]["HostConfig"]
    options = host_config.get("SecurityOpt") or ()
    profiles = [(option, security_opt.parse([option]).apparmor) for option in options]
    changes = [RunChange("remove", "SecurityOpt", option) for option, name in profiles if name == "unconfined"]
    own = any(name not in (None, "unconfined") for _option, name in profiles)
    return changes if own else changes + unprivileged(host_config)


def _by_name(where: str, profile: str) -> Verdict:
    if profile == "unconfined":
        return Verdict(False, f"{where} is unconfined")
    if profile == DEFAULT:
        return Verdict(True, f"{where} is {DEFAULT}")
    return Verdict(None, f"{where} is {profile!r}; only a running process shows whether it is enforced")


def _container_kernel(evidence: Evidence) -> Optional[Verdict]:
    if not evidence["host"]["apparmor"]:
        return None
    labels: Dict[Any, Any] = {}
    for process in evidence["processes"]:
        labels.setdefault(process.label, process.pid)
    unsure = None
    for label, pid in labels.items():
        ok = _confined(label)
        if ok is False:
            return Verdict(False, f"process {int(pid)} is {label!r}")
        if ok is None:
            unsure = Verdict(None, f"process {int(pid)} is {label!r}")
    return unsure or Verdict(True, f"{every.describe_all(len(evidence['processes']))} is {sorted(labels)[0]!r}")


def _confined(label: str) -> Optional[bool]:
    # linux: security/apparmor/label.c: `unconfined` has no mode; a stack of profiles in different modes is `mixed`
    if label is None:
        return None
    if label == "unconfined":
        return False
    match = _LABEL.match(label)
    if not match or match.group("mode") == "mixed":
        return None
    return match.group("mode") in _CONFINING


RULE = Rule(
    id="apparmor",
    title="AppArmor confines each process",
    severity="medium",
    weakness={
        "daemon": "the daemon does not use AppArmor, which the kernel has",
        "container": "AppArmor does not confine its processes",
    },
    rationale=(
        "Docker's AppArmor profile denies mounting and writing to kernel files by path, whatever capabilities a "
        "process has. An unconfined container, or a profile in complain mode, has lost this layer without a sign."
    ),
    remediation=(
        "Recreate the container without `--security-opt apparmor=unconfined`; put a profile of your own into enforce "
        "mode (aa-enforce). Where docker info lacks apparmor, install apparmor's tools and restart the daemon."
    ),
    references={
        "CIS 1.6": ("5.2",),
        "CIS 1.8": ("5.2",),
        "STIG": ("DKER-EE-001930",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.processes",
        "daemon.info",
        "host.apparmor",
    ),
    daemon={"effective": _daemon_effective},
    container={
        "configured": _container_configured,
        "effective": _container_effective,
        "kernel": every.of_processes(_container_kernel),
    },
    inapplicable=_inapplicable,
    frozen="start",
    run=_run,
)
