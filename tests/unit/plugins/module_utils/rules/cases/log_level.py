# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule log-level."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

CHANGED = Unreadable("daemon.json was changed after the daemon started")
CASES = (
    Case("daemon", "pass", "info"),
    Case("daemon", "pass", "not named", {("configured", "log-level"): GONE, ("running", "log-level"): GONE}),
    Case("daemon", "pass", "in capitals, as dockerd takes it", {("running", "log-level"): "INFO"}),
    Case(
        "daemon",
        "fail",
        "file edited, daemon not restarted: a reload does not apply it",
        {
            ("running", "log-level"): "warn",
        },
        "log-level is warn",
    ),
    Case("daemon", "fail", "errors only", {("configured", "log-level"): "error", ("running", "log-level"): "error"}),
    Case("daemon", "fail", "debug as the level", {("running", "log-level"): "debug"}, "log-level is debug"),
    Case("daemon", "fail", "debug by its own key wins over the level", {("running", "debug"): True}, "debug is true"),
    Case("daemon", "fail", "debug turned on by a reload", {("info", "Debug"): True, "running": CHANGED}, "Debug true"),
    Case("daemon", "unknown", "file edited after the start", {"running": CHANGED}, "changed after"),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}),
)
