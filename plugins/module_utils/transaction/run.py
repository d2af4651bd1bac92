# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change of a Docker daemon: preflight, write, activate, prove; otherwise restore. The order of the steps."""

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, flags, json_edit
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.evidence.daemon_config import DEFAULT_FILE
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    checks,
    exclusive,
    guarded_file,
    journal,
    preflight,
    recovery,
    rollback,
    steps,
    stopped_daemon,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce, Target
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import entry
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import RolledBack, text_of
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Hides, Refused
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof
from ansible_collections.containment.docker.plugins.module_utils.transaction.result import (
    After,
    empty,
    told,
    waits,
)

# Another transaction takes longer than anybody waits; a run of daemon_config is soon over.
LOCK_SECONDS = 5


class Options(NamedTuple):
    """What to do; see the module's documentation."""

    config: Mapping[str, Any]
    absent: Sequence[str]
    target: Target
    path: Optional[str] = None
    accept: bool = False
    validate: bool = True
    backup: bool = True
    check: bool = False
    assume: Sequence[str] = ()
    probe: bool = True
    postpone: Sequence[str] = ()


def run(options: Options) -> Dict[str, Any]:
    """The module's result. Raises Refused, RolledBack, NotRestored or journal.JournalError; each one sentence."""
    if not is_root():
        raise Refused("only root can change the Docker daemon: set become to true")
    try:
        return _run(options)
    except Hides as reason:
        if not reason.keys or not set(reason.keys) <= set(options.postpone):
            raise
        config = {key: value for key, value in options.config.items() if key not in reason.keys}
        result = _run(options._replace(config=config))
        result["waiting"] = [{"key": key, "reason": str(reason)} for key in reason.keys]
        if reason.recovered:
            result.update(changed=True, recovered=reason.recovered)
        return result


def _run(options):
    if options.check:
        return _checked(options)
    with exclusive.lock(options.path or DEFAULT_FILE, LOCK_SECONDS):
        journal.open_directory()
        recovered = recovery.recover()
        found, after, wanted = _read(options)
        if not found.running:
            return stopped_daemon.change(options, found, after, wanted, recovered)
        situation = preflight.situation(options.target, found, after.settings, wanted, options.accept, options.assume)
        warnings = checks.validate(options, found, after, situation.info.get("ServerVersion"))
        made = plan(situation)
        _refuse(options, found, made, recovered)
        checks.refuse_unwritable(found, after, made)
        return dict(_carry_out(options, found, after, situation, made, recovered), warnings=warnings)


def is_root() -> bool:
    """Whether this process may do all of this."""
    return os.geteuid() == 0


def _refuse(options, found, made, recovered=""):
    """Raise what the plan says against itself."""
    if made.hides:
        raise Hides(made.refusal, checks.own_keys(options, found, [move.key for move in made.moves]), recovered)
    if made.refusal:
        raise Refused(made.refusal)


def _read(options):
    found = preflight.find(options.target, options.path)
    config = flags.left_to_flags(options.config, found.settings, found.flags)
    try:
        text = json_edit.merge(found.text, config, options.absent, found.path)
        settings = json_edit.merged(found.settings, config, options.absent)
    except daemon_json.ConfigError as error:
        raise Refused(str(error))
    data = found.original if text == found.text else text.encode("utf-8")
    return found, After(data, text, settings), wanted_keys(options, found.settings)


def wanted_keys(options: Options, settings: Mapping[str, Any]) -> List[str]:
    """The top-level keys that config and absent name; "log-opts.max-size" is about log-opts."""
    names = list(options.config)
    for name in options.absent:
        top = name if name in settings else name.partition(".")[0]
        if top not in names:
            names.append(top)
    return names


def _checked(options):
    """What run() would do, with nothing changed."""
    half_way = journal.load(journal.TRANSACTION)
    if half_way:
        return dict(
            empty(),
            changed=True,
            recovered="a run that was killed would first be finished or undone; what follows can't be told before that",
        )
    found, after, wanted = _read(options)
    if not found.running:
        return stopped_daemon.change(options, found, after, wanted, "")
    situation = preflight.situation(options.target, found, after.settings, wanted, options.accept, options.assume)
    warnings = checks.validate(options, found, after, situation.info.get("ServerVersion"))
    made = plan(situation)
    _refuse(options, found, made)
    checks.refuse_unwritable(found, after, made)
    return dict(told(found, after, situation, made), warnings=warnings)


def _carry_out(options, found, after, situation, made, recovered):
    result = told(found, after, situation, made)
    result["recovered"], result["changed"] = recovered, result["changed"] or bool(recovered)
    if made.activation == NONE and after.data == found.original:
        return result
    if after.data != found.original:
        result["backup_file"] = checks.backup(options, found)
    try:
        record = entry(options.target, found, after, situation, made)
    except (OSError, SystemdError) as error:
        raise Refused(f"dockerd can't be looked at any more: {text_of(error)}")
    record["probe"] = options.probe
    work = steps.Work(record, options.target, situation.next, found.original)
    work.phase("prepared")
    try:
        work.do()
    except guarded_file.ForeignEdit as edit:
        raise rollback.left_as_is(work, str(edit))
    except NotInForce as reason:
        raise _undone(work, str(reason), result)
    result["pending"] = [waits(key) for key in work.pending]
    result["in_memory"] = work.in_memory
    result["containers"]["started"] = [item["name"] for item in work.started]
    result["proof"] = _proof(record)
    return result


def _proof(record):
    return container_proof.told(record["proof"]) if record.get("proof") else None


def _still_lost(work):
    """What does not work as before though all is brought back. The report must not fail by that question."""
    proof = work.entry.get("proof")
    try:
        return container_proof.lost(work.target, proof) if proof else []
    except OSError:
        return []


def _undone(work, reason, result):
    """Restore, and the exception that says so."""
    said = rollback.restore(work, reason)
    still = _still_lost(work)
    if still:
        reason = f"{reason}; also since everything was brought back: {'; '.join(still)}"
    error = RolledBack("; ".join([reason, f"{work.entry['path']} is as it was before"] + said))
    result.update(
        reason=reason,
        pending=[],
        old_data_root=None,
        left_behind=None,
        proof=_proof(work.entry),
        in_memory=work.in_memory,
        containers=dict(result["containers"], started=[item["name"] for item in work.started]),
    )
    error.result = result
    return error
