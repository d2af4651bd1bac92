# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule capabilities."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.capabilities import DEFAULT, EVERY

from ..subjects import GONE, UNMAPPED, Case, both, process

ADD, DROP = ("inspect", "HostConfig", "CapAdd"), ("inspect", "HostConfig", "CapDrop")
STOPPED = {"processes": GONE, "namespaces": GONE}
CASES = (
    Case("container", "pass", "all dropped but one"),
    Case(
        "container",
        "pass",
        "Docker's default set",
        {
            ADD: None,
            DROP: None,
            "processes": [process(bounding=DEFAULT, effective=DEFAULT)],
        },
    ),
    Case(
        "container",
        "fail",
        "SYS_ADMIN added",
        {
            ADD: ["CAP_SYS_ADMIN"],
            "processes": [process(bounding=frozenset(("SYS_ADMIN",)))],
        },
        "SYS_ADMIN (it can mount)",
    ),
    Case(
        "container", "fail", "stopped, SYS_ADMIN added as a request may write it", both(STOPPED, {ADD: ["sys_admin"]})
    ),
    Case(
        "container",
        "fail",
        "stopped, ALL added in lower case, one dropped",
        both(
            STOPPED,
            {
                ADD: ["all"],
                DROP: ["CAP_NET_RAW"],
            },
        ),
    ),
    Case(
        "container",
        "fail",
        "stopped and privileged, though ALL is dropped",
        both(
            STOPPED,
            {
                ("inspect", "HostConfig", "Privileged"): True,
            },
        ),
    ),
    Case("container", "fail", "init has dropped it, exec would have it", {ADD: ["SYS_PTRACE"]}, "SYS_PTRACE"),
    Case(
        "container",
        "fail",
        "one process, entered by exec, has more",
        {
            "processes": [process(), process(pid=4300, bounding=EVERY, effective=EVERY)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "a capability newer than this table",
        {
            "processes": [process(bounding=frozenset(("CAP_63",)))],
        },
        "CAP_63",
    ),
    Case(
        "container",
        "fail",
        "the site allows less than Docker",
        {
            ("policy", "allowed_capabilities"): ["NET_BIND_SERVICE"],
        },
        "CHOWN",
    ),
    Case(
        "container",
        "pass",
        "the site allows it, in its own spelling",
        {
            ("policy", "allowed_capabilities"): ["cap_net_admin", "chown"],
            ADD: ["NET_ADMIN"],
            "processes": [process(bounding=frozenset(("NET_ADMIN",)))],
        },
    ),
    Case("container", "pass", "the site allows all", {("policy", "allowed_capabilities"): ["ALL"], ADD: ["ALL"]}),
    Case(
        "container",
        "pass",
        "a process in a user namespace of its own, where the kernel shows all",
        {
            "processes": [process(), process(pid=4300, bounding=EVERY, user_namespace="user:[4026539999]")],
        },
    ),
    Case(
        "container",
        "pass",
        "not remapped, and init itself made a user namespace",
        dict(UNMAPPED, processes=[process(bounding=EVERY, effective=EVERY)]),
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
    Case("container", "unknown", "a name that no engine takes", both(STOPPED, {ADD: ["CAP_SYS ADMIN"]})),
)

RECORDED = {"cap-sys-admin": ["remove --cap-add=SYS_ADMIN"]}
CREATED = {
    "capabilities": [
        ("remove", "--cap-add=NET_ADMIN", "cap_add: [NET_ADMIN]"),
        ("remove", "--cap-add=SYS_ADMIN", "cap_add: [SYS_ADMIN]"),
    ],
    "every-capability": [("remove", "--cap-add=ALL", "cap_add: [ALL]")],
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
}
