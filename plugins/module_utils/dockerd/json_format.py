# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a JSON value as text in the style of the text around it. Pure."""

import json
from typing import Any, NamedTuple, Optional, Sequence


class Style(NamedTuple):
    unit: str
    newline: str
    colon: str
    one_line: bool


def quoted(text: Any) -> str:
    return json.dumps(text, ensure_ascii=False)


def format_value(value: Any, indent: Optional[str], style: Style, rows: bool = False) -> str:
    """value as JSON text. indent is that of the line it starts on, None keeps all on one line;
    rows puts each item of a list of scalars on its own line, too."""
    if isinstance(value, dict):
        items = [
            quoted(key) + style.colon + format_value(item, _deeper(indent, style), style) for key, item in value.items()
        ]
        return _bracketed("{", items, "}", indent, style)
    if isinstance(value, (list, tuple)):
        tall = rows or any(isinstance(item, (dict, list, tuple)) for item in value)
        inner = indent if tall else None
        return _bracketed("[", [format_value(item, _deeper(inner, style), style) for item in value], "]", inner, style)
    return quoted(value)


def _deeper(indent: Optional[str], style: Style) -> Optional[str]:
    return None if indent is None else indent + style.unit


def _bracketed(opening: str, items: Sequence[str], closing: str, indent: Optional[str], style: Style) -> str:
    if not items:
        return opening + closing
    if indent is None:
        return opening + ("," if style.colon == ":" else ", ").join(items) + closing
    line = style.newline + indent
    inner = line + style.unit
    return opening + inner + ("," + inner).join(items) + line + closing
