# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers on the default bridge cannot reach each other unasked."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.security_opt import parse_bool
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

OPTION = "com.docker.network.bridge.enable_icc"


def _open(evidence: Evidence) -> bool:
    """What the network says of itself in force, as dockerd wrote it with Go's strconv.FormatBool."""
    options = evidence["bridge"].get("Options") or {}
    if OPTION not in options:
        raise Unreadable(f"network bridge has no option {OPTION}")
    return parse_bool(options[OPTION])


def _configured(evidence: Evidence) -> Verdict:
    settings = evidence["configured"]
    if settings.get("bridge") == "none":
        return Verdict(True, "the next start makes no default bridge")
    value = settings.get("icc", True)
    if value is False and settings.get("ipv6") is True and settings.get("ip6tables") is False:
        return Verdict(False, "icc is false, but ipv6 is true and ip6tables is false: icc holds for IPv4 only")
    return Verdict(value is False, f"icc is {str(value).lower()} in the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    if evidence["info"] and "bridge" not in evidence:
        return Verdict(True, "the engine has no default bridge")
    is_open = _open(evidence)
    if not is_open and _has_ipv6(evidence) and not _filters_ipv6(evidence):
        return Verdict(False, "network bridge has enable_icc=false and IPv6, and ip6tables is off: IPv6 is open")
    return Verdict(not is_open, f"network bridge has enable_icc={str(is_open).lower()}")


def _has_ipv6(evidence: Evidence) -> bool:
    return evidence["bridge"].get("EnableIPv6") is True


def _filters_ipv6(evidence: Evidence) -> bool:
    """Whether dockerd writes rules for IPv6: unasked from 27.0 on (moby: daemon/config/config_linux.go)."""
    return evidence["running"].get("ip6tables", info.version(evidence["info"]) >= (27, 0))


def _kernel(evidence: Evidence) -> Optional[Verdict]:
    # What stays on one bridge meets the packet filter only if br_netfilter hands it over. dockerd turns that on, and
    # `sysctl --system` may turn it off again (moby: libnetwork/drivers/bridge/setup_bridgenetfiltering.go). That it is
    # on proves nothing yet.
    if evidence["state"] != "running" or "bridge" not in evidence or _open(evidence):
        return None
    if not evidence["host"]["bridge_netfilter"]:
        return Verdict(False, "net.bridge.bridge-nf-call-iptables is not 1, so no packet filter sees bridged traffic")
    if _has_ipv6(evidence) and not evidence["host"]["bridge_netfilter6"]:
        return Verdict(
            False, "net.bridge.bridge-nf-call-ip6tables is not 1, so no packet filter sees bridged IPv6 traffic"
        )
    return None


RULE = Rule(
    id="inter-container-communication",
    title="Containers on the default bridge can't reach each other",
    severity="medium",
    weakness={"daemon": "containers on the default bridge can reach each other"},
    rationale=(
        "On the default bridge every container reaches every port of every other one, published or not. Whoever takes "
        "over one container attacks the others from there."
    ),
    remediation=(
        "Set icc to false in daemon.json and restart the daemon while no container runs, because default-bridge "
        "settings are not applied before. Put containers that talk to each other on a network of their own. Keep "
        "net.bridge.bridge-nf-call-iptables at 1, with ipv6 net.bridge.bridge-nf-call-ip6tables too, and ip6tables true."
    ),
    references={"CIS 1.6": ("2.2",), "CIS 1.8": ("2.2",), "NIST SP 800-190": ("4.3.3",)},
    reads=(
        "daemon.bridge",
        "daemon.configured",
        "daemon.info",
        "daemon.running",
        "daemon.state",
        "host.bridge_netfilter",
        "host.bridge_netfilter6",
    ),
    daemon={"configured": _configured, "effective": _effective, "kernel": _kernel},
    settings={"icc": False},
)
