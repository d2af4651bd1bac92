# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What in dockerd's log says why it did not take its configuration. Pure.

A line is logrus's text (time="…" level=error msg="…" error="…"), with `log-format: json` an object of the same names, or
bare: what dockerd prints last before it exits (moby: cmd/dockerd/main.go). systemd's own lines are between them.
"""

import json
import re
from typing import Any, Dict, List, NamedTuple, Optional

# moby: cmd/dockerd/daemon.go reloadConfig, daemon/config/config.go Reload
RELOAD_REFUSED = (
    "Error reconfiguring the daemon",
    "Error reloading configuration",
    "configuration validation failed",
    "unable to configure the Docker daemon",
)
_LEVEL = re.compile(r"(?:^| )level=(\w+)(?: |$)")
_SAYS = re.compile(r' (msg|error)=(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_EXITED = ": Main process exited, "


class Line(NamedTuple):
    """level: None of a bare line; text: what it says, with the cause."""

    level: Optional[str]
    text: str


def last_error(text: str) -> str:
    """Why dockerd did not start or reload, in its own words; "" if nothing says it."""
    raw = text.splitlines()
    lines = [_line(line) for line in raw]
    last = _last_words(raw, lines)
    for chosen in (
        [line for line in lines if any(phrase in line.text for phrase in ("failed to start",) + RELOAD_REFUSED)],
        [line for line in lines if line.level == "fatal"],
        [last] if last else [],
        [line for line in lines if line.level == "error"],
    ):
        if chosen:
            return chosen[-1].text
    return ""


def _last_words(raw: List[str], lines: List[Line]) -> Optional[Line]:
    """The bare line right before systemd's word that the process has ended."""
    for number in range(len(raw) - 1, 0, -1):
        if _EXITED in raw[number] and lines[number - 1].level is None:
            unit = raw[number].partition(":")[0]
            return None if raw[number - 1].startswith(unit + ":") else lines[number - 1]
    return None


def _line(line: str) -> Line:
    if line.startswith("{"):
        return _of_json(line)
    level = _LEVEL.search(line)
    if not level:
        return Line(None, line.strip())
    says: Dict[str, str] = {}
    for name, quoted, bare in _SAYS.findall(line):
        says.setdefault(name, re.sub(r"\\(.)", r"\1", quoted) or bare)
    return Line(level.group(1), _together(says) or line.strip())


def _of_json(line: str) -> Line:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return Line(None, line.strip())
    if not isinstance(record, dict) or not isinstance(record.get("level"), str):
        return Line(None, line.strip())
    return Line(record["level"], _together(record) or line.strip())


def _together(says: Any) -> str:
    """Newer ones put the cause into `error`."""
    return ": ".join(says[name] for name in ("msg", "error") if isinstance(says.get(name), str) and says[name])
