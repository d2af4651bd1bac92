# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change some keys of a JSON object in its text and leave every other byte as it is."""

import math
from collections import OrderedDict
from typing import AbstractSet, Any, Dict, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_format import Style, format_value, quoted
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import (
    ConfigError,
    Member,
    Node,
    same,
    scan,
    show_json,
)

DEFAULT_UNIT = "  "


def merge(text: str, config: Mapping[str, Any], absent: Sequence[str] = (), path: str = "daemon.json") -> str:
    """text with config merged in and absent dropped; the very same text where nothing changes.

    text    a JSON object, or only whitespace (an empty configuration); a leading U+FEFF is kept
    config  dict; nested dicts merge, everything else (lists too) replaces
    absent  keys to drop. A name that is a key is that key; otherwise it is split at a dot, so
            "log-opts.max-size" drops one key of an object. An object that becomes empty stays, as {}.
    Foreign keys, their order, number spellings, indentation, line ends and the end of the file are
    kept; new keys go to the end of their object. Raises ConfigError (path is only named in it).
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(bom) :]
    root = scan(body, path)
    before = root.value if root else OrderedDict()
    if not isinstance(before, dict):
        raise ConfigError(f"{path}: holds no object")
    check_plain(config)
    drop = _drop_paths(before, config, absent)
    after = _merged(before, config, drop, ())
    if same(before, after):
        return text
    style = _style(body, root)
    if root is None:
        return bom + format_value(after, "", style) + style.newline
    new = body[: root.start] + _edited_object(body, root, config, drop, (), style) + body[root.end :]
    edited = scan(new, path)
    if edited is None or not same(edited.value, after):  # an editing error must never reach a disk
        raise ConfigError(f"{path}: the edit would not give the wanted configuration; this is a bug")
    return bom + new


def merged(config_before: Mapping[str, Any], config: Mapping[str, Any], absent: Sequence[str] = ()) -> Dict[str, Any]:
    """The same on values: a new OrderedDict, what parse(merge(...)) gives."""
    return _merged(config_before, config, _drop_paths(config_before, config, absent), ())


def check_plain(value: Any, where: str = "config") -> None:
    """Refuses what JSON cannot say or what would say nothing: null, NaN, keys that are no strings, other types."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ConfigError(f"{where}: key {show_json(key)} is no string")
            _check_text(key, where)
            check_plain(item, f"{where}: {show_json(key)}")
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_plain(item, where)
    elif isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ConfigError(f"{where}: {value} is no JSON number")
    elif value is None:
        raise ConfigError(f"{where}: null says nothing; name the key in absent to drop it")
    elif not isinstance(value, (bool, int)):
        raise ConfigError(f"{where}: {type(value).__name__} is no JSON value")


