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
        # of copies whose size is known: what the speed is measured by
        self._copied, self._seconds = 0, 0.0
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
        """Say what is copied, and every ten seconds how much of it.

        size: its bytes, 0 where the plan has counted them already. target: a path on the file system that it goes to, by whose
        free space is measured how much has come; without it, what `watched` has counted.
        """
        begin, free = time.monotonic(), _free(target)
        self._passed = 0
        self.say(f"{what}: begins, {self._share(0)} are done")
        end = threading.Event()

        def report() -> None:
            while not end.wait(self._every):
                now = max(0, free - _free(target)) if target else self._passed
                now = min(now, size) if size else now
                share = self._share(now if size else 0) + self._pace(now if size else 0, time.monotonic() - begin)
                self.say(f"{what}: about {_text(now)}, {share}")

        thread = threading.Thread(target=report, daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()
        seconds = time.monotonic() - begin
        self._done += size
        if size:
            # not what came of images by size: some may be there already
            self._copied += size if target else self._passed
            self._seconds += seconds
        self.say(f"{what}: done in {seconds:.1f} s, {self._share(0)} are done{self._pace(0, 0.0)}")

    def _share(self, more: int) -> str:
        return f"{_text(self._done + more)} of {_text(self._total)}"

    def _pace(self, more: int, seconds: float) -> str:
        """How fast copies have been so far, and how long the rest of the plan takes at this speed; "" before it can be told.

        more, seconds: of the copy at work, which is not counted yet.
        """
        copied, seconds = self._copied + more, self._seconds + (seconds if more else 0.0)
        if not copied or seconds < _SHORTEST:
            return ""
        rest = max(0, self._total - self._done - more) * seconds / copied
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
