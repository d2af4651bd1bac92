# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a transaction, each recorded in the journal before it is taken."""

from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate, containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import text_of
from ansible_collections.containment.docker.plugins.module_utils.transaction.prove import prove
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import LIVE_RESTORE, Work


def do(work: Work) -> None:
    """Take all steps forward. Raises NotInForce or ForeignEdit; then rollback.py has a way back."""
    try:
        _observe(work)
        _spare_containers(work)
        work.enter("writing")
        work.put(work.entry.start)
        work.enter("written")
        _activate(work)
        complete(work)
    except (NotInForce, ForeignEdit):
        raise
    except Exception as error:  # also an answer of a shape that no engine gives: there is a way back
        raise NotInForce(text_of(error))


def complete(work: Work) -> None:
    """What comes after the activation: prove, start again, settle, finish. Raises as `do`, and what the host raises."""
    if work.entry.activation != NONE:
        work.enter("proving")
        prove(work)
        _start_again(work)
        settle(work)
    work.finish()


def settle(work: Work) -> None:
    """Take back what was only there to keep the containers alive. Raises ForeignEdit, JournalError."""
    if work.entry.start == work.entry.after:
        return
    if work.entry.phase == "settling":
        work.pending = work.entry.pending
    else:
        work.enter("settling", pending=tuple(work.pending))
    work.settle(work.entry.after, {LIVE_RESTORE: work.settings.get(LIVE_RESTORE, False)})


def _observe(work: Work) -> None:
    """What containers can do now, to compare with afterwards."""
    if work.entry.probe and work.entry.activation != NONE:
        work.enter("observing")
        kept = work.entry.keep if work.entry.activation == RESTART else ()
        work.entry = work.entry._replace(proof=work.host.observe(kept))


def _spare_containers(work: Work) -> None:
    if work.entry.turn_on_live_restore:
        work.enter("live-restore")
        work.reload_with(work.entry.before, {LIVE_RESTORE: True})
    if work.entry.stop:
        work.enter("stopping")
        for container in work.entry.stop:
            work.check()
            activate.stop(work.host, container)
        work.enter("stopped")


def _activate(work: Work) -> None:
    if work.entry.activation == NONE:
        work.pending = work.entry.waiting
        return
    work.enter("activating")
    if work.entry.activation == RELOAD:
        work.put(work.reloadable(work.entry.start))
        work.reload(work.settings, work.entry.keys)
        work.put(work.entry.start)
    else:
        work.restart()


def _start_again(work: Work) -> None:
    """Start what was stopped and is still this engine's. Raises NotInForce where one does not start any more."""
    if not work.entry.start_again:
        return
    work.enter("starting")
    done = containers.start_stopped(work.host, work.entry.stop)
    work.started = done.started
    problems = [f"{sentence} does not start any more" for sentence in done.failed] + done.unfinished
    if problems:
        raise NotInForce(f"dockerd came up, but {'; '.join(problems)}")
