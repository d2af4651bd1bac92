# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A seccomp filter stands between each process and the kernel."""

from ansible_collections.containment.docker.plugins.module_utils import engine_info, seccomp_profile, security_opt
from ansible_collections.containment.docker.plugins.module_utils.rule import Absent, Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.run_change import RunChange, unprivileged

KEY = "seccomp-profile"
_FILTERING = 2  # linux: include/uapi/linux/seccomp.h, SECCOMP_MODE_FILTER


def _judged(whose, text):
    """Of a profile's JSON."""
    through = seccomp_profile.lets_through(text)
    if through == seccomp_profile.WATCHED:
        return Verdict(False, "%s stops nothing that matters" % whose)
    if through:
        return Verdict(False, "%s does not stop %s" % (whose, ", ".join(through)))
    return Verdict(True, "%s stops what Docker's own stops" % whose)


def _daemon_profile(name, evidence, key):
    """Of the daemon's profile by its name: built in, none, or a file whose text the evidence has."""
    if name == "unconfined":
        return Verdict(False, "the daemon's seccomp profile is unconfined")
    if name in ("", "builtin"):
        return Verdict(True, "the daemon's seccomp profile is the built-in one")
    try:
        text = evidence[key]
    except Absent:
        return Verdict(None, "the daemon's seccomp profile %r is not known here" % name)
    return _judged("the daemon's seccomp profile %r" % name, text)


def _daemon_configured(evidence):
    return _daemon_profile(evidence["configured"].get(KEY) or "", evidence, "seccomp_profile_next")


def _daemon_effective(evidence):
    name = engine_info.seccomp_profile(evidence["info"])
    if name is None:
        return Verdict(False, "docker info lacks name=seccomp: the kernel or the engine has none")
    return _daemon_profile(name, evidence, "seccomp_profile")


def _asked(host_config):
    return security_opt.parse(host_config.get("SecurityOpt")).seccomp


def _own(profile):
    if profile == "unconfined":
        return Verdict(False, "SecurityOpt says seccomp=unconfined")
    if profile == "builtin":
        return Verdict(True, "SecurityOpt says seccomp=builtin")
    return _judged("the container's own seccomp profile", profile)


def _container_configured(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    profile = _asked(host_config)
    if not host_config.get("Privileged"):
        return _own(profile) if profile else _kept_unconfined(evidence)
    if not profile:
        return Verdict(False, "a privileged container has no seccomp filter")
    own = _own(profile)
    return own if own.ok is False else Verdict(None, "engines before 27 give a privileged container no filter")


def _kept_unconfined(evidence):
    """A start under an unconfined daemon (23.0 on), or without seccomp in the kernel, stays with the container."""
    if evidence["made"].get("SeccompProfile") == "unconfined":
        return Verdict(False, "an earlier start left it unconfined, and the daemon keeps that")
    return None


def _container_effective(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    if host_config.get("Privileged") or _asked(host_config):
        return None
    return _daemon_effective(evidence["daemon"])  # what the next start of the container takes over


def _container_kernel(evidence):
    processes = evidence["processes"]
    unfiltered = [process.pid for process in processes if process.status.seccomp != _FILTERING]
    if unfiltered:
        return Verdict(False, "no seccomp filter on process %s" % ", ".join(map(str, unfiltered[:5])))
    profile = _started_with(evidence)
    seen = "a filter is on each of %d processes: %s" % (len(processes), profile.seen)
    return Verdict(profile.ok, seen)  # the kernel doesn't show which filter it is


def _started_with(evidence):
    """The profile that the running container got at its start."""
    asked = _asked(evidence["inspect"]["HostConfig"])
    if asked:
        return _own(asked)
    if evidence["stat"][1] < evidence["daemon"]["start_ticks"]:
        # live-restored: the daemon that started it may have had another profile
        return _judged("the profile that it was started with", evidence["seccomp_applied"])
    return _daemon_effective(evidence["daemon"])


def _run(evidence):
    host_config = evidence["inspect"]["HostConfig"]
    profiles = [(option, _asked({"SecurityOpt": [option]})) for option in host_config.get("SecurityOpt") or ()]
    weak = [option for option, profile in profiles if profile and _own(profile).ok is False]
    return unprivileged(host_config) + [RunChange("remove", "SecurityOpt", option) for option in weak]


RULE = Rule(
    id="seccomp",
    title="A seccomp filter stops dangerous system calls",
    severity="high",
    rationale=(
        "The kernel is one for all containers, and each system call is a way into it. Docker's default profile stops "
        "about a seventh of them, among them those behind many kernel exploits. A profile that allows by default "
        "looks like a filter and stops nothing."
    ),
    remediation=(
        "Leave seccomp-profile at builtin in daemon.json, recreate containers without `--security-opt "
        "seccomp=unconfined`, and write an own profile as Docker's default plus the few calls that are needed."
    ),
    references={
        "CIS 1.6": ("2.17", "5.22"),
        "CIS 1.8": ("2.18", "5.22"),
        "STIG": ("DKER-EE-002070",),
        "NIST SP 800-190": ("4.4.3",),
    },
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={"configured": _container_configured, "effective": _container_effective, "kernel": _container_kernel},
    settings={KEY: ""},  # 20.10 takes "builtin" for a file's name
    frozen="start",
    run=_run,
)