def _check_text(text: str, where: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ConfigError(f"{where}: {show_json(text)} is not valid Unicode")


def _drop_paths(before: Mapping[str, Any], config: Mapping[str, Any], absent: Sequence[str]) -> Set[Tuple[str, ...]]:
    """The set of key paths (tuples) that absent means in before; refuses a contradiction with config."""
    paths = set()
    for name in absent:
        if _resolve(config, name):
            raise ConfigError(f"{show_json(name)} stands both in config and in absent")
        keys = _resolve(before, name)
        if keys:
            paths.add(keys)
    return paths


def _resolve(tree: Mapping[str, Any], name: str) -> Optional[Tuple[str, ...]]:
    if name in tree:
        return (name,)
    for at in (index for index, char in enumerate(name) if char == "."):
        inner = tree.get(name[:at])
        rest = _resolve(inner, name[at + 1 :]) if isinstance(inner, dict) else None
        if rest:
            return (name[:at],) + rest
    return None


def _merged(
    before: Mapping[str, Any], config: Mapping[str, Any], drop: AbstractSet[Tuple[str, ...]], above: Tuple[str, ...]
) -> Dict[str, Any]:
    after = OrderedDict((key, before[key]) for key in before if above + (key,) not in drop)
    for key in after:
        if key not in config and isinstance(after[key], dict):
            after[key] = _merged(after[key], {}, drop, above + (key,))
    for key, value in config.items():
        old = after.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            value = _merged(old, value, drop, above + (key,))
        after[key] = value
    return after


def _style(body: str, root: Optional[Node]) -> Style:
    """Indentation unit, line end and colon of the text, from its first object with members."""
    newline = "\r\n" if "\r\n" in body else "\n"
    if root is None or not root.members:
        return Style(DEFAULT_UNIT, newline, ": ", False)
    first = root.members[0]
    lead = body[root.start + 1 : first.start]
    unit = lead.rsplit("\n", 1)[1] if "\n" in lead else DEFAULT_UNIT
    colon = body[first.end : first.node.start]
    return Style(unit or DEFAULT_UNIT, newline, colon if "\n" not in colon else ": ", "\n" not in lead)


def _edited_object(
    body: str,
    node: Node,
    config: Mapping[str, Any],
    drop: AbstractSet[Tuple[str, ...]],
    above: Tuple[str, ...],
    style: Style,
) -> str:
    """The text of an object: each kept member with its own surroundings, then the new ones."""
    pieces = []  # [lead, text, tail] of each kept member; tail stands before the comma or the brace
    start = node.start + 1
    for number, member in enumerate(node.members):
        after = node.members[number + 1].start if number + 1 < len(node.members) else node.end
        stop = body.index("," if number + 1 < len(node.members) else "}", member.node.end, after)
        if above + (member.key,) not in drop:
            value = _edited_value(body, node, member, config, drop, above, style)
            pieces.append(
                [
                    body[start : member.start],
                    body[member.start : member.node.start] + value,
                    body[member.node.end : stop],
                ]
            )
        start = stop + 1
    new = [key for key in config if key not in node.value]
    if not node.members:
        return _filled_object(body, node, OrderedDict((key, config[key]) for key in new), style)
    lead, tail = _outer_space(body, node)
    if pieces:
        pieces[0][0], pieces[-1][2] = lead, ("" if new else tail)
    indent = _line_indent(body, node.members[0].start)
    many = "\n" in lead
    for number, key in enumerate(new):
        between = style.newline + indent if many else _one_line_lead(body, node)
        value = format_value(config[key], indent if many else None, style)
        pieces.append(
            [between if pieces else lead, quoted(key) + style.colon + value, tail if number + 1 == len(new) else ""]
        )
    return "{" + ",".join("".join(piece) for piece in pieces) + "}" if pieces else "{}"


def _edited_value(
    body: str,
    node: Node,
    member: Member,
    config: Mapping[str, Any],
    drop: AbstractSet[Tuple[str, ...]],
    above: Tuple[str, ...],
    style: Style,
) -> str:
    old = member.node
    deeper = above + (member.key,)
    if isinstance(old.value, dict) and (member.key not in config or isinstance(config[member.key], dict)):
        inner = config.get(member.key, {})
        if same(old.value, _merged(old.value, inner, drop, deeper)):
            return body[old.start : old.end]
        return _edited_object(body, old, inner, drop, deeper, style)
    if member.key not in config or same(old.value, config[member.key]):
        return body[old.start : old.end]
    own_line = "\n" in body[node.start : member.start]
    indent = _line_indent(body, member.start) if own_line else None
    rows = isinstance(old.value, list) and "\n" in body[old.start : old.end]
    return format_value(config[member.key], indent, style, rows)


def _filled_object(body: str, node: Node, values: Mapping[str, Any], style: Style) -> str:
    """The text of an empty object that gets its first members."""
    if not values:
        return body[node.start : node.end]
    return format_value(values, None if style.one_line else _line_indent(body, node.start), style)


def _outer_space(body: str, node: Node) -> Tuple[str, str]:
    return (body[node.start + 1 : node.members[0].start], body[node.members[-1].node.end : node.end - 1])


def _line_indent(body: str, at: int) -> str:
    """The white space that the line of offset at begins with."""
    before = body[:at].rsplit("\n", 1)[-1]
    return before[: len(before) - len(before.lstrip(" \t"))]


def _one_line_lead(body: str, node: Node) -> str:
    if len(node.members) > 1:
        comma = body.index(",", node.members[-2].node.end)
        return body[comma + 1 : node.members[-1].start]
    first = node.members[0]
    return "" if body[first.end : first.node.start] == ":" else " "
