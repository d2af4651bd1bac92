# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule live-restore."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

SWARM = {("info", "Swarm"): {"LocalNodeState": "active", "ControlAvailable": True}}
CASES = (
    Case("daemon", "pass", "on in the file and in force"),
    Case(
        "daemon",
        "fail",
        "file edited, daemon neither reloaded nor restarted",
        {
            ("info", "LiveRestoreEnabled"): False,
        },
        "LiveRestoreEnabled false",
    ),
    Case(
        "daemon",
        "pass",
        "gone from the file, but a reload does not forget it",
        {
            ("configured", "live-restore"): GONE,
            "running": Unreadable("changed after the daemon started"),
        },
    ),
    Case(
        "daemon",
        "not_applicable",
        "swarm mode makes it impossible",
        {
            ("info", "Swarm"): {"LocalNodeState": "active"},
            ("info", "LiveRestoreEnabled"): False,
            ("configured", "live-restore"): False,
        },
        "swarm mode",
    ),
    Case(
        "daemon",
        "not_applicable",
        "a locked manager is in swarm mode too",
        {
            ("info", "Swarm"): {"LocalNodeState": "locked"},
            ("info", "LiveRestoreEnabled"): False,
            ("configured", "live-restore"): GONE,
        },
    ),
    Case(
        "daemon",
        "fail",
        "swarm mode, set, not in force: the next start fails",
        {
            ("info", "Swarm"): {"LocalNodeState": "active"},
            ("info", "LiveRestoreEnabled"): False,
        },
        "LiveRestoreEnabled false",
    ),
    Case("daemon", "fail", "swarm mode, accepted by a reload: the next start fails", SWARM, "swarm mode"),
    Case("daemon", "pass", "an engine that leaves Swarm out", {("info", "Swarm"): GONE}),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case(
        "daemon",
        "fail",
        "stopped, and off at the next start",
        {
            "info": Unreadable("docker.service is inactive"),
            ("configured", "live-restore"): False,
        },
        "next start",
    ),
)
