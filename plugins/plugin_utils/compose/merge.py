# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How compose merges a value over another: of two documents, and of a service and what it extends. Pure.

compose-spec: 13-merge.md; compose-go: override/merge.go
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

_REPLACED = frozenset(("command", "entrypoint", "healthcheck"))
# Lists of which an item takes the place of one for the same path in the container.
_BY_TARGET = frozenset(("volumes", "devices", "secrets", "configs"))
# Lists that may be one text, or a mapping.
_LISTS = frozenset(("tmpfs", "dns", "dns_search", "env_file", "label_file"))
_MAPPINGS = frozenset(("annotations", "environment", "extra_hosts", "labels", "options", "sysctls"))


class Reset(NamedTuple):
    """What the tag !reset marks: the key is taken out, whatever its value."""

    value: Any


class Override(NamedTuple):
    """What the tag !override marks: the value takes the place of the other instead of being merged with it."""

    value: Any


def merged(base: Any, over: Any, key: str = "") -> Any:
    """Return what compose makes of a value and one that is merged over it. None of it is a tag."""
    if isinstance(over, Reset):
        return None
    if isinstance(over, Override):
        return without_tags(over.value)
    base, over = without_tags(base), over if isinstance(over, Mapping) else without_tags(over)
    if key in _LISTS:
        base, over = _as_list(base), _as_list(over)
    if key in _MAPPINGS:
        base, over = _as_mapping(base), _as_mapping(over)
    if key == "logging" and isinstance(base, Mapping) and isinstance(over, Mapping):
        if over.get("driver") and base.get("driver") and over["driver"] != base["driver"]:
            return without_tags(over)
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        result = dict(base)
        for name, value in over.items():
            if isinstance(value, Reset):
                result.pop(name, None)
            elif name in base and name not in _REPLACED:
                result[name] = merged(base[name], value, name)
            else:
                result[name] = without_tags(value)
        return result
    if isinstance(base, list) and isinstance(over, list) and key not in _REPLACED:
        if key in _BY_TARGET:
            targets = {_target(item) for item in over}
            return [item for item in base if _target(item) not in targets] + over
        return base + [item for item in over if item not in base]
    return without_tags(over)


def without_tags(value: Any) -> Any:
    """Return the value as it is where nothing is merged with it."""
    if isinstance(value, Override):
        return without_tags(value.value)
    if isinstance(value, Mapping):
        return {name: without_tags(item) for name, item in value.items() if not isinstance(item, Reset)}
    if isinstance(value, list):
        return [without_tags(item) for item in value if not isinstance(item, Reset)]
    return None if isinstance(value, Reset) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_mapping(value: Any) -> Any:
    """A list of NAME=value as a mapping; anything else as it is."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return value
    return {name: rest if equals else None for name, equals, rest in (item.partition("=") for item in value)}


def _target(item: Any) -> str:
    """Return where the container has it."""
    if isinstance(item, Mapping):
        return str(item.get("target") or item.get("source") or "")
    parts = str(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]
