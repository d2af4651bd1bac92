# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change in how a container is run, as flags of `docker run` and keys of a compose file. Pure.

The values are whatever a container was created with, and shown to be copied: as one word of a shell and one scalar
of YAML, in which nothing is expanded.
"""

import re
import shlex
from collections import OrderedDict
from functools import lru_cache
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_syntax import (
    FIELDS,
    compose_value,
    flag_value,
)

CHANGES_LIMIT = 30
TEXT_LIMIT = 300
ITEMS_LIMIT = 10
_SAFE = re.compile(r"[\w@%+=:,./-]", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z/][\w./-]*\Z", re.ASCII)
_NOT_STRINGS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))  # in some YAML


class RunChange(NamedTuple):
    """change: "remove" or "add"; field: one of HostConfig, or User; value: as it stands there, of a list one item.

    To add what is no list puts it in the place of what is there. A word in capital letters (FILE, UID:GID, SIZE,
    COUNT) stands for something that only its owner can tell.
    """

    change: str
    field: str
    value: Any


def unprivileged(host_config: Mapping[str, Any]) -> List[RunChange]:
    """Without --privileged, where it is there."""
    return [RunChange("remove", "Privileged", True)] if host_config.get("Privileged") else []


def report(changes: Sequence[RunChange]) -> Dict[str, Any]:
    """The keys of a finding: run, each as {change, flag, compose}; run_more, how many were left out, if any."""
    texts = OrderedDict()
    for change in changes:
        text = _text(change)
        texts[tuple(text.values())] = text
    keys: Dict[str, Any] = {"run": list(texts.values())[:CHANGES_LIMIT]}
    if len(texts) > CHANGES_LIMIT:
        keys["run_more"] = len(texts) - CHANGES_LIMIT
    return keys


def _text(change: RunChange) -> Dict[str, Any]:
    value = _bounded(change.value)
    written = _written_once if isinstance(value, (str, bool)) else _written
    return written(change.change, change.field, value)


def _written(change: str, field: str, value: Any) -> Dict[str, Any]:
    syntax = FIELDS[field]
    flag = "--" + syntax.flag
    if value is not True:
        flag += "=" + _shell(flag_value(field, value))
    text = _yaml(compose_value(field, value))
    return OrderedDict(change=change, flag=flag, compose=f"{syntax.compose}: {f'[{text}]' if syntax.many else text}")


# Containers lack the same things; none of these texts is long.
_written_once = lru_cache(maxsize=64, typed=True)(_written)


def _bounded(value: Any) -> Any:
    """The value without what is too long or too much of it, which is said in its place."""
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return f"{value[:TEXT_LIMIT]}… ({len(value) - TEXT_LIMIT} more characters)"
    if isinstance(value, Mapping):
        items = {_bounded(key): _bounded(item) for key, item in list(value.items())[:ITEMS_LIMIT]}
        return dict(items, **{"…": f"{len(value) - ITEMS_LIMIT} more"}) if len(value) > ITEMS_LIMIT else items
    if isinstance(value, (list, tuple)):
        more = [f"… {len(value) - ITEMS_LIMIT} more"] if len(value) > ITEMS_LIMIT else []
        return [_bounded(item) for item in value[:ITEMS_LIMIT]] + more
    return value


def _shell(text: str) -> str:
    """One word of a shell. In $'…', which is needed for control characters, everything odd is escaped."""
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join((c if _SAFE.match(c) else _escaped(c) for c in text))}'"


def _yaml(value: Any) -> str:
    """In YAML's flow style, for compose: there a dollar begins a variable, and two are one."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    return _yaml_string(value)


def _yaml_string(value: str) -> str:
    if _PLAIN.match(value) and value.lower() not in _NOT_STRINGS:
        return value
    text = value.replace("$", "$$")
    escaped = ("\\" + c if c in '"\\' else c if c.isprintable() else _escaped(c) for c in text)
    return f'"{"".join(escaped)}"'


def _escaped(character: str) -> str:
    """As a shell's $'…' and YAML's double quotes both write it."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
