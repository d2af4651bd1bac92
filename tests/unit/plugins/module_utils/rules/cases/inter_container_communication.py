# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule inter-container-communication."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

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
    Case(
        "daemon",
        "fail",
        "IPv6 that no packet filter sees on the bridge",
        {("bridge", "EnableIPv6"): True, ("running", "ip6tables"): True, ("host", "bridge_netfilter6"): False},
        "bridge-nf-call-ip6tables",
    ),
    Case(
        "daemon",
        "fail",
        "IPv6, and 26.1 writes no rules for it unasked",
        {("bridge", "EnableIPv6"): True},
        "IPv6 is open",
    ),
    Case(
        "daemon",
        "fail",
        "IPv6, and ip6tables was turned off on 27",
        {
            ("bridge", "EnableIPv6"): True,
            ("running", "ip6tables"): False,
            ("info", "ServerVersion"): "27.0.3",
        },
        "IPv6 is open",
    ),
    Case("daemon", "pass", "IPv6 on 27", {("bridge", "EnableIPv6"): True, ("info", "ServerVersion"): "27.0.3"}),
    Case("daemon", "pass", "no IPv6", {("host", "bridge_netfilter6"): False}),
    Case(
        "daemon",
        "unknown",
        "IPv6, and what the daemon was started with is not known",
        {("bridge", "EnableIPv6"): True, "running": Unreadable("daemon.json was changed after the daemon started")},
        "changed after",
    ),
    Case(
        "daemon",
        "fail",
        "stopped, and IPv6 is open at the next start",
        {
            "state": "stopped",
            "info": Unreadable("inactive"),
            "bridge": Unreadable("inactive"),
            ("configured", "ipv6"): True,
            ("configured", "ip6tables"): False,
        },
        "IPv4 only",
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
