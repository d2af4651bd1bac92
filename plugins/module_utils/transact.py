# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change of a Docker daemon: preflight, write, activate, prove; otherwise restore. The order of the steps."""

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils import (
    config_file,
    daemon_json,
    daemon_validate,
    dockerd_flags,
    dockerd_program,
    journal,
    json_edit,
    transaction_file,
    transaction_recovery,
    transaction_undo,
    user_mapping,
)
from ansible_collections.containment.docker.plugins.module_utils import (
    transaction_evidence as evidence,
)
from ansible_collections.containment.docker.plugins.module_utils import (
    transaction_steps as steps,
)
from ansible_collections.containment.docker.plugins.module_utils.activate import NotInForce, Target
from ansible_collections.containment.docker.plugins.module_utils.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.common import replaceable
from ansible_collections.containment.docker.plugins.module_utils.daemon_files import DEFAULT_FILE
from ansible_collections.containment.docker.plugins.module_utils.daemon_settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    container_proof,
    forwarding,
    log_drivers,
    reload_file,
    start_checks,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import PROCESSES, ROOT, moves
from ansible_collections.containment.docker.plugins.module_utils.systemd import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import plan
from ansible_collections.containment.docker.plugins.module_utils.transaction_entry import entry
from ansible_collections.containment.docker.plugins.module_utils.transaction_evidence import Hides, Refused
from ansible_collections.containment.docker.plugins.module_utils.transaction_outcome import RolledBack, text_of
from ansible_collections.containment.docker.plugins.module_utils.transaction_refusals import cannot_start
from ansible_collections.containment.docker.plugins.module_utils.transaction_result import (
    After,
    diff,
    empty,
    told,
    waits,
)


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


def run(options):
    # type: (Options) -> Dict[str, Any]
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
    with journal.exclusive(), config_file.locked(options.path or DEFAULT_FILE):
        recovered = transaction_recovery.recover()
        found, after, wanted = _read(options)
        if not found.running:
            return _while_stopped(options, found, after, wanted, recovered)
        situation = evidence.situation(options.target, found, after.settings, wanted, options.accept, options.assume)
        warnings = _validate(options, found, after, situation.info.get("ServerVersion"))
        made = plan(situation)
        _refuse(options, found, made, recovered)
        _refuse_what_cannot_be_written(found, after, made)
        return dict(_carry_out(options, found, after, situation, made, recovered), warnings=warnings)


def is_root():
    # type: () -> bool
    """Whether this process may do all of this."""
    return os.geteuid() == 0


def _refuse(options, found, made, recovered=""):
    """Raise what the plan says against itself."""
    if made.hides:
        raise Hides(made.refusal, _own(options, found, [move.key for move in made.moves]), recovered)
    if made.refusal:
        raise Refused(made.refusal)


def _own(options, found, names):
    """These settings as keys of config that the file has not, so that they can be left out; [] where one can't be."""
    keys = sorted({name.partition(".")[0] for name in names})
    return keys if all(key in options.config and key not in found.settings for key in keys) else []


def _read(options):
    found = evidence.find(options.target, options.path)
    config = dockerd_flags.left_to_flags(options.config, found.settings, found.flags)
    try:
        text = json_edit.merge(found.text, config, options.absent, found.path)
        settings = json_edit.merged(found.settings, config, options.absent)
    except daemon_json.ConfigError as error:
        raise Refused(str(error))
    data = found.original if text == found.text else text.encode("utf-8")
    return found, After(data, text, settings), wanted_keys(options, found.settings)


def wanted_keys(options, settings):
    # type: (Options, Mapping[str, Any]) -> List[str]
    """The top-level keys that config and absent name; "log-opts.max-size" is about log-opts."""
    names = list(options.config)
    for name in options.absent:
        top = name if name in settings else name.partition(".")[0]
        if top not in names:
            names.append(top)
    return names


def _validate(options, found, after, version):
    """Raise what is wrong with the file as it will be; what dockerd takes and ignores, as warnings."""
    problems = daemon_validate.validate(after.settings, version, found.settings)
    if not problems:
        following = dockerd_flags.merged(after.settings, found.flags, {})
        problems = start_checks.problems(following, version, os.path.exists)
    if after.data is not None:
        problems = daemon_json.text_problems(after.text, version) + problems
    blocks = reload_file.refusal(found.settings, after.settings, version)
    if problems or blocks:
        raise Refused("%s: %s" % (found.path, (problems + [blocks])[0]))
    if options.validate and after.data is not None and after.data != found.original:
        problem = dockerd_program.problem(found.argv, after.data, version)
        if problem:
            raise Refused("%s: %s" % (found.path, problem))
    return [
        "%s: dockerd takes it, but %s" % (found.path, sentence)
        for sentence in daemon_validate.ignored(after.settings, version)
    ]


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
        return _while_stopped(options, found, after, wanted, "")
    situation = evidence.situation(options.target, found, after.settings, wanted, options.accept, options.assume)
    warnings = _validate(options, found, after, situation.info.get("ServerVersion"))
    made = plan(situation)
    _refuse(options, found, made)
    _refuse_what_cannot_be_written(found, after, made)
    return dict(told(found, after, situation, made), warnings=warnings)


