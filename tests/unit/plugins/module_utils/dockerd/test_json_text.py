# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strict JSON: what is read, and where an error is."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import (
    MAX_DEPTH,
    ConfigError,
    scan,
    show_json,
)

ERRORS = [
    ('{"a":1,}', "line 1, column 8: expected a key in double quotes"),
    ('{"a":[1,]}', "line 1, column 9: expected a value"),
    ('{"a":1}\n{}', 'line 2, column 1: there is text behind the first document: "{}"'),
    ('{"a":1,\n "a":2}', 'line 2, column 2: duplicate key "a", first on line 1, column 2'),
    ('{"x": {\n"a":1,\n"a":2}}', 'line 3, column 1: duplicate key "a", first on line 2, column 1'),
    ('{"x": [{"\\u0061":1, "a":2}]}', 'line 1, column 21: duplicate key "a"'),
    ("// x\n{}", "line 1, column 1: JSON has no comments"),
    ("{\n  # x\n}", "line 2, column 3: JSON has no comments"),
    ('{"a": 1 /* x */}', "line 1, column 9: JSON has no comments"),
    ('{"a":NaN}', 'line 1, column 6: expected a value, found "NaN"'),
    ('{"a":-Infinity}', 'line 1, column 6: invalid number "-Infinity"'),
    ('{"a":True}', 'expected a value, found "True"'),
    ('{"a": 01}', 'column 7: invalid number "01"'),
    ('{"a": 1.}', 'invalid number "1."'),
    ('{"a": .5}', 'expected a value, found "."'),
    ('{"a": +1}', 'expected a value, found "+"'),
    ('{"a": 1e999}', "out of range"),
    ('{"a": ' + "1" * 65 + "}", "more than 64 characters"),
    ('{"a', "column 2: the string is not closed"),
    ('{"a\n":1}', "line 1, column 4: the string is not closed at the end of the line"),
    ('{"a\t":1}', 'column 4: control character "\\t" in a string'),
    ('{"a":"\\x"}', 'column 7: invalid escape "\\\\x"'),
    ('{"a":"\\u12"}', "invalid escape"),
    ('{"a":"\\ud800"}', "column 6: the string holds half of a surrogate pair"),
    ('{"a":1', 'column 7: the text ends where "," or "}" should stand'),
    ("{", "column 2: the text ends where a key in double quotes should stand"),
    ('{"a" 1}', 'column 6: expected ":", found "1"'),
    ("{'a':1}", 'column 2: expected a key in double quotes, found "\'"'),
    ('{"a":1 "b":2}', 'column 8: expected "," or "}", found "\\""'),
    ('{"a":[1 2]}', 'column 9: expected "," or "]"'),
    ("[" * (MAX_DEPTH + 1), "column 65: nested deeper than 64 levels"),
    ('{"a": \u00a01}', "column 7: expected a value"),
    ('{"ä":1,"ä":2}', 'column 8: duplicate key "\\u00e4"'),
]


@pytest.mark.parametrize("text, reason", ERRORS)
def test_an_error_names_file_place_and_reason(text, reason):
    with pytest.raises(ConfigError) as caught:
        scan(text, "/etc/x.json")
    assert str(caught.value).startswith("/etc/x.json: line ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " \n\t\r\n"])
def test_nothing_is_no_value(text):
    assert scan(text, "f") is None


GOOD = [
    "{}",
    "[]",
    "null",
    "true",
    '"x"',
    "-0",
    "1e3",
    "1.50",
    "[[],{}]",
    '{"a": {"b": [1, 2.5, -3e-2, "\\u00e4\\n\\"", true, false, null]}, "": " "}',
    '{"\\ud83d\\ude00": "😀"}',
    "[" * MAX_DEPTH + "]" * MAX_DEPTH,
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_reads_as_with_pythons_own_reader(text):
    node = scan(" \n" + text + "\n", "f")
    expected = json.loads(text)
    assert node.value == expected and type(node.value) is type(expected) or isinstance(node.value, dict)
    assert (node.start, node.end) == (2, 2 + len(text))


def test_every_value_knows_its_own_text():
    text = '{"a": [1, {"b": "c"}], "d" : 1.0 }'
    for member in scan(text, "f").members:
        assert json.loads(text[member.start : member.end]) == member.key
        assert json.loads(text[member.node.start : member.node.end]) == member.node.value


def test_what_is_shown_of_a_file_cannot_drive_a_terminal():
    text = show_json("\x1b[2J\x7f\u202e" + "x" * 500)
    assert len(text) == 80
    assert all(" " <= char <= "~" for char in text)
