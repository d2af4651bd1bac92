# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show that long work goes on: a line at the bottom of a terminal, or now and then a line of a log.

Ansible hears nothing of a module between its start and its end. So what is shown is what is known: the task, how long it
has run, and the hosts that have not answered.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import cut

TICK = 1.0  # seconds between two looks
FIRST = 30  # seconds of one task after which a log gets a line; the next ones double that, up to LONGEST
LONGEST = 600
_HOSTS = 3


class Work(NamedTuple):
    """One running task. waiting: the hosts that have not answered; done: how many have; items: answers of a loop."""

    name: str
    started: float
    waiting: tuple[str, ...] = ()
    done: int = 0
    items: int = 0

    def start(self, host: str) -> "Work":
        """The work with one more host at it."""
        return self._replace(waiting=(*self.waiting, host))

    def finish(self, host: str) -> "Work":
        """The work after the answer of a host."""
        return self._replace(waiting=tuple(name for name in self.waiting if name != host), done=self.done + 1)


def describe(work: Work, now: float) -> str:
    """One sentence on the work, in which nothing acts on a terminal."""
    names = ", ".join(inert(name, 60) for name in work.waiting[:_HOSTS])
    more = len(work.waiting) - _HOSTS
    parts = [_duration(now - work.started)]
    if work.items:
        parts.append(f"{work.items} items done")
    if work.done:
        parts.append(f"{work.done} of {work.done + len(work.waiting)} hosts done")
    if names:
        parts.append(f"waiting for {names}{f' and {more} more' if more > 0 else ''}")
    return f"{inert(work.name, 200)}: {', '.join(parts)}"


def next_report(last: float) -> float:
    """After how many seconds of a task a log gets the next line. last: after how many it got one, 0 for none yet."""
    return last + min(last, LONGEST) if last else FIRST


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Progress:
    """What a callback tells of the running work, shown by a thread of its own.

    descriptor: the terminal to write to, or None; then `log` gets a line now and then.
    """

    def __init__(self, descriptor: int | None, width: int, log: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._width = width
        self._log = log
        self._work: Work | None = None
        self._reported = 0.0
        self._drawn = False
        self._lock = threading.RLock()
        self._end = threading.Event()

    def begin(self) -> None:
        """Start the thread. It ends with the program, or by end()."""
        threading.Thread(target=self._tick, name="containment.docker.compact", daemon=True).start()

    def end(self) -> None:
        """Stop and clear the line."""
        self._end.set()
        self.set_work(None)

    def set_work(self, work: Work | None) -> None:
        """Show other work, or none."""
        with self._lock:
            if work is None or self._work is None or work.started != self._work.started:
                self._reported = 0.0
            self._work = work
            self._draw(time.monotonic())

    def change(self, change: Callable[[Work], Work]) -> None:
        """Change the work that is shown, if there is any."""
        with self._lock:
            if self._work is not None:
                self._work = change(self._work)

    def print_over(self, write: Callable[[], None]) -> None:
        """Write something else where the line is, and draw the line again below it."""
        with self._lock:
            self._clear()
            write()
            self._draw(time.monotonic())

    def _tick(self) -> None:
        while not self._end.wait(TICK):
            with self._lock:
                self._draw(time.monotonic())
                self._report(time.monotonic())

    def _draw(self, now: float) -> None:
        if self._descriptor is None:
            return
        self._clear()
        if self._work is not None:
            # the cursor goes back to the first column, so that what another writes is not behind this
            self._write("\r" + cut(describe(self._work, now), self._width - 1) + "\x1b[K\r")
            self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            self._write("\r\x1b[K")
            self._drawn = False

    def _report(self, now: float) -> None:
        if self._descriptor is not None or self._work is None:
            return
        after = now - self._work.started
        if after >= next_report(self._reported):
            self._reported = after
            self._log(f"still running: {describe(self._work, now)}")

    def _write(self, text: str) -> None:
        """Past Python's buffer, whose lock a process that Ansible forks meanwhile would inherit taken."""
        try:
            os.write(self._descriptor or 1, text.encode("utf-8", "replace"))
        except OSError:  # the terminal is gone; the play goes on
            self._descriptor = None
