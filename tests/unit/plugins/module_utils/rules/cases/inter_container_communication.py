# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule inter-container-communication."""

from ansible_collections.containment.docker.plugins.module_utils.rule import Unreadable

from ..subjects import GONE, Case

ICC = ("bridge", "Options", "com.docker.network.bridge.enable_icc")
CASES = (
    Case("daemon", "pass", "off in the file and in the network"),
    Case("daemon", "fail", "file edited, daemon not restarted", {ICC: "true"}, "enable_icc=true"),
    Case(
        "daemon",
        "fail",
        "restarted with live-restore while containers ran: not applied",
        {
            ICC: "true",
            "running": {"icc": False},
        },
        "enable_icc=true",
    ),
    Case("daemon", "pass", "on again in the file, the network is still closed", {("configured", "icc"): True}),
    Case(
        "daemon",
        "pass",
        "no default bridge",
        {
            "bridge": GONE,
            ("configured", "icc"): GONE,
            ("configured", "bridge"): "none",
        },
        "no default bridge",
    ),
    Case(
        "daemon",
        "fail",
        "closed, but no packet filter sees bridged traffic",
        {
            ("host", "bridge_netfilter"): False,
        },
        "bridge-nf-call-iptables",
    ),
    Case(
        "daemon",
        "pass",
        "without a default bridge that does not matter",
        {
            "bridge": GONE,
            ("host", "bridge_netfilter"): False,
        },
    ),
    Case(
        "daemon",
        "pass",
        "this machine's kernel is not the remote engine's",
        {
            "state": "remote",
            ("host", "bridge_netfilter"): False,
            "configured": GONE,
            "running": GONE,
        },
    ),
    Case("daemon", "unknown", "the network can't be asked", {"bridge": Unreadable("answer cut short")}, "cut short"),
    Case("daemon", "unknown", "an option that dockerd does not write", {ICC: "nonsense"}),
    Case(
        "daemon",
        "fail",
        "stopped, and open at the next start",
        {
            "state": "stopped",
            "info": Unreadable("inactive"),
            "bridge": Unreadable("inactive"),
            ("configured", "icc"): GONE,
        },
        "icc is true",
    ),
)
