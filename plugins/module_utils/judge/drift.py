# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who disagrees with whom about a finding, in one sentence. Pure.

The sentence is put together from fixed texts, and names a cause only where the evidence shows it.
"""

import datetime
import re
from typing import Any, Dict, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KERNEL_FILESYSTEMS, LAYERS, Rule, ask

_DAEMON = {
    "configured": "the configuration of the next start",
    "effective": "the running daemon",
    "kernel": "what the kernel shows of it",
}
_CONTAINER = {
    "configured": "what the container was asked to be",
    "effective": "what the engine says of it",
    "kernel": "the running container",
}
_HOST = {
    "configured": "the configuration of the next boot",
    "effective": "the running host",
    "kernel": "the running kernel",
}
_EDITED = "the daemon was not restarted since daemon.json changed"
_OTHER_FLAGS = "the daemon runs with other flags than its unit has now"
_NOT_TAKEN_OVER = "the daemon was started with this configuration, and does otherwise"
_ENTERED = "a process that entered the container, as docker exec does, breaks it"
_MOUNTS = "made so at its start, or its mounts were changed since, from inside or by hand"
_UNTIL_RESTART = "held until its restart"
_COMES_BACK = "the next exec or start has again what fails"
_CREATED_BEFORE = "the container was created before the running daemon started"
_STARTED_BEFORE = "the container was started before the running daemon"

_CREATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?=[.Z])")


def judged(rule: Rule, kind: str, subject: str, evidence: Evidence) -> Optional[Dict[str, Any]]:
    """The finding as judge() makes it, with `disagreement` where layers, or container and daemon, disagree."""
    finding = judge(rule, kind, subject, evidence)
    if finding is not None:
        explain(rule, kind, finding, evidence)
    return finding


def explain(rule: Rule, kind: str, finding: Dict[str, Any], evidence: Evidence) -> None:
    """Add `disagreement` to the finding, where layers, or container and daemon, disagree."""
    if not (finding["drift"] or (kind == "container" and finding["status"] == "fail")):
        return
    ok = {layer: verdict["ok"] for layer, verdict in finding["layers"].items() if verdict["ok"] is not None}
    if finding["drift"]:
        finding["disagreement"] = _of_layers(rule, kind, ok, evidence)
    elif "configured" not in ok and _daemon_holds(rule, evidence):
        finding["disagreement"] = _sentence("the running daemon", "the container", _before(rule, evidence))


def _sentence(holds: str, fails: str, cause: str) -> str:
    return f"holds in {holds}, not in {fails}{': ' + cause if cause else ''}"


def _of_layers(rule: Rule, kind: str, ok: Mapping[str, bool], evidence: Evidence) -> str:
    names = {"daemon": _DAEMON, "host": _HOST}.get(kind, _CONTAINER)
    cause = ""
    if kind != "host":
        cause = _daemon_cause(ok, evidence) if kind == "daemon" else _container_cause(rule, ok, evidence)
    sides = [" and ".join(names[layer] for layer in LAYERS if ok.get(layer) is side) for side in (True, False)]
    return _sentence(sides[0], sides[1], cause)


def _daemon_cause(ok: Mapping[str, bool], evidence: Evidence) -> str:
    if "configured" not in ok or ok["configured"] is ok.get("effective", ok.get("kernel")):
        return ""
    try:
        changed = evidence["changed"]
    except (Absent, Unreadable):
        return ""
    causes = [cause for cause, holds in ((_EDITED, changed.file), (_OTHER_FLAGS, changed.flags)) if holds]
    return ", and ".join(causes) or _NOT_TAKEN_OVER


def _container_cause(rule: Rule, ok: Mapping[str, bool], evidence: Evidence) -> str:
    if ok.get("kernel") is True:
        return _UNTIL_RESTART if rule.remedy and rule.remedy.module == KERNEL_FILESYSTEMS else _COMES_BACK
    if "kernel" not in ok:
        return ""
    if rule.judges_mounts:
        return _MOUNTS
    if _holds_without_the_entered(rule, evidence):
        return _ENTERED
    return _before(rule, evidence) if rule.next_start and _daemon_holds(rule, evidence) else ""


def _daemon_holds(rule: Rule, evidence: Evidence) -> bool:
    """Whether the running daemon has it in force."""
    verdict = ask(lambda e: rule.daemon["effective"](e["daemon"]), evidence) if "effective" in rule.daemon else None
    return verdict is not None and verdict.ok is True


def _before(rule: Rule, evidence: Evidence) -> str:
    """That the container is from before the running daemon, where that is known."""
    try:
        if rule.frozen == "start":
            return _STARTED_BEFORE if evidence["stat"][1] < evidence["daemon"]["start_ticks"] else ""
        created = _CREATED.match(evidence["inspect"].get("Created") or "")
        if not created:
            return ""
        year, month, day, hour, minute, second = map(int, created.groups())
        utc = datetime.timezone.utc
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=utc).timestamp()
        return _CREATED_BEFORE if moment + 1 < evidence["daemon"]["process"].started else ""
    except (Absent, Unreadable, ValueError):  # or a time that no calendar has
        return ""


def _holds_without_the_entered(rule: Rule, evidence: Evidence) -> bool:
    """Whether the kernel layer passes when only the processes that the container itself started are judged."""
    try:
        if evidence["inspect"]["HostConfig"].get("PidMode"):
            return False  # orphans of the container are adopted by a process outside of it, as if they had entered
        parents, every = evidence["parents"], evidence["processes"]
        first = evidence["inspect"]["State"].get("Pid") or 0
        own = [process for process in every if not _entered(process.pid, first, parents)]
    except (Absent, Unreadable):
        return False
    if not own or len(own) == len(every):
        return False
    verdict = ask(rule.container["kernel"], Evidence(evidence, processes=own))
    return verdict is not None and verdict.ok is True


def _entered(pid: int, first: int, parents: Mapping[int, Optional[int]]) -> bool:
    """Whether the process descends from one outside of the container, and not from the container's first."""
    ancestor: Optional[int] = pid
    for _generation in parents:
        if ancestor == first or ancestor is None:
            return False
        if ancestor not in parents:
            return True
        ancestor = parents[ancestor]
    return False
