# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that says how far a migration is, for whoever follows it with tail -f: Ansible shows nothing until the end. I/O.

What can't be written here is no reason for a migration to fail.
"""

import contextlib
import os
import threading
import time
from typing import Iterable, Iterator

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

NAME = "migration.log"
_EVERY_SECONDS = 10.0
# Of fewer seconds no speed is told.
_SHORTEST = 1.0
_GB = 1000 * 1000 * 1000


class Progress:
    """The file in `directory`. total: bytes to copy, by the plan."""

    def __init__(self, directory: str, total: int, every: float = _EVERY_SECONDS) -> None:
        self._path = os.path.join(directory, NAME)
        self._total, self._every = total, every
        self._done = self._passed = 0
        # Of copies whose size is known, by which the speed is measured: bytes, seconds in which there was at least one, how many
        # are at work, and since when.
        self._copied, self._seconds, self._sized, self._since = 0, 0.0, 0, 0.0
        self._lock = threading.Lock()
        self._flags = os.O_TRUNC

    def say(self, text: str) -> None:
        """Add a line with the time."""
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {inert(text, 500)}\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | self._flags
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError:
            return
        self._flags = 0
        try:
            os.write(descriptor, line.encode("ascii", "replace"))
        except OSError:
            pass
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def copying(self, what: str, size: int, target: str = "") -> Iterator[None]:
        """Say what is copied, and every ten seconds how much of it. Several may be at work at once.

        size: its bytes, 0 where the plan has counted them already. target: a path on the file system that it goes to, by whose
        free space is measured how much has come; without it, what `watched` has counted.
        """
        begin, free = time.monotonic(), _free(target)
        self._passed = 0
        self._begin(size, begin)
        self.say(f"{what}: begins, {self._share(0)} are done")
        end = threading.Event()

        def report() -> None:
            while not end.wait(self._every):
                now = max(0, free - _free(target)) if target else self._passed
                now = min(now, size) if size else now
                more = now if size else 0
                self.say(f"{what}: about {_text(now)}, {self._share(more)}{self._pace(more)}")

        thread = threading.Thread(target=report, daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()
            # not what came of images by their size: some may be there already
            self._end(size, size if target else self._passed)
        with self._lock:
            self._done += size
        self.say(f"{what}: done in {time.monotonic() - begin:.1f} s, {self._share(0)} are done{self._pace(0)}")

    def _begin(self, size: int, now: float) -> None:
        with self._lock:
            if size and not self._sized:
                self._since = now
            self._sized += bool(size)

    def _end(self, size: int, copied: int) -> None:
        if size:
            with self._lock:
                self._sized -= 1
                self._copied += copied
                if not self._sized:
                    self._seconds += time.monotonic() - self._since

    def _share(self, more: int) -> str:
        return f"{_text(self._done + more)} of {_text(self._total)}"

    def _pace(self, more: int) -> str:
        """How fast copies have been so far, and how long the rest of the plan takes at this speed; "" before it can be told.

        more: bytes of the copy at work, which are not counted yet.
        """
        with self._lock:
            copied = self._copied + more
            seconds = self._seconds + (time.monotonic() - self._since if self._sized else 0.0)
            rest: float = max(0, self._total - self._done - more)
        if not copied or seconds < _SHORTEST:
            return ""
        rest = rest * seconds / copied
        return f", {_text(int(copied / seconds))}/s" + (f", about {rest:.0f} s to go" if rest >= 1 else "")

    def watched(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted."""
        for piece in pieces:
            self._passed += len(piece)
            yield piece


def _free(path: str) -> int:
    try:
        status = os.statvfs(path)
    except OSError:
        return 0
    return status.f_bfree * status.f_frsize


def _text(size: int) -> str:
    return f"{size / _GB:.2f} GB" if size >= _GB else f"{size / 1000000:.1f} MB"
