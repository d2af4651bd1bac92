# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read waivers from YAML, and say of each mistake in which line it stands. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import yaml

from ansible_collections.containment.docker.plugins.module_utils.judge import waiver
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID

HOSTS = "hosts"
KEYS = (*waiver.KEYS, *waiver.OPTIONAL, HOSTS)
SIZE_LIMIT = 1_000_000


class Entry(NamedTuple):
    """One waiver of a file. place: file:line; hosts: hosts and groups that it is for, () for all."""

    place: str
    waiver: Mapping[str, str]
    hosts: tuple[str, ...]


def read_waivers(name: str, text: str) -> list[Entry]:
    """The waivers of a file: a list of them, or one below the key `waivers`. ValueError has a line for each mistake."""
    if len(text) > SIZE_LIMIT:
        raise ValueError(f"{name}: more than {SIZE_LIMIT} characters")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValueError(f"{name}:{line}: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: {error}") from error
    if isinstance(root, yaml.MappingNode) and [key.value for key, _value in root.value] == ["waivers"]:
        root = root.value[0][1]
    if root is None or (isinstance(root, yaml.ScalarNode) and root.tag.endswith(":null")):
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise ValueError(f"{name}:{_line(root)}: a list of waivers is needed")
    entries, mistakes = [], []
    for node in root.value:
        try:
            entries.append(_entry(name, node))
        except ValueError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return entries


def _entry(name: str, node: yaml.Node) -> Entry:
    place = f"{name}:{_line(node)}"
    if not isinstance(node, yaml.MappingNode):
        raise ValueError(f"{place}: a waiver is a mapping with the keys {', '.join(waiver.KEYS)}")
    fields: dict[str, str] = {}
    hosts: tuple[str, ...] = ()
    for key, value in node.value:
        here = f"{name}:{_line(key)}"
        if key.value not in KEYS:
            raise ValueError(f"{here}: unknown key {key.value!r}; known are {', '.join(KEYS)}")
        if key.value in fields or (key.value == HOSTS and hosts):
            raise ValueError(f"{here}: {key.value} stands there twice")
        if key.value == HOSTS:
            hosts = tuple(_texts(here, value))
        else:
            fields[key.value] = _text(here, key.value, value)
    waiver.parse_at(place, fields, BY_ID)
    return Entry(place, fields, hosts)


def _text(place: str, key: str, node: yaml.Node) -> str:
    """A scalar as it is written: a date stays the text that it is in the file."""
    if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null") or not node.tag.startswith("tag:yaml.org,"):
        raise ValueError(f"{place}: {key} is no text")
    return node.value


def _texts(place: str, node: yaml.Node) -> list[str]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not items:
        raise ValueError(f"{place}: {HOSTS} is empty")
    return [_text(place, HOSTS, item) for item in items]


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def check_together(entries: Iterable[Entry], inventory: Iterable[str]) -> None:
    """Refuse a waiver that stands there twice, or is for a host or group that the inventory lacks. ValueError."""
    known, mistakes = set(inventory), []
    places: dict[Any, str] = {}
    for entry in entries:
        same: Any = (*(entry.waiver.get(key) for key in ("rule", "selector", "when_message")), entry.hosts)
        if same in places:
            mistakes.append(f"{entry.place}: the same rule, selector and hosts as in {places[same]}")
        places.setdefault(same, entry.place)
        mistakes += [
            f"{entry.place}: {host!r} is no host or group of the inventory" for host in entry.hosts if host not in known
        ]
    if mistakes:
        raise ValueError("\n".join(mistakes))


def waivers_for(entries: Iterable[Entry], names: Iterable[str]) -> list[dict[str, str]]:
    """The waivers for a host. names: its own and its groups'."""
    own = set(names)
    return [dict(entry.waiver) for entry in entries if not entry.hosts or own & set(entry.hosts)]
