# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SELinux is enforcing, and each process of a container runs in a domain that the policy holds back.

What only a kernel with SELinux needs is loaded by `selinux.on_demand`: each module costs at each start, on all hosts.
"""

from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info, security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SELINUX, Remedy, Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.labels import (
    NO_KERNEL,
    UNLABELLED,
    demanded,
    host_without_selinux,
    implied,
    mode,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand

KEY = "selinux-enabled"
LABELS_OFF = "privileged, or in the host's pid or ipc namespace: dockerd switches labels off"


def _inapplicable(evidence: Evidence) -> Optional[str]:
    """A kernel without SELinux, unless the site demands it, or a container switches labels off for one that has it."""
    if mode(evidence) is not None or evidence["policy"]["require_selinux"]:
        return None
    try:
        host_config = evidence["inspect"]["HostConfig"]
        disables = "disable" in security_opt.parse(host_config.get("SecurityOpt")).label
    except Absent:
        disables = False
    # dockerd writes label=disable by itself for privileged containers and those in the host's namespaces
    return None if disables and not implied(host_config) else NO_KERNEL


def _host_configured(evidence: Evidence) -> Verdict:
    state = on_demand.load().state
    mode(evidence)
    config, parameters = evidence["host"]["selinux_boot"]
    after = state.predict_mode(config, parameters)
    if after == "unknown":
        return Verdict(None, config.error)
    return Verdict(after == "enforcing", state.explain_mode(config, parameters))


def _host_kernel(evidence: Evidence) -> Verdict:
    now = mode(evidence)
    return demanded(evidence) or Verdict(now == "enforcing", f"SELinux is {now}")


def _daemon_configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY, False)
    if value is not True and not evidence["policy"]["require_selinux"]:
        try:
            mode(evidence)
        except Absent:  # a file alone: most hosts without SELinux are right to leave it off
            return Verdict(None, f"{KEY} is off in the file, and nothing tells whether its host has SELinux")
    return Verdict(value is True, f"{KEY} is {str(value).lower()} in the configuration of the next start")


def _daemon_effective(evidence: Evidence) -> Verdict:
    says = "selinux" in info.security_options(evidence["info"])
    sentence = f"docker info {'shows' if says else 'lacks'} name=selinux"
    if not says and evidence.get("state") == "remote":
        return Verdict(None, sentence + "; whether that kernel has SELinux is not seen from here")
    return Verdict(says, sentence)


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    host_config = evidence["inspect"]["HostConfig"]
    labels = security_opt.parse(host_config.get("SecurityOpt")).label
    for label in labels:
        why = _weak(label, evidence)
        if why:
            return Verdict(False, why)
    if not labels and implied(host_config):
        return Verdict(False, LABELS_OFF)
    return None


def _weak(label: str, evidence: Evidence) -> Optional[str]:
    """Why a label that SecurityOpt asks for doesn't confine, or None."""
    if label == "disable":
        return "SecurityOpt says label=disable"
    key, _colon, value = label.partition(":")
    if key not in ("type", "level"):
        return None
    ok, why = on_demand.load().confinement.judge_option(key, value, _ask(evidence), _daemon_label(evidence))
    return why if ok is False else None


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    label = evidence["inspect"].get("ProcessLabel")
    if label is None:
        return None
    try:
        if mode(evidence) not in ("permissive", "enforcing"):
            return None
    except Absent:
        if not label:
            return None
    return _of_label("ProcessLabel", label, evidence)


def _container_kernel(evidence: Evidence) -> Optional[Verdict]:
    missing = demanded(evidence)
    if missing:
        return missing if mode(evidence) or evidence["policy"]["require_selinux"] else None
    labels: Dict[Any, Any] = {}
    for process in evidence["processes"]:
        labels.setdefault(process.label, process.pid)
    verdicts = [_of_label(f"process {int(pid)}", label, evidence) for label, pid in labels.items()]
    return min(verdicts, key=lambda verdict: (False, None, True).index(verdict.ok))


def _ask(evidence: Evidence) -> Optional[Callable[..., Any]]:
    """The question to the kernel, see access.decide; None where it isn't the engine's kernel."""
    try:
        return evidence["host"]["selinux_access"] if mode(evidence) in ("permissive", "enforcing") else None
    except Absent:
        return None


def _daemon_label(evidence: Evidence) -> str:
    """dockerd's own label, "" where it can't be seen."""
    try:
        return evidence["daemon"]["label"]
    except (Absent, Unreadable):
        return ""


def _of_label(whose: str, label: str, evidence: Evidence) -> Verdict:
    if not label:
        return Verdict(False, f"{whose} has no SELinux label")
    ok, sentence = on_demand.load().confinement.judge_label(label, _ask(evidence), _daemon_label(evidence))
    return Verdict(ok, f"{whose} {sentence}")


def relabelled(host_config: Mapping[str, Any]) -> List[RunChange]:
    """What has to change so that dockerd switches no labels off."""
    changes = unprivileged(host_config)
    return changes + [RunChange("remove", name, "host") for name in UNLABELLED if host_config.get(name) == "host"]


def _run(evidence: Evidence) -> List[RunChange]:
    host_config = evidence["inspect"]["HostConfig"]
    changes = relabelled(host_config)
    for option in host_config.get("SecurityOpt") or ():
        labels = security_opt.parse([option]).label
        # Where something else switches labels off, dockerd wrote label=disable by itself.
        if any(_weak(label, evidence) and not (changes and label == "disable") for label in labels):
            changes.append(RunChange("remove", "SecurityOpt", option))
    return changes


RULE = Rule(
    id="selinux",
    title="SELinux confines each process",
    severity="high",
    weakness={
        "host": "SELinux does not enforce its policy on this host",
        "daemon": "the daemon does not label containers for SELinux",
        "container": "SELinux does not confine its processes",
    },
    rationale=(
        "With labels on, a process that leaves its container still may touch only files labelled for this very "
        "container, and can't write to kernel files whatever mount it makes. Docker's packages leave them off, and "
        "`--privileged`, `--pid=host` and `--ipc=host` switch them off for a container without saying so."
    ),
    remediation=(
        "Set SELinux to enforcing in /etc/selinux/config (without selinux=0 and enforcing=0 on the kernel's command "
        "line) and selinux-enabled to true in daemon.json, with container-selinux installed, and restart the daemon: "
        "the role docker_selinux does so step by step. Recreate containers from before it, and those with "
        "`label=disable`."
    ),
    references={
        "CIS 1.6": ("5.3",),
        "CIS 1.8": ("5.3",),
        "STIG": ("DKER-EE-001940",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.processes",
        "daemon.configured",
        "daemon.info",
        "daemon.label",
        "daemon.state",
        "host.selinux",
        "host.selinux_access",
        "host.selinux_boot",
        "policy",
    ),
    host={"configured": _host_configured, "kernel": _host_kernel},
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={
        "configured": _container_configured,
        "effective": _container_effective,
        "kernel": every.of_processes(_container_kernel),
    },
    settings={KEY: True},
    inapplicable=_inapplicable,
    frozen="create",
    run=_run,
    remedy=Remedy(SELINUX),
    caused_by=host_without_selinux,
)
