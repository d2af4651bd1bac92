# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No process of a container can open a socket of the kernel's cryptography (AF_ALG)."""

from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import crypto_sockets
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities as capability_sets
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.seccomp import crypto, docker_default, profile
from ansible_collections.containment.docker.plugins.module_utils.selinux import access

_FILTERING = 2
_CLOSED = {
    crypto_sockets.ABSENT: "this kernel has no AF_ALG",
    crypto_sockets.BLOCKED: "the host's modprobe.d keeps the kernel from loading AF_ALG",
}
_HOW = {
    "socket": "its seccomp filter lets socket(AF_ALG) through",
    "socketcall": "its seccomp filter stops socket(AF_ALG), but not the socketcall of 32-bit programs",
}


def _machine(host_config: Mapping[str, Any], info: Mapping[str, Any]) -> profile.Machine:
    privileged = bool(host_config.get("Privileged"))
    bounding = capability_sets.created_with(host_config.get("CapAdd"), host_config.get("CapDrop"), privileged)
    return profile.machine(bounding, str(info.get("Architecture", "")), str(info.get("KernelVersion", "")))


def _configured(evidence: Evidence) -> Optional[Verdict]:
    """Of a create request, and of a container that doesn't run. Of one that runs the kernel layer says what stops it."""
    try:
        host = evidence["host"]
    except Absent:
        pass
    else:
        if (evidence["inspect"].get("State") or {}).get("Running"):
            return None
        if host["af_alg"] in _CLOSED:
            return Verdict(True, _CLOSED[host["af_alg"]])
    host_config = evidence["inspect"]["HostConfig"]
    option = _requested(host_config)
    if host_config.get("Privileged"):
        return Verdict(False, "a privileged container has no seccomp filter")
    if not option or option == "builtin":
        return None  # which filter that is the engine decides
    return _own(option, host_config)


def _requested(host_config: Mapping[str, Any]) -> Optional[str]:
    return security_opt.parse(host_config.get("SecurityOpt")).seccomp


def _own(option: str, host_config: Mapping[str, Any]) -> Verdict:
    """Of what the container asks for itself: unconfined, or a profile's text."""
    if option == "unconfined":
        return Verdict(False, "SecurityOpt says seccomp=unconfined")
    if option == "builtin":
        return Verdict(None, "which filter that is the engine decides")
    call = crypto.way_to_crypto(option, _machine(host_config, {}))
    return Verdict(not call, _HOW[call] if call else "its own seccomp profile stops socket(AF_ALG)")


def _kernel(evidence: Evidence) -> Verdict:
    processes = evidence["processes"]  # of a container that doesn't run the kernel says nothing
    state = evidence["host"]["af_alg"]
    if state in _CLOSED:
        return Verdict(True, _CLOSED[state])
    if _denied_by_policy(evidence, processes):
        return Verdict(True, "the SELinux policy denies its processes alg_socket")
    if _denied_by_apparmor(evidence, processes):
        return Verdict(True, "Docker's AppArmor profile of this engine denies its processes AF_ALG")
    reason = _open_family(evidence, processes)
    if not reason:
        return Verdict(True, "its seccomp filter stops socket(AF_ALG)")
    loaded = "has AF_ALG" if state == crypto_sockets.IN_FORCE else "loads AF_ALG on demand"
    return Verdict(False, f"the kernel {loaded}, and {reason}")


def _open_family(evidence: Evidence, processes: Sequence[Process]) -> str:
    """How one of the processes gets through its seccomp filter; "" where none does."""
    unfiltered = sorted({process.pid for process in processes if process.status.seccomp != _FILTERING})
    if unfiltered:
        return f"no seccomp filter is on process {', '.join(map(str, unfiltered[:5]))}"
    info = evidence["daemon"]["info"]
    text = evidence["seccomp_applied"]
    call = crypto.way_to_crypto(text, _machine(evidence["inspect"]["HostConfig"], info))
    return _HOW[call] if call else ""


def _denied_by_policy(evidence: Evidence, processes: Sequence[Process]) -> bool:
    host = evidence["host"]
    if host["selinux"] != "enforcing":
        return False
    ask = host["selinux_access"]
    try:
        answers = [ask(label, label, "alg_socket", ("create",)) for label in {process.label for process in processes}]
    except access.Unanswered as reason:
        raise Unreadable(str(reason))
    return all(answer.denied and not answer.permissive for answer in answers)


def _denied_by_apparmor(evidence: Evidence, processes: Sequence[Process]) -> bool:
    """Docker's own profile denies it from 29.4.3 on; from 29.5 on each start of the daemon loads the profile anew."""
    host = evidence["host"]
    if not host["apparmor"] or engine_info.version(evidence["daemon"]["info"]) < (29, 5):
        return False
    return all(process.label == "docker-default (enforce)" for process in processes)


def _run(evidence: Evidence) -> List[RunChange]:
    """Without what takes Docker's own filter away, or puts one in its place that is weaker here.

    With another filter, where Docker's own of this engine is weak itself.
    """
    host_config = evidence["inspect"]["HostConfig"]
    options = [(option, _requested({"SecurityOpt": [option]})) for option in host_config.get("SecurityOpt") or ()]
    weak = [option for option, own in options if own and _own(own, host_config).ok is False]
    changes = unprivileged(host_config) + [RunChange("remove", "SecurityOpt", option) for option in weak]
    if len(weak) == len([option for option, own in options if own]) and _lets_every_container(evidence):
        changes.append(RunChange("add", "SecurityOpt", "seccomp=FILE"))
    return changes


def _lets_every_container(evidence: Evidence) -> bool:
    """Whether the filter that this engine gives to a new container is Docker's own, from before it stopped AF_ALG."""
    try:
        info = evidence["daemon"]["info"]
    except (Absent, Unreadable):
        return False
    if engine_info.seccomp_profile(info) not in ("", "builtin"):
        return False
    return docker_default.AF_ALG not in docker_default.stopped_socket_families(engine_info.release(info))


RULE = Rule(
    id="kernel-crypto-sockets",
    title="No container can open a socket of the kernel's cryptography",
    severity="high",
    weakness={"container": "a process in it can open a socket of the kernel's cryptography"},
    rationale=(
        "By an AF_ALG socket any process, without a capability, has the kernel encrypt for it. That code had a flaw by which "
        "a container without any right writes into the host's page cache, and so into the programs that root runs "
        "(CVE-2026-31431). Docker's seccomp profile stops socket(AF_ALG) from 29.4.2 on; a container that live-restore kept "
        "from before the upgrade still has the old one. A seccomp filter can't see what a 32-bit program asks by socketcall: "
        "only AppArmor, SELinux or a kernel without AF_ALG stops that."
    ),
    remediation=(
        "Where nothing on the host needs AF_ALG, put `install af_alg /bin/false` in a file of /etc/modprobe.d and unload the "
        "module (`rmmod af_alg`, or a reboot): that holds for every container at once. Otherwise upgrade Docker to 29.5 or "
        "newer with AppArmor or SELinux on, then restart containers from before, or give the container a seccomp profile that "
        "stops it. Install the distribution's fixed kernel in any case."
    ),
    references={"NIST SP 800-190": ("4.4.3", "4.5.4"), "CVE": ("CVE-2026-31431",)},
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.processes",
        "container.seccomp_applied",
        "daemon.info",
        "host.af_alg",
        "host.apparmor",
        "host.selinux",
        "host.selinux_access",
    ),
    container={"configured": _configured, "kernel": every.of_processes(_kernel)},
    frozen="start",
    run=_run,
)
