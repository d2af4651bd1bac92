# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a daemon.json, before dockerd sees it.

dockerd's own check is looser in one way that matters: it flattens nested objects before it looks for
unknown keys (moby: daemon/config/config.go, configValuesSet), so a setting nested where it does nothing
passes. Here that is a problem, as is every key that an engine would accept and ignore: for what a run adds. What
stood in the file before and the engine takes is its owner's, and only worth a warning.
"""

import difflib
import re
from typing import Any, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd import refused_values
from ansible_collections.containment.docker.plugins.module_utils.dockerd.flag_values import is_ip
from ansible_collections.containment.docker.plugins.module_utils.dockerd.flags import beyond
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    ANNOUNCED,
    BY_NAME,
    FLAGS_ONLY,
    PROXIES,
    SETTINGS,
    Setting,
    Shape,
    engine_release,
    is_newer,
    known_to,
)

_NAMES = {
    "bool": "true or false",
    "int": "a whole number",
    "string": "a string",
    "zoned ip": "an IP address as a string",
    "ip": "an IP address as a string",
    "size": 'a size as a string, like "64M"',
}
# moby: github.com/docker/go-units RAMInBytes, as 20.10 to 29 use it
_SIZE = re.compile(r"^[0-9]+(\.[0-9]+)? ?[kKmMgGtTpP]?[iI]?[bB]?\Z")
# Keys that dockerd takes, with a warning at most, and no longer reads; from which release on.
_EMPTIED = {"allow-nondistributable-artifacts": (28, 0), "deprecated-key-path": (25, 0)}
_INT64 = 2**63


class Newer(str):
    """The sentence about what an engine may know that is newer than the table: dockerd --validate decides on it."""


class Ignored(str):
    """The sentence of a problem that keeps no dockerd from starting: it takes the key, and the key does nothing."""


class Unknown(Ignored):
    """The sentence about a key inside an object that the table doesn't know."""


class Refused(str):
    """The sentence about such a key for which dockerd refuses the file."""


def validate(
    config: Mapping[str, Any], version: Optional[str] = None, before: Optional[Mapping[str, Any]] = None
) -> List[str]:
    """Return the problems of a parsed daemon.json, one clear sentence each; [] where there are none.

    version  the engine's version ("26.1.5+dfsg1"); None judges by what any engine from 20.10 to 29.7 knows. What the
             table doesn't know is no problem for a newer one, see newer().
    before   the file's settings before this run: what dockerd ignores in them already, or runs with though a newer one
             would not, is no problem of this run.
    Only what can be told from the file itself: no flags, no files, no users of the machine.
    """
    old = _of_its_owner(before, version) if before else ()
    return [problem for problem in _problems(config, version) if problem not in old]


def _of_its_owner(before: Mapping[str, Any], version: Optional[str]) -> List[str]:
    kept = refused_values.runs_with_both(before, engine_release(version))
    kinds = (Ignored, refused_values.StoreConflict) if kept else Ignored
    return [problem for problem in _problems(before, version) if isinstance(problem, kinds)]


def ignored(config: Mapping[str, Any], version: Optional[str] = None) -> List[Ignored]:
    """Return the sentences about what an engine of this version takes and ignores; [] where there is nothing."""
    return [problem for problem in _problems(config, version) if isinstance(problem, Ignored)]


def newer(config: Mapping[str, Any], version: Optional[str] = None) -> List[str]:
    """Return the sentences about what only this engine, newer than the table, can know; [] for an older engine."""
    return [str(problem) for problem in _every_problem(config, version) if isinstance(problem, Newer)]


def _problems(config: Mapping[str, Any], version: Optional[str]) -> List[str]:
    return [problem for problem in _every_problem(config, version) if not isinstance(problem, Newer)]


def _every_problem(config: Mapping[str, Any], version: Optional[str]) -> List[str]:
    problems: List[str] = []
    release = engine_release(version)
    for name, value in config.items():
        setting = BY_NAME.get(name)
        if setting is None:
            problems.append(_unknown(name, value, version))
        elif not known_to(setting, version):
            problems.append(_other_release(setting, version))
        else:
            misshapen_values = _misshapen(show_json(name), value, setting.shape)
            if is_newer(version):
                misshapen_values = [_left_to_engine(problem, version) for problem in misshapen_values]
            problems.extend(misshapen_values)
            if release and release >= _EMPTIED.get(name, (99, 0)):
                problems.append(Ignored(f"{show_json(name)} does nothing in this engine, which only takes it"))
    if all(isinstance(problem, (Ignored, Newer)) for problem in problems):
        values = {name: value for name, value in config.items() if name in BY_NAME and value is not None}
        problems.extend(refused_values.problems(values, release))
    return problems


