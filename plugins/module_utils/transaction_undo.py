# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a transaction, and what the next run does about one that was killed."""

from ansible_collections.containment.docker.plugins.module_utils import (
    activate,
    config_file,
    dockerd_unit,
    in_force,
    journal,
)
from ansible_collections.containment.docker.plugins.module_utils import (
    transaction_evidence as evidence,
)
from ansible_collections.containment.docker.plugins.module_utils.activate import NotInForce, Target
from ansible_collections.containment.docker.plugins.module_utils.daemon_settings import BY_NAME, RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction_steps import (
    LIVE_RESTORE,
    MISHAPS,
    Work,
    text_of,
)

_FAILURES = (NotInForce,) + MISHAPS
# The way back must not fail because its caller was impatient (seconds).
AT_LEAST = 90.0


class NotRestored(Exception):
    """The way back failed, too; the text says both in one sentence. The journal stays for the next run."""


def restore(work, reason):
    # type: (Work, str) -> None
    """Back to the bytes, the daemon and the containers from before. Raises NotRestored."""
    entry = work.entry
    before = journal.unpack(entry["before"])
    work.target = work.target._replace(timeout=max(work.target.timeout, AT_LEAST))
    try:
        work.phase("restoring")
        if entry["activation"] == RESTART and entry.get("asked"):
            _restart_with(work, before)
        elif entry["activation"] == RELOAD and entry.get("asked"):
            _unload(work, before)
        elif entry["turn_on"] and _live_restore_is_on(work):
            work.settle(before, {LIVE_RESTORE: False})
        work.put(before)
        failed = _start_again(work)
        work.pending = []
        work.finish()
    except _FAILURES as error:
        raise NotRestored("%s; and the way back failed: %s" % (reason, text_of(error)))
    if failed:
        raise NotRestored("%s; all is as before except that these do not start again: %s" % (reason, "; ".join(failed)))


def _start_again(work):
    """Start the containers that we stopped, in the reverse order; why some don't start."""
    failed = []
    for item in reversed(work.entry["stop"]):
        try:
            if activate.start(work.target, item["id"], item["paused"]):
                work.started.append(item)
        except NotInForce as error:
            failed.append("%s (%s)" % (item["name"], error))
    return failed


def _restart_with(work, before):
    """The daemon with its former file; the live-restore that kept the containers must not end with it."""
    entry, data = work.entry, before
    if entry["keep"] and _former(work).get(LIVE_RESTORE) is not True:
        data = work.with_values(before, {LIVE_RESTORE: True})
        if activate.answering(work.target) and not _live_restore_is_on(work):
            work.reload_with(config_file.read(entry["path"]), {LIVE_RESTORE: True})
    work.put(data)
    dockerd_unit.end_hung(work.target.unit, tuple(entry["dockerd"]))
    activate.restart(work.target)
    engine = work.target.engine()
    try:
        work.prove_containers(engine)
    finally:
        engine.close()
    if data != before:
        work.settle(before, {LIVE_RESTORE: entry["live_restore"]})


def _former(work):
    return evidence.next_settings(work.target.unit, work.entry["path"], journal.unpack(work.entry["before"]))


def _unload(work, before):
    """Take back what a reload brought: a key that only goes from the file keeps its value in memory, so name it once."""
    if not activate.answering(work.target):
        _restart_with(work, before)
        return
    former, file_before = _former(work), evidence.parsed(work.entry["path"], before)
    values, unnamed = {}, []
    for key in work.entry["keys"]:
        value = former.get(key, [] if isinstance(BY_NAME[key].shape, list) else None)
        if value is None and not BY_NAME[key].reset:
            unnamed.append(key)
        elif key not in file_before and not BY_NAME[key].reset:
            values[key] = value
    work.remember(unnamed, "its former value can't be named in the file")
    work.settle(before, values)


def _live_restore_is_on(work):
    return activate.ask(work.target, "/info")["LiveRestoreEnabled"]


def recover():
    # type: () -> str
    """Finish or undo what a killed run left half-way; a sentence about it, "" if there was none. Raises NotRestored."""
    entry = journal.load(journal.TRANSACTION)
    if entry is None:
        return ""
    target = Target(entry["unit"], entry["address"], entry["timeout"])
    when = "an earlier run that ended half-way (in the phase %s)" % entry["phase"]
    try:
        after = journal.unpack(entry["after"])
        # those that have ended since the run was killed can't be kept any more
        entry["keep"] = [item for item in entry["keep"] if _alive(item)]
        work = Work(entry, target, evidence.next_settings(target.unit, entry["path"], after))
        data = config_file.read(entry["path"])
        ours = entry["ours"] + [in_force.digest(journal.unpack(entry["before"]))]
        if in_force.digest(data) not in ours:
            return _left_alone(work, when)
        state = activate.wait(target.timeout, lambda: _settled(target))
        if state and state.active == "inactive":
            return _undone_without_daemon(work, when)
        restarted = bool(state) and state.active == "active" and dockerd_unit.mark(state.pid) != tuple(entry["dockerd"])
        if not state or state.active == "failed" or state.sub == "auto-restart":
            entry["asked"] = True
        if (
            restarted
            and entry["activation"] == RESTART
            and data == journal.unpack(entry["start"])
            and entry["phase"] != "restoring"
        ):
            entry["asked"] = True
            return _finished(work, when)
        restore(work, when + " could not be finished")
    except _FAILURES as error:
        raise NotRestored("%s can't be finished or undone: %s" % (when, text_of(error)))
    return _undone(work, when)


def _alive(item):
    try:
        return dockerd_unit.start_ticks(item["pid"]) == item["ticks"]
    except OSError:
        return False


def _settled(target):
    now = dockerd_unit.life(target.unit)
    return now if now.active in ("active", "inactive", "failed") or now.sub == "auto-restart" else None


def _finished(work, when):
    try:
        work.prove()
        work.finish()
        return "%s was finished" % when
    except _FAILURES as error:
        restore(work, "%s: %s" % (when, text_of(error)))
    return _undone(work, when)


def _undone(work, when):
    return "%s was undone%s" % (when, "; started again: %s" % _names(work.started) if work.started else "")


def _undone_without_daemon(work, when):
    work.put(journal.unpack(work.entry["before"]))
    work.finish()
    stopped = work.entry["stop"]
    return "%s was undone; the daemon is stopped%s" % (
        when,
        ", so these were not started again: %s" % _names(stopped) if stopped else "",
    )


def _left_alone(work, when):
    """The file is somebody's work now; only the containers are put right."""
    if activate.answering(work.target):
        _start_again(work)
    journal.remove(journal.TRANSACTION)
    return "%s was left as it is, as the file was changed by someone else since%s" % (
        when,
        "; started again: %s" % _names(work.started) if work.started else "",
    )


def _names(items):
    return ", ".join(item["name"] for item in items)
