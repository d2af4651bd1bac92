# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon makes the packet-filter rules that keep networks apart."""

from typing import Any, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "iptables"


def _judge(settings: Mapping[str, Any], where: str) -> Verdict:
    value = settings.get(KEY, True)
    sentence = f"{KEY} is {str(value).lower()} {where}"
    if settings.get("ip6tables") is False:
        sentence += "; ip6tables is false, so nothing filters IPv6 between networks"
    return Verdict(value is True, sentence)


def _configured(evidence: Evidence) -> Verdict:
    return _opened(evidence, "environment_next", "the next start has") or _judge(
        evidence["configured"], "in the configuration of the next start"
    )


def _effective(evidence: Evidence) -> Verdict:
    return _opened(evidence, "environment", "the daemon runs with") or _judge(
        evidence["running"], "in what the daemon was started with"
    )


def _opened(evidence: Evidence, key: str, where: str) -> Any:
    """The variable in dockerd's environment that gives up one part of the rules; None without it."""
    try:
        variables = evidence[key]
    except (Absent, Unreadable):
        return None  # who gives a file alone gives no environment
    if not environment.opens_loopback_ports(variables):
        return None
    name = environment.NO_RAW_RULES
    return Verdict(False, f"{where} {name}=1 in its environment: ports published on loopback are open to the network")


RULE = Rule(
    id="iptables",
    title="The daemon keeps its networks apart in the packet filter",
    severity="medium",
    weakness={"daemon": "the daemon does not keep its networks apart in the packet filter"},
    rationale=(
        "With iptables off nothing separates Docker's networks from each other or closes ports that are not published: "
        "containers reach what their networks should keep from them, unless the site made all those rules itself. With "
        "DOCKER_INSECURE_NO_IPTABLES_RAW=1 in dockerd's environment, hosts of the same network reach ports that are "
        "published on 127.0.0.1 only."
    ),
    remediation=(
        "Remove iptables from daemon.json or set it to true, take DOCKER_INSECURE_NO_IPTABLES_RAW out of the unit's "
        "environment, and restart the daemon."
    ),
    references={"CIS 1.6": ("2.4",), "CIS 1.8": ("2.4",), "NIST SP 800-190": ("4.4.2",)},
    reads=(
        "daemon.configured",
        "daemon.environment",
        "daemon.environment_next",
        "daemon.running",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={KEY: True},
)
