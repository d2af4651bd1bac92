# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container writes to its output can't fill the host's disk."""

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import log_config
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

_DEFAULT_DRIVER = "json-file"
# While a file is rotated there is one more for a moment, and one message may be longer than what is left of the limit.
_SLACK = 64 * 1024 * 1024


def _limit(driver: str, options: Mapping[str, Any], where: str) -> Verdict:
    """The verdict about one log: driver and options as the engine has them, where: whose they are."""
    limit = log_config.limit(driver, options)
    name = inert(driver)
    if limit.kept_elsewhere:
        return Verdict(True, f"{where} has the log driver {name}, which keeps no growing file of the engine's")
    if limit.most is None:
        return Verdict(False, f"{where} has the log driver {name} without max-size, so the file grows without end")
    return Verdict(True, f"{where} has the log driver {name} with {limit.most} bytes at most")


def _of_settings(settings: Mapping[str, Any], where: str) -> Verdict:
    return _limit(settings.get("log-driver") or _DEFAULT_DRIVER, settings.get("log-opts") or {}, where)


def _daemon_configured(evidence: Evidence) -> Verdict:
    return _of_settings(evidence["configured"], "the next start")


def _daemon_effective(evidence: Evidence) -> Verdict:
    return _of_settings(evidence["running"], "the daemon")


def _requested(evidence: Evidence) -> Optional[Tuple[str, Dict[str, Any]]]:
    """(driver, options) of the container; None where it leaves both to the daemon."""
    config = evidence["inspect"]["HostConfig"].get("LogConfig") or {}
    driver, options = config.get("Type") or "", config.get("Config") or {}
    return (driver, options) if driver else None


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    log = _requested(evidence)
    return None if log is None else _limit(log[0], log[1], "it")


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    log = _requested(evidence)
    if log is None:
        return None
    limit = log_config.limit(*log)
    if limit.kept_elsewhere:
        return None
    size = evidence["log_size"]
    if limit.most is None:
        return Verdict(False, f"its log has {size} bytes now, and no limit")
    if size > limit.most + _SLACK:
        return Verdict(False, f"its log has {size} bytes now, more than the {limit.most} that it may have")
    return Verdict(True, f"its log has {size} bytes now, and may have {limit.most}")


def _run(evidence: Evidence) -> List[RunChange]:
    verdict = _container_configured(evidence)
    return [RunChange("add", "LogConfig", "max-size=SIZE")] if verdict is not None and verdict.ok is False else []


def _caused_by(evidence: Evidence) -> Optional[Tuple[str, str]]:
    """The daemon's finding, where the container has the size of the daemon's own log, which is none.

    An engine writes its default driver, and its options for that driver, into what it creates (moby: daemon/logs.go,
    mergeAndVerifyLogConfig).
    """
    log, settings = _requested(evidence), evidence["daemon"]["running"]
    default = settings.get("log-driver") or _DEFAULT_DRIVER, (settings.get("log-opts") or {}).get("max-size")
    is_default = log is not None and (log[0], log[1].get("max-size")) == default
    return ("log-growth", "daemon") if is_default else None


RULE = Rule(
    id="log-growth",
    title="What containers write to their output can't fill the disk",
    severity="medium",
    weakness={
        "daemon": "the daemon gives new containers a log that grows without end",
        "container": "its log grows without end",
    },
    rationale=(
        "json-file, the default log driver, has no limit of its own. One container that writes to its output fills the "
        "disk that holds the engine's data: then no container can write, nothing new can be started, and the host's own "
        "services fail where it is their disk, too. Memory and pids limits don't count what is logged."
    ),
    remediation=(
        'Set log-opts to {"max-size": "10m", "max-file": "3"} in daemon.json, or log-driver to local, which has a limit, '
        "and restart the daemon. A container keeps what it was created with: recreate it, or give it `--log-opt "
        "max-size=10m` itself. Where the log driver is another one, dockerd refuses max-size."
    ),
    references={"NIST SP 800-190": ("4.4.3", "4.5.1")},
    reads=(
        "container.inspect",
        "container.log_size",
        "daemon.configured",
        "daemon.running",
    ),
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={"configured": _container_configured, "effective": _container_effective},
    frozen="create",
    run=_run,
    caused_by=_caused_by,
)
