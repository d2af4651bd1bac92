# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the shell script that runs each weak container once more, as followed-NAME, changed as the audit told.

follow.py weaknesses.yml FINDINGS.json. What the audit says to remove must have been given: otherwise it is an error. Without what
made them weak most have the same flags: one container stands for these, which has the name of the first of them.
"""

import csv
import json
import re
import shlex
import sys
from pathlib import Path

import yaml

# What an audit leaves to the container's owner stands in capital letters.
WORDS = re.compile(r"\b(UID:GID|SIZE|COUNT)$")
FOR_WORDS = {"UID:GID": "1000:1000", "SIZE": "64m", "COUNT": "50"}


def options(words):
    """[(option, value)] of a command line: a value begins with no --, and an option that none follows has none."""
    pairs, words = [], list(words)
    while words:
        option, equals, value = words.pop(0).partition("=")
        if not equals and words and not words[0].startswith("--"):
            value = words.pop(0)
        pairs.append((option, value))
    return pairs


def meant(option, value):
    """What makes two spellings the same option."""
    if option == "--mount":
        return option, frozenset(next(csv.reader([value])))
    if option == "--cap-add":
        return option, value.upper().removeprefix("CAP_")
    if value.startswith("seccomp=/"):
        return option, "seccomp=FILE"
    return option, value


def followed(flags, changes):
    """The flags for a shell, as the changes say: what was given is removed, the rest is added as it was told."""
    pairs, added = options(shlex.split(flags)), []
    for change, flag in changes:
        [(option, value)] = options(shlex.split(flag))
        if change == "add":
            filled = WORDS.sub(lambda word: FOR_WORDS[word[0]], value)
            added.append(flag if filled == value else f"{option}={filled}")
            continue
        remaining = [one for one in pairs if meant(*one) != meant(option, value)]
        if remaining == pairs:
            raise SystemExit(f"{flag} shall be removed from {flags}, where it is not")
        pairs = remaining
    return " ".join([shlex.quote(f"{option}={value}") if value else option for option, value in pairs] + added)


def flags_of_each(data, findings):
    """{name of a weakness: the flags that its container is to be run with}."""
    changes_of = {}
    for finding in findings:
        changes = changes_of.setdefault(finding["subject"], {})  # a change that several rules want is one
        changes.update({(one["change"], one["flag"]): None for one in finding.get("run", ())})
    return {
        weakness["name"]: followed(f"{data['hardened']} {weakness['run']}", changes_of[f"container:{weakness['name']}"])
        for weakness in data["weaknesses"]
    }


def stand_ins(flags):
    """{name of a weakness: name of the first one with the same flags}."""
    first = {}
    return {name: first.setdefault(text, name) for name, text in flags.items()}


def main():
    """One line for each container."""
    data = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    flags = flags_of_each(data, json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["findings"])
    print("set -eu")
    for name in dict.fromkeys(stand_ins(flags).values()):
        print(f"docker run --detach --name followed-{name} {flags[name]} busybox sleep 1d")


if __name__ == "__main__":
    main()
