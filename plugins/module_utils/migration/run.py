# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn userns-remap on without losing what the engine has; the order of the steps."""

import os
import time
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import file_lock
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    back,
    downtime,
    facts,
    model,
    plan,
    prepare,
    record,
    second_engine,
    undo,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts, Options
from ansible_collections.containment.docker.plugins.module_utils.migration.record import Record
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import KEY, Failed, Work
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, locate, preflight
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    Refused,
    RolledBack,
)

LOCK = "/run/containment.docker.migration.lock"


class Daemon(NamedTuple):
    """The daemon: its program, the settings of its next start, userns-remap in its file, and its data root in force."""

    program: str
    settings: Dict[str, Any]
    remap: Optional[str]
    root: str


def present(options: Options, host: Host) -> Dict[str, Any]:
    """Migrate. Raises Refused (nothing was changed), RolledBack, NotRestored, JournalError, ConfigError."""
    with _alone(host):
        recovered = _recover(host, options.check)
        daemon = _daemon(host)
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
        made = plan.plan(collected, options)
        result = dict(_result(), changed=True, recovered=recovered, plan=model.plan_to_json(made))
        if made.refusals:
            raise _refused(made.refusals, result)
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
        )
        work = Work(host, options, collected, made, entry)
        return _carry_out(work, result)


def absent(options: Options, host: Host) -> Dict[str, Any]:
    """Return to the old root. Raises as `present`."""
    with _alone(host):
        recovered = _recover(host, options.check)
        if options.check and recovered:
            return dict(_result(), changed=True, recovered=recovered)
        daemon = _daemon(host)
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
        made = prepare.prepare(work)
        done = downtime.migrate(work, made)
    except Failed as reason:
        phase = work.record.phase
        notes = undo.undo(work.host, work.record)
        stopped = "" if phase == record.PREPARING else ", and what ran is started again"
        error = RolledBack("; ".join([f"{reason}; the engine works in {work.record.root} as before{stopped}"] + notes))
        error.result = dict(result, changed=bool(notes), notes=notes)
        raise error
    notes = list(work.plan.notes)
    notes += [f"the bridge {name} of the old data root is left in the kernel" for name in done["bridges"]]
    seconds = {
        "prepared": round(made.seconds, 1),
        "downtime": done["downtime"],
        "all": round(time.monotonic() - begin, 1),
    }
    return dict(result, seconds=seconds, started=done["started"], notes=notes)


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
    if check:
        return f"{text}; it would be undone first"
    notes = undo.undo(host, entry)
    return "; ".join([f"{text} and was undone"] + notes)


def _daemon(host: Host) -> Daemon:
    """The daemon as it is. Raises Refused."""
    found = preflight.find(host, None)
    if not locate.is_running(found.status):
        raise Refused(f"{host.unit} does not run, so nobody can say what it has: start it first")
    data = config_file.read(found.start.path)
    try:
        settings = locate.next_settings(host, found.start.path, data)
        own = daemon_json.parse(data or b"", found.start.path)
    except (ConfigError, SystemdError) as error:
        raise Refused(str(error))
    engine = host.engine()
    try:
        root = facts.data_root(engine)
    except EngineError as error:
        raise Refused(inert(error))
    finally:
        engine.close()
    argv = found.start.argv or ("dockerd",)
    return Daemon(argv[0], settings, own.get(KEY) or None, root)


def _facts(host: Host, daemon: Daemon, options: Options, ids: Any) -> Facts:
    engine = host.engine(second_engine.PATIENCE)
    try:
        return facts.read(engine, daemon.root, ids, _taken(host, daemon, options, ids), options)
    except (EngineError, OSError) as error:
        raise Refused(inert(error))
    finally:
        engine.close()


def _taken(host: Host, daemon: Daemon, options: Options, ids: Any) -> Dict[str, List[str]]:
    """What a new root from earlier has. It is asked only where there is one, and not by a check run."""
    new_root = os.path.join(daemon.root, ids.directory)
    if options.check or not os.path.isdir(new_root):
        return {}
    old = host.engine()
    try:
        second_engine.start(daemon.program, second_engine.configuration(daemon.settings, options.remap))
        new = second_engine.engine()
        try:
            there, here = facts.names(new), facts.names(old)
        finally:
            new.close()
    except CommandError as error:
        raise Refused(f"a second dockerd on {new_root} does not start: {error}")
    finally:
        old.close()
        second_engine.stop()
    built_in = {"bridge", "host", "none"}
    return {kind: sorted(set(there[kind]) & set(here[kind]) - built_in) for kind in there}
