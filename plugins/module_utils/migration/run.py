# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn userns-remap on without losing what the engine has; the order of the steps."""

import os
import time
from typing import Any, Dict, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import file_lock
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    back,
    downtime,
    earlier,
    facts,
    model,
    plan,
    prepare,
    record,
    second_engine,
    undo,
)
from ansible_collections.containment.docker.plugins.module_utils.migration import daemon as daemon_state
from ansible_collections.containment.docker.plugins.module_utils.migration.daemon import Daemon
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts, Options
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed, Work
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
)

LOCK = "/run/containment.docker.migration.lock"


def present(options: Options, host: Host) -> Dict[str, Any]:
    """Migrate. Raises Refused (nothing was changed), RolledBack, NotRestored, JournalError, ConfigError."""
    with _alone(host):
        recovered = _recover(host, options.check)
        daemon = daemon_state.read(host)
        if options.check and recovered:
            return dict(_result(), changed=True, recovered=recovered)
        ids = facts.read_ids(options.remap, options.check)
        if os.path.basename(daemon.root) == ids.directory:
            return dict(_result(), recovered=recovered, changed=bool(recovered))
        if daemon.remap:
            raise Refused(
                f"the daemon remaps users to {inert(daemon.remap)} already: a migration from one mapping to another is not "
                f"supported; go back first (state: absent)"
            )
        collected = _facts(host, daemon, options, ids)
        decision = plan.plan(collected, options)
        result = dict(_result(), changed=True, recovered=recovered, plan=model.plan_to_json(decision))
        if decision.refusals:
            raise _refused(decision.refusals, result)
        if options.check:
            return result
        entry = Record(
            record.PREPARING,
            options.remap,
            ids,
            daemon.root,
            collected.new_root,
            daemon.program,
            second_engine.configuration(daemon.settings, options.remap),
            daemon.remap,
            daemon.file,
        )
        work = Work(host, options, collected, decision, entry)
        return _carry_out(work, result)


def absent(options: Options, host: Host) -> Dict[str, Any]:
    """Return to the old root. Raises as `present`."""
    with _alone(host):
        recovered = _recover(host, options.check)
        if options.check and recovered:
            return dict(_result(), changed=True, recovered=recovered)
        daemon = daemon_state.read(host)
        done = back.go_back(host, _load(host), options, daemon.root)
        return dict(_result(), recovered=recovered, **dict(done, changed=done["changed"] or bool(recovered)))


def _result() -> Dict[str, Any]:
    return {
        "changed": False,
        "plan": None,
        "recovered": "",
        "seconds": None,
        "started": [],
        "notes": [],
        "written_since": [],
    }


def _refused(refusals: Tuple[str, ...], result: Dict[str, Any]) -> Refused:
    more = f"; and {len(refusals) - 1} more, see refusals in the result" if len(refusals) > 1 else ""
    error = Refused(refusals[0] + more)
    error.result = dict(result, changed=False, refusals=list(refusals))
    return error


def _carry_out(work: Work, result: Dict[str, Any]) -> Dict[str, Any]:
    begin = time.monotonic()
    try:
        new_root = prepare.prepare(work)
        done = downtime.migrate(work, new_root)
    except NotRestored as reason:
        raise NotRestored(f"{reason}; the next run undoes the migration, which ended in the phase {work.record.phase}")
    except Exception as reason:  # whatever it was, also a bug of ours: containers must not stay stopped
        raise _undone(work, result, reason)
    notes = list(work.plan.notes) + done["notes"]
    seconds = {
        "prepared": round(new_root.seconds, 1),
        "downtime": done["downtime"],
        "all": round(time.monotonic() - begin, 1),
    }
    return dict(result, seconds=seconds, started=done["started"], notes=notes)


def _undone(work: Work, result: Dict[str, Any], reason: Exception) -> RolledBack:
    """Undo it. Raises NotRestored."""
    text = str(reason)
    if not isinstance(reason, (Failed, JournalError)):
        text = (
            f"an error that this collection did not expect, {type(reason).__name__}: {inert(reason)}: please report it"
        )
    try:
        notes = undo.undo(work.host, work.record)
    except NotRestored as error:
        raise NotRestored(f"{text}; and it could not be undone: {error}")
    stopped = "" if work.record.phase == record.PREPARING else ", and what ran is started again"
    outcome = RolledBack("; ".join([f"{text}; the engine works in {work.record.root} as before{stopped}"] + notes))
    outcome.result = dict(result, changed=bool(notes), notes=notes)
    return outcome


def _alone(host: Host) -> Any:
    if not host.is_root():
        raise Refused("only root can move the data of the Docker daemon: set become to true")
    try:
        return file_lock.exclusive(LOCK, 5)
    except (file_lock.Locked, OSError) as error:
        raise Refused(f"another migration works on this host ({inert(error)}): wait for it")


def _load(host: Host) -> Optional[Record]:
    data = host.load_record(record.NAME)
    try:
        return None if data is None else record.from_json(data)
    except (ValueError, LookupError, TypeError) as error:
        raise Refused(
            f"{host.state_directory}/{record.NAME} can't be used ({inert(error)}): look at it, then remove it"
        )


def _recover(host: Host, check: bool) -> str:
    """Undo a migration that was killed; a sentence about it, "" if there is none. Raises NotRestored."""
    entry = _load(host)
    if entry is None or entry.phase in (record.DONE, record.BACK):
        return ""
    text = f"an earlier migration ended half-way (in the phase {entry.phase})"
    if entry.phase == record.RETURNING:
        if check:
            return "an earlier way back ended half-way; it would be completed first"
        done = back.finish(host, entry)
        return "; ".join(["an earlier way back ended half-way and was completed"] + done["notes"])
    if check:
        return f"{text}; it would be undone first"
    notes = undo.undo(host, entry)
    return "; ".join([f"{text} and was undone"] + notes)


def _facts(host: Host, daemon: Daemon, options: Options, ids: Any) -> Facts:
    engine = host.engine(second_engine.PATIENCE)
    try:
        return facts.read(host, engine, daemon.root, ids, earlier.read(host, daemon, options, ids), options)
    except (EngineError, OSError, CommandError) as error:
        raise Refused(inert(error))
    except (LookupError, TypeError, AttributeError) as error:
        raise Refused(f"an answer of the engine has an unexpected shape: {type(error).__name__}: {inert(error)}")
    finally:
        engine.close()
