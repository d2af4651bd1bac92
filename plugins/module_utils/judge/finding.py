# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the layers of a rule become one status, and one finding. Pure: no I/O.

Most of what an audit judges passes, and then only its status is of interest: `assess` gives that, and builds no text.
"""

from collections import OrderedDict
from typing import Any, Dict, Iterable, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, report
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import (
    CURES,
    LAYERS,
    STATUSES,
    Rule,
    Verdict,
    ask,
)

_STRONGEST_FIRST = LAYERS[::-1]
Finding = Dict[str, Any]


class Assessment(NamedTuple):
    """What the layers of one rule say of one subject.

    decided: the layer that decided, None where no layer has evidence. drift: whether layers contradict each other.
    reason: why the rule does not apply, "" where it does.
    """

    status: str
    decided: Optional[str]
    verdicts: Mapping[str, Verdict]
    drift: bool
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it: all but what passes, or does not apply, with no layer against it."""
        return self.drift or self.status not in ("pass", "not_applicable")


def assess(rule: Rule, kind: str, evidence: Evidence) -> Optional[Assessment]:
    """Ask each layer of the rule; None if the rule has no say over this kind of subject."""
    predicates = getattr(rule, kind)
    if not predicates:
        return None
    evidence.seal()
    reason = ask(rule.inapplicable, evidence) if rule.inapplicable else None
    verdicts: Dict[str, Verdict] = {}
    if isinstance(reason, Verdict):
        verdicts[LAYERS[0]] = reason
    elif reason:
        return Assessment("not_applicable", None, {}, False, reason)
    else:
        for layer in LAYERS:
            verdict = ask(predicates[layer], evidence) if layer in predicates else None
            if verdict is not None:
                verdicts[layer] = verdict
    if "kernel" in predicates and "kernel" not in verdicts:
        _leave_doubt(verdicts, evidence)
    status, decided = status_of(kind, verdicts)
    drift = len({verdict.ok for verdict in verdicts.values() if verdict.ok is not None}) > 1
    return Assessment(status, decided, verdicts, drift)


def build(
    rule: Rule, kind: str, subject: str, evidence: Evidence, assessment: Assessment, changes: Sequence[RunChange]
) -> Finding:
    """The finding of an assessment; changes: see `changes_of`.

    Keys: rule, subject, status, severity, seen, layers ({layer: {ok, seen}}), drift; message for what does not pass; for
    a failing daemon also obstacle, where the engine would not start with the rule's settings; a failing container also cure,
    and where it has to be run in another way run (see cli_change.report).
    """
    finding: Finding = {"rule": rule.id, "subject": subject, "severity": rule.severity, "status": assessment.status}
    if assessment.status == "not_applicable":
        finding.update(seen=assessment.reason, layers={}, drift=False)
        return finding
    layers = {name: {"ok": verdict.ok, "seen": inert(verdict.seen)} for name, verdict in assessment.verdicts.items()}
    finding["seen"] = layers[assessment.decided]["seen"] if assessment.decided else "no layer has evidence of this"
    finding["layers"] = layers
    finding["drift"] = assessment.drift
    message = message_of(rule, kind, assessment.status)
    if message:
        finding["message"] = message
    if assessment.status == "fail" and kind == "daemon" and rule.obstacle:
        obstacle = ask(rule.obstacle, evidence)
        if isinstance(obstacle, str):  # a Verdict: it can't be told
            finding["obstacle"] = inert(obstacle)
    if assessment.status == "fail" and kind == "container":
        text = ask(lambda _evidence: report(changes), evidence) if changes else None
        if text and not isinstance(text, Verdict):  # a Verdict: it can't be told
            finding.update(text)
        configured = assessment.verdicts.get("configured")
        own_fault = "run" in finding or (configured is not None and configured.ok is False)
        finding["cure"] = "recreate" if own_fault and rule.frozen == "start" else CURES[rule.frozen]
    return finding


def message_of(rule: Rule, kind: str, status: str, reason: str = "") -> str:
    """What is wrong, in plain words, "" where nothing is. reason: the clause that names the cause of it."""
    if status == "unknown":
        return f"Not known: {rule.title}"
    clause = rule.weakness.get(kind, "") if status == "fail" else ""
    return clause[:1].upper() + clause[1:] + (f", {reason}" if clause and reason else "")


def changes_of(rule: Rule, kind: str, evidence: Evidence, assessment: Assessment) -> Sequence[RunChange]:
    """What has to change in how a failing container is run; () where nothing has to, or that can't be told."""
    if assessment.status != "fail" or kind != "container" or not rule.run:
        return ()
    changes = ask(rule.run, evidence)
    return () if isinstance(changes, Verdict) else changes or ()


def judge(rule: Rule, kind: str, subject: str, evidence: Evidence) -> Optional[Finding]:
    """The whole finding of one rule for one subject (`host`, `daemon`, `container:<name>`), whatever its status.

    It has the rule's remediation, too, where it does not pass.
    """
    assessment = assess(rule, kind, evidence)
    if assessment is None:
        return None
    changes = changes_of(rule, kind, evidence, assessment)
    finding = build(rule, kind, subject, evidence, assessment, changes)
    if assessment.status in ("fail", "unknown"):
        finding["remediation"] = rule.remediation
    return finding


def status_of(kind: str, verdicts: Mapping[str, Verdict]) -> Tuple[str, Optional[str]]:
    """(status, the layer that decided) from the verdicts by layer.

    The strongest layer decides, and unknown never passes. A failing weaker layer counts where the stronger one is
    unknown, and always for a container: its processes can lower themselves for a while (drop capabilities, set
    no_new_privs), but the next exec or restart has again what it was created with.
    """
    strongest_first = [layer for layer in _STRONGEST_FIRST if layer in verdicts]
    if not strongest_first:
        return "unknown", None
    top = strongest_first[0]
    if verdicts[top].ok is False:
        return "fail", top
    if verdicts[top].ok is None or kind == "container":
        for layer in strongest_first[1:]:
            if verdicts[layer].ok is False:
                return "fail", layer
    return ("unknown" if verdicts[top].ok is None else "pass"), top


def count_statuses(statuses: Iterable[str]) -> Dict[str, int]:
    """How many there are of each status, zero included."""
    numbers = OrderedDict((status, 0) for status in STATUSES)
    for status in statuses:
        numbers[status] += 1
    return numbers


def _leave_doubt(verdicts: Dict[str, Verdict], evidence: Evidence) -> None:
    """Turn passes into unknown where the runtime may change what the weaker layers say, and no kernel shows it."""
    try:
        doubt = evidence["runtime_doubt"]
    except (Absent, Unreadable):
        return
    if doubt:
        for layer, verdict in verdicts.items():
            if verdict.ok:
                verdicts[layer] = Verdict(None, f"{verdict.seen}; {doubt}")
