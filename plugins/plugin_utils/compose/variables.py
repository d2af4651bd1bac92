# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables in a compose file's values. Pure.

compose-spec: 12-interpolation.md. What a shell or an .env file would add is the caller's to give; a default counts where
nobody gives a value, a variable without one is not guessed.
"""

import re
from collections.abc import Mapping
from typing import Any

_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{)")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])(.*))?\Z", re.S)
_DEPTH = 16


class Unresolved(Exception):
    """Something that decides about a container and that the data don't tell; the text says what, and what to give."""


def resolve(value: Any, variables: Mapping[str, str]) -> Any:
    """Return the value with the variables of all texts in it replaced. Raise Unresolved."""
    if isinstance(value, str):
        return _text(value, variables, 0)
    if isinstance(value, Mapping):
        return {key: resolve(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, variables) for item in value]
    return value


def _text(text: str, variables: Mapping[str, str], depth: int) -> str:
    if depth > _DEPTH:
        raise Unresolved("variables are nested too deeply")
    parts: list[str] = []
    position = 0
    while True:
        match = _VARIABLE.search(text, position)
        if match is None:
            return "".join([*parts, text[position:]])
        parts.append(text[position : match.start()])
        position = match.end()
        if match.group(1):
            parts.append("$")
        elif match.group(2):
            parts.append(_plain(match.group(2), variables))
        else:
            end = _end(text, position)
            parts.append(_braced(text[position:end], variables, depth))
            position = end + 1


def _end(text: str, position: int) -> int:
    """Return where the brace that was opened before position is closed."""
    depth = 1
    for index in range(position, len(text)):
        if text.startswith("${", index):
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
    raise Unresolved(f"{text!r:.80} has a brace that nothing closes")


def _plain(name: str, variables: Mapping[str, str]) -> str:
    if name not in variables:
        raise Unresolved(f"the variable {name} is not given: name it in variables")
    return variables[name]


def _braced(inside: str, variables: Mapping[str, str], depth: int) -> str:
    match = _BRACED.match(inside)
    if match is None:
        raise Unresolved(f"${{{inside:.80}}} is no variable of a compose file")
    name, operator, word = match.groups()
    if not operator:
        return _plain(name, variables)
    is_set = name in variables and (bool(variables[name]) or not operator.startswith(":"))
    if operator.endswith("+"):
        return _text(word, variables, depth + 1) if is_set else ""
    if is_set:
        return variables[name]
    if operator.endswith("?"):
        raise Unresolved(f"the variable {name} is not given, and compose stops there: name it in variables")
    return _text(word, variables, depth + 1)
