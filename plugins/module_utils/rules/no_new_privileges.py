# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes cannot gain privileges through setuid files or file capabilities."""

from typing import List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info, security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, ask
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every

KEY = "no-new-privileges"


def _daemon_configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY, False)
    return Verdict(value is True, f"{KEY} is {str(value).lower()} in the configuration of the next start")


def _daemon_effective(evidence: Evidence) -> Verdict:
    says = info.says_no_new_privileges(evidence["info"])
    if says is not None:
        return Verdict(says, f"docker info {'shows' if says else 'lacks'} name={KEY}")
    value = evidence["running"].get(KEY, False)
    return Verdict(value is True, f"the daemon was started with {KEY}={str(value).lower()}")


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    option = security_opt.parse(evidence["inspect"]["HostConfig"].get("SecurityOpt")).no_new_privileges
    if option is None:
        return None  # the daemon's default decided when the container was created; inspect doesn't show it
    return Verdict(option, f"SecurityOpt says {KEY}={str(option).lower()}")


def _container_effective(evidence: Evidence) -> Verdict:
    stored = evidence["made"].get("NoNewPrivileges", False)
    return Verdict(stored is True, f"created with NoNewPrivileges {str(stored).lower()}")


def _container_kernel(evidence: Evidence) -> Verdict:
    can_gain = sorted({process.pid for process in evidence["processes"] if process.status.no_new_privs != 1})
    if can_gain:
        return Verdict(False, f"NoNewPrivs is not 1 for process {', '.join(map(str, can_gain[:5]))}")
    count = len({process.pid for process in evidence["processes"]})
    return Verdict(True, f"NoNewPrivs is 1 for {every.describe_all(count)}")


def _run(evidence: Evidence) -> List[RunChange]:
    options = evidence["inspect"]["HostConfig"].get("SecurityOpt") or ()
    off = [option for option in options if security_opt.parse([option]).no_new_privileges is False]
    changes = [RunChange("remove", "SecurityOpt", option) for option in off]
    remaining = security_opt.parse([option for option in options if option not in off]).no_new_privileges
    made_without = off or getattr(ask(_container_effective, evidence), "ok", None) is False
    if remaining is None and made_without and not _is_the_default(evidence):
        changes.append(RunChange("add", "SecurityOpt", KEY))
    return changes


def _is_the_default(evidence: Evidence) -> bool:
    """Whether the daemon is known to give it to each new container."""
    verdict = ask(lambda of_container: _daemon_effective(of_container["daemon"]), evidence)
    return verdict is not None and verdict.ok is True


RULE = Rule(
    id="no-new-privileges",
    title="Processes can't gain privileges",
    severity="high",
    weakness={
        "daemon": "the daemon does not set no-new-privileges for new containers",
        "container": "its processes can gain privileges through setuid files",
    },
    rationale=(
        "Without no_new_privs a process that runs as an ordinary user becomes root in the container by executing a "
        "setuid file, and gets back capabilities that it had given up. The daemon's default closes this for every "
        "container that doesn't ask otherwise."
    ),
    remediation=(
        "Set no-new-privileges to true in daemon.json and restart the daemon; recreate containers from before it, and "
        "remove `--security-opt no-new-privileges=false` where a container overrides it."
    ),
    references={
        "CIS 1.6": ("2.14", "5.26"),
        "CIS 1.8": ("2.15", "5.26"),
        "STIG": ("DKER-EE-002110",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.made",
        "container.processes",
        "daemon.configured",
        "daemon.info",
        "daemon.running",
    ),
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={
        "configured": _container_configured,
        "effective": _container_effective,
        "kernel": every.of_processes(_container_kernel),
    },
    settings={KEY: True},
    frozen="create",
    run=_run,
)
