# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule pids-limit."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.cgroups import Limit

from ..recorded import EVERY_CREATED, EVERY_RECORDED
from ..subjects import GONE, Case, both

REQUESTED = ("inspect", "HostConfig", "PidsLimit")
IN_FORCE = ("limits", "pids")
NONE = {IN_FORCE: Limit(None, "pids.max shows no limit")}
STOPPED = {"limits": GONE}
CASES = (
    Case("container", "pass", "asked for and in the kernel", seen="pids.max is 100"),
    Case("container", "fail", "never asked for", both({REQUESTED: None}, NONE), "no limit"),
    Case("container", "fail", "zero means none", both({REQUESTED: 0}, STOPPED), "PidsLimit is 0"),
    Case(
        "container",
        "fail",
        "the kernel supports none, and it is stopped",
        both({REQUESTED: None}, STOPPED, {("daemon", "info", "PidsLimit"): False}),
        "PidsLimit: false, so this kernel supports none",
    ),
    Case("container", "fail", "-1 means none", both({REQUESTED: -1}, STOPPED), "PidsLimit is -1"),
    Case("container", "pass", "stopped", STOPPED, "PidsLimit is 100"),
    Case(
        "container",
        "fail",
        "as many as the kernel has",
        {REQUESTED: 32768, IN_FORCE: Limit(32768, "pids.max")},
        "pids.max is 32768",
    ),
    Case("container", "fail", "as many as any kernel has", both({REQUESTED: 4194304}, STOPPED), "no more than 4194304"),
    Case("container", "fail", "systemd's default is not its own", {REQUESTED: None}, "PidsLimit is 0"),
    Case("container", "fail", "taken off in the kernel", NONE, "pids.max shows no limit"),
    Case("container", "fail", "raised in the kernel", {IN_FORCE: Limit(101, "pids.max")}, "not the engine's 100"),
    Case("container", "unknown", "the group could not be read", {IN_FORCE: Unreadable("Permission denied")}, "denied"),
    Case(
        "container",
        "unknown",
        "not a number",
        both({REQUESTED: "100"}, STOPPED),
        "where the Engine API has a whole number",
    ),
)

RECORDED = dict.fromkeys(EVERY_RECORDED, ["add --pids-limit=COUNT"])
CREATED = dict.fromkeys(EVERY_CREATED, [("add", "--pids-limit=COUNT", "pids_limit: COUNT")])
