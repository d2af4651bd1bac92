# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule iptables."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

CASES = (
    Case("daemon", "pass", "on"),
    Case("daemon", "pass", "not named", {("configured", "iptables"): GONE, ("running", "iptables"): GONE}),
    Case("daemon", "fail", "file edited, daemon not restarted", {("running", "iptables"): False}, "iptables is false"),
    Case("daemon", "pass", "IPv6 is mentioned", {("running", "ip6tables"): False}, "ip6tables is false"),
    Case(
        "daemon",
        "fail",
        "ports on loopback opened by dockerd's environment",
        {("environment",): {"DOCKER_INSECURE_NO_IPTABLES_RAW": "1"}},
        "the daemon runs with DOCKER_INSECURE_NO_IPTABLES_RAW=1",
    ),
    Case(
        "daemon",
        "pass",
        "dockerd's environment has another value, which dockerd does not regard",
        {("environment",): {"DOCKER_INSECURE_NO_IPTABLES_RAW": "true"}},
    ),
    Case(
        "daemon",
        "fail",
        "ports on loopback opened by the environment of the next start",
        {
            "running": Unreadable("daemon.json was changed after the daemon started"),
            ("environment_next",): {"DOCKER_INSECURE_NO_IPTABLES_RAW": "1"},
        },
        "next start has",
    ),
    Case(
        "daemon",
        "unknown",
        "file edited after the start",
        {
            "running": Unreadable("daemon.json was changed after the daemon started"),
        },
        "changed after",
    ),
    Case(
        "daemon",
        "fail",
        "off at the next start, the running one can't be told",
        {
            "running": Unreadable("daemon.json was changed after the daemon started"),
            ("configured", "iptables"): False,
        },
        "next start",
    ),
)
