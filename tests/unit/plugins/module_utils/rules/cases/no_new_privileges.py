# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule no-new-privileges."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case, process

INFO_WITHOUT = ["name=seccomp,profile=builtin"]
CASES = (
    Case("daemon", "pass", "on in the file and in force"),
    Case("daemon", "fail", "file edited, daemon not restarted", {("info", "SecurityOptions"): INFO_WITHOUT}),
    Case(
        "daemon",
        "pass",
        "on by flag before 24.0",
        {
            ("info", "ServerVersion"): "20.10.24",
            ("info", "SecurityOptions"): INFO_WITHOUT,
        },
        "started with",
    ),
    Case(
        "daemon",
        "unknown",
        "20.10 and the file is newer than the daemon",
        {
            ("info", "ServerVersion"): "20.10.24",
            ("info", "SecurityOptions"): INFO_WITHOUT,
            "running": Unreadable("daemon.json was changed after the daemon started"),
        },
        "changed after",
    ),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case("container", "pass", "its only process has it", {}, "1 for its only process"),
    Case(
        "container",
        "pass",
        "two have it",
        {"processes": [process(), process(pid=4300)]},
        "1 for each of its 2 processes",
    ),
    Case(
        "container",
        "fail",
        "one process, entered by exec, lacks it",
        {
            "processes": [process(), process(pid=4300, no_new_privs=0)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "override by the older key:value form",
        {
            ("inspect", "HostConfig", "SecurityOpt"): ["no-new-privileges:false"],
            "processes": [process(no_new_privs=0)],
        },
    ),
    Case("container", "fail", "the process set it itself, exec won't have it", {("made", "NoNewPrivileges"): False}),
    Case("container", "pass", "stopped, created with it", {"processes": GONE}),
    Case("container", "fail", "stopped, created without", {"processes": GONE, ("made", "NoNewPrivileges"): False}),
    Case(
        "container",
        "unknown",
        "an option that no engine takes",
        {
            ("inspect", "HostConfig", "SecurityOpt"): ["nonsense=1"],
            "processes": GONE,
            "made": GONE,
        },
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
)

RECORDED = {"nnp-off": ["remove --security-opt=no-new-privileges=false"]}
CREATED = {
    "nnp-off": [
        ("remove", "--security-opt=no-new-privileges=false", 'security_opt: ["no-new-privileges=false"]'),
        ("add", "--security-opt=no-new-privileges", "security_opt: [no-new-privileges]"),
    ],
    "nnp-off-colon": [
        ("remove", "--security-opt=no-new-privileges:0", 'security_opt: ["no-new-privileges:0"]'),
        ("add", "--security-opt=no-new-privileges", "security_opt: [no-new-privileges]"),
    ],
}
