# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rule is, and how its layers become one finding. Pure: no I/O."""

from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, TypeVar, Union

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, report

# Weakest first. The strongest layer that has evidence decides.
LAYERS = ("configured", "effective", "kernel")
_STRONGEST_FIRST = LAYERS[::-1]
SEVERITIES = ("low", "medium", "high", "critical")
KINDS = ("host", "daemon", "container")
STATUSES = ("fail", "unknown", "waived", "pass", "not_applicable")
UNLISTED = "*"  # stands for the containers where they can't be listed
# Rule.frozen -> what cures a container
CURES = {"create": "recreate", "start": "restart", "never": "update"}


class Verdict(NamedTuple):
    """What one layer says: ok is True, False or None (unknown); seen quotes the evidence."""

    ok: Optional[bool]
    seen: str


Answer = TypeVar("Answer")
Predicate = Callable[[Evidence], Optional[Verdict]]


class Rule(NamedTuple):
    """One thing that must hold on a Docker host.

    host, daemon, container: for each kind of subject a predicate for each layer it can be seen in. A predicate
        takes the subject's Evidence and returns a Verdict, or None where its layer has nothing to say.
    settings: the daemon.json keys, with values, that make the rule hold.
    inapplicable: takes any Evidence, returns why the rule can't apply on this host, or None.
    frozen: when a container takes it over, and so what cures one that has it otherwise: "create" (recreate it),
        "start" (restart it, unless its own configuration is at fault) or "never" (update it while it runs).
    references: benchmark -> ids there.
    run: takes a failing container's Evidence, returns what has to change in how it is run: nothing where a new
        container, or a restart of this one, is all that it needs. Without one, that is always so.
    """

    id: str
    title: str
    severity: str
    rationale: str
    remediation: str
    references: Mapping[str, Tuple[str, ...]]
    host: Mapping[str, Predicate] = {}
    daemon: Mapping[str, Predicate] = {}
    container: Mapping[str, Predicate] = {}
    settings: Mapping[str, Any] = {}
    inapplicable: Optional[Callable[[Evidence], Optional[str]]] = None
    frozen: str = "create"
    run: Optional[Callable[[Evidence], Sequence[RunChange]]] = None


def ask(predicate: Callable[[Evidence], Optional[Answer]], evidence: Evidence) -> Union[Answer, Verdict, None]:
    """One layer's verdict. Evidence that can't be read, or has a shape no engine gives, is unknown."""
    try:
        return predicate(evidence)
    except Absent:
        return None
    except Unreadable as reason:
        return Verdict(None, str(reason))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return Verdict(None, f"evidence of an unexpected shape: {type(error).__name__}: {error}")


def readable(look: Callable[[Evidence], Iterable[Any]], evidence: Evidence) -> List[Any]:
    """What a look at the evidence finds; nothing where there is no such evidence, or it can't be read."""
    try:
        return list(look(evidence))
    except (Absent, Unreadable):
        return []


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


def _leave_doubt(verdicts, evidence):
    """Turn passes into unknown where the runtime may change what the weaker layers say, and no kernel shows it."""
    try:
        doubt = evidence["runtime_doubt"]
    except (Absent, Unreadable):
        return
    if doubt:
        for layer, verdict in verdicts.items():
            if verdict.ok:
                verdicts[layer] = Verdict(None, f"{verdict.seen}; {doubt}")


def judge(rule: Rule, kind: str, subject: str, evidence: Evidence) -> Optional[Dict[str, Any]]:
    """The finding of one rule for one subject (`host`, `daemon`, `container:<name>`); None if it has no say there.

    Keys: rule, subject, status, severity, seen, layers ({layer: {ok, seen}}), drift (layers contradict each
    other), and for what does not pass remediation; for a failing container also cure, and where it has to be run
    in another way run (see run_change.report).
    """
    predicates = getattr(rule, kind)
    if not predicates:
        return None
    finding: Dict[str, Any] = {"rule": rule.id, "subject": subject, "severity": rule.severity}
    reason = ask(rule.inapplicable, evidence) if rule.inapplicable else None
    if isinstance(reason, Verdict):
        verdicts = {LAYERS[0]: reason}
    elif reason:
        finding.update(status="not_applicable", seen=reason, layers={}, drift=False)
        return finding
    else:
        verdicts = {}
        for layer in LAYERS:
            verdict = ask(predicates[layer], evidence) if layer in predicates else None
            if verdict is not None:
                verdicts[layer] = verdict
    if "kernel" in predicates and "kernel" not in verdicts:
        _leave_doubt(verdicts, evidence)
    status, decided = status_of(kind, verdicts)
    finding["status"] = status
    layers = {layer: {"ok": verdict.ok, "seen": inert(verdict.seen)} for layer, verdict in verdicts.items()}
    finding["seen"] = layers[decided]["seen"] if decided else "no layer has evidence of this"
    finding["layers"] = layers
    finding["drift"] = len({v.ok for v in verdicts.values() if v.ok is not None}) > 1
    if status in ("fail", "unknown"):
        finding["remediation"] = rule.remediation
    if status == "fail" and kind == "container":
        run = rule.run
        told = ask(lambda evidence: report(run(evidence)), evidence) if run else None
        if told and not isinstance(told, Verdict) and told["run"]:  # a Verdict: it can't be told
            finding.update(told)
        own_fault = "run" in finding or ("configured" in verdicts and verdicts["configured"].ok is False)
        finding["cure"] = "recreate" if own_fault and rule.frozen == "start" else CURES[rule.frozen]
    return finding
