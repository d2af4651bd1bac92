# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A long JSON list item by item, so that memory holds one item and not their sum. Pure."""

import codecs
import json
import re
from typing import Any, Iterable, Iterator

from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of

_PIECE = 65536
_BETWEEN = {False: re.compile(r"[ \t\r\n]*"), True: re.compile(r"[ \t\r\n,]*")}  # before the list, in it


def each(pieces: Iterable[bytes], limit: int) -> Iterator[Any]:
    """The items of the list whose JSON comes in these pieces. ValueError: no list, cut short, an item above limit."""
    decode = json.JSONDecoder().raw_decode
    texts = _utf8(pieces)
    buffer, at, opened = "", 0, False
    while True:
        at = end_of(_BETWEEN[opened], buffer, at)
        if not opened and buffer.startswith("[", at):
            opened, at = True, at + 1
            continue
        if opened and buffer.startswith("]", at):
            for _rest in texts:  # to the end, so that the connection can be used again
                pass
            return
        try:
            item, at = decode(buffer, at)
        except RecursionError:
            raise ValueError("an item that is nested too deeply")
        except ValueError:
            # A large item is tried anew as it grows: doubling keeps that linear.
            buffer = buffer[at:]
            buffer, at = buffer + _at_least(texts, max(len(buffer), _PIECE), limit), 0
            continue
        if not opened:
            raise ValueError("the engine's answer is not a list")
        yield item


def _utf8(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        try:
            yield decoder.decode(piece)
        except ValueError as error:
            raise ValueError(f"the engine's answer is not UTF-8: {error}")


def _at_least(texts: Iterator[str], size: int, limit: int) -> str:
    """The next texts, `size` characters together if there are as many."""
    if size > limit:
        raise ValueError(f"an item of more than {int(limit)} characters")
    taken, length = [], 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length >= size:
            break
    if not length:
        raise ValueError("the engine's answer was cut short")
    return "".join(taken)
