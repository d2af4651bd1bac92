# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands and the files that pages of the documentation show, in their order. Pure, but for reading pages.

A command stands in a ```console block after "$ "; what follows it up to the next one is its output. A backslash at the end of
a line continues it. A file is a block of any language whose first line is "# file: NAME". On a page for a checkout (see
CHECKOUT_PAGES) a block may also be a part of a file that is there: ", below its licence", or ", in place of FILL IN" (an item
of a YAML list).
"""

import itertools
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/*.md", "docs/tutorials/*.md", "examples/**/README.md")
# Their commands are run in a copy of the checkout, their files written when their turn comes.
CHECKOUT_PAGES = ("docs/adding-a-rule.md", "docs/tutorials/4-write-a-rule.md")
PLACES = ("below its licence", "in place of FILL IN")
_FENCE = re.compile(r"^( *)(`{3,}) *([\w-]*)")
_FILE = re.compile(rf"# file: ([^\s,]+)(?:, ({'|'.join(PLACES)}))?\s*$")
_UNFILLED_ITEM = re.compile(r"^( *)- .*\n(?:\1 .*\n)*", re.MULTILINE)


class PageFile(NamedTuple):
    """A file that a page shows, or a part of one: place is one of PLACES then. line: where its block begins, from 1."""

    line: int
    name: str
    text: str
    place: str = ""

    def put_into(self, current: str) -> str:
        """The whole file, where `current` is what it holds now. ValueError where there is no such place."""
        if self.place == "below its licence":
            lines = current.splitlines(keepends=True)
            licence = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
            if not licence:
                raise ValueError(f"{self.name} has no licence to stand below")
            return "".join([*licence, "\n", self.text])
        if self.place == "in place of FILL IN":
            unfilled = [item for item in _UNFILLED_ITEM.finditer(current) if "FILL IN" in item[0]]
            if len(unfilled) != 1:
                raise ValueError(f"{self.name} has {len(unfilled)} items to be filled in instead of one")
            return current[: unfilled[0].start()] + self.text + current[unfilled[0].end() :]
        return self.text


class Command(NamedTuple):
    """A command that a page shows, as a shell takes it. line: where it stands, from 1."""

    line: int
    text: str

    @property
    def key(self) -> str:
        """Its words without comments: what it is known by in tests/commands/expected.yml."""
        return " ".join(map(shlex.quote, shlex.split(self.text, comments=True)))


def find_pages(root: Path = ROOT) -> list[str]:
    """Names of all pages with commands or not, below the root."""
    return sorted({path.relative_to(root).as_posix() for pattern in PAGES for path in root.glob(pattern)})


def read_page(text: str) -> list[PageFile | Command]:
    """What a page shows to be written and to be run. ValueError names the line of a block that keeps no convention."""
    items: list[PageFile | Command] = []
    for line, language, lines in _blocks(text):
        named = _FILE.match(lines[0]) if lines else None
        if named:
            items.append(PageFile(line, _inside(line, named[1]), "\n".join(lines[1:]) + "\n", named[2] or ""))
        elif language == "console":
            commands = list(_commands(line + 1, lines))
            if not commands:
                raise ValueError(f"line {line}: a console block without a command after '$ '")
            items += commands
    return items


def read_pages(names: Iterable[str], root: Path = ROOT) -> dict[str, list[PageFile | Command]]:
    """What each of these pages shows. ValueError names page and line."""
    files = {}
    for name in names:
        try:
            files[name] = read_page((root / name).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{name}, {error}") from error
    return files


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """(line of the fence, language, lines without the fence's indentation) of each fenced block."""
    fence: tuple[int, str, str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None:
            opened = _FENCE.match(line)
            if opened:
                fence, lines = (number, opened[1], opened[2], opened[3]), []
        elif line.strip() == fence[2]:
            yield fence[0], fence[3], lines
            fence = None
        else:
            lines.append(line.removeprefix(fence[1]))
    if fence is not None:
        raise ValueError(f"line {fence[0]}: a block without an end")


def _commands(first: int, lines: list[str]) -> Iterator[Command]:
    """The commands of a console block, continued lines joined."""
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        if not line.startswith("$ "):
            continue
        parts = [line[2:]]
        while parts[-1].endswith("\\") and number < len(lines):
            parts[-1] = parts[-1][:-1].rstrip()
            parts.append(lines[number].strip())
            number += 1
        yield Command(first + start, " ".join(parts))


def _inside(line: int, name: str) -> str:
    """The name of a file below the directory that the page's commands run in. ValueError for any other."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"line {line}: {name} is not below the page's directory")
    return name
