# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which other finding is the cause of a failing container's. Pure.

Fifty containers without a seccomp filter, as the daemon gives none, are fifty findings and one cause; so are the four
findings of one container that has the engine's socket mounted. A cause is named only where mending it ends the finding,
and it is never less severe than a finding of the same container that it stands for.
"""

from typing import AbstractSet, Dict, Iterable, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import Assessment
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, Rule, Verdict, ask

HOST, DAEMON = "host", "daemon"
MOUNT_FIELDS = ("Binds", "Mounts", "VolumesFrom")


class Failing(NamedTuple):
    """One failing finding of a container, waived or not. changes: see `finding.changes_of`."""

    rule: Rule
    assessment: Assessment
    changes: Sequence[RunChange]


class Cause(NamedTuple):
    """rule, subject: of the finding to mend instead. same_mount: whether both are about one mount of the container."""

    rule: str
    subject: str
    same_mount: bool = False


def rules_by_field(rules: Iterable[Rule]) -> Dict[str, Rule]:
    """The field of HostConfig -> the rule that explains findings which ask for its change."""
    return {field: rule for rule in rules for field in rule.explains}


def name_causes(
    subject: str,
    evidence: Evidence,
    own: Sequence[Failing],
    fields: Mapping[str, Rule],
    failing: Mapping[str, AbstractSet[str]],
) -> Dict[str, Cause]:
    """The id of a rule that fails for this container -> the cause of it, for those that have one.

    own: all that fail, in the order of the catalogue, the gravest first. fields: see `rules_by_field`. failing: the ids of
    the rules that fail, waived or not, by subject: of the host and of the daemon.
    """
    causes = {}
    points = _mounts_at_fault(evidence, own)
    for one in own:
        cause = (
            _of_changes(one, subject, own, fields, failing)
            or _of_evidence(one, evidence, failing)
            or _of_mounts(one, subject, own, points)
            or _of_default(one, failing)
        )
        if cause:
            causes[one.rule.id] = cause
    return causes


def _of_changes(
    one: Failing,
    subject: str,
    own: Sequence[Failing],
    fields: Mapping[str, Rule],
    failing: Mapping[str, AbstractSet[str]],
) -> Optional[Cause]:
    """The rule that explains all changes which the finding asks for: this container's, or one about the daemon alone."""
    explaining = [fields.get(change.field) for change in one.changes]
    other = explaining[0] if explaining else None
    if other is None or other is one.rule or any(rule is not other for rule in explaining):
        return None
    if not other.container:
        return Cause(other.id, DAEMON) if other.id in failing.get(DAEMON, ()) else None
    for cause in own:
        if cause.rule is other and _is_as_severe(other, one.rule):
            if all(change in cause.changes for change in one.changes):
                return Cause(other.id, subject)
    return None


def _of_evidence(one: Failing, evidence: Evidence, failing: Mapping[str, AbstractSet[str]]) -> Optional[Cause]:
    """What the rule itself knows to be the cause."""
    cause = ask(one.rule.caused_by, evidence) if one.rule.caused_by else None
    if cause is None or isinstance(cause, Verdict) or cause[0] not in failing.get(cause[1], ()):
        return None
    return Cause(*cause)


def _of_mounts(
    one: Failing, subject: str, own: Sequence[Failing], points: Mapping[str, AbstractSet[str]]
) -> Optional[Cause]:
    """The gravest finding that takes away all mounts that this one is about, if nothing else is at fault."""
    mounts = points.get(one.rule.id)
    if not mounts or any(change.field not in MOUNT_FIELDS for change in one.changes):
        return None
    for other in own:
        if other is one:
            return None
        if mounts <= points.get(other.rule.id, frozenset()) and not any(map(_adds_mount, other.changes)):
            return Cause(other.rule.id, subject, same_mount=True)
    return None


def _of_default(one: Failing, failing: Mapping[str, AbstractSet[str]]) -> Optional[Cause]:
    """The daemon's finding by the same rule, unless the container's own configuration is at fault."""
    configured = one.assessment.verdicts.get("configured")
    own_fault = configured is not None and configured.ok is False
    if own_fault or any(change.change == "remove" for change in one.changes):
        return None
    return Cause(one.rule.id, DAEMON) if one.rule.id in failing.get(DAEMON, ()) else None


def _mounts_at_fault(evidence: Evidence, own: Sequence[Failing]) -> Dict[str, AbstractSet[str]]:
    """The id of a rule -> where the container has the mounts that make it fail; nothing where they can't be shared."""
    about_mounts = [one.rule for one in own if one.rule.mounts_at_fault]
    points: Dict[str, AbstractSet[str]] = {}
    if len(about_mounts) > 1:
        for rule in about_mounts:
            answer = ask(rule.mounts_at_fault, evidence) if rule.mounts_at_fault else None
            if answer and not isinstance(answer, Verdict):
                points[rule.id] = answer
    return points


def _is_as_severe(cause: Rule, rule: Rule) -> bool:
    return SEVERITIES.index(cause.severity) >= SEVERITIES.index(rule.severity)


def _adds_mount(change: RunChange) -> bool:
    """Whether the mount stays, in another form: then what others have against it stays, too."""
    return change.change == "add" and change.field in MOUNT_FIELDS
