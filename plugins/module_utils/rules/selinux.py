# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SELinux is enforcing, and each process of a container runs in a container's domain."""

from ansible_collections.containment.docker.plugins.module_utils import engine_info, security_opt
from ansible_collections.containment.docker.plugins.module_utils.rule import Absent, Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.run_change import RunChange, unprivileged

KEY = "selinux-enabled"
# domains that container-selinux, the distributions' policies and Docker know, and that SELinux hardly holds back
_UNCONFINED = frozenset(
    (
        "spc_t",
        "unconfined_t",
        "unconfined_service_t",
        "container_runtime_t",
        "docker_t",
        "dockerd_t",
        "init_t",
        "initrc_t",
        "kernel_t",
        "sysadm_t",
    )
)
_EVERY_CATEGORY = "c0.c1023"
_UNLABELLED = ("PidMode", "IpcMode")  # of the host, they switch labels off


def _inapplicable(evidence):
    """A kernel without SELinux, unless a container switches labels off for the kernel that has it."""
    if evidence["host"]["selinux"] is not None:
        return None
    try:
        host_config = evidence["inspect"]["HostConfig"]
        asked = "disable" in security_opt.parse(host_config.get("SecurityOpt")).label
    except Absent:
        asked = False
    # dockerd writes label=disable by itself for privileged containers and those in the host's namespaces
    return None if asked and not _implied(host_config) else "this kernel has no SELinux"


def _implied(host_config):
    return host_config.get("Privileged") or "host" in [host_config.get(mode) for mode in _UNLABELLED]


def _host_kernel(evidence):
    mode = evidence["host"]["selinux"]
    return Verdict(mode == "enforcing", "SELinux is %s" % mode)


def _daemon_configured(evidence):
    value = evidence["configured"].get(KEY, False)
    return Verdict(value is True, "%s is %s in the configuration of the next start" % (KEY, str(value).lower()))


def _daemon_effective(evidence):
    says = "selinux" in engine_info.security_options(evidence["info"])
    return Verdict(says, "docker info %s name=selinux" % ("shows" if says else "lacks"))


def _container_configured(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    labels = security_opt.parse(host_config.get("SecurityOpt")).label
    for label in labels:
        why = _weak(label)
        if why:
            return Verdict(False, why)
    if not labels and _implied(host_config):  # moby: daemon/create.go, generateSecurityOpt
        return Verdict(False, "privileged, or in the host's pid or ipc namespace: dockerd switches labels off")
    return None


def _weak(label):
    """Why a label that SecurityOpt asks for doesn't confine, or None."""
    key, _colon, value = label.partition(":")
    if label == "disable":
        return "SecurityOpt says label=disable"
    if key == "type" and value in _UNCONFINED:
        return "SecurityOpt says label=type:%s, which is not confined" % value
    if key == "level" and _EVERY_CATEGORY in value.split(":"):
        return "SecurityOpt gives it every category"
    return None


def _container_effective(evidence):
    if not evidence["host"]["selinux"] or "ProcessLabel" not in evidence["inspect"]:
        return None
    return _of_label("ProcessLabel", evidence["inspect"]["ProcessLabel"])


def _container_kernel(evidence):
    if not evidence["host"]["selinux"]:
        return None
    labels = {}
    for process in evidence["processes"]:
        labels.setdefault(process.label, process.pid)
    verdicts = [_of_label("process %d" % pid, label) for label, pid in labels.items()]
    return min(verdicts, key=lambda verdict: (False, None, True).index(verdict.ok))


def _of_label(whose, label):
    if not label:
        return Verdict(False, "%s has no SELinux label" % whose)
    fields = label.split(":", 3)
    if len(fields) < 3:
        return Verdict(None, "%s has %r, which is no SELinux label" % (whose, label))
    if fields[2] in _UNCONFINED:
        return Verdict(False, "%s is %s, which is not confined" % (whose, fields[2]))
    if _EVERY_CATEGORY in fields[-1].split(":"):
        return Verdict(False, "%s has every category: %s" % (whose, label))
    return Verdict(True, "%s is %s" % (whose, label))


def _run(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    changes = unprivileged(host_config)
    changes += [RunChange("remove", mode, "host") for mode in _UNLABELLED if host_config.get(mode) == "host"]
    for option in host_config.get("SecurityOpt") or ():
        labels = security_opt.parse([option]).label
        # Where something else switches labels off, dockerd wrote label=disable by itself.
        if any(_weak(label) and not (changes and label == "disable") for label in labels):
            changes.append(RunChange("remove", "SecurityOpt", option))
    return changes


RULE = Rule(
    id="selinux",
    title="SELinux confines each process",
    severity="high",
    rationale=(
        "With labels on, a process that leaves its container still may touch only files labelled for this very "
        "container, and can't write to kernel files whatever mount it makes. Docker's packages leave them off, and "
        "`--privileged`, `--pid=host` and `--ipc=host` switch them off for a container without saying so."
    ),
    remediation=(
        "Set SELinux to enforcing and selinux-enabled to true in daemon.json, with container-selinux installed, and "
        "restart the daemon; recreate containers from before it, and those with `label=disable`."
    ),
    references={
        "CIS 1.6": ("5.3",),
        "CIS 1.8": ("5.3",),
        "STIG": ("DKER-EE-001940",),
        "NIST SP 800-190": ("4.4.3",),
    },
    host={"kernel": _host_kernel},
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={"configured": _container_configured, "effective": _container_effective, "kernel": _container_kernel},
    settings={KEY: True},
    inapplicable=_inapplicable,
    frozen="create",
    run=_run,
)
