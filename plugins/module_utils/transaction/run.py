# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change of a Docker daemon: preflight, write, activate, prove; otherwise restore. The order of the steps."""

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import stop_order
from ansible_collections.containment.docker.plugins.module_utils.dockerd import json_edit
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DEFAULT_FILE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import digest
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    change,
    checks,
    exclusive,
    guarded_file,
    journal,
    locate,
    preflight,
    recovery,
    result,
    rollback,
    steps,
    stopped_daemon,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import Entry
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import (
    RESET_BY_RELOAD,
    Plan,
    Situation,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    MayWait,
    Refused,
    RolledBack,
    text_of,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import LIVE_RESTORE, Work

# Another transaction takes longer than anybody waits; a run of daemon_config is soon over.
LOCK_SECONDS = 5


class Options(NamedTuple):
    """What to do; see the module's documentation."""

    config: Mapping[str, Any]
    absent: Sequence[str]
    path: Optional[str] = None
    accept: bool = False
    validate: bool = True
    backup: bool = True
    check: bool = False
    assume: Sequence[str] = ()
    probe: bool = True
    postpone: Sequence[str] = ()
    original: Optional[change.Original] = None
    restart: bool = False


def run(options: Options, host: Host) -> Dict[str, Any]:
    """Return the module's result. Raise Refused, RolledBack, NotRestored, ConfigError or JournalError, each one sentence."""
    if not host.is_root():
        raise Refused("only root can change the Docker daemon: set become to true")
    try:
        return _run(options, host)
    except MayWait as reason:
        if not reason.keys or not set(reason.keys) <= set(options.postpone):
            raise
        config = {key: value for key, value in options.config.items() if key not in reason.keys}
        done = _run(options._replace(config=config), host)
        done["waiting"] = [{"key": key, "reason": str(reason)} for key in reason.keys]
        if reason.recovered:
            done.update(changed=True, recovered=reason.recovered)
        return done


def _run(options: Options, host: Host) -> Dict[str, Any]:
    if options.check:
        if host.load_record(journal.TRANSACTION):
            return dict(result.empty(), changed=True, recovered=result.WOULD_RECOVER)
        return _change(options, host, "")
    with exclusive.lock(options.path or DEFAULT_FILE, LOCK_SECONDS, host.lock_path):
        host.open_journal()
        return _change(options, host, recovery.recover(host))


def _change(options: Options, host: Host, recovered: str) -> Dict[str, Any]:
    """The change itself, once nothing of an earlier run is half-way."""
    start, status = preflight.find(host, options.path)
    try:
        wish = change.read(start.path, options.config, options.absent, start.flags, options.original)
    except ConfigError as error:
        raise Refused(str(error))
    wanted = wanted_keys(options, wish.settings_before)
    if not locate.is_running(status):
        return stopped_daemon.change(options, host, preflight.Daemon(start, status), wish, wanted, recovered)
    situation = preflight.situation(host, start, wish, wanted, options.accept, options.assume)
    situation = situation._replace(restart=options.restart)
    version = situation.info.get("ServerVersion")
    problems = checks.problems(host, wish, start, version, options.validate and wish.changes)
    if problems:
        present = checks.present_problems(host, wish, start, version, options.validate)
        why = checks.sentence(wish.path, problems, present)
        raise checks.refusal(options.config, wish, why, problems, recovered)
    drawn = plan(situation)
    if drawn.hides:
        keys = checks.own_keys(options.config, wish.settings_before, [move.key for move in drawn.moves])
        raise MayWait(drawn.refusal, keys, recovered)
    if drawn.refusal:
        raise Refused(drawn.refusal)
    doubts = checks.would_start(host, start, wish, situation, options.validate) if drawn.activation == RESTART else []
    checks.require_writable(_places(host, wish, drawn))
    done = result.planned(wish, situation, drawn)
    done["warnings"] = checks.warnings(wish, start, version) + doubts
    if not options.check:
        done["recovered"], done["changed"] = recovered, done["changed"] or bool(recovered)
        if drawn.activation != NONE or wish.changes:
            _carry_out(options, host, wish, situation, drawn, done)
    return done


def wanted_keys(options: Options, settings: Mapping[str, Any]) -> List[str]:
    """The top-level keys that config and absent name; "log-opts.max-size" is about log-opts."""
    names = list(options.config)
    for name in options.absent:
        top = name if name in settings else name.partition(".")[0]
        if top not in names:
            names.append(top)
    return names


def _places(host: Host, wish: Change, drawn: Plan) -> Tuple[str, ...]:
    journal_path = os.path.join(host.state_directory, journal.TRANSACTION)
    places = (wish.path,) if wish.changes else ()
    return places + ((journal_path,) if wish.changes or drawn.activation != NONE else ())


def entry_of(options: Options, host: Host, wish: Change, situation: Situation, drawn: Plan) -> Entry:
    """The journal's entry of a plan. Raises Refused where dockerd ends meanwhile."""
    text = wish.after
    ends = drawn.activation == RESTART or drawn.live_restore_first
    if ends and drawn.keep and situation.next.get(LIVE_RESTORE) is not True:
        # a daemon that starts without it kills the containers that the old one left alive
        text = json_edit.merge(wish.after, {LIVE_RESTORE: True})
    try:
        dockerd = activate.mark(host, host.unit_status().main_pid)
    except (OSError, SystemdError) as error:
        raise Refused(f"dockerd can't be looked at any more: {text_of(error)}")
    return Entry(
        path=wish.path,
        unit=host.unit,
        address=host.address,
        timeout=host.timeout,
        engine_version=situation.info.get("ServerVersion"),
        activation=drawn.activation,
        keys=drawn.keys,
        waiting=drawn.pending,
        running_known=situation.running is not None,
        before=wish.file.data,
        start=text.encode("utf-8") if text != wish.after else wish.data,
        after=wish.data,
        live_restore=bool(situation.info["LiveRestoreEnabled"]),
        turn_on_live_restore=drawn.live_restore_first,
        reload_resets=tuple(sorted(set(situation.running_flags) & set(RESET_BY_RELOAD))),
        dockerd=dockerd,
        keep=drawn.keep,
        stop=tuple(stop_order(drawn.stop)),
        written=(digest(wish.file.data),),
        start_again=drawn.start_again,
        probe=options.probe,
    )


def _carry_out(
    options: Options, host: Host, wish: Change, situation: Situation, drawn: Plan, done: Dict[str, Any]
) -> None:
    if wish.changes:
        done["backup_file"] = checks.backup(wish, options.backup)
    work = Work(entry_of(options, host, wish, situation, drawn), host, situation.next, wish.file.data)
    work.enter("prepared")
    try:
        steps.do(work)
    except guarded_file.ForeignEdit as edit:
        raise rollback.left_as_is(work, str(edit))
    except NotInForce as reason:
        raise undo(work, str(reason), done)
    done["pending"] = [result.waits(key) for key in work.pending]
    done["in_memory"] = work.in_memory
    done["proof"] = result.proof(work.entry.proof)
    done["containers"]["started"] = [item.name for item in work.started]


def undo(work: Work, reason: str, done: Dict[str, Any]) -> RolledBack:
    """Restore, and the exception that says so. done: the result so far. Raises NotRestored."""
    notes = rollback.restore(work, reason)
    still = _still_lost(work)
    if still:
        reason = f"{reason}; also since everything was brought back: {'; '.join(still)}"
    error = RolledBack("; ".join([reason, f"{work.entry.path} is as it was before"] + notes))
    error.result = dict(
        done,
        reason=reason,
        pending=[],
        old_data_root=None,
        left_behind=None,
        proof=result.proof(work.entry.proof),
        in_memory=work.in_memory,
        containers=dict(done["containers"], started=[item.name for item in work.started]),
    )
    return error


def _still_lost(work: Work) -> List[str]:
    """What does not work as before though all is brought back. The report must not fail by that question."""
    try:
        return work.host.lost(work.entry.proof) if work.entry.proof else []
    except OSError:
        return []
