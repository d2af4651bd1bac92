# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict JSON reader that knows where everything stands.

Python's own reader accepts NaN and duplicate keys and forgets positions. Here every value carries its
span in the text, so an error can name line and column, and an edit can leave all other bytes alone.
"""

import json
import re
from collections import OrderedDict
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NUMBER_LENGTH = 64

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_CONSTANTS = {"true": True, "false": False, "null": None}


class ConfigError(Exception):
    """A configuration that cannot be used. The text is one sentence for a person: file, place, reason."""


class Node(NamedTuple):
    """One JSON value. start/end are offsets of its text; members is a tuple of Member or of Node (lists)."""

    value: Any
    start: int
    end: int
    members: Tuple[Any, ...] = ()


class Member(NamedTuple):
    """One key of an object. start/end are the offsets of the key's own text, quotes included."""

    key: str
    start: int
    end: int
    node: Node


def show_json(value: Any, limit: int = 80) -> str:
    """Return a value as JSON in short printable ASCII: what a file says must not drive a terminal or a log.

    Texts without quotes around them are shown by common.text.inert.
    """
    text = json.dumps(value, ensure_ascii=True, default=repr).replace("\x7f", "\\u007f")
    return text if len(text) <= limit else text[: limit - 3] + "..."


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and 1 is not 1.0 (dockerd refuses 1.0 where it wants an integer)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other))
    return type(one) is type(other) and one == other


def place(text: str, offset: int) -> str:
    """'line L, column C' of an offset, both from 1; columns count characters."""
    line_start = text.rfind("\n", 0, offset) + 1
    number = text.count("\n", 0, offset) + 1
    return f"line {number}, column {offset - line_start + 1}"


def scan(text: str, path: str) -> Optional[Node]:
    """The Node of the only JSON value in text, or None where text is only whitespace.

    Raises ConfigError naming path, line, column and reason.
    """
    start = end_of(_SPACE, text)
    if start == len(text):
        return None
    node = _value(text, start, path, 1)
    end = end_of(_SPACE, text, node.end)
    if end < len(text):
        raise _error(text, end, path, f"there is text behind the first document: {show_json(text[end : end + 20])}")
    return node


def _error(text: str, offset: int, path: str, reason: str) -> ConfigError:
    return ConfigError(f"{path}: {place(text, offset)}: {reason}")


def _value(text: str, at: int, path: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise _error(text, at, path, f"nested deeper than {MAX_DEPTH} levels")
    char = text[at : at + 1]
    if char == "{":
        return _object(text, at, path, depth)
    if char == "[":
        return _list(text, at, path, depth)
    if char == '"':
        return _string(text, at, path)
    if char and char in "-0123456789":
        return _number(text, at, path)
    word = _WORD.match(text, at)
    if word and word.group() in _CONSTANTS:
        return Node(_CONSTANTS[word.group()], at, word.end())
    raise _unexpected(text, at, path, "a value")


def _unexpected(text: str, at: int, path: str, wanted: str) -> ConfigError:
    if at >= len(text):
        return _error(text, at, path, f"the text ends where {wanted} should stand")
    if text[at] in "#" or text[at : at + 2] in ("//", "/*"):
        return _error(text, at, path, "JSON has no comments")
    word = _WORD.match(text, at)
    text_there = word.group() if word else text[at]
    return _error(text, at, path, f"expected {wanted}, found {show_json(text_there, 40)}")


def _skip(text: str, at: int) -> int:
    return end_of(_SPACE, text, at)


def _string(text: str, at: int, path: str) -> Node:
    match = _STRING.match(text, at)
    if not match:
        raise _broken_string(text, at, path)
    value = json.loads(match.group())
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _error(text, at, path, "the string holds half of a surrogate pair")
    return Node(value, at, match.end())


def _broken_string(text: str, at: int, path: str) -> ConfigError:
    """Says what is wrong where: walk to the first character that no JSON string may hold."""
    good = end_of(re.compile(_STRING.pattern[:-1]), text, at)
    if good >= len(text):
        return _error(text, at, path, "the string is not closed")
    if text[good] == "\n":
        return _error(text, good, path, "the string is not closed at the end of the line")
    if text[good] == "\\":
        return _error(text, good, path, f"invalid escape {show_json(text[good : good + 2])}")
    return _error(text, good, path, f"control character {show_json(text[good])} in a string")


def _number(text: str, at: int, path: str) -> Node:
    match = _NUMBER.match(text, at)
    tail = text[match.end() : match.end() + 1] if match else ""
    if not match or tail.isalnum() or tail in ("+", "-", "."):
        word = text[at : end_of(re.compile(r"[-+.\w]*"), text, at)]
        raise _error(text, at, path, f"invalid number {show_json(word, 40)}")
    literal = match.group()
    if len(literal) > MAX_NUMBER_LENGTH:
        raise _error(text, at, path, f"number of more than {MAX_NUMBER_LENGTH} characters")
    value = float(literal) if match.group(1) or match.group(2) else int(literal)
    if value in (float("inf"), float("-inf")):
        raise _error(text, at, path, f"number {literal} is out of range")
    return Node(value, at, match.end())


def _list(text: str, at: int, path: str, depth: int) -> Node:
    items: List[Any] = []
    here = _skip(text, at + 1)
    while text[here : here + 1] != "]" or items:
        item = _value(text, here, path, depth + 1)
        items.append(item)
        here = _skip(text, item.end)
        if text[here : here + 1] == "]":
            break
        if text[here : here + 1] != ",":
            raise _unexpected(text, here, path, '"," or "]"')
        here = _skip(text, here + 1)
    return Node([item.value for item in items], at, here + 1, tuple(items))


def _object(text: str, at: int, path: str, depth: int) -> Node:
    members: List[Any] = []
    lines: Dict[str, int] = {}
    here = _skip(text, at + 1)
    while text[here : here + 1] != "}" or members:
        if text[here : here + 1] != '"':
            raise _unexpected(text, here, path, "a key in double quotes")
        key = _string(text, here, path)
        if key.value in lines:
            raise _error(
                text,
                here,
                path,
                f"duplicate key {show_json(key.value)}, first on {place(text, lines[key.value])}",
            )
        lines[key.value] = here
        here = _skip(text, key.end)
        if text[here : here + 1] != ":":
            raise _unexpected(text, here, path, '":"')
        node = _value(text, _skip(text, here + 1), path, depth + 1)
        members.append(Member(key.value, key.start, key.end, node))
        here = _skip(text, node.end)
        if text[here : here + 1] == "}":
            break
        if text[here : here + 1] != ",":
            raise _unexpected(text, here, path, '"," or "}"')
        here = _skip(text, here + 1)
    value = OrderedDict((member.key, member.node.value) for member in members)
    return Node(value, at, here + 1, tuple(members))
