# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long and how far all searches of one forecast may go together."""

import time
from typing import Any, Callable, Dict


class Budget:
    """Seconds and files, which searches take from one after the other.

    ended: why searches end early, "" as long as they go on: it belongs into the obstacles. memory: what was searched already,
    and its result.
    """

    def __init__(self, seconds: float, files: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.ended = ""
        self.memory: Dict[Any, Any] = {}
        self._seconds, self._files = seconds, files
        self._clock, self._end, self._remaining = clock, clock() + seconds, files

    def take(self, files: int = 1) -> bool:
        """Take that many files; False where the search has to end."""
        self._remaining -= files
        if not self.ended and self._remaining < 0:
            self.ended = f"the search ended after {int(self._files)} files (option search_files)"
        if not self.ended and self._clock() > self._end:
            self.ended = f"the search ended after {self._seconds:g} seconds (option search_seconds)"
        return not self.ended
