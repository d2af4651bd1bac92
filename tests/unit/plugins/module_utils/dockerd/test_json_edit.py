# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Editing keeps what it does not own: checked on given texts and on many made ones."""

import json
import random
from collections import OrderedDict

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.daemon_json import parse
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_edit import merge, merged, same
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError

EDITS = [
    # before, config, absent, after
    ("", {"a": True}, [], '{\n  "a": true\n}\n'),
    (" \n", {"a": 1}, [], '{\n  "a": 1\n}\n'),
    ("{}", {"a": [1, 2], "b": {"c": "d"}}, [], '{\n  "a": [1, 2],\n  "b": {\n    "c": "d"\n  }\n}'),
    ("{\n}\n", {"a": 1}, [], '{\n  "a": 1\n}\n'),
    ('{"a":1}', {"b": [1, 2]}, [], '{"a":1,"b":[1,2]}'),
    ('{"a": 1}', {"b": {"c": 1}}, [], '{"a": 1, "b": {"c": 1}}'),
    ('{ "a" : 1 , "b" : 2 }', {"c": 3}, ["a"], '{ "b" : 2, "c" : 3 }'),
    (
        '{\n    "a": 1e3,\n    "b": 1.0\n}\n',
        {"c": {"d": 1}},
        [],
        '{\n    "a": 1e3,\n    "b": 1.0,\n    "c": {\n        "d": 1\n    }\n}\n',
    ),
    ('{\n\t"a": 1,\n\t"b": 2\n}', {}, ["b"], '{\n\t"a": 1\n}'),
    ('{\n\t"a": 1,\n\t"b": 2\n}', {}, ["a"], '{\n\t"b": 2\n}'),
    ('{\n  "a": 1\n}\n', {}, ["a"], "{}\n"),
    ('{\n  "a": 1\n}\n', {"b": 2}, ["a"], '{\n  "b": 2\n}\n'),
    ('{\r\n  "a": 1\r\n}\r\n', {"b": 2}, [], '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'),
    ('\ufeff{\n  "a": 1\n}', {"a": 2}, [], '\ufeff{\n  "a": 2\n}'),
    ('{\n  "a": 1\n, "b": 2\n}\n', {"c": 3}, [], '{\n  "a": 1\n, "b": 2,\n  "c": 3\n}\n'),
    ('{\n  "l": [\n    "x"\n  ]\n}', {"l": ["x", "y"]}, [], '{\n  "l": [\n    "x",\n    "y"\n  ]\n}'),
    ('{\n  "l": ["x"]\n}', {"l": ["x", "y"]}, [], '{\n  "l": ["x", "y"]\n}'),
    ('{\n  "l": []\n}', {"l": [{"a": 1}]}, [], '{\n  "l": [\n    {\n      "a": 1\n    }\n  ]\n}'),
    ('{\n  "o": {},\n  "z": 1\n}', {"o": {"a": 1}}, [], '{\n  "o": {\n    "a": 1\n  },\n  "z": 1\n}'),
    ('{\n  "o": {"a": 1, "b": 2}\n}', {"o": {"b": 3, "c": 4}}, [], '{\n  "o": {"a": 1, "b": 3, "c": 4}\n}'),
    ('{\n  "o": {"a.b": 1, "a": 2}\n}', {}, ["o.a.b"], '{\n  "o": {"a": 2}\n}'),
    ('{\n  "o.a": 1,\n  "o": {"a": 1}\n}', {}, ["o.a"], '{\n  "o": {"a": 1}\n}'),
    ('{\n  "o": {"a": {"b": 1}}\n}', {}, ["o.a.b"], '{\n  "o": {"a": {}}\n}'),
    ('{"o": {"a": 1}}', {"o": 5}, [], '{"o": 5}'),
    ('{"o": 5}', {"o": {"a": 1}}, [], '{"o": {"a": 1}}'),
    ('{"a": "\\u00e4"}', {"b": "ä\n\x07"}, [], '{"a": "\\u00e4", "b": "ä\\n\\u0007"}'),
    ('{"a": 1}', {"a": True}, [], '{"a": true}'),
    ('{"a": 1.0}', {"a": 1}, [], '{"a": 1}'),
]


@pytest.mark.parametrize("before, config, absent, after", EDITS)
def test_edit(before, config, absent, after):
    assert merge(before, config, absent) == after


UNCHANGED = [
    ("", {}, ["x"]),
    ("  ", {}, []),
    ("{ }", {}, ["a", "a.b"]),
    ('{"a":1e3 ,"b":{ }}', {"a": 1000.0, "b": {}}, ["b.c", "c"]),
    ('{"n": 12345678901234567890123, "e": "\\u00e9"}', {"n": 12345678901234567890123, "e": "é"}, []),
    ('{"l": [ 1,2 ], "o": {"b": 1, "a": 2}}', {"l": [1, 2], "o": {"a": 2, "b": 1}}, []),
]


@pytest.mark.parametrize("text, config, absent", UNCHANGED)
def test_nothing_to_change_gives_the_same_bytes(text, config, absent):
    assert merge(text, config, absent) == text


