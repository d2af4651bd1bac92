# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from elsewhere as Markdown: tables, code spans and prose in which nothing is markup. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.text import SEEN_LIMIT, inert


def table(header: str, rows: Iterable[Sequence[str]]) -> str:
    """A table. header: the names with pipes between them; the cells of the rows are Markdown already."""
    names = header.split("|")
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def code(text: Any, limit: int = SEEN_LIMIT) -> str:
    """Text from elsewhere as a code span: no HTML, link, mention or emphasis in it, and no end of its table cell.

    A backslash before a pipe is written \\x5c, as renderers do not agree on what `\\\\|` is inside a table.
    """
    text = inert(text, limit)
    if not text.strip():
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in (text[0], text[-1]) or text[0] == text[-1] == " " else ""
    return fence + pad + text.replace("\\|", "\\x5c|").replace("|", "\\|") + pad + fence


def prose(text: Any) -> str:
    """Sentences: what stands in backticks as code, and the rest with what Markdown would take for its own escaped.

    A word with an address or a mention is code, too: no escape keeps GitHub from making a link of it.
    """
    parts = inert(text, 2000).split("`")
    if len(parts) % 2 == 0:
        parts = ["`".join(parts)]
    return "".join(
        code(part) if index % 2 else "".join(map(_word, re.split(r"( +)", part))) for index, part in enumerate(parts)
    )


def _word(word: str) -> str:
    """One word of prose, or the space between two."""
    if re.search(r"@|//|www\.", word, re.IGNORECASE):
        return code(word, len(word))
    return re.sub(r"([\\`*_\[\]<>#|~&$])", r"\\\1", word)
