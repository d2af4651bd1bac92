# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what a dockerd knows and our table of settings doesn't, and the other way round: see docs/new-engine.md.

It runs `dockerd --version`, `--help` and `--validate`, which start no daemon and change nothing.
"""

import re
import subprocess
import sys

from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    FLAGS_ONLY,
    SETTINGS,
    Setting,
    known_to,
)

_FLAG = re.compile(r"^ +(?:-([A-Za-z]), )?--([a-z0-9-]+)(?: ([a-z][\w-]*))?(?: |$)", re.M)
_UNKNOWN_KEYS = re.compile(r"following directives don't match any configuration option: ([^\n]*)")
# Values of the right type, so that nothing but an unknown name is refused.
_EXAMPLES = {"bool": "false", "int": "0", "string": '""', "ip": '""', "zoned ip": '""', "size": '"64M"', "any": '""'}


def parse_help(text: str) -> dict[str, tuple[str, str]]:
    """Return {long flag: (letter or "", type as --help shows it or "" for a boolean)} in the output of dockerd --help."""
    return {name: (letter or "", kind or "") for letter, name, kind in _FLAG.findall(text)}


def parse_refused_keys(text: str) -> set[str]:
    """Return the keys of a file that dockerd --validate says it doesn't know."""
    match = _UNKNOWN_KEYS.search(text)
    return {name.strip() for name in match.group(1).rstrip(".").split(",")} if match else set()


def known_keys(version: str | None) -> dict[str, Setting]:
    """Return the settings of the table that an engine of this version knows; all of them for None."""
    return {setting.name: setting for setting in SETTINGS if known_to(setting, version)}


def example(setting: Setting) -> str:
    """Return a value of this setting's shape as JSON."""
    shape = setting.shape
    if isinstance(shape, str):
        return _EXAMPLES[shape]
    return "[]" if isinstance(shape, list) else "{}"


def compare(version: str | None, known: dict[str, tuple[str, str]], refused: set[str]) -> list[str]:
    """Return one line for each difference between an engine and the table. refused: keys of the table that it refuses."""
    settings = known_keys(version)
    flags = {setting.flag: setting for setting in settings.values() if setting.flag}
    lines = []
    for name, (letter, kind) in sorted(known.items()):
        if name in FLAGS_ONLY:
            continue
        if name not in flags:
            lines.append(f"new flag      --{name} {kind or 'bool'}: add its key to SETTINGS, or the flag to FLAGS_ONLY")
        elif letter != flags[name].letter:
            lines.append(f"other letter  --{name} has -{letter or '?'}, the table has -{flags[name].letter or '?'}")
        elif (flags[name].shape == "bool") != (kind == ""):
            lines.append(f"other type    --{name} takes {kind or 'bool'}, the table has {flags[name].shape}")
    lines += [f"key is gone   {name}: set its until" for name in sorted(refused)]
    return lines


def _run(arguments: list[str], text: str = "") -> str:
    done = subprocess.run(arguments, input=text, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def main(program: list[str]) -> int:
    """Print the differences of the dockerd that these words run; return 1 where there are any, 2 where it can't be run."""
    match = re.search(r"version (\d+\.\d+[^\s,]*)", _run([*program, "--version"]))
    flags = parse_help(_run([*program, "--help"]))
    if match is None or not flags:
        print(f"{' '.join(program)} is no dockerd that runs here: name the program, or the words that run it")
        return 2
    version = match.group(1)
    keys = known_keys(version)
    file = "{" + ", ".join(f'"{name}": {example(setting)}' for name, setting in keys.items()) + "}"
    refused = parse_refused_keys(_run([*program, "--validate", "--config-file=/dev/stdin"], file))
    lines = compare(version, flags, refused)
    print(f"{' '.join(program)} {version}: {len(flags)} flags in --help, {len(keys)} keys of the table asked for")
    print("\n".join(lines) or "nothing differs")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["dockerd"]))
