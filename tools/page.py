# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rendered pages have in common."""

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

# The licence's head, as above, for what is rendered.
HEADER = Path(__file__).read_text(encoding="utf-8").partition('"""')[0].rstrip()


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(cells) + " |"


def prose(text: str) -> str:
    """Markdown keeps the words: only what it would take for its own, outside of code, is escaped."""
    parts = text.split("`")
    return "`".join(
        part if index % 2 else part.replace("_", "\\_").replace("*", "\\*").replace("<", "\\<").replace("|", "\\|")
        for index, part in enumerate(parts)
    )


def write_or_check(path: Path, page: str, source: str) -> int:
    """Write the page, or with --check only compare it."""
    parser = argparse.ArgumentParser(description=f"Render docs/{path.name} from {source}.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is stale")
    check = parser.parse_args().check
    if not check:
        path.write_text(page, encoding="utf-8")
        return 0
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    sys.stdout.writelines(
        difflib.unified_diff(committed.splitlines(True), page.splitlines(True), f"docs/{path.name}", source)
    )
    return int(committed != page)
