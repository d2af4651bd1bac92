# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's way to split a line into words and to put variables into them.

Sources of the rules: systemd's src/basic/extract-word.c (EXTRACT_UNQUOTE, EXTRACT_CUNESCAPE), src/basic/escape.c,
src/basic/env-util.c (replace_env_argv).
"""

import re
from typing import List, Mapping, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json

_SPACE = " \t\n\r"
_PLAIN = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
    "s": " ",
}
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})")


class Unparsable(Exception):
    """A line that systemd or we cannot understand; the text says why."""


def split_words(text: str, commands: bool = False, escapes: bool = True) -> List[str]:
    """The words of text without their quotes.

    commands  a lone ";" separates commands, which raises Unparsable, and "\\;" is a semicolon
    escapes   C-style escapes are understood; otherwise a backslash only protects the next character
    """
    words: List[str] = []
    at = 0
    while True:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if at >= len(text):
            return words
        lone = re.compile(r"\\?;(?=\s|\Z)").match(text, at) if commands else None
        if lone and lone.group() == ";":
            raise Unparsable("it holds several commands")
        if lone:
            words.append(";")
            at = lone.end()
            continue
        word, at = _word(text, at, escapes)
        words.append(word)


def _word(text: str, at: int, escapes: bool) -> Tuple[str, int]:
    word, quote = "", ""
    while at < len(text):
        char = text[at]
        if char == "\\":
            # EXTRACT_RELAX, as variables are split with: a backslash that ends the text is dropped
            piece, at = _escape(text, at) if escapes else (text[at + 1 : at + 2], min(at + 2, len(text)))
            word += piece
            continue
        at += 1
        if char == quote:
            quote = ""
        elif quote:
            word += char
        elif char in "\"'":
            quote = char
        elif char in _SPACE:
            break
        else:
            word += char
    if quote and escapes:
        raise Unparsable("a quote is not closed")
    return word, at


def _escape(text: str, at: int) -> Tuple[str, int]:
    """(characters, next offset); an escape that systemd doesn't know stays as it is written."""
    char = text[at + 1 : at + 2]
    if not char:
        raise Unparsable("a backslash ends it")
    if char in _PLAIN:
        return _PLAIN[char], at + 2
    code = _CODE.match(text, at + 1)
    if not code:
        return "\\" + char, at + 2
    number = int(code.group(4), 8) if code.group(4) else int(code.group(1) or code.group(2) or code.group(3), 16)
    if not 0 < number < 0xD800 or (number > 0x7F and (code.group(1) or code.group(4))):
        escape = "\\" + code.group()
        raise Unparsable(f"the escape {show_json(escape)} is not understood")
    return chr(number), code.end()


def expanded(words: Sequence[str], environment: Mapping[str, str]) -> List[str]:
    """words with variables: a word that is only $NAME becomes as many words as its value has, ${NAME} anywhere
    becomes its value as it is, $$ a dollar; what is not set is empty. The first word is never expanded."""
    result = list(words[:1])
    for word in words[1:]:
        if word[:1] == "$" and word[1:2] not in ("{", "$"):
            result.extend(split_words(environment.get(word[1:], ""), escapes=False))
        else:
            result.append(
                re.sub(
                    r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}",
                    lambda match: environment.get(match.group(1), "") if match.group(1) else "$",
                    word,
                )
            )
    return result
