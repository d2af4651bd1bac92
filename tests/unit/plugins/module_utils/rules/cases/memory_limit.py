# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule memory-limit."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import Limit

from ..recorded import EVERY_CREATED, EVERY_RECORDED
from ..subjects import GONE, Case, both

REQUESTED = ("inspect", "HostConfig", "Memory")
IN_FORCE = ("limits", "memory")
NONE = {IN_FORCE: Limit(None, "memory.max shows no limit")}
STOPPED = {"limits": GONE}
CASES = (
    Case("container", "pass", "asked for and in the kernel", seen="memory.max is 268435456"),
    Case("container", "fail", "never asked for", both({REQUESTED: 0}, NONE), "no limit"),
    Case("container", "fail", "an engine's null, and stopped", both({REQUESTED: None}, STOPPED), "Memory is 0"),
    Case(
        "container",
        "fail",
        "the kernel supports none, and it is stopped",
        both({REQUESTED: 0}, STOPPED, {("daemon", "info", "MemoryLimit"): False}),
        "MemoryLimit: false, so this kernel supports none",
    ),
    Case("container", "fail", "negative", both({REQUESTED: -1}, STOPPED), "Memory is -1"),
    Case("container", "fail", "all that the host has", both({REQUESTED: 8 << 30}, STOPPED), "has no more than"),
    Case("container", "pass", "stopped", STOPPED, "Memory is 268435456"),
    Case(
        "container", "pass", "the daemon can't be asked for the host's memory", {("daemon", "info"): Unreadable("no")}
    ),
    Case("container", "fail", "taken off in the kernel", NONE, "memory.max shows no limit"),
    Case(
        "container",
        "fail",
        "raised in the kernel",
        {IN_FORCE: Limit(1 << 30, "memory.max")},
        "not the engine's 268435456",
    ),
    Case("container", "fail", "lowered in the kernel", {IN_FORCE: Limit(1 << 20, "memory.max")}, "not the engine's"),
    Case(
        "container",
        "pass",
        "the kernel's page is rounded down",
        {REQUESTED: (256 << 20) + 4095},
        "memory.max is 268435456",
    ),
    Case("container", "fail", "set in the kernel only, until the next start", {REQUESTED: 0}, "Memory is 0"),
    Case("container", "unknown", "the group could not be read", {IN_FORCE: Unreadable("Permission denied")}, "denied"),
    Case(
        "container",
        "unknown",
        "not a number",
        both({REQUESTED: "64m"}, STOPPED),
        "where the Engine API has a whole number",
    ),
    Case("container", "unknown", "not a number, though Python takes it for one", both({REQUESTED: True}, STOPPED)),
)

RECORDED = dict.fromkeys(EVERY_RECORDED, ["add --memory=SIZE"])
CREATED = dict.fromkeys(EVERY_CREATED, [("add", "--memory=SIZE", "mem_limit: SIZE")])
