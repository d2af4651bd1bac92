# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd's command line in the words of daemon.json.

Parsed as dockerd does: github.com/spf13/pflag (flag.go parseArgs, parseLongArg, parseSingleShortArg) with the
value types of flag_values. An argv that dockerd itself would refuse gives problems.
"""

from collections import OrderedDict
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.flag_values import (
    Refused,
    UnknownOption,
    added,
    scalar,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import same, show_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    FLAGS_ONLY,
    FLAGS_ONLY_LETTERS,
    READ_AT,
    SETTINGS,
    is_newer,
)

# 28 renamed the key behind --host-gateway-ip (moby: daemon/config/config.go, migratedNamedConfig).
_RENAMED = {"host-gateway-ip": "host-gateway-ips", "host-gateway-ips": "host-gateway-ip"}
_MERGED = ("runtimes",)  # moby: skipDuplicates
_KEPT_EMPTY = ("default-stop-timeout", "insecure-registries")
_BY_FLAG = {setting.flag: setting for setting in SETTINGS if setting.flag}
_BY_LETTER = {setting.letter: setting.flag for setting in SETTINGS if setting.letter}


class Flags(NamedTuple):
    """What a dockerd command line says.

    settings     OrderedDict in daemon.json's terms; only what stands on the command line
    config_file  the value of --config-file, or None
    problems     sentences; where there are any, no dockerd would start with this line
    unknown      the flags that the table doesn't know, as written without their values; see objections
    """

    settings: Dict[str, Any]
    config_file: Optional[str]
    problems: Tuple[str, ...]
    unknown: Tuple[str, ...]


def parse(argv: Sequence[str]) -> Flags:
    """Flags of dockerd's arguments, the program's own name not among them."""
    settings: Dict[str, Any] = OrderedDict()
    other: Dict[str, Any] = {}
    problems: List[str] = []
    unknown: List[str] = []
    for name, value, written in _split(list(argv), problems, unknown):
        try:
            if name in FLAGS_ONLY:
                # the nested proxies have flags of their own and a home in the file
                target = settings.setdefault("proxies", OrderedDict()) if name.endswith("-proxy") else other
                target[name] = scalar(value, FLAGS_ONLY[name])
            else:
                setting = _BY_FLAG[name]
                settings[setting.name] = added(settings.get(setting.name), value, setting)
        except UnknownOption as option:
            unknown.append(f"{written}={option}")
        except Refused as refusal:
            problems.append(f"{show_json(written)}: {refusal}")
    return Flags(settings, other.get("config-file"), tuple(problems), tuple(unknown))


def _split(argv: List[str], problems: List[str], unknown: List[str]) -> Iterator[Tuple[str, str, str]]:
    """(long name, value, as written) of each flag; what is no known flag goes into problems."""
    while argv:
        word = argv.pop(0)
        if word == "--":
            problems.extend(f"dockerd takes no argument {show_json(rest)}" for rest in argv)
            return
        if len(word) < 2 or word[0] != "-":
            problems.append(f"dockerd takes no argument {show_json(word)}")
        elif word.startswith("--"):
            yield from _long(word, argv, problems, unknown)
        else:
            yield from _short(word[1:], argv, problems, unknown)


def _long(word: str, argv: List[str], problems: List[str], unknown: List[str]) -> Iterator[Tuple[str, str, str]]:
    name, equals, value = word[2:].partition("=")
    if not name or name[0] in "-=":
        problems.append(f"{show_json(word)} is no flag")
        return
    kind = _kind(name)
    if kind is None:
        unknown.append("--" + name)
        if not equals and argv and argv[0][:1] != "-":
            argv.pop(0)  # its value, as dockerd takes no arguments
    elif equals:
        yield name, value, "--" + name
    elif kind == "bool":
        yield name, "true", "--" + name
    elif argv:
        yield name, argv.pop(0), "--" + name
    else:
        problems.append(f"{show_json('--' + name)} lacks its value")


def _short(letters: str, argv: List[str], problems: List[str], unknown: List[str]) -> Iterator[Tuple[str, str, str]]:
    while letters:
        letter, letters = letters[0], letters[1:]
        name = _BY_LETTER.get(letter) or FLAGS_ONLY_LETTERS.get(letter)
        written = "-" + letter
        if name is None:
            unknown.append(written)
            return
        if letters[:1] == "=" and len(letters) > 1:
            value, letters = letters[1:], ""
        elif _kind(name) == "bool":
            value = "true"
        elif letters:
            value, letters = letters, ""
        elif argv:
            value = argv.pop(0)
        else:
            problems.append(f"{show_json(written)} lacks its value")
            return
        yield name, value, written


def _kind(name: str) -> Optional[str]:
    if name in FLAGS_ONLY:
        return FLAGS_ONLY[name]
    setting = _BY_FLAG.get(name)
    return setting and (setting.shape if isinstance(setting.shape, str) else "list")


def objections(flags: Flags, version: Optional[str]) -> List[str]:
    """Return why a dockerd of this version would not start with the flags, one sentence each.

    version: like "26.1.5", None where it is not known. A flag that the table doesn't know keeps an engine of its range from
    starting, and is left to a newer one.
    """
    unknown = () if is_newer(version) else flags.unknown
    return list(flags.problems) + [f"unknown flag {show_json(name)}" for name in unknown]


def newer(flags: Flags, version: Optional[str]) -> List[str]:
    """Return a sentence for each flag that only an engine newer than the table can know; [] for an older engine."""
    if not is_newer(version):
        return []
    return [f"the flag {show_json(name)} is {beyond(version)}" for name in flags.unknown]


def beyond(version: Optional[str]) -> str:
    """Return the words for what is left to an engine of this version."""
    read_at = ".".join(map(str, READ_AT))
    engine = show_json(version)[1:-1]
    return f"newer than this collection knows, which was read at Docker {read_at}: it is left to this engine, {engine}"


def conflicts(file_config: Mapping[str, Any], flags: Flags) -> List[str]:
    """The keys of the file that also stand as a flag, sorted; dockerd does not start with one of them.

    moby: daemon/config/config.go, findConfigurationConflicts: any key but runtimes, even with equal values;
    proxies conflict one by one.
    """
    twice: Set[Any] = set()
    for name, value in flags.settings.items():
        if name == "proxies":
            inside = file_config.get("proxies")
            twice.update("proxies." + key for key in value if isinstance(inside, dict) and key in inside)
        elif name not in _MERGED:
            twice.update(key for key in (name, _RENAMED.get(name)) if key in file_config)
    return sorted(twice)


def left_to_flags(config: Mapping[str, Any], file_config: Mapping[str, Any], flags: Flags) -> Dict[str, Any]:
    """Return config without the keys that a flag of the next start already gives so, and the file doesn't set.

    In the file, too, they would keep dockerd from starting.
    """
    return OrderedDict(
        (name, value)
        for name, value in config.items()
        if name in _MERGED or name in file_config or name not in flags.settings or not same(flags.settings[name], value)
    )


def merged(file_config: Mapping[str, Any], flags: Flags, defaults: Mapping[str, Any]) -> Dict[str, Any]:
    """What a daemon started now would have: defaults < flags and file (which must not conflict).

    A value of the file that is empty or 0, but not false, counts as not given: dockerd fills it from flags and
    defaults (moby: MergeDaemonConfigurations, mergo). default-stop-timeout: 0 is kept from 29.7 on, and
    insecure-registries: [] from 29.10 on, where it takes loopback off the list; earlier it changes nothing.
    Named runtimes of both places add up, the file's winning; so do the proxies.
    """
    result = OrderedDict(defaults)
    result.update(flags.settings)
    for key, value in file_config.items():
        both = key in ("runtimes", "proxies") and isinstance(value, dict) and key in flags.settings
        if both:
            result[key] = OrderedDict(flags.settings[key], **value)
        elif key in _KEPT_EMPTY and value is not None or not _empty(value):
            result[key] = value
    return result


def _empty(value: Any) -> bool:
    nothings: Tuple[Any, ...] = ("", 0, [], {})
    return value is None or any(same(value, nothing) for nothing in nothings)
