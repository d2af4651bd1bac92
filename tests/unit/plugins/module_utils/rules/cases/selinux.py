# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule selinux."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import CommandLine, Config

from ..selinux_world import MODE, REQUIRED, silent
from ..subjects import GONE, Case, both, process

OPTIONS, LABEL = ("inspect", "HostConfig", "SecurityOpt"), ("inspect", "ProcessLabel")
SPC = "system_u:system_r:spc_t:s0"
WITHOUT = ["name=seccomp,profile=builtin", "name=userns"]
BOOT = ("host", "selinux_boot")
TCP = {("daemon", "state"): "remote", "host": GONE, "processes": GONE}
NO_FILE = "there is no /etc/selinux/config"


def labelled(domain, level="s0:c12,c345"):
    """A container whose process runs in this domain."""
    return {"processes": [process(label="system_u:system_r:%s:%s" % (domain, level))]}


def stopped(changes):
    """A stopped container."""
    return both({"processes": GONE}, changes)


CASES = (
    Case("host", "pass", "enforcing"),
    Case("host", "fail", "permissive", {MODE: "permissive"}, "permissive"),
    Case("host", "fail", "in the kernel, but no policy is loaded", {MODE: "disabled"}, "disabled: no policy is loaded"),
    Case(
        "host", "pass", "enforcing now, not after the next boot", {BOOT: (Config("permissive", "a", ""), CommandLine())}
    ),
    Case("host", "pass", "the file can't be read", {BOOT: (Config(None, None, NO_FILE), CommandLine())}),
    Case("host", "fail", "not in the kernel, and the site demands it", REQUIRED, "this kernel has no SELinux"),
    Case("host", "unknown", "another machine's engine", {("daemon", "state"): "remote"}),
    Case("host", "not_applicable", "not in the kernel", {MODE: None}),
    Case("host", "unknown", "can't be read", {MODE: Unreadable("/sys/fs/selinux/enforce: Permission denied")}),
    Case("daemon", "pass", "on in the file and in force"),
    Case("daemon", "fail", "file edited, daemon not restarted", {("info", "SecurityOptions"): WITHOUT}, "lacks"),
    Case(
        "daemon",
        "not_applicable",
        "asked for on a kernel without it",
        {
            MODE: None,
            ("info", "SecurityOptions"): WITHOUT,
        },
    ),
    Case(
        "daemon",
        "fail",
        "on a kernel without it, and the site demands it",
        both(REQUIRED, {("info", "SecurityOptions"): WITHOUT}),
        "lacks",
    ),
    Case("daemon", "pass", "another machine's, which says so", {"state": "remote", "host": GONE}),
    Case(
        "daemon",
        "unknown",
        "another machine's, which may have no SELinux",
        {"state": "remote", "host": GONE, ("info", "SecurityOptions"): WITHOUT},
        "not seen from here",
    ),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}),
    Case("container", "pass", "each process has its label"),
    Case(
        "container",
        "not_applicable",
        "a kernel without it",
        {MODE: None, LABEL: "", "processes": [process(label=None)]},
    ),
    Case(
        "container",
        "fail",
        "switched off on a kernel without it: named all the same",
        {
            MODE: None,
            OPTIONS: ["label=disable"],
            LABEL: "",
            "processes": [process(label=None)],
        },
    ),
    Case(
        "container",
        "not_applicable",
        "privileged on a kernel without it: dockerd wrote that itself",
        {
            MODE: None,
            OPTIONS: ["label=disable"],
            ("inspect", "HostConfig", "Privileged"): True,
        },
    ),
    Case(
        "container",
        "fail",
        "label=disable",
        {
            OPTIONS: ["label=disable"],
            LABEL: "",
            "processes": [process(label=SPC)],
        },
        "spc_t",
    ),
    Case("container", "fail", "the oldest spelling", stopped({OPTIONS: ["disable"]})),
    Case(
        "container",
        "fail",
        "a request for the host's pid namespace",
        stopped(
            {
                ("inspect", "HostConfig", "PidMode"): "host",
                ("inspect", "State"): GONE,
                LABEL: GONE,
            }
        ),
        "switches labels off",
    ),
    Case(
        "container",
        "pass",
        "the host's pid namespace, with a label of its own",
        {
            ("inspect", "HostConfig", "PidMode"): "host",
            OPTIONS: ["label=type:container_t"],
        },
    ),
    Case("container", "fail", "an unconfined type", stopped({OPTIONS: ["label=type:spc_t"]}), "not confined"),
    Case("container", "fail", "every category: all containers' files", stopped({OPTIONS: ["label:level:s0:c0.c1023"]})),
    Case("container", "fail", "from before selinux-enabled", stopped({LABEL: ""}), "no SELinux label"),
    Case(
        "container",
        "fail",
        "one process, entered otherwise, is not confined",
        {
            "processes": [process(), process(pid=4300, label=SPC)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "an unclear label does not hide an unconfined one",
        {
            "processes": [process(label="docker-default (enforce)"), process(pid=4300, label=SPC)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "unknown",
        "a label that is none of SELinux",
        {"processes": [process(label="docker-default (enforce)")]},
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
    Case("container", "pass", "stopped, labelled", stopped({}), "container_t"),
    Case("container", "pass", "a process that the policy holds back as well", labelled("container_init_t")),
    Case("container", "pass", "a domain of its own, as udica writes them", labelled("web.process")),
    Case("container", "fail", "a domain that may write the host's files", labelled("loose_t"), "may write etc_t"),
    Case("container", "fail", "a permissive domain", labelled("lenient_t"), "the domain is a permissive one"),
    Case("container", "unknown", "a domain that the policy doesn't know", labelled("new_t"), "doesn't know"),
    Case(
        "container",
        "unknown",
        "a domain that no name tells of, and a kernel that can't be asked",
        both(labelled("web.process"), {("host", "selinux_access"): silent}),
        "Permission denied",
    ),
    Case("container", "pass", "a kernel that can't be asked, the usual domain", {("host", "selinux_access"): silent}),
    Case(
        "container",
        "fail",
        "a kernel that can't be asked, spc_t",
        both(labelled("spc_t", "s0"), {("host", "selinux_access"): silent}),
    ),
    Case(
        "container",
        "fail",
        "a type asked for that may write the host's files",
        stopped({OPTIONS: ["label=type:loose_t"]}),
        "may write etc_t",
    ),
    Case("container", "pass", "a type asked for that is held back", stopped({OPTIONS: ["label=type:web.process"]})),
    Case("container", "fail", "every category, in pieces", stopped({OPTIONS: ["label=level:s0:c0.c511,c512.c1023"]})),
    Case(
        "container",
        "unknown",
        "a label with a second question in it",
        {"processes": [process(label="a:b:container_t:s0 system_u:system_r:spc_t:s0\n")]},
        "which is no SELinux label",
    ),
    Case(
        "container",
        "fail",
        "on a kernel without it, and the site demands it",
        both(REQUIRED, labelled("x")),
        "no SELinux",
    ),
    Case(
        "container",
        "fail",
        "no policy is loaded",
        {MODE: "disabled", "processes": [process(label="kernel")]},
        "no policy",
    ),
    Case("container", "pass", "another machine's engine, by the label that it stored", TCP, "ProcessLabel"),
    Case("container", "fail", "another machine's, with labels off", both(TCP, {OPTIONS: ["label=disable"], LABEL: ""})),
    Case("container", "unknown", "another machine's, perhaps without SELinux", both(TCP, {LABEL: ""})),
    Case(
        "container",
        "fail",
        "the host's ipc namespace, entered with a label",
        {("inspect", "HostConfig", "IpcMode"): "host"},
        "switches labels off",
    ),
)

CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [
        ("remove", "--privileged", "privileged: true"),
        ("remove", "--pid=host", "pid: host"),
        ("remove", "--ipc=host", "ipc: host"),
    ],
    "label": [("remove", "--security-opt=label=disable", 'security_opt: ["label=disable"]')],
    "label-type": [("remove", "--security-opt=label=type:spc_t", 'security_opt: ["label=type:spc_t"]')],
    "pid": [("remove", "--pid=host", "pid: host")],
    "ipc": [("remove", "--ipc=host", "ipc: host")],
}
