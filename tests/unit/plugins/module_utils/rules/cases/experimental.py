# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule experimental."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

CASES = (
    Case("daemon", "pass", "off"),
    Case("daemon", "pass", "not named", {("configured", "experimental"): GONE}),
    Case("daemon", "fail", "off in the file, daemon not restarted", {("info", "ExperimentalBuild"): True}, "true"),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case("daemon", "unknown", "an engine that doesn't say", {("info", "ExperimentalBuild"): GONE}),
    Case(
        "daemon",
        "fail",
        "stopped, and on at the next start",
        {
            "info": Unreadable("inactive"),
            ("configured", "experimental"): True,
        },
    ),
)