@pytest.mark.parametrize(
    "config, absent, reason",
    [
        ({"a": 1}, ["a"], '"a" stands both in config and in absent'),
        ({"a": {"b": 1}}, ["a.b"], '"a.b" stands both'),
        ({"a": {"b": 1}}, ["a"], '"a" stands both'),
        ({"a": None}, [], "null says nothing"),
        ({"a": {"b": [None]}}, [], "null says nothing"),
        ({"a": float("nan")}, [], "no JSON number"),
        ({"a": {1: 2}}, [], "key 1 is no string"),
        ({"a": "\udcff"}, [], "not valid Unicode"),
        ({"\udcff": 1}, [], "not valid Unicode"),
        ({"a": object}, [], "no JSON value"),
    ],
)
def test_refused(config, absent, reason):
    with pytest.raises(ConfigError) as caught:
        merge("{}", config, absent)
    assert reason in str(caught.value)


def test_a_list_is_no_configuration():
    with pytest.raises(ConfigError):
        merge("[]", {"a": 1})


@pytest.mark.parametrize(
    "one, other, equal",
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, False),
        ("1", 1, False),
        ([], {}, False),
        ([1], (1,), True),
        ({"a": 1, "b": [True]}, {"b": [True], "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        (None, False, False),
    ],
)
def test_same_is_equality_of_json(one, other, equal):
    assert same(one, other) is equal


# Many made texts: deterministic, so a failure can be repeated by its seed.
KEYS = ["a", "b.c", "b", "c", "icc", "ä", 'q"\\']


def made_value(rng, depth):
    kind = rng.randrange(8 if depth else 5)
    if kind < 5:
        return [True, rng.randrange(-5, 1000), 1.5, 't\u00e4xt "\\' + str(rng.randrange(9)), "x" * rng.randrange(4)][
            kind
        ]
    if kind == 5:
        return [made_value(rng, depth - 1) for _number in range(rng.randrange(4))]
    return OrderedDict((key, made_value(rng, depth - 1)) for key in rng.sample(KEYS, rng.randrange(5)))


def made_text(rng, value):
    """value as JSON in a random style: each run of white space where JSON allows it is random, too."""
    space = rng.choice([[""], [" "], ["", " "], ["\n", "\n  ", ""], ["\r\n\t"], ["", " ", "\n", "\t"]])

    def gap():
        return rng.choice(space)

    def text(item):
        if isinstance(item, dict):
            inner = ",".join(
                gap() + json.dumps(key, ensure_ascii=rng.random() < 0.5) + gap() + ":" + gap() + text(one) + gap()
                for key, one in item.items()
            )
            return "{" + (inner or gap()) + "}"
        if isinstance(item, list):
            return "[" + (",".join(gap() + text(one) + gap() for one in item) or gap()) + "]"
        return json.dumps(item, ensure_ascii=rng.random() < 0.5)

    return rng.choice(["", "\ufeff"]) + gap() + text(value) + gap()


def made_object(rng):
    value = made_value(rng, 3)
    while not isinstance(value, dict):
        value = made_value(rng, 3)
    return value


def foreign(value, config, drop):
    """(path, value) of all leaves that an edit does not own."""
    for key, item in value.items():
        if key in drop or (key in config and not (isinstance(item, dict) and isinstance(config[key], dict))):
            continue
        if isinstance(item, dict) and isinstance(config.get(key, {}), dict):
            for path, leaf in foreign(item, config.get(key, {}), ()):
                yield (key,) + path, leaf
        else:
            yield (key,), item


def at(value, path):
    return at(value[path[0]], path[1:]) if path else value


@pytest.mark.parametrize("seed", range(400))
def test_made_edits(seed):
    rng = random.Random(seed)
    before, config = made_object(rng), made_object(rng)
    absent = [key for key in rng.sample(KEYS, rng.randrange(3)) if key not in config and "." not in key]
    text = made_text(rng, before)

    after = merge(text, config, absent)
    value = parse(after.encode("utf-8"))

    assert same(value, merged(before, config, absent))
    assert merge(after, config, absent) == after, "the second time nothing changes"
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    assert not any(key in value for key in absent)
    assert [key for key in value if key in before] == [key for key in before if key in value], "foreign order"
    for path, leaf in foreign(before, config, absent):
        assert same(at(value, path), leaf)
    assert merge(text, before) == text, "its own values change no byte"
    restored = merge(after, {key: before[key] for key in before if not isinstance(before[key], dict)})
    assert all(
        same(parse(restored.encode("utf-8"))[key], before[key]) for key in before if not isinstance(before[key], dict)
    )


@pytest.mark.parametrize("seed", range(100))
def test_lines_that_are_not_concerned_stay_the_same_lines(seed):
    rng = random.Random(seed)
    before = made_object(rng)
    text = json.dumps(before, indent=rng.choice([1, 2, 4, 8]), ensure_ascii=False) + "\n"
    after = merge(text, {"new-key": rng.choice([True, "x", {"y": 1}])})
    lines = text.splitlines()[:-2]  # the last member gets a comma
    assert after.splitlines()[: len(lines)] == lines
    assert after.endswith("}\n")
