# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule seccomp."""

import json

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case, both, process

OPTIONS = ("inspect", "HostConfig", "SecurityOpt")
INFO = ("info", "SecurityOptions")
CUSTOM = ["name=seccomp,profile=/etc/docker/own.json"]
OWN_IN_FORCE = {("daemon",) + INFO: CUSTOM}
EMPTY = json.dumps({"defaultAction": "SCMP_ACT_ALLOW"})
LOGS = json.dumps({"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["nosuch"], "action": "SCMP_ACT_ERRNO"}]})
STRICT = json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]})
LISTS = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}]})
NUMA = json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["mbind"], "action": "SCMP_ACT_ALLOW"}]})
ADMINS = json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ALLOW"}]})
URING = json.dumps(
    {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["io_uring_setup"], "action": "SCMP_ACT_ALLOW"}]}
)
OLD_ENGINE = {("daemon", "info", "ServerVersion"): "20.10.24"}
NO_KEYS = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [{"names": ["keyctl"], "action": "SCMP_ACT_ALLOW"}],
    }
)
STOPPED = {"processes": GONE}


def opt(text, **changes):
    """With this --security-opt."""
    return both({OPTIONS: [text]}, changes)


CASES = (
    Case("daemon", "pass", "the built-in profile"),
    Case("daemon", "pass", "the built-in profile, as 20.10 says it", {INFO: ["name=seccomp,profile=default"]}),
    Case("daemon", "fail", "unconfined", {INFO: ["name=seccomp,profile=unconfined"]}, "unconfined"),
    Case("daemon", "fail", "no seccomp at all", {INFO: ["name=cgroupns"]}, "lacks"),
    Case("daemon", "fail", "a file that allows everything", {INFO: CUSTOM, "seccomp_profile": EMPTY}, "all that it"),
    Case(
        "daemon", "fail", "a file that gives mounts back", {INFO: CUSTOM, "seccomp_profile": ADMINS}, "mount (mounts)"
    ),
    Case("daemon", "pass", "a file that stops enough", {INFO: CUSTOM, "seccomp_profile": STRICT}),
    Case(
        "daemon",
        "unknown",
        "a file that was changed after the daemon's start",
        {
            INFO: CUSTOM,
            "seccomp_profile": Unreadable("/etc/docker/own.json was changed after the daemon started"),
        },
        "changed after",
    ),
    Case("daemon", "unknown", "a file that nobody has read", {INFO: CUSTOM}, "not known"),
    Case(
        "daemon",
        "fail",
        "stopped, and unconfined at the next start",
        {
            "info": Unreadable("docker.service is inactive"),
            ("configured", "seccomp-profile"): "unconfined",
        },
    ),
    Case(
        "daemon",
        "fail",
        "stopped, and a file that only logs at the next start",
        {
            "info": Unreadable("docker.service is inactive"),
            ("configured", "seccomp-profile"): "/own.json",
            "seccomp_profile_next": LOGS,
        },
    ),
    Case("container", "pass", "the daemon's profile on every process"),
    Case("container", "fail", "unconfined", opt("seccomp=unconfined", processes=[process(seccomp=0)])),
    Case("container", "fail", "unconfined, and the process installed a filter itself", opt("seccomp:unconfined")),
    Case("container", "fail", "a profile that allows everything looks the same to the kernel", opt("seccomp=" + EMPTY)),
    Case("container", "fail", "a profile that only logs, with a rule for show", opt("seccomp=" + LOGS), "all that it"),
    Case(
        "container",
        "fail",
        "stopped, a profile that lets keyctl through",
        opt("seccomp=" + NO_KEYS, **STOPPED),
        "keyctl",
    ),
    Case("container", "pass", "an own profile that denies by default", opt("seccomp=" + STRICT)),
    Case(
        "container",
        "fail",
        "stopped, a profile that lists what it stops",
        opt("seccomp=" + LISTS, **STOPPED),
        "unshare",
    ),
    Case("container", "pass", "an own profile with a call of little power", opt("seccomp=" + NUMA), "beyond it: mbind"),
    Case("container", "fail", "an own profile with mount", opt("seccomp=" + ADMINS), "mount (mounts)"),
    Case(
        "container",
        "pass",
        "mount, which Docker's own lets a container with SYS_ADMIN call as well",
        both({OPTIONS: ["seccomp=" + ADMINS]}, {("inspect", "HostConfig", "CapAdd"): ["SYS_ADMIN"]}),
    ),
    Case("container", "fail", "io_uring, which 26.1 stops", opt("seccomp=" + URING), "io_uring_setup"),
    Case(
        "container",
        "pass",
        "io_uring, which 20.10's own lets through as well",
        both({OPTIONS: ["seccomp=" + URING]}, OLD_ENGINE),
    ),
    Case(
        "container",
        "fail",
        "kept from before the engine's upgrade: its old profile lets io_uring through",
        {"stat": (4200, 999), "seccomp_applied": URING},
        "started with",
    ),
    Case("container", "unknown", "a profile that is none", opt("seccomp=/tmp/own.json")),
    Case(
        "container",
        "fail",
        "privileged",
        {
            ("inspect", "HostConfig", "Privileged"): True,
            "processes": [process(seccomp=0)],
        },
    ),
    Case("container", "fail", "stopped and privileged", both(STOPPED, {("inspect", "HostConfig", "Privileged"): True})),
    Case(
        "container",
        "unknown",
        "stopped, privileged with an own profile",
        {
            OPTIONS: ["seccomp=" + STRICT],
            ("inspect", "HostConfig", "Privileged"): True,
            "processes": GONE,
        },
        "engines before 27",
    ),
    Case(
        "container",
        "fail",
        "one process, entered otherwise, has no filter",
        {
            "processes": [process(), process(pid=4300, seccomp=0)],
        },
        "process 4300",
    ),
    Case("container", "fail", "strict mode is no filter of Docker's", {"processes": [process(seccomp=1)]}),
    Case("container", "fail", "a start under an unconfined daemon stays", {("made", "SeccompProfile"): "unconfined"}),
    Case(
        "container",
        "fail",
        "stopped, and the daemon's own profile allows everything",
        both(
            OWN_IN_FORCE,
            STOPPED,
            {("daemon", "seccomp_profile"): EMPTY},
        ),
    ),
    Case("container", "unknown", "a filter, but the daemon's profile is not known", OWN_IN_FORCE, "a filter is on"),
    Case(
        "container",
        "pass",
        "live-restored, started with a good profile",
        {
            "stat": (4200, 999),
            "seccomp_applied": STRICT,
        },
    ),
    Case(
        "container",
        "fail",
        "live-restored, started with a profile that allowed everything",
        {
            "stat": (4200, 999),
            "seccomp_applied": EMPTY,
        },
        "started with",
    ),
    Case(
        "container",
        "unknown",
        "live-restored, and what it was started with can't be read",
        {
            "stat": (4200, 999),
            "seccomp_applied": Unreadable("the container's specification: Permission denied"),
        },
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
)

RECORDED = {"seccomp-unconfined": ["remove --security-opt=seccomp=unconfined"]}
CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
    "seccomp-unconfined": [("remove", "--security-opt=seccomp=unconfined", 'security_opt: ["seccomp=unconfined"]')],
    "seccomp-own": [("remove", "--security-opt=seccomp=FILE", 'security_opt: ["seccomp=FILE"]')],
}
