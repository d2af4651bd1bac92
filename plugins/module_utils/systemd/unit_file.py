# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that systemd will start next, from the texts of a unit and its drop-ins. Pure: texts in, argv out.

`systemctl show` prints ExecStart without its quoting, so the files are read again by systemd's own rules
(systemd.syntax(7), systemd.service(5) "Command lines", systemd.exec(5), src/shared/conf-parser.c, src/basic/env-util.c);
what systemd shows then serves as a check that both understood the same.
"""

import re
from typing import Any, Dict, Iterator, List, Mapping, Match, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.systemd.quoting import (
    Unparsable,
    expanded,
    split_words,
)

_PID = re.compile(r"[0-9]{1,10}\Z")
_SHOWN_ARGV = re.compile(r"argv\[\]=(.*?) ; ignore_errors=", re.S)


class UnitState(NamedTuple):
    """What `systemctl show` says of one unit; empty texts and 0 where it says nothing.

    invocation: changes with each start, also with those that systemd does by itself.
    """

    load: str
    active: str
    sub: str
    main_pid: int
    need_daemon_reload: bool
    fragment: str
    drop_ins: tuple
    exec_starts: tuple
    invocation: str = ""
    result: str = ""


class Service(NamedTuple):
    """The lines of all [Service] sections that decide about the command, resets already applied."""

    exec_starts: tuple
    environment: tuple
    environment_files: tuple
    pass_environment: tuple
    unset_environment: tuple


class Command(NamedTuple):
    """argv of the next start (argv[0] is the program's path), or None and the reason why it is not known.

    environment: its variables, but for those of systemd itself that nothing here asks for.
    """

    argv: Any
    reason: str
    environment: Any = None


def unit_state(text: str) -> UnitState:
    """The UnitState in the output of systemctl show."""
    values: Dict[str, List[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            values.setdefault(name, []).append(value)

    def last(name: str) -> str:
        return values.get(name, [""])[-1]

    return UnitState(
        last("LoadState"),
        last("ActiveState"),
        last("SubState"),
        int(last("MainPID")) if _PID.match(last("MainPID")) else 0,
        last("NeedDaemonReload") == "yes",
        last("FragmentPath"),
        tuple(last("DropInPaths").split()),
        tuple(values.get("ExecStart", ())),
        last("InvocationID"),
        last("Result"),
    )


def service(texts: Sequence[str]) -> Service:
    """The Service of a unit's file texts: the fragment first, then the drop-ins in the order systemd lists them."""
    names = ("ExecStart", "Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment")
    kept: Dict[str, List[Any]] = {name: [] for name in names}
    for text in texts:
        for name, value in _service_lines(text):
            if name in kept:
                kept[name] = kept[name] + [value] if value else []
    return Service(
        *(
            tuple(kept[name])
            for name in ("ExecStart", "Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment")
        )
    )


def _service_lines(text: str) -> Iterator[Tuple[str, str]]:
    section = ""
    for line in _logical_lines(text):
        if line.startswith("["):
            section = line
        elif section == "[Service]":
            name, equals, value = line.partition("=")
            if equals:
                yield name.strip(), value.strip()


def _logical_lines(text: str) -> Iterator[str]:
    """Lines without comments, continuations joined: the backslash becomes a space (conf-parser.c)."""
    started = ""
    for line in text.lstrip("\ufeff").split("\n"):
        if line.lstrip()[:1] in ("#", ";"):
            continue
        line = started + line
        backslashes = len(line) - len(line.rstrip("\\"))
        if backslashes % 2:
            started = line[:-1] + " "
            continue
        started = ""
        if line.strip():
            yield line.strip()
    if started.strip():
        yield started.strip()


def environment_file_names(parsed: Service, unit: str) -> List[Tuple[str, bool]]:
    """[(path pattern, optional)] of the Service's EnvironmentFile lines; raises Unparsable."""
    names = []
    for value in parsed.environment_files:
        optional = value.startswith("-")
        names.append((_specified(value[1:] if optional else value, unit), optional))
    return names


def command(
    parsed: Service,
    unit: str,
    file_environment: Mapping[str, str],
    manager_environment: Optional[Mapping[str, str]] = None,
) -> Command:
    """The Command of a Service.

    unit                 its name, for specifiers
    file_environment     dict of all EnvironmentFile variables, later files having won already
    manager_environment  dict of systemd's own (systemctl show-environment); None: not known
    """
    if len(parsed.exec_starts) != 1:
        return Command(None, f"{unit} has {len(parsed.exec_starts)} ExecStart lines, not one")
    try:
        prefix, program, words = _command_words(parsed.exec_starts[0], unit)
        environment = _environment(parsed, unit, file_environment, manager_environment)
        words = words if ":" in prefix else expanded(words, environment)
    except Unparsable as error:
        return Command(None, f"{unit}: ExecStart: {error}")
    return Command([program] + words[1:], "", environment)


def shown_differs(parsed: Service, unit: str, exec_start: str) -> bool:
    """Whether systemd shows another ExecStart than we read; quoting and escapes aside, which it may omit."""
    try:
        _prefix, _program, words = _command_words(parsed.exec_starts[0], unit)
    except (Unparsable, IndexError):
        return True
    match = _SHOWN_ARGV.search(exec_start)
    return not match or _bare(" ".join(words)) != _bare(match.group(1))


def _bare(text: str) -> str:
    return re.sub(r"[\"'\\$\s]", "", text)


def _command_words(line: str, unit: str) -> Tuple[str, str, List[str]]:
    """(prefix characters, the program's path, argv before environment expansion) of an ExecStart value."""
    prefix = line[: end_of(re.compile(r"[-@:+!|]*"), line)]
    words = split_words(line[len(prefix) :], commands=True)
    if not words:
        raise Unparsable("no program is named")
    words = [_specified(word, unit) for word in words]
    # with "@" the second word is what the program sees as its own name
    return prefix, words[0], words[1:] if "@" in prefix and words[1:] else words


def _specified(text: str, unit: str) -> str:
    """text with systemd's % specifiers of the system manager; only those that need no look at the machine."""
    name, _dot, kind = unit.rpartition(".")
    before, _at, instance = name.partition("@")
    known = {
        "%": "%",
        "n": unit,
        "N": name,
        "p": before,
        "i": instance,
        "t": "/run",
        "S": "/var/lib",
        "C": "/var/cache",
        "L": "/var/log",
        "E": "/etc",
        "T": "/tmp",
        "V": "/var/tmp",
        "u": "root",
        "U": "0",
        "g": "root",
        "G": "0",
        "h": "/root",
    }

    def value(match: Match[str]) -> str:
        if match.group(1) not in known:
            raise Unparsable(f"the specifier {show_json(match.group())} is not understood")
        return known[match.group(1)]

    return re.sub(r"%(.?)", value, text, flags=re.S)


def _environment(
    parsed: Service, unit: str, file_environment: Mapping[str, str], manager_environment: Optional[Mapping[str, str]]
) -> Dict[str, str]:
    """Like src/core/exec-invoke.c: the manager's, then Environment=, then the files."""
    if parsed.pass_environment and manager_environment is None:
        raise Unparsable("PassEnvironment is used and systemd's own environment is not known")
    result = dict(manager_environment or {})
    for line in parsed.environment:
        for word in split_words(line):
            name, equals, value = _specified(word, unit).partition("=")
            if equals:
                result[name] = value
    result.update(file_environment)
    for line in parsed.unset_environment:
        for word in split_words(line):
            name, equals, value = word.partition("=")
            if not equals or result.get(name) == value:
                result.pop(name, None)
    return result