def _refuse_what_cannot_be_written(found, after, made=None):
    """Before anything is stopped or promised. made: the plan for a daemon that runs."""
    changes = after.data != found.original
    places = [found.path] if changes else []
    if made is not None and (changes or made.activation != NONE):
        places.append(os.path.join(journal.DIRECTORY, journal.TRANSACTION))
    for place in places:
        reason = replaceable.obstacle(place)
        if reason:
            raise Refused("%s cannot be written: %s" % (place, reason))


def _while_stopped(options, found, after, wanted, recovered):
    """A daemon that is stopped stays stopped: nothing may connect to its socket, as that would start it."""
    following = dockerd_flags.merged(after.settings, found.flags, DEFAULTS)
    remap = following.get("userns-remap")
    refusal = cannot_start(
        after.settings,
        following,
        found.flags,
        user_mapping.unready(remap, options.assume) if remap else (),
        options.target.unit,
    )
    if refusal:
        raise Refused(refusal)
    warnings = _validate(options, found, after, dockerd_program.version(found.argv[0]))
    moved, root = _moves_while_stopped(found, following, options)
    _refuse_broken_containers(following, wanted, root)
    _refuse_what_cannot_be_written(found, after)
    result = dict(
        empty(),
        changed=after.data != found.original or bool(recovered),
        recovered=recovered,
        diff=diff(found, after),
        old_data_root=root if ROOT in [move.what for move in moved] else None,
        warnings=warnings,
    )
    if after.data != found.original:
        result["reason"] = "%s is %s and stays so: the file is in force from its next start on" % (
            options.target.unit,
            found.state,
        )
        if not options.check:
            result["backup_file"] = _backup(options, found)
            try:
                transaction_file.put(found.path, found.original, after.data)
            except transaction_file.ForeignEdit as edit:
                raise Refused("%s; nothing is written: run again" % edit)
    return result


def _refuse_broken_containers(following, wanted, root):
    driver = following.get("log-driver") if "log-driver" in wanted else None
    broken = log_drivers.refusal(driver, log_drivers.known_while_stopped(root))
    if forwarding.KEY in wanted:
        broken = broken or forwarding.refusal(following, forwarding.read())
    if broken:
        raise Refused(broken)


def _moves_while_stopped(found, following, options):
    """(what the change moves, the data root as it is). Raises Refused where that would hide something."""
    before = dockerd_flags.merged(found.settings, found.flags, DEFAULTS)
    moved = moves(
        [key for key in set(before) | set(following) if before.get(key) != following.get(key)], before, following
    )
    root = before.get("data-root") or before.get("graph") or "/var/lib/docker"
    names = " and ".join(move.key for move in moved)
    alive = evidence.alive_in(root) if moved else 0
    if alive:
        raise Refused(
            "%d container%s on while %s is %s, and would be lost with another %s: start it first"
            % (alive, " runs" if alive == 1 else "s run", options.target.unit, found.state, names)
        )
    hides = [move for move in moved if move.what != PROCESSES]
    if hides and not options.accept and evidence.holds_data(root):
        reason = "changing %s moves the engine's data, and %s holds some; set accept_new_data_root to go on"
        raise Hides(reason % (names, root), _own(options, found, [move.key for move in moved]))
    return moved, root


def _backup(options, found):
    if not options.backup or found.original is None:
        return None
    try:
        return config_file.backup(found.path)
    except daemon_json.ConfigError as error:
        raise Refused(str(error))


def _carry_out(options, found, after, situation, made, recovered):
    result = told(found, after, situation, made)
    result["recovered"], result["changed"] = recovered, result["changed"] or bool(recovered)
    if made.activation == NONE and after.data == found.original:
        return result
    if after.data != found.original:
        result["backup_file"] = _backup(options, found)
    try:
        record = entry(options.target, found, after, situation, made)
    except (OSError, SystemdError) as error:
        raise Refused("dockerd can't be looked at any more: %s" % text_of(error))
    record["probe"] = options.probe
    work = steps.Work(record, options.target, situation.next, found.original)
    work.phase("prepared")
    try:
        work.do()
    except transaction_file.ForeignEdit as edit:
        raise transaction_undo.left_as_is(work, str(edit))
    except NotInForce as reason:
        raise _undone(work, str(reason), result)
    result["pending"] = [waits(key) for key in work.pending]
    result["in_memory"] = work.in_memory
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
    said = transaction_undo.restore(work, reason)
    still = _still_lost(work)
    if still:
        reason = "%s; also since everything was brought back: %s" % (reason, "; ".join(still))
    error = RolledBack("; ".join([reason, "%s is as it was before" % work.entry["path"]] + said))
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
