# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a transaction still does when somebody else has changed the file: it writes nothing, and puts the containers right."""

from typing import List, Tuple

from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    config_file,
    containers,
    journal,
    locate,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import text_of
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import LIVE_RESTORE, Work

STARTING_SECONDS = 5


def leave(work: Work) -> Tuple[List[str], bool]:
    """(sentences about what is so now, whether something is left to do that only a person or the next run can).

    Nothing is written, no dockerd that answers is restarted, and live-restore stays on in its memory: it keeps the
    containers alive until a person has looked. The journal goes, unless something is left. Never raises.
    """
    notes: List[str] = []
    is_open = False
    try:
        if not activate.answering(work.host):
            notes, is_open = _start_daemon(work)
        if not is_open:
            notes, is_open = _containers(work)
            if _live_restore(work):
                notes.append("dockerd keeps live-restore on in its memory, which its file may not say")
        if not is_open:
            work.host.remove_record(journal.TRANSACTION)
    except Exception as error:  # whatever it is, the caller has to say what happened before
        return notes + [text_of(error)], True
    return notes, is_open


def _live_restore(work: Work) -> bool:
    return work.entry.turn_on_live_restore and activate.ask(work.host, "/info")["LiveRestoreEnabled"]


def _containers(work: Work) -> Tuple[List[str], bool]:
    done = containers.start_again(work.host, work.entry)
    work.started = done.started
    sentences = done.failed and [f"these do not start again: {'; '.join(done.failed)}"]
    if done.started:
        sentences = [f"started again: {', '.join(item.name for item in done.started)}"] + sentences
    if done.unknown:
        sentences = sentences + [
            f"the engine does not know {', '.join(done.unknown)} where it is now: stopped, they are in the data root "
            "from before, or gone"
        ]
    return sentences + done.unfinished, bool(done.unfinished)


def _start_daemon(work: Work) -> Tuple[List[str], bool]:
    """The daemon does not answer. It is started only where that ends no container that runs."""
    host, unit, path = work.host, work.host.unit, work.entry.path
    # where systemd itself is about to start it, with whatever the file says, nothing can be kept from that
    if activate.wait(host, host.timeout, lambda: host.unit_status().sub != "auto-restart" or None):
        if activate.wait(host, STARTING_SECONDS, lambda: activate.answering(host)):
            return [], False
    state = host.unit_status()
    if state.active == "inactive":
        return [f"{unit} is stopped"], bool(work.entry.stop)
    alive = [item.name for item in work.entry.keep if containers.runs(host, item)]
    if alive and locate.next_settings(host, path, config_file.read(path)).get(LIVE_RESTORE) is not True:
        return [
            f"dockerd does not answer, and to start it with this file would end {', '.join(alive)}: set live-restore in it, "
            f"then start {unit}"
        ], True
    activate.end_hung(host, work.entry.dockerd)
    activate.restart(host)
    return [], False
