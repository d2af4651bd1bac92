# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the next run does about a transaction that was killed, or whose way back could not be finished."""

from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    config_file,
    containers,
    foreign_change,
    in_force,
    journal,
    preflight,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import Target
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
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
from ansible_collections.containment.docker.plugins.module_utils.transaction.steps import Work


def recover() -> str:
    """Finish or undo what an earlier run left half-way; a sentence about it, "" if there was none. Raises NotRestored."""
    entry = journal.load(journal.TRANSACTION)
    if entry is None:
        return ""
    when = f"an earlier run that ended half-way (in the phase {entry.get('phase')})"
    try:
        target = Target(entry["unit"], entry["address"], entry["timeout"])
        # those that have ended since then can't be kept any more
        entry["keep"] = [item for item in entry["keep"] if containers.runs(item["pid"], item["ticks"])]
        data = config_file.read(entry["path"])
        after = journal.unpack(entry["after"])
        work = Work(entry, target, preflight.next_settings(target.unit, entry["path"], after), data)
        if in_force.digest(data) not in entry["ours"] + [in_force.digest(journal.unpack(entry["before"]))]:
            return _left_alone(work, when)
        return _go_on(work, when)
    except NotRestored:
        raise
    except Exception as error:  # whatever it is, also a record that lacks something: nothing more is done by itself
        raise NotRestored(
            f"{when} can't be finished or undone: {text_of(error)}; put that right and run again: {how_to_clear()}"
        )


def _go_on(work, when):
    entry, target = work.entry, work.target
    state = activate.wait(target.timeout, lambda: _settled(target))
    if state and state.active == "inactive":
        return _undone_without_daemon(work, when)
    if not state or state.active != "active":
        entry["asked"] = True
    elif entry["phase"] == "settling" or (entry["phase"] != "restoring" and _restarted_with_it(work, state)):
        entry["asked"] = True
        return _finished(work, when)
    said = restore(work, when + " could not be finished")
    return _undone(work, when, said)


def _settled(target):
    """The unit's Life once it is up or down. While systemd waits before it tries again, that is neither."""
    now = docker_unit.life(target.unit)
    return now if now.active in ("active", "inactive", "failed") else None


def _restarted_with_it(work, state):
    entry = work.entry
    return (
        entry["activation"] == RESTART
        and docker_unit.mark(state.pid) != tuple(entry["dockerd"])
        and work.last == journal.unpack(entry["start"])
    )


def _finished(work, when):
    try:
        if work.entry["phase"] == "settling":
            work.pending = work.entry.get("pending", [])
            work.settle_forward()
        else:
            work.prove()
            work.start_again()
        work.finish()
        return f"{when} was finished" + _remembered(work)
    except ForeignEdit as edit:
        raise left_as_is(work, f"{when}: {edit}")
    except Exception as error:
        said = restore(work, f"{when}: {text_of(error)}")
    return _undone(work, when, said)


def _undone(work, when, said):
    started = [f"started again: {_names(work.started)}"] if work.started else []
    return f"{when} was undone" + "".join("; " + sentence for sentence in started + said) + _remembered(work)


def _remembered(work):
    return "".join("; " + sentence for sentence in work.in_memory)


def _undone_without_daemon(work, when):
    work.put(journal.unpack(work.entry["before"]))
    work.finish()
    stopped = work.entry["stop"]
    return "%s was undone; the daemon is stopped%s" % (
        when,
        f", so these were not started again: {_names(stopped)}" if stopped else "",
    )


def _left_alone(work, when):
    """The file is somebody's work now; only the containers are put right."""
    said, left = foreign_change.leave(work)
    text = "%s was left as it is, as the file was changed by someone else since%s" % (
        when,
        "".join("; " + sentence for sentence in said),
    )
    if left:
        raise LeftAsIs(f"{text}; put that right and run again: {how_to_clear()}")
    return text


def _names(items):
    return ", ".join(item["name"] for item in items)
