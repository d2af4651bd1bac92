# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay text out in columns of a terminal. Pure."""

import unicodedata
from typing import NamedTuple

WIDTH = 100
NARROWEST = 64


class Line(NamedTuple):
    """One line of output. style: a key of the callback's colours, "" for none."""

    text: str
    style: str = ""


def choose_width(columns: int) -> int:
    """Columns to use of a terminal that has so many: no more than WIDTH, and no fewer than a table needs."""
    return max(NARROWEST, min(WIDTH, columns))


def measure(text: str) -> int:
    """How many columns a terminal needs for the text: two for wide characters, none for marks on the one before."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cut(text: str, width: int) -> str:
    """The text in at most so many columns, with an ellipsis where it is longer."""
    if measure(text) <= width:
        return text
    while text and measure(text) > width - 1:
        text = text[: min(len(text) - 1, width - 1)]
    return text + "…"


def pad(text: str, width: int) -> str:
    """The text in exactly so many columns."""
    text = cut(text, width)
    return text + " " * (width - measure(text))


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text as one to so many lines, broken between words where that is possible and cut at the end of the last."""
    result: list[str] = []
    words = text.split()
    while words and len(result) < lines - 1:
        line = ""
        while words and measure(f"{line} {words[0]}" if line else words[0]) <= width:
            word = words.pop(0)
            line = f"{line} {word}" if line else word
        if not line:  # one word is longer than a line
            line = words[0]
            while measure(line) > width:
                line = line[: min(len(line) - 1, width)]
            words[0] = words[0][len(line) :]
        result.append(line)
    if words:
        result.append(cut(" ".join(words), width))
    return result or [""]
