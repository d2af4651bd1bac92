# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of a systemd EnvironmentFile. Pure."""

import re
from collections import OrderedDict
from typing import Dict, Iterator, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of

_NEEDS_ESCAPE = '"\\`$'
_SPACE = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"[^=\n]*")


def parse_environment_file(text: str) -> Dict[str, str]:
    """OrderedDict of an EnvironmentFile, as src/basic/env-file.c reads it: no expansion; later lines win."""
    result: Dict[str, str] = OrderedDict()
    for key, value in _assignments(text):
        key = key.strip()
        if re.match(r"^[A-Za-z_][A-Za-z0-9_]*\Z", key):
            result[key] = value
    return result


def _assignments(text: str) -> Iterator[Tuple[str, str]]:
    at = 0
    while at < len(text):
        start = end_of(_SPACE, text, at)
        if text[start : start + 1] in ("#", ";"):
            at = _end_of_comment(text, start)
            continue
        end = end_of(_NAME, text, start)
        if text[end : end + 1] != "=":
            at = end + 1
            continue
        value, at = _environment_value(text, end + 1)
        yield text[start:end], value


def _end_of_comment(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _environment_value(text: str, at: int) -> Tuple[str, int]:
    """(value, offset of the next line) of what stands behind the equals sign."""
    value, keep, quote, fresh = "", 0, "", True  # keep: length that trailing space must not be cut from
    while at < len(text):
        char = text[at]
        at += 1
        if quote:
            if char == quote:
                quote, keep, fresh = "", len(value), True
            elif char == "\\" and quote == '"' and at < len(text):
                escaped = text[at]
                value += "" if escaped == "\n" else escaped if escaped in _NEEDS_ESCAPE else char + escaped
                at += 1
            else:
                value += char
        elif char == "\n":
            break
        elif char == "\\":
            value += "" if text[at : at + 1] == "\n" else text[at : at + 1]
            keep, fresh, at = len(value), False, at + 1
        elif fresh and char in "'\"":
            quote = char
        elif not (fresh and char in " \t\r"):
            value, fresh = value + char, False
    kept = value[:keep] + value[keep:].rstrip(" \t\r") if not quote else value
    return kept, at
