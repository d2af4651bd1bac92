# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of the rule kernel-crypto-sockets."""

import json

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision, Unanswered

from ..selinux_world import MODE
from ..subjects import GONE, Case, both, process

STATE = ("host", "af_alg")
FILTER = ("seccomp_applied",)
VERSION = ("daemon", "info", "ServerVersion")
HERE = {STATE: "in force", MODE: None, VERSION: "29.4.2"}
STOPPED = {("inspect", "State", "Running"): False, **dict.fromkeys(("processes", "stat", "seccomp_applied"), GONE)}
OFFLINE = dict.fromkeys(("host", "daemon", "processes", "stat", "seccomp_applied", "made"), GONE)


def filter_of(families=(38, 40), arches=("SCMP_ARCH_X86_64",), socketcall=None, default="SCMP_ACT_ERRNO"):
    """A filter that lets socket through for all families but these. socketcall: its rule."""
    calls = [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    # each rule has one condition, as runc makes a rule of each of several
    bounds = [{"index": 0, "value": families[0], "op": "SCMP_CMP_LT"}] if families else [None]
    bounds += [{"index": 0, "value": families[-1], "op": "SCMP_CMP_GT"}] if families else []
    for bound in bounds:
        calls.append({"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [bound] if bound else []})
    calls += [dict(socketcall, names=["socketcall"])] if socketcall else []
    return json.dumps({"defaultAction": default, "architectures": list(arches), "syscalls": calls})


def policy(denied, permissive=False):
    def ask(source, target, tclass, permissions):
        assert source == target and tclass == "alg_socket" and permissions == ("create",)
        if isinstance(denied, Exception):
            raise denied
        return Decision(permissions if denied else (), permissive)

    return {("host", "selinux_access"): ask}


BOTH = ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86")


def make_good(kind, evidence):
    """A host whose kernel has no such sockets."""
    if kind == "host":
        evidence["af_alg"] = "absent"
    if kind == "container":
        evidence["seccomp_applied"] = filter_of()


CASES = (
    Case("container", "pass", "the kernel has none", seen="this kernel has no AF_ALG"),
    Case("container", "pass", "its module is blocked", both(HERE, {STATE: "blocked"}), "modprobe.d"),
    Case("container", "pass", "the filter stops it", HERE, "stops socket"),
    Case("container", "fail", "an engine's filter from before", both(HERE, {FILTER: filter_of((40,))}), "lets socket"),
    Case(
        "container",
        "fail",
        "the filter of an engine that lets every container through",
        both(HERE, {VERSION: "28.5.2", FILTER: filter_of((40,))}),
        run=True,
    ),
    Case(
        "container",
        "fail",
        "another filter, which the daemon gives to every container",
        both(
            HERE,
            {
                VERSION: "28.5.2",
                FILTER: filter_of((40,)),
                ("daemon", "info", "SecurityOptions"): ["name=seccomp,profile=/etc/docker/own.json"],
            },
        ),
        run=False,
    ),
    Case("container", "fail", "loadable", both(HERE, {STATE: "loadable", FILTER: filter_of(())}), "loads AF_ALG"),
    Case("container", "fail", "no filter was given", both(HERE, {FILTER: "{}"}), "lets socket"),
    Case(
        "container",
        "fail",
        "the filter stops it, but 32-bit programs have socketcall by libseccomp",
        both(HERE, {FILTER: filter_of(arches=BOTH)}),
        "but not the socketcall",
    ),
    Case(
        "container",
        "fail",
        "socketcall is let through",
        both(HERE, {FILTER: filter_of(arches=BOTH, socketcall={"action": "SCMP_ACT_ALLOW"})}),
        "but not the socketcall",
    ),
    Case(
        "container",
        "fail",
        "socketcall is stopped as everything is by default, which runc leaves out",
        both(HERE, {FILTER: filter_of(arches=BOTH, socketcall={"action": "SCMP_ACT_ERRNO", "errnoRet": 1})}),
        "but not the socketcall",
    ),
    Case(
        "container",
        "pass",
        "socketcall is stopped with another error",
        both(HERE, {FILTER: filter_of(arches=BOTH, socketcall={"action": "SCMP_ACT_ERRNO", "errnoRet": 38})}),
        "stops socket",
    ),
    Case(
        "container",
        "fail",
        "a process without the filter",
        both(HERE, {("processes",): [process(), process(pid=77, seccomp=0)]}),
        "no seccomp filter is on process 77",
    ),
    Case(
        "container",
        "pass",
        "the SELinux policy denies it",
        both({STATE: "in force", VERSION: "29.4.2", FILTER: filter_of(())}, policy(True)),
        "SELinux policy denies",
    ),
    Case(
        "container",
        "fail",
        "the SELinux policy denies it in a permissive domain",
        both({STATE: "in force", VERSION: "29.4.2", FILTER: filter_of(())}, policy(True, permissive=True)),
        "lets socket",
    ),
    Case(
        "container",
        "fail",
        "the SELinux policy allows it",
        both({STATE: "in force", VERSION: "29.4.2", FILTER: filter_of(())}, policy(False)),
    ),
    Case(
        "container",
        "unknown",
        "the policy does not answer",
        both({STATE: "in force", VERSION: "29.4.2", FILTER: filter_of(())}, policy(Unanswered("no such class"))),
        "no such class",
    ),
    Case(
        "container",
        "pass",
        "AppArmor of a newer engine",
        both(
            HERE,
            {
                FILTER: filter_of(()),
                ("host", "apparmor"): True,
                ("daemon", "info", "ServerVersion"): "29.5.0",
                ("processes",): [process(label="docker-default (enforce)")],
            },
        ),
        "AppArmor",
    ),
    Case(
        "container",
        "fail",
        "AppArmor of a newer engine, and a process outside of it",
        both(
            HERE,
            {
                FILTER: filter_of(()),
                ("host", "apparmor"): True,
                ("daemon", "info", "ServerVersion"): "29.5.0",
                ("processes",): [process(label="docker-default (enforce)"), process(pid=7, label="unconfined")],
            },
        ),
    ),
    Case(
        "container",
        "fail",
        "privileged, on an engine whose own filter lets it through",
        both(
            HERE,
            {VERSION: "26.1.5", ("inspect", "HostConfig", "Privileged"): True, ("processes",): [process(seccomp=0)]},
        ),
        run=True,
    ),
    Case("container", "unknown", "the filter can't be read", both(HERE, {FILTER: Unreadable("denied")}), "denied"),
    Case("container", "unknown", "the kernel can't be asked", {STATE: Unreadable("no modules.dep")}, "modules.dep"),
    Case("container", "pass", "stopped, on a kernel without AF_ALG", both(STOPPED, {STATE: "absent"}), "has no AF_ALG"),
    Case("container", "unknown", "stopped, with the engine's own filter", both(STOPPED, HERE)),
    Case(
        "container",
        "fail",
        "stopped, without a filter",
        both(STOPPED, HERE, {("inspect", "HostConfig", "SecurityOpt"): ["seccomp=unconfined"]}),
        "unconfined",
    ),
    Case(
        "container",
        "fail",
        "a request without a filter",
        both(OFFLINE, {("inspect", "HostConfig", "SecurityOpt"): ["seccomp=unconfined"]}),
        "unconfined",
    ),
    Case(
        "container",
        "pass",
        "a request with a profile",
        both(OFFLINE, {("inspect", "HostConfig", "SecurityOpt"): ["seccomp=" + filter_of()]}),
        "its own",
    ),
)

RECORDED = {}  # where they were recorded the kernel had no AF_ALG
CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
    "seccomp-unconfined": [("remove", "--security-opt=seccomp=unconfined", 'security_opt: ["seccomp=unconfined"]')],
    "seccomp-own": [("remove", "--security-opt=seccomp=FILE", 'security_opt: ["seccomp=FILE"]')],
}
