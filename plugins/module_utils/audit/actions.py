# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about findings: few actions, the one that ends most first. Pure.

Each finding that fails or is unknown is ended by exactly one action, so that the numbers add up.
"""

from collections import OrderedDict
from typing import AbstractSet, Any, Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.audit import sentences
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import BY_NAME, RESTART
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import RESTART_DAEMON as BY_RESTART
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule

RESTART_DAEMON, RELOAD_DAEMON = "restart_daemon", "reload_daemon"
RECREATE, RESTART_CONTAINERS, UPDATE = "recreate_containers", "restart_containers", "update_live"
HOST, NOBODY, UNKNOWN = "host", "nobody_can_on_the_spot", "find_out"
KINDS = (RESTART_DAEMON, RELOAD_DAEMON, RECREATE, RESTART_CONTAINERS, UPDATE, HOST, NOBODY, UNKNOWN)
SUBJECTS_LIMIT = 16
GROUPS_LIMIT = 6
_LAST = (NOBODY, UNKNOWN)
_OF_CURE = {"recreate": RECREATE, "restart": RESTART_CONTAINERS, "update": UPDATE}
Finding = Mapping[str, Any]
Changes = Tuple[Tuple[str, str], ...]  # (remove or add, flag of docker run)


class Share(NamedTuple):
    """The findings that one action ends. changes: to how containers are run."""

    kind: str
    findings: List[Finding]
    changes: Changes = ()


def list_actions(findings: Sequence[Finding], rules: Mapping[str, Rule]) -> List[Dict[str, Any]]:
    """The actions that end these findings; see docs/result.md for their shape. rules: by id."""
    failing = [f["rule"] for f in findings if f["subject"] == "daemon" and f["status"] == "fail"]
    hindered = {f["rule"] for f in findings if f["subject"] == "daemon" and "obstacle" in f}
    curable = {rule: rules[rule] for rule in failing if rule not in hindered}
    settable = {name: rule for name, rule in curable.items() if rule.settings or _is_restart(rule)}
    of_host = {f["rule"] for f in findings if f["subject"] == "host" and f["status"] == "fail"}
    open_findings = [finding for finding in findings if finding["status"] in ("fail", "unknown")]
    kinds = [(finding, _kind(finding, settable, hindered, of_host)) for finding in open_findings]
    recreated = {finding["subject"] for finding, kind in kinds if kind == RECREATE}
    by_kind: Dict[str, List[Finding]] = OrderedDict()
    for finding, kind in kinds:
        if kind == RESTART_CONTAINERS and finding["subject"] in recreated:
            kind = RECREATE  # what a restart would end ends with a new container, too
        by_kind.setdefault(kind, []).append(finding)
    shares: List[Share] = []
    for kind, own in by_kind.items():
        shares += _by_changes(own) if kind == RECREATE else [Share(kind, own, _changes(own))]
    settings = {key: value for rule in settable.values() for key, value in rule.settings.items()}
    restarts = any(_is_restart(rule) for rule in settable.values())
    actions = [_action(share, settings, restarts) for share in shares]
    return sorted(actions, key=lambda action: (action["kind"] in _LAST, -action["ends"]))


def _kind(finding: Finding, settable: Mapping[str, Rule], hindered: AbstractSet[str], of_host: AbstractSet[str]) -> str:
    """settable: the daemon's failing rules that settings or a restart end; hindered: those whose settings the engine would
    not start with; of_host: the host's failing rules."""
    if finding["status"] == "unknown":
        return UNKNOWN
    cause = finding.get("cause", {})
    if finding["subject"] == "daemon" or cause.get("subject") == "daemon":
        if (cause or finding)["rule"] in settable:
            return RESTART_DAEMON
        if (cause or finding)["rule"] in hindered:
            return NOBODY  # until what is in the way is gone, a new container gets the same
    if finding["subject"] == "host" or (cause.get("subject") == "host" and cause["rule"] in of_host):
        return HOST
    return _OF_CURE.get(finding.get("cure", ""), NOBODY)


def _by_changes(own: Sequence[Finding]) -> List[Share]:
    """Containers that need the same changes together, in few shares: the last has what each of the others needs."""
    by_subject: Dict[str, List[Finding]] = OrderedDict()
    for finding in own:
        by_subject.setdefault(finding["subject"], []).append(finding)
    by_changes: Dict[Changes, List[Finding]] = OrderedDict()
    for of_container in by_subject.values():
        by_changes.setdefault(_changes(of_container), []).extend(of_container)
    groups = sorted(by_changes.items(), key=lambda item: -len(item[1]))
    if len(groups) <= GROUPS_LIMIT:
        return [Share(RECREATE, ended, changes) for changes, ended in groups]
    rest = [finding for _changes_of_rest, ended in groups[GROUPS_LIMIT - 1 :] for finding in ended]
    first = [Share(RECREATE, ended, changes) for changes, ended in groups[: GROUPS_LIMIT - 1]]
    return [*first, Share(RECREATE, rest, sentences.VARIOUS)]


def _changes(findings: Iterable[Finding]) -> Changes:
    changes: Dict[Tuple[str, str], None] = OrderedDict()
    for finding in findings:
        for change in finding.get("run", ()):
            changes[change["change"], change["flag"]] = None
    return tuple(changes)


def _is_restart(rule: Rule) -> bool:
    """Whether a start of the daemon cures it, without a setting."""
    return rule.remedy is not None and rule.remedy.module == BY_RESTART


def _action(share: Share, settings: Mapping[str, Any], restarts: bool) -> Dict[str, Any]:
    """restarts: whether the daemon has to be restarted whatever its settings need."""
    kind = share.kind
    if (
        kind == RESTART_DAEMON
        and not restarts
        and not any(BY_NAME[key].applies == RESTART for key in settings if key in BY_NAME)
    ):
        kind = RELOAD_DAEMON
    subjects = list(OrderedDict((finding["subject"], None) for finding in share.findings))
    action = {
        "kind": kind,
        "ends": len(share.findings),
        "sentence": "",
        "rules": list(OrderedDict((finding["rule"], None) for finding in share.findings)),
        "subjects": subjects[:SUBJECTS_LIMIT],
        "more_subjects": max(0, len(subjects) - SUBJECTS_LIMIT),
    }
    if share.kind == RESTART_DAEMON:
        action["settings"] = dict(settings)
    action["sentence"] = sentences.of_action(kind, share.findings, subjects, share.changes, settings)
    return action
