# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule apparmor."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case, both, process

INFO = ("info", "SecurityOptions")
OPTIONS, PROFILE = ("inspect", "HostConfig", "SecurityOpt"), ("inspect", "AppArmorProfile")
DEFAULT = "docker-default (enforce)"
HAS_IT = {
    ("host", "apparmor"): True,
    ("host", "selinux"): None,
    PROFILE: "docker-default",
    "processes": [process(label=DEFAULT)],
}


def having(changes):
    """On a kernel that has AppArmor."""
    return both(HAS_IT, changes)


def running(*labels):
    """Processes with these labels on such a kernel."""
    return having({"processes": [process(pid=4242 + n, label=label) for n, label in enumerate(labels)]})


CASES = (
    Case("daemon", "not_applicable", "a kernel without it"),
    Case("daemon", "pass", "the engine uses it", {("host", "apparmor"): True, INFO: ["name=apparmor"]}),
    Case(
        "daemon",
        "fail",
        "the kernel has it, the engine doesn't use it",
        {("host", "apparmor"): True, INFO: ["name=cgroupns"]},
    ),
    Case(
        "daemon",
        "unknown",
        "the daemon hangs",
        {("host", "apparmor"): True, "info": Unreadable("no answer within 5 s")},
    ),
    Case("container", "not_applicable", "a kernel without it"),
    Case("container", "pass", "the default profile is enforced", HAS_IT, DEFAULT),
    Case(
        "container",
        "fail",
        "unconfined",
        having(
            {
                OPTIONS: ["apparmor=unconfined"],
                PROFILE: "unconfined",
                "processes": [process(label="unconfined")],
            }
        ),
    ),
    Case(
        "container",
        "fail",
        "switched off on a kernel without it: named all the same",
        {OPTIONS: ["apparmor:unconfined"]},
    ),
    Case(
        "container",
        "fail",
        "an own profile in complain mode",
        having(
            {
                OPTIONS: ["apparmor=own"],
                PROFILE: "own",
                "processes": [process(label="own (complain)")],
            }
        ),
        "complain",
    ),
    Case(
        "container",
        "pass",
        "an own profile, enforced",
        having(
            {
                OPTIONS: ["apparmor=own"],
                PROFILE: "own",
                "processes": [process(label="own (enforce)")],
            }
        ),
    ),
    Case("container", "fail", "one process of two is unconfined", running(DEFAULT, "unconfined"), "process 4243"),
    Case("container", "fail", "a profile that is called like an enforced one", running("x (enforce) (complain)")),
    Case(
        "container",
        "fail",
        "an unclear process does not hide an unconfined one",
        running("a//&b (mixed)", "unconfined"),
    ),
    Case("container", "unknown", "a stack of profiles in different modes", running("a//&b (mixed)")),
    Case(
        "container",
        "fail",
        "stopped and privileged",
        having(
            {
                ("inspect", "HostConfig", "Privileged"): True,
                PROFILE: "",
                "processes": GONE,
            }
        ),
    ),
    Case(
        "container", "unknown", "stopped, with an own profile", having({PROFILE: "own", "processes": GONE}), "running"
    ),
    Case("container", "pass", "stopped, with the default profile", having({"processes": GONE})),
    Case("container", "unknown", "gone while looked at", having({"processes": Unreadable("process 4242 ended")})),
)

CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
    "apparmor": [("remove", "--security-opt=apparmor=unconfined", 'security_opt: ["apparmor=unconfined"]')],
}
