# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule selinux-categories."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..selinux_world import MODE, REQUIRED, others
from ..subjects import GONE, Case, both, process

OPTIONS, LABEL = ("inspect", "HostConfig", "SecurityOpt"), ("inspect", "ProcessLabel")
PEERS = ("others", "labels")
START = "system_u:system_r:container_t:"
SAME = "s0:c12,c345"


def level(text):
    """A container that was created with this level and runs with it."""
    return {LABEL: START + text, "processes": [process(label=START + text)]}


def stopped(changes):
    """A stopped container."""
    return both({"processes": GONE}, changes)


CASES = (
    Case(
        "container",
        "pass",
        "its own, with layers in the containerd store",
        {("daemon", "info", "DriverStatus"): [["driver-type", "io.containerd.snapshotter.v1"]]},
        "without categories, so it doesn't hold for those",
    ),
    Case("container", "pass", "a pair of its own", seen="nobody else has its categories"),
    Case("container", "fail", "another has the same", {PEERS: others(db=SAME)}, "apart from db"),
    Case("container", "fail", "another has the same and more", {PEERS: others(db="s0:c1,c12,c345")}, "apart from db"),
    Case("container", "fail", "another has one of the two alone", {PEERS: others(db="s0:c12")}, "apart from db"),
    Case("container", "fail", "another has every category", {PEERS: others(db="s0:c0.c1023")}, "apart from db"),
    Case("container", "pass", "another has one of the two and one of its own", {PEERS: others(db="s0:c12,c13")}),
    Case("container", "pass", "another has none, which is its own fault", {PEERS: others(db="s0")}),
    Case("container", "pass", "another has what is no level", {PEERS: others(db="SystemHigh")}),
    Case(
        "container",
        "fail",
        "many have the same, with names that an engine wouldn't give",
        {PEERS: others(**{"\x1b[2J%d" % i: SAME for i in range(9)})},
        "and 4 more",
    ),
    Case(
        "container",
        "fail",
        "the same level given to two",
        both({OPTIONS: ["label=level:s0:c1,c2"]}, level("s0:c1,c2")),
        "apart from db",
    ),
    Case(
        "container", "pass", "a level given to it alone", both({OPTIONS: ["label=level:s0:c7,c8"]}, level("s0:c7,c8"))
    ),
    Case(
        "container",
        "pass",
        "who joined its namespace has the same by design",
        {PEERS: others(joined=["sidecar"], sidecar=SAME)},
        "but those that joined",
    ),
    Case(
        "container",
        "fail",
        "one has it by design, another not",
        {PEERS: others(joined=["sidecar"], sidecar=SAME, db=SAME)},
        "apart from db",
    ),
    Case("container", "fail", "no categories", level("s0"), "without categories"),
    Case(
        "container",
        "fail",
        "one process, entered otherwise, has none",
        {"processes": [process(), process(pid=4300, label=START + "s0")]},
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "one process has another container's",
        {"processes": [process(), process(pid=4300, label=START + "s0:c1,c2")]},
        "apart from db",
    ),
    Case(
        "container",
        "not_applicable",
        "labels off, which is the fault of another rule",
        {OPTIONS: ["label=disable"], LABEL: "", "processes": [process(label="u:r:spc_t:s0")]},
        "spc_t",
    ),
    Case(
        "container",
        "not_applicable",
        "a request for a privileged one",
        {("inspect", "HostConfig", "Privileged"): True, "host": GONE, "processes": GONE, LABEL: GONE},
        "off",
    ),
    Case("container", "not_applicable", "stopped, from before selinux-enabled", stopped({LABEL: ""}), "no label"),
    Case("container", "fail", "a level without categories", stopped({OPTIONS: ["label=level:s0"]}), "no category"),
    Case(
        "container",
        "fail",
        "a level with every category",
        stopped({OPTIONS: ["label=level:s0:c0.c1023"]}),
        "every category",
    ),
    Case(
        "container",
        "unknown",
        "a level that is none",
        stopped({OPTIONS: ["label=level:high"], LABEL: GONE}),
        "no level",
    ),
    Case("container", "pass", "stopped, alone with its pair", stopped({PEERS: others(db="s0:c1,c2")})),
    Case("container", "fail", "stopped, and one that runs has its pair", stopped({PEERS: others(db=SAME)}), "from db"),
    Case(
        "container",
        "fail",
        "it runs, and one that is stopped has its pair",
        {PEERS: others(stopped_db=SAME)},
        "stopped_db (not running)",
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
    Case("container", "unknown", "the others can't be listed", {PEERS: Unreadable("no answer within 5 s")}),
    Case("container", "unknown", "a label that is none", {"processes": [process(label="a:b:c:high")]}, "no level"),
    Case("container", "not_applicable", "a kernel without SELinux", {MODE: None}),
    Case("container", "not_applicable", "no policy is loaded", {MODE: "disabled"}, "no policy"),
    Case(
        "container",
        "fail",
        "a kernel without SELinux, and the site demands it",
        REQUIRED,
        "no SELinux",
    ),
    Case(
        "container",
        "unknown",
        "another machine's engine",
        {("daemon", "state"): "remote", "host": GONE, "processes": GONE, "others": GONE},
        "not seen from here",
    ),
)
