# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Features that are not finished are off."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "experimental"


def _configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY, False)
    return Verdict(value is False, f"{KEY} is {str(value).lower()} in the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    value = engine_info.field(evidence["info"], "ExperimentalBuild")
    return Verdict(value is False, f"docker info shows ExperimentalBuild {str(value).lower()}")


RULE = Rule(
    id="experimental",
    title="Experimental features are off",
    severity="low",
    weakness={"daemon": "experimental features are on"},
    rationale=(
        "Experimental features are not finished and not reviewed as the others are. Each one gives whoever reaches the "
        "engine's API more code that runs as root."
    ),
    remediation="Remove experimental from daemon.json or set it to false, and restart the daemon.",
    references={"CIS 1.6": ("2.18",), "CIS 1.8": ("2.19",), "STIG": ("DKER-EE-001840",)},
    reads=(
        "daemon.configured",
        "daemon.info",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={KEY: False},
)
