# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule privileged."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.capabilities import EVERY

from ..subjects import GONE, HOST_NAMESPACES, UNMAPPED, Case, process

CASES = (
    Case("container", "pass", "not privileged"),
    Case(
        "container",
        "fail",
        "privileged",
        {
            ("inspect", "HostConfig", "Privileged"): True,
            "processes": [process(bounding=EVERY, effective=EVERY)],
        },
        "Privileged is true",
    ),
    Case(
        "container",
        "fail",
        "stopped and privileged",
        {
            ("inspect", "HostConfig", "Privileged"): True,
            "processes": GONE,
            "namespaces": GONE,
        },
    ),
    Case("container", "pass", "stopped and not privileged", {"processes": GONE, "namespaces": GONE}),
    Case(
        "container",
        "fail",
        "entered by exec --privileged",
        {
            "processes": [process(), process(pid=4300, bounding=EVERY, effective=EVERY)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "entered so by a user other than root: only the bounding set shows it",
        {
            "processes": [process(), process(pid=4300, bounding=EVERY)],
        },
        "process 4300",
    ),
    Case(
        "container",
        "pass",
        "a process in a user namespace of its own, where the kernel shows all",
        {
            "processes": [process(), process(bounding=EVERY, effective=EVERY, user_namespace="user:[4026539999]")],
        },
    ),
    Case(
        "container",
        "fail",
        "a process in the host's user namespace",
        {
            "processes": [process(pid=4300, bounding=EVERY, user_namespace=HOST_NAMESPACES["user"])],
        },
        "process 4300",
    ),
    Case(
        "container",
        "pass",
        "every capability, but by CapAdd: that is the rule capabilities' business",
        {
            ("inspect", "HostConfig", "CapAdd"): ["ALL"],
            ("inspect", "HostConfig", "CapDrop"): None,
            "processes": [process(bounding=EVERY, effective=EVERY)],
        },
    ),
    Case(
        "container",
        "pass",
        "not remapped, and init itself made a user namespace",
        dict(UNMAPPED, processes=[process(bounding=EVERY, effective=EVERY)]),
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
    Case(
        "container",
        "unknown",
        "can't be inspected",
        {
            "inspect": Unreadable("no answer within 5 s"),
            "processes": GONE,
        },
        "no answer",
    ),
)

CREATED = {
    "privileged": [("remove", "--privileged", "privileged: true")],
    "privileged-with-the-host": [("remove", "--privileged", "privileged: true")],
}
