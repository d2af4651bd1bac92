# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a transaction. One that could not be finished goes on where it ended, and restarts nothing twice."""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import BY_NAME, RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    containers,
    foreign_change,
    journal,
    preflight,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    text_of,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.steps import LIVE_RESTORE, Work

# The way back must not fail because its caller was impatient (seconds).
AT_LEAST = 90.0


def restore(work: Work, reason: str) -> List[str]:
    """Back to the bytes, the daemon and the containers from before; sentences about what could not be kept.

    Raises NotRestored where something is left to do. Then the journal stays, and the next run goes on from there.
    """
    entry = work.entry
    before = journal.unpack(entry["before"])
    work.target = work.target._replace(timeout=max(work.target.timeout, AT_LEAST))
    try:
        work.phase("restoring")
        work.check()
        _bring_daemon_back(work, before)
        work.put(before)
        done = containers.start_again(work.target, entry)
        work.started = done.started
        work.pending = []
        if not done.left:
            work.finish()
    except ForeignEdit as edit:
        raise left_as_is(work, f"{reason}; on the way back {edit}")
    except Exception as error:  # whatever it is: the journal stays, and a person has to know
        raise NotRestored(
            f"{reason}; and the way back failed: {text_of(error)}; put that right and run again: {how_to_clear()}"
        )
    if done.left:
        raise NotRestored(
            "%s; all else is as before, but %s; put that right and run again: %s"
            % (reason, "; ".join(done.left), how_to_clear())
        )
    if done.failed:
        raise NotRestored(
            "%s; all is as before except that these do not start again: %s"
            % (reason, "; ".join(done.failed + work.in_memory))
        )
    return _not_kept(entry, done)


def _not_kept(entry, done):
    kept = {item["id"] for item in entry["keep"]}
    ended = [item["name"] for item in done.started if item["id"] in kept]
    said = [f"{', '.join(ended)} had ended and runs again"] if ended else []
    return said + ([f"{', '.join(done.unknown)} is gone: made with --rm, or removed"] if done.unknown else [])


def left_as_is(work: Work, what: str) -> LeftAsIs:
    """The exception for a file that somebody else changed (`what`), once nothing more can be put right without it."""
    phase = work.entry["phase"]
    said, left = foreign_change.leave(work)
    return LeftAsIs(
        "%s (in the phase %s): nothing is written over it, and dockerd may have other settings in force than it says%s; "
        "look at the file, then run again%s"
        % (what, phase, "".join("; " + sentence for sentence in said), ": " + how_to_clear() if left else "")
    )


def how_to_clear() -> str:
    """What a person does who wants no later run to go on from the journal."""
    return f"it goes on from here, or, if all is to stay as it is now, remove {journal.DIRECTORY}/{journal.TRANSACTION}"


def _bring_daemon_back(work, before):
    entry = work.entry
    if entry["activation"] == RESTART and entry.get("asked"):
        if not _was_brought_back(work):
            _restart_with(work, before)
        elif work.last != before:
            work.settle(before, {LIVE_RESTORE: entry["live_restore"]})
    elif entry["activation"] == RELOAD and entry.get("asked"):
        _unload(work, before)
    elif entry["turn_on"] and _live_restore_is_on(work):
        work.settle(before, {LIVE_RESTORE: False})


def _was_brought_back(work):
    """Whether the way back has restarted dockerd already, in this run or an earlier one; one that starts is waited for."""
    if not work.entry.get("back_from"):
        return False
    now = docker_unit.life(work.target.unit)
    if not now.pid or list(docker_unit.mark(now.pid)) == work.entry["back_from"]:
        return False
    if not activate.wait(work.target.timeout, lambda: activate.answering(work.target)):
        if docker_unit.life(work.target.unit).pid == now.pid:
            raise NotInForce("dockerd was started and does not answer yet")
        return False
    return True


def _restart_with(work, before):
    """The daemon with its former file; the live-restore that kept the containers must not end with it."""
    entry, data = work.entry, before
    if entry["keep"] and _former(work).get(LIVE_RESTORE) is not True:
        data = work.with_values(before, {LIVE_RESTORE: True})
        if activate.answering(work.target) and not _live_restore_is_on(work):
            work.reload_with(work.last, {LIVE_RESTORE: True})
    _stop_what_was_started_again(work)
    work.put(data)
    docker_unit.end_hung(work.target.unit, tuple(entry["dockerd"]))
    now = docker_unit.life(work.target.unit)
    entry["back_from"] = list(docker_unit.mark(now.pid)) if now.pid else [0, 0]
    work.save()
    work.restart()
    if data != before:
        work.settle(before, {LIVE_RESTORE: entry["live_restore"]})


def _stop_what_was_started_again(work):
    """The former daemon can't find the processes of containers that the new one has started."""
    if work.entry.get("start_again") and activate.answering(work.target):
        for item in work.entry["stop"]:
            activate.stop(work.target, item["id"], item["stop_timeout"])


def _is_the_former(work):
    """Whether dockerd still is the process from before: without live-restore its end would end the containers."""
    now = docker_unit.life(work.target.unit)
    return bool(now.pid) and list(docker_unit.mark(now.pid)) == list(work.entry["dockerd"])


def _former(work):
    return preflight.next_settings(work.target.unit, work.entry["path"], journal.unpack(work.entry["before"]))


def _unload(work, before):
    """Take back what a reload brought: a key that only goes from the file keeps its value in memory, so name it once."""
    if not activate.answering(work.target):
        if _is_the_former(work):
            work.put(before)
            raise NotInForce("dockerd does not answer, and it keeps in its memory what a reload brought")
        _restart_with(work, before)
        return
    former, file_before = _former(work), preflight.parsed(work.entry["path"], before)
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
