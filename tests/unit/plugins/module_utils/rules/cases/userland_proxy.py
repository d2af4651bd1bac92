# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule userland-proxy."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

CHANGED = Unreadable("daemon.json was changed after the daemon started")
CASES = (
    Case("daemon", "pass", "off in the file and at the start"),
    Case("daemon", "unknown", "file edited after the start, nothing published", {"running": CHANGED}, "changed after"),
    Case(
        "daemon",
        "fail",
        "file edited after the start, a proxy runs",
        {"running": CHANGED, "proxies": [512, 519]},
        "process 512, 519",
    ),
    Case("daemon", "fail", "off by all that was read, yet a proxy runs", {"proxies": [512]}, "process 512"),
    Case(
        "daemon",
        "fail",
        "started without it; no proxy at the moment proves nothing",
        {
            ("running", "userland-proxy"): GONE,
        },
        "started with userland-proxy=true",
    ),
    Case(
        "daemon",
        "fail",
        "29.5 says so itself",
        {
            ("info", "ServerVersion"): "29.5.0",
            "running": CHANGED,
            ("info", "FirewallBackend"): {"Driver": "iptables", "Info": [["EnableUserlandProxy", "true"]]},
        },
        "docker info shows",
    ),
    Case(
        "daemon",
        "pass",
        "29.5 names only what is on",
        {
            ("info", "ServerVersion"): "29.5.0",
            ("info", "FirewallBackend"): {"Driver": "nftables"},
            "running": CHANGED,
        },
        "docker info lacks",
    ),
    Case(
        "daemon",
        "unknown",
        "29.0 has a firewall backend that says nothing of it",
        {
            ("info", "ServerVersion"): "29.0.0",
            ("info", "FirewallBackend"): {"Driver": "iptables"},
            "running": CHANGED,
        },
    ),
    Case("daemon", "unknown", "not root", {"proxies": Unreadable("only root may look")}, "only root"),
)
