# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule selinux."""

from ansible_collections.containment.docker.plugins.module_utils.rule import Unreadable

from ..subjects import GONE, Case, both, process

OPTIONS, LABEL = ("inspect", "HostConfig", "SecurityOpt"), ("inspect", "ProcessLabel")
MODE = ("host", "selinux")
SPC = "system_u:system_r:spc_t:s0"
WITHOUT = ["name=seccomp,profile=builtin", "name=userns"]


def stopped(changes):
    """A stopped container."""
    return both({"processes": GONE}, changes)


CASES = (
    Case("host", "pass", "enforcing"),
    Case("host", "fail", "permissive", {MODE: "permissive"}, "permissive"),
    Case("host", "fail", "in the kernel, but no policy is loaded", {MODE: "disabled"}, "disabled"),
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
)
