# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the next run does about a transaction that was killed, or whose way back could not be finished."""

from typing import Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import digest
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    config_file,
    containers,
    foreign_change,
    journal,
    locate,
    steps,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import from_json
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    LeftAsIs,
    NotRestored,
    text_of,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.rollback import (
    how_to_clear,
    left_as_is,
    restore,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import Work


def recover(host: Host) -> str:
    """Finish or undo what an earlier run left half-way; a sentence about it, "" if there was none. Raises NotRestored."""
    record = host.load_record(journal.TRANSACTION)
    if record is None:
        return ""
    when = "an earlier run that ended half-way"
    try:
        entry = from_json(record)
        when += f" (in the phase {entry.phase})"
        host = host.of_daemon(entry.unit, entry.address, entry.timeout)
        # those that have ended since then can't be kept any more
        entry = entry._replace(keep=tuple(item for item in entry.keep if containers.runs(host, item)))
        data = config_file.read(entry.path)
        work = Work(entry, host, locate.next_settings(host, entry.path, entry.after), data)
        if digest(data) not in (*entry.written, digest(entry.before)):
            return _left_alone(work, when)
        return _go_on(work, when)
    except NotRestored:
        raise
    except Exception as error:  # whatever it is, also a record that lacks something: nothing more is done by itself
        raise NotRestored(
            f"{when} can't be finished or undone: {text_of(error)}; put that right and run again: {how_to_clear(host)}"
        )


def _go_on(work: Work, when: str) -> str:
    host = work.host
    state = activate.wait(host, host.timeout, lambda: _settled(host))
    if state and state.active == "inactive":
        return _undone_without_daemon(work, when)
    if not state or state.active != "active":
        work.entry = work.entry._replace(activation_began=True)
    elif work.entry.phase == "settling" or (work.entry.phase != "restoring" and _restarted_with_it(work)):
        work.entry = work.entry._replace(activation_began=True)
        return _finished(work, when)
    sentences = restore(work, when + " could not be finished")
    return _undone(work, when, sentences)


def _settled(host: Host) -> Optional[UnitState]:
    """The unit's UnitState once it is up or down. While systemd waits before it tries again, that is neither."""
    now = host.unit_status()
    return now if now.active in ("active", "inactive", "failed") else None


def _restarted_with_it(work: Work) -> bool:
    entry = work.entry
    return (
        entry.activation == RESTART
        and activate.mark_of_unit(work.host) not in (activate.NO_PROCESS, entry.dockerd)
        and work.last == entry.start
    )


def _finished(work: Work, when: str) -> str:
    try:
        if work.entry.phase == "settling":
            steps.settle(work)
            work.finish()
        else:
            steps.complete(work)
        return f"{when} was finished" + _remembered(work)
    except ForeignEdit as edit:
        raise left_as_is(work, f"{when}: {edit}")
    except Exception as error:
        notes = restore(work, f"{when}: {text_of(error)}")
    return _undone(work, when, notes)


def _undone(work: Work, when: str, notes: Sequence[str]) -> str:
    started = [f"started again: {_names(work.started)}"] if work.started else []
    return f"{when} was undone" + "".join(f"; {note}" for note in [*started, *notes]) + _remembered(work)


def _remembered(work: Work) -> str:
    return "".join("; " + sentence for sentence in work.in_memory)


def _undone_without_daemon(work: Work, when: str) -> str:
    work.put(work.entry.before)
    work.finish()
    stopped = work.entry.stop
    not_started = f", so these were not started again: {_names(stopped)}" if stopped else ""
    return f"{when} was undone; the daemon is stopped{not_started}"


def _left_alone(work: Work, when: str) -> str:
    """The file is somebody's work now; only the containers are put right."""
    notes, is_open = foreign_change.leave(work)
    text = f"{when} was left as it is, as the file was changed by someone else since"
    text += "".join(f"; {note}" for note in notes)
    if is_open:
        raise LeftAsIs(f"{text}; put that right and run again: {how_to_clear(work.host)}")
    return text


def _names(items: Sequence[Container]) -> str:
    return ", ".join(item.name for item in items)
