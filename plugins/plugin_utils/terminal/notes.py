# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to say beside its tables: what changed, failed or was shown, with equal messages of hosts as one. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import Line, measure, wrap

MESSAGE = 2000  # characters of one
LINES = 400  # of one message
_HOSTS = 5
_HANGING = 4
_CENSORED = "its result is hidden by no_log"


class Notes:
    """Messages by kind, task and text, in the order in which they came."""

    def __init__(self) -> None:
        self._hosts: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}

    def add(self, kind: str, task: str, host: str, texts: Iterable[str] = ()) -> None:
        """One message of a host. kind: a style of Line, and the first word."""
        key = (kind, inert(task, 200), tuple(texts))
        self._hosts.setdefault(key, []).append(inert(host, 200))

    def take(self) -> list[Line]:
        """All that was added since the last time, as lines."""
        lines: list[Line] = []
        for (kind, task, texts), hosts in self._hosts.items():
            names = ", ".join(hosts[:_HOSTS]) + (f" and {len(hosts) - _HOSTS} more" if len(hosts) > _HOSTS else "")
            lines.append(Line(f"{kind}: {names}: {task}{': ' + texts[0] if len(texts) == 1 else ''}", kind))
            lines += [Line(f"    {text}", kind) for text in texts if len(texts) > 1]
        self._hosts.clear()
        return lines


def read_message(result: Mapping[str, Any]) -> list[str]:
    """What a failed task says, as inert lines: its message, and those of the items that failed."""
    result = plain(result)
    if result.get("censored") or result.get("_ansible_no_log"):
        return [_CENSORED]
    items = [item for item in result.get("results") or () if isinstance(item, dict) and item.get("failed")]
    texts = [inert(item.get("msg") or "failed", MESSAGE) for item in items]
    if not texts:
        texts = [inert(result.get("msg") or "failed", MESSAGE)]
        texts += [
            inert(line, MESSAGE)
            for key in ("module_stderr", "stderr")
            for line in str(result.get(key) or "").split("\n")
            if line
        ]
    return texts[:LINES]


def read_shown(result: Mapping[str, Any]) -> list[str]:
    """What the module debug shows, as inert lines."""
    result = plain(result)
    if result.get("censored") or result.get("_ansible_no_log"):
        return [_CENSORED]
    own = {
        key: value
        for key, value in result.items()
        if not key.startswith(("_ansible", "ansible_")) and key not in ("changed", "failed", "warnings", "deprecations")
    }
    return [inert(line, MESSAGE) for line in _lines(own["msg"] if "msg" in own else own)][:LINES]


def _lines(value: Any) -> Iterator[str]:
    """Text, a list or a mapping as lines, what is inside others below their key."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, (Mapping, list)):
                yield f"{key}:"
                yield from (f"  {line}" for line in _lines(item))
            else:
                yield f"{key}: {item}"
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item)
    else:
        yield from str(value).split("\n")


def read_diff(text: str) -> list[str]:
    """A difference of files, as inert lines."""
    return [inert(line, MESSAGE) for line in text.split("\n") if line.strip()][:LINES]


def fold(text: str, width: int) -> list[str]:
    """One line as all the lines that it needs, each but the first four columns further in."""
    if measure(text) <= width:
        return [text]
    body = text.lstrip(" ")
    margin = " " * min(len(text) - len(body), width // 2)
    first, *others = wrap(body, width - len(margin) - _HANGING, MESSAGE)
    return [margin + first, *(" " * _HANGING + margin + line for line in others)]


def sum_up(stats: Any) -> list[Line]:
    """One line on the hosts of the run, and one on each kind of trouble."""
    hosts = sorted(stats.processed)
    numbers = {host: stats.summarize(host) for host in hosts}
    changed = sum(bool(number["changed"]) for number in numbers.values())
    lines = [Line(f"{len(hosts)} host{'' if len(hosts) == 1 else 's'}, {changed} changed")]
    for key, kind in (("failures", "failed"), ("unreachable", "unreachable")):
        names = [inert(host, 200) for host in hosts if numbers[host][key]]
        if names:
            more = f" and {len(names) - 20} more" if len(names) > 20 else ""
            lines.append(Line(f"{kind}: {', '.join(names[:20])}{more}", kind))
    return lines
