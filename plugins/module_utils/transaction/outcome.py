# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a transaction that did not begin, or did not come into force, ends."""

from typing import Any, Dict, Sequence


class Refused(Exception):
    """The transaction does not begin; the text says why in one sentence. Nothing was changed. result: what is known."""

    result: Dict[str, Any] = {}


class MayWait(Refused):
    """Refused because of these keys: they would put what the engine has out of its sight, stop what runs, or not work with its
    image store.

    keys: those of `config` that may be left out of the change; empty where that would not help. recovered: what became
    of an earlier run, as the transaction had begun to tell.
    """

    def __init__(self, reason: str, keys: Sequence[str], recovered: str = "") -> None:
        super().__init__(reason)
        self.keys = tuple(keys)
        self.recovered = recovered


class RolledBack(Exception):
    """The change did not come into force and was undone; the text is the reason. result: what happened."""

    result: Dict[str, Any] = {}


class NotRestored(Exception):
    """Something is left to do for a person; the text says what, and how to go on."""


class LeftAsIs(NotRestored):
    """Somebody else changed the file while the run worked: it was left as it is, and the text says who must look."""


def text_of(error: Exception) -> str:
    """The error as a part of a sentence."""
    if isinstance(error, OSError):
        return f"{error.filename + ': ' if isinstance(error.filename, str) else ''}{error.strerror}"
    return str(error) if str(error) and not isinstance(error, (LookupError, TypeError)) else repr(error)
