# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which programs a container's command, health check, scripts and crontabs name. Reads its layers, executes nothing."""

import os
import re
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux.overlay import Overlay

SCRIPT_LIMIT, ARGUMENT_LIMIT, CRONTAB_LIMIT = 65536, 32, 64
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_WORD = re.compile(r"[\w.+/@-]+")
_SPOOL = ("/var/spool/cron/crontabs", "/var/spool/cron", "/etc/crontabs")  # Debian and Alpine, RHEL, busybox
_WITH_USER = ("/etc/crontab",)


class Source(NamedTuple):
    """A text that names programs. where: what it is; words: what may name a program in it; user: who runs it, None for the
    container's own user."""

    where: str
    words: FrozenSet[str]
    user: Optional[str]


def _texts(value: Any) -> Iterator[str]:
    """The texts in a list that the engine tells; others are not there, whoever wrote them."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, str):
            yield item


def _command(inspect: Mapping[str, Any]) -> List[str]:
    path = inspect.get("Path")
    return ([path] if isinstance(path, str) else []) + list(_texts(inspect.get("Args")))


def of_config(inspect: Mapping[str, Any]) -> Iterator[Source]:
    """Yield what its command and its health check name."""
    yield Source("its command", _words(" ".join(_command(inspect))), None)
    health = inspect["Config"].get("Healthcheck")
    if isinstance(health, dict):
        yield Source("its health check", _words(" ".join(_texts(health.get("Test")))), None)


def of_files(layers: Overlay, inspect: Mapping[str, Any]) -> Iterator[Source]:
    """Yield what the scripts that it runs and its crontabs name."""
    yield from _scripts(layers, inspect)
    yield from _crontabs(layers)


def _words(text: str) -> FrozenSet[str]:
    return frozenset(_WORD.findall(text))


def names(source: Source, path: str, directories: Sequence[str]) -> bool:
    """Tell whether a text may name the program at this path. directories: where its names without a path are looked for.

    With a path only the last component is compared, as links may lead to the same program.
    """
    directory, _slash, base = path.rpartition("/")
    if base in source.words and any(directory in (one, "/usr" + one) for one in directories):
        return True
    return any(word.endswith("/" + base) for word in source.words)


def search_path(inspect: Mapping[str, Any]) -> List[str]:
    """Return the directories of the container's PATH."""
    path = _DEFAULT_PATH
    for variable in _texts(inspect["Config"].get("Env")):
        name, _equals, value = variable.partition("=")
        if name == "PATH":
            path = value
    return [part.rstrip("/") for part in path.split(":") if part.startswith("/")][:ARGUMENT_LIMIT]


def _scripts(layers: Overlay, inspect: Mapping[str, Any]) -> Iterator[Source]:
    """The words of each script among its command's words."""
    config = inspect["Config"]
    directory = config.get("WorkingDir") if isinstance(config.get("WorkingDir"), str) else "/"
    for word in _command(inspect)[:ARGUMENT_LIMIT]:
        if "\0" in word or len(word) > 4096 or not word:
            continue
        places = (
            [os.path.join("/", directory or "/", word)]
            if "/" in word
            else [f"{p}/{word}" for p in search_path(inspect)]
        )
        for place in places:
            text = _text(layers, place, SCRIPT_LIMIT)
            if text:
                yield Source(f"script {inert(place, 100)}", _words(text), None)
                break


def _text(layers: Overlay, path: str, limit: int) -> str:
    """The text of a file, "" where there is none or where it is a program."""
    try:
        data = layers.read(path, limit)
    except (OSError, ValueError):
        return ""
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def _crontabs(layers: Overlay) -> Iterator[Source]:
    for directory in _SPOOL:
        for name in _names(layers, directory):
            text = _text(layers, f"{directory}/{name}", SCRIPT_LIMIT)
            if text:
                yield Source(f"crontab {inert(f'{directory}/{name}', 100)}", _words(_commands(text)), name)
    for path in _WITH_USER + tuple(f"/etc/cron.d/{name}" for name in _names(layers, "/etc/cron.d")):
        for line in _commands(_text(layers, path, SCRIPT_LIMIT)).splitlines():
            fields = line.split(None, 2 if line.startswith("@") else 6)
            user = fields[1 if line.startswith("@") else 5] if len(fields) > (2 if line.startswith("@") else 6) else ""
            if user:
                yield Source(f"crontab {inert(path, 100)}", _words(fields[-1]), user)


def _names(layers: Overlay, directory: str) -> List[str]:
    try:
        return layers.names(directory, CRONTAB_LIMIT)
    except OSError:
        return []


def _commands(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if not line.strip().startswith("#"))


def users(layers: Overlay) -> Dict[str, int]:
    """Return {name: uid} of the container's /etc/passwd; the first of equal names counts."""
    known: Dict[str, int] = {}
    for line in _text(layers, "/etc/passwd", SCRIPT_LIMIT).splitlines():
        fields = line.split(":")
        if len(fields) > 3 and re.match(r"[0-9]{1,10}\Z", fields[2]):
            known.setdefault(fields[0], int(fields[2]))
    return known
