# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a transaction. One that could not be finished goes on where it ended, and restarts nothing twice."""

import os
from typing import Any, Dict, List

from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import BY_NAME, RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    containers,
    foreign_change,
    journal,
    locate,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import Entry
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    text_of,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import LIVE_RESTORE, Work

# The way back must not fail because its caller was impatient (seconds).
AT_LEAST = 90.0


def restore(work: Work, reason: str) -> List[str]:
    """Back to the bytes, the daemon and the containers from before; sentences about what could not be kept.

    Raises NotRestored where something is left to do. Then the journal stays, and the next run goes on from there.
    """
    host = work.host
    work.host = host.of_daemon(host.unit, host.address, max(host.timeout, AT_LEAST))
    try:
        work.enter("restoring")
        work.check()
        _bring_daemon_back(work)
        work.put(work.entry.before)
        done = containers.start_again(work.host, work.entry)
        work.started = done.started
        work.pending = ()
        if not done.unfinished:
            work.finish()
    except ForeignEdit as edit:
        raise left_as_is(work, f"{reason}; on the way back {edit}")
    except Exception as error:  # whatever it is: the journal stays, and a person has to know
        raise NotRestored(
            f"{reason}; and the way back failed: {text_of(error)}; put that right and run again: {how_to_clear(host)}"
        )
    if done.unfinished:
        raise NotRestored(
            f"{reason}; all else is as before, but {'; '.join(done.unfinished)}; "
            f"put that right and run again: {how_to_clear(host)}"
        )
    if done.failed:
        raise NotRestored(
            f"{reason}; all is as before except that these do not start again: {'; '.join(done.failed + work.in_memory)}"
        )
    return _not_kept(work.entry, done)


def _not_kept(entry: Entry, done: containers.StartedAgain) -> List[str]:
    kept = {item.id for item in entry.keep}
    ended = [item.name for item in done.started if item.id in kept]
    sentences = [f"{', '.join(ended)} had ended and runs again"] if ended else []
    return sentences + ([f"{', '.join(done.unknown)} is gone: made with --rm, or removed"] if done.unknown else [])


def left_as_is(work: Work, what: str) -> LeftAsIs:
    """The exception for a file that somebody else changed (`what`), once nothing more can be put right without it."""
    phase = work.entry.phase
    sentences, is_open = foreign_change.leave(work)
    state = "".join("; " + sentence for sentence in sentences)
    return LeftAsIs(
        f"{what} (in the phase {phase}): nothing is written over it, and dockerd may have other settings in force than it "
        f"says{state}; look at the file, then run again{': ' + how_to_clear(work.host) if is_open else ''}"
    )


def how_to_clear(host: Host) -> str:
    """What a person does who wants no later run to go on from the journal."""
    journal_path = os.path.join(host.state_directory, journal.TRANSACTION)
    return f"it goes on from here, or, if all is to stay as it is now, remove {journal_path}"


def _bring_daemon_back(work: Work) -> None:
    entry = work.entry
    if entry.activation == RESTART and entry.activation_began:
        if not _was_brought_back(work):
            _restart(work)
        elif work.last != entry.before:
            work.settle(entry.before, {LIVE_RESTORE: entry.live_restore})
    elif entry.activation == RELOAD and entry.activation_began:
        _unload(work)
    elif entry.turn_on_live_restore and _live_restore_is_on(work):
        work.settle(entry.before, {LIVE_RESTORE: False})


def _was_brought_back(work: Work) -> bool:
    """Whether the way back has restarted dockerd already, in this run or an earlier one; one that starts is waited for."""
    if work.entry.rollback_left is None:
        return False
    now = activate.mark_of_unit(work.host)
    if now in (activate.NO_PROCESS, work.entry.rollback_left):
        return False
    if not activate.wait(work.host, work.host.timeout, lambda: activate.answering(work.host)):
        if activate.mark_of_unit(work.host) == now:
            raise NotInForce("dockerd was started and does not answer yet")
        return False
    return True


def _restart(work: Work) -> None:
    """The daemon with its former file; the live-restore that kept the containers must not end with it."""
    entry = work.entry
    data = entry.before
    if entry.keep and _former(work).get(LIVE_RESTORE) is not True:
        data = work.with_values(entry.before, {LIVE_RESTORE: True})
        if activate.answering(work.host) and not _live_restore_is_on(work):
            work.reload_with(work.last, {LIVE_RESTORE: True})
    _stop_what_was_started_again(work)
    work.put(data)
    activate.end_hung(work.host, entry.dockerd)
    work.record(rollback_left=activate.mark_of_unit(work.host))
    work.restart()
    if data != entry.before:
        work.settle(entry.before, {LIVE_RESTORE: entry.live_restore})


def _stop_what_was_started_again(work: Work) -> None:
    """The former daemon can't find the processes of containers that the new one has started."""
    if work.entry.start_again and activate.answering(work.host):
        for container in work.entry.stop:
            activate.stop(work.host, container)


def _is_the_former(work: Work) -> bool:
    """Whether dockerd still is the process from before: without live-restore its end would end the containers."""
    return activate.mark_of_unit(work.host) == work.entry.dockerd


def _former(work: Work) -> Dict[str, Any]:
    return locate.next_settings(work.host, work.entry.path, work.entry.before)


def _unload(work: Work) -> None:
    """Take back what a reload brought: a key that only goes from the file keeps its value in memory, so name it once."""
    before = work.entry.before
    if not activate.answering(work.host):
        if _is_the_former(work):
            work.put(before)
            raise NotInForce("dockerd does not answer, and it keeps in its memory what a reload brought")
        _restart(work)
        return
    former, file_before = _former(work), daemon_json.parse(before or b"", work.entry.path)
    values, unnamed = {}, []
    for key in work.entry.keys:
        value = former.get(key, [] if isinstance(BY_NAME[key].shape, list) else None)
        if value is None and not BY_NAME[key].reset:
            unnamed.append(key)
        elif key not in file_before and not BY_NAME[key].reset:
            values[key] = value
    work.note_in_memory(unnamed, "its former value can't be named in the file")
    work.settle(before, values)


def _live_restore_is_on(work: Work) -> bool:
    return activate.ask(work.host, "/info")["LiveRestoreEnabled"]