def misshapen(config: Mapping[str, Any]) -> List[str]:
    """Problems of known keys whose values have a type with which no dockerd starts. null sets nothing, and is none."""
    problems: List[str] = []
    for name, value in config.items():
        if name in BY_NAME and value is not None:
            problems.extend(_misshapen(show_json(name), value, BY_NAME[name].shape))
    return problems


def _left_to_engine(problem: str, version: Optional[str]) -> str:
    """A key inside an object that the table doesn't know, of an engine that may know it."""
    return Newer(f"{problem}: it may be {beyond(version)}") if isinstance(problem, (Unknown, Refused)) else problem


def _unknown(name: str, value: Any, version: Optional[str]) -> str:
    if name in PROXIES:
        return Ignored(f'{show_json(name)} counts only inside "proxies"')
    by_flag = [setting.name for setting in SETTINGS if setting.flag == name]
    if by_flag:
        return f"{show_json(name)} is the name of a flag; in the file it is {show_json(by_flag[0])}"
    if name in FLAGS_ONLY:
        return Ignored(f"{show_json(name)} is a flag of dockerd and does nothing in the file")
    if is_newer(version) and name in ANNOUNCED:
        return Newer(f"{show_json(name)} is {beyond(version)}")
    if isinstance(value, dict) and any(key in BY_NAME for key in value):
        inside = ", ".join(show_json(key) for key in value if key in BY_NAME)
        message = f"{show_json(name)} is no setting of dockerd, and {inside} inside it would do nothing"
        return Ignored(message) if all(key in BY_NAME for key in value) else message
    if is_newer(version):
        return Newer(f"{show_json(name)} is {beyond(version)}")
    return f"{show_json(name)} is no setting of dockerd{_nearest(name, BY_NAME)}"


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    lowered = {str(key).lower(): key for key in known}
    near = difflib.get_close_matches(name.lower().replace("_", "-")[:80], list(lowered), 1, 0.75)
    return f"; did you mean {show_json(lowered[near[0]])}?" if near else ""


def _other_release(setting: Setting, version: Optional[str]) -> str:
    release = engine_release(version)
    name, engine = show_json(setting.name), show_json(version)[1:-1]
    if release and release < setting.since:
        return f"{name} is known from Docker {_dotted(setting.since)} on, this engine is {engine}"
    return f"{name} is not known after Docker {_dotted(setting.until)}, this engine is {engine}"


def _dotted(release: Tuple[int, int]) -> str:
    return ".".join(map(str, release))


def _misshapen(where: str, value: Any, shape: Shape) -> List[str]:
    """Problems of one value against a shape of daemon_settings; where is printable already."""
    if shape == "any":
        return []
    if value is None:
        message = f"{where} is null, which sets nothing; drop the key"
        return [Ignored(message) if where[-1:] == '"' and "." not in where else message]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} must be a list, not {_kind(value)}"]
        texts: List[str] = []
        for number, item in enumerate(value):
            texts.extend(_misshapen(f"{where}[{number}]", item, shape[0]))
        return texts
    if isinstance(shape, dict):
        return _misshapen_object(where, value, shape)
    return [] if _fits(value, shape) else [f"{where} must be {_NAMES[shape]}, not {_kind(value)}"]


def _misshapen_object(where: str, value: Any, shape: Mapping[str, Any]) -> List[str]:
    if not isinstance(value, dict):
        return [f"{where} must be an object, not {_kind(value)}"]
    texts: List[str] = []
    fields = {name.lower(): inner for name, inner in shape.items()}
    for key, item in value.items():
        exact = where == '"proxies"'  # dockerd looks for its keys among the flags, letter by letter
        inner = shape["*"] if "*" in shape else (shape if exact else fields).get(key if exact else key.lower())
        if inner is None:
            message = f"{where} has no key {show_json(key)}{_nearest(key, shape)}"
            # all but the keys of top-level objects that dockerd flattens (moby: daemon/config, flatOptions), and what it reads
            # strictly (daemon/pkg/opts/nri_opts.go)
            if where == '"nri-opts"':
                texts.append(Refused(message))
            else:
                texts.append(message if where == '"proxies"' and key not in BY_NAME else Unknown(message))
        else:
            texts.extend(_misshapen(f"{where}.{show_json(key)}", item, inner))
    return texts


def _fits(value: Any, shape: str) -> bool:
    if shape == "bool":
        return isinstance(value, bool)
    if shape == "int":
        return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    if not isinstance(value, str):
        return False
    if shape == "size":
        return _SIZE.match(value) is not None
    if shape == "zoned ip":
        value = re.sub("(?<=.)%[^%]+\\Z", "", value) if ":" in value else value
    return shape not in ("ip", "zoned ip") or value == "" or is_ip(value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return ("the string " if isinstance(value, str) else "the number ") + show_json(value)
