# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A seccomp filter stands between each process and the kernel."""

from typing import Any, Dict, FrozenSet, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities as capability_sets
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.seccomp import compare, profile

KEY = "seccomp-profile"
_FILTERING = 2  # linux: include/uapi/linux/seccomp.h, SECCOMP_MODE_FILTER


def _compared(whose: str, text: str, capabilities: FrozenSet[str], info: Mapping[str, Any]) -> Verdict:
    """Of a profile's JSON, beside Docker's own for the same capabilities on the same machine and engine."""
    machine = profile.machine(capabilities, str(info.get("Architecture", "")), str(info.get("KernelVersion", "")))
    beyond = compare.beyond(text, machine, engine_info.release(info))
    return Verdict(not beyond.by_default and not beyond.dangerous, compare.sentence(whose, beyond))


def _daemon_profile(name: str, daemon: Evidence, key: str, capabilities: FrozenSet[str]) -> Verdict:
    """Of the daemon's profile by its name: built in, none, or a file whose text the evidence has."""
    if name == "unconfined":
        return Verdict(False, "the daemon's seccomp profile is unconfined")
    if name in ("", "builtin"):
        return Verdict(True, "the daemon's seccomp profile is the built-in one")
    try:
        text = daemon[key]
    except Absent:
        return Verdict(None, f"the daemon's seccomp profile {name!r} is not known here")
    return _compared(f"the daemon's seccomp profile {name!r}", text, capabilities, _info(daemon))


def _info(daemon: Evidence) -> Dict[str, Any]:
    """docker info, or nothing: then a profile is compared with the newest engine's own, and what may apply counts."""
    try:
        return daemon["info"]
    except (Absent, Unreadable):
        return {}


def _daemon_configured(evidence: Evidence) -> Verdict:
    name = evidence["configured"].get(KEY) or ""
    return _daemon_profile(name, evidence, "seccomp_profile_next", capability_sets.DEFAULT)


def _daemon_effective(evidence: Evidence, capabilities: FrozenSet[str] = capability_sets.DEFAULT) -> Verdict:
    name = engine_info.seccomp_profile(evidence["info"])
    if name is None:
        return Verdict(False, "docker info lacks name=seccomp: the kernel or the engine has none")
    return _daemon_profile(name, evidence, "seccomp_profile", capabilities)


def _requested(host_config: Mapping[str, Any]) -> Optional[str]:
    return security_opt.parse(host_config.get("SecurityOpt")).seccomp


def _capabilities(host_config: Mapping[str, Any]) -> FrozenSet[str]:
    add, drop = host_config.get("CapAdd"), host_config.get("CapDrop")
    return capability_sets.created_with(add, drop, bool(host_config.get("Privileged")))


def _own(option: str, evidence: Evidence) -> Verdict:
    if option == "unconfined":
        return Verdict(False, "SecurityOpt says seccomp=unconfined")
    if option == "builtin":
        return Verdict(True, "SecurityOpt says seccomp=builtin")
    try:
        info = _info(evidence["daemon"])
    except Absent:
        info = {}
    capabilities = _capabilities(evidence["inspect"]["HostConfig"])
    return _compared("the container's own seccomp profile", option, capabilities, info)


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    host_config = evidence["inspect"]["HostConfig"]
    option = _requested(host_config)
    if not host_config.get("Privileged"):
        return _own(option, evidence) if option else _kept_unconfined(evidence)
    if not option:
        return Verdict(False, "a privileged container has no seccomp filter")
    own = _own(option, evidence)
    return own if own.ok is False else Verdict(None, "engines before 27 give a privileged container no filter")


def _kept_unconfined(evidence: Evidence) -> Optional[Verdict]:
    """A start under an unconfined daemon (23.0 on), or without seccomp in the kernel, stays with the container."""
    if evidence["made"].get("SeccompProfile") == "unconfined":
        return Verdict(False, "an earlier start left it unconfined, and the daemon keeps that")
    return None


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged") or _requested(host_config):
        return None
    # what the next start of the container takes over
    return _daemon_effective(evidence["daemon"], _capabilities(host_config))


def _container_kernel(evidence: Evidence) -> Verdict:
    processes = evidence["processes"]
    unfiltered = sorted({process.pid for process in processes if process.status.seccomp != _FILTERING})
    if unfiltered:
        return Verdict(False, f"no seccomp filter on process {', '.join(map(str, unfiltered[:5]))}")
    started_with = _started_with(evidence)
    sentence = f"a filter is on {every.describe_all(len({process.pid for process in processes}))}: {started_with.seen}"
    return Verdict(started_with.ok, sentence)  # the kernel doesn't show which filter it is


def _started_with(evidence: Evidence) -> Verdict:
    """The profile that the running container got at its start."""
    host_config = evidence["inspect"]["HostConfig"]
    option = _requested(host_config)
    if option:
        return _own(option, evidence)
    capabilities = _capabilities(host_config)
    if evidence["stat"][1] < evidence["daemon"]["start_ticks"]:
        # live-restored: the daemon that started it may have had another profile, or an older one of its own
        text = evidence["seccomp_applied"]
        return _compared("the profile that it was started with", text, capabilities, evidence["daemon"]["info"])
    return _daemon_effective(evidence["daemon"], capabilities)


def _run(evidence: Evidence) -> List[RunChange]:
    host_config = evidence["inspect"]["HostConfig"]
    asked_by = [(option, _requested({"SecurityOpt": [option]})) for option in host_config.get("SecurityOpt") or ()]
    weak = [option for option, own in asked_by if own and _own(own, evidence).ok is False]
    return unprivileged(host_config) + [RunChange("remove", "SecurityOpt", option) for option in weak]


RULE = Rule(
    id="seccomp",
    title="A seccomp filter stops dangerous system calls",
    severity="high",
    weakness={
        "daemon": "the daemon's seccomp profile lets dangerous system calls through",
        "container": "no seccomp filter stops dangerous system calls of it",
    },
    rationale=(
        "The kernel is one for all containers, and each system call is a way into it. Docker's default profile stops "
        "about a seventh of them, among them those behind many kernel exploits. A profile that allows by default looks like "
        "a filter and lets through whatever it forgot. A profile is compared with the whole of Docker's own, argument "
        "filters included, as both apply to the container's capabilities on this kernel: it fails where it gives back "
        "namespaces, mounts, keys, BPF, tracing, modules, io_uring, clocks or socket families; other calls are named."
    ),
    remediation=(
        "Leave seccomp-profile at builtin in daemon.json, recreate containers without `--security-opt "
        "seccomp=unconfined`, and write an own profile as Docker's default of the same release plus the few calls that are "
        "needed: not unshare, setns or clone as many copies for browsers have it, as these reach much of the kernel."
    ),
    references={
        "CIS 1.6": ("2.17", "5.22"),
        "CIS 1.8": ("2.18", "5.22"),
        "STIG": ("DKER-EE-002070",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.made",
        "container.processes",
        "container.seccomp_applied",
        "container.stat",
        "daemon.configured",
        "daemon.info",
        "daemon.seccomp_profile",
        "daemon.seccomp_profile_next",
        "daemon.start_ticks",
    ),
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={
        "configured": _container_configured,
        "effective": _container_effective,
        "kernel": every.of_processes(_container_kernel),
    },
    settings={KEY: ""},  # 20.10 takes "builtin" for a file's name
    frozen="start",
    run=_run,
    next_start=True,
)
