# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Published ports are forwarded by the kernel, not by a process for each port."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "userland-proxy"


def _configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY, True)
    return Verdict(value is False, f"{KEY} is {str(value).lower()} in the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    info = evidence["info"]
    if info.get("FirewallBackend") and engine_info.version(info) >= (29, 5):
        # moby: daemon/libnetwork/controller_linux.go, FirewallBackend: named only where it is on
        on = ["EnableUserlandProxy", "true"] in (info["FirewallBackend"].get("Info") or ())
        return Verdict(not on, f"docker info {'shows' if on else 'lacks'} EnableUserlandProxy")
    value = evidence["running"].get(KEY, True)
    return Verdict(value is False, f"the daemon was started with {KEY}={str(value).lower()}")


def _kernel(evidence: Evidence) -> Optional[Verdict]:
    proxies = evidence["proxies"]
    if not proxies:
        return None  # off, or nothing that needs one is published at the moment
    return Verdict(False, f"dockerd runs docker-proxy as process {', '.join(map(str, proxies[:5]))}")


RULE = Rule(
    id="userland-proxy",
    title="No userland proxy for published ports",
    severity="low",
    weakness={"daemon": "published ports go through the userland proxy"},
    rationale=(
        "The userland proxy is a process of root for each published port. It is attack surface that the kernel's own "
        "forwarding makes needless, and it hides the client's address from the container."
    ),
    remediation=(
        "Set userland-proxy to false in daemon.json and restart the daemon. Check first that nothing needs a published "
        "port over IPv6 where the engine has no ip6tables rules."
    ),
    references={"CIS 1.6": ("2.16",), "CIS 1.8": ("2.17",), "STIG": ("DKER-EE-001830",)},
    reads=(
        "daemon.configured",
        "daemon.info",
        "daemon.proxies",
        "daemon.running",
    ),
    daemon={"configured": _configured, "effective": _effective, "kernel": _kernel},
    settings={KEY: False},
)
