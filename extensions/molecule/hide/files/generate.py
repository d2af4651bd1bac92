# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of cases.yml, one for each combination: `python3 generate.py` prints what run.py takes."""

import itertools
import json
import re
import shlex
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parents[1]
_DEFAULTS = {"run": "", "exec": None, "does": "", "host": "", "prepare": "", "rules": [], "tries": "", "fresh": False}


def _filled(text, values, words):
    """The text with the axes' values; what stays in braces is known only on the host."""
    for axis, value in values.items():
        text = text.replace("{%s}" % axis, words.get(value, value) if text == "{%s}" % axis else value)
    return text


def _name(text):
    return re.sub(r"[^a-z0-9-]", "-", text)


def _does(text, values):
    return _filled(text, {axis: "" if value == "first" else value for axis, value in values.items()}, {})


def expand(row, guilty, words):
    """A row's cases."""
    row = {**_DEFAULTS, **row}
    axes = row.get("over", {})
    for combination in itertools.product(*axes.values()):
        values = dict(zip(axes, map(str, combination)))
        yield {
            "id": _name(_filled(row["id"], values, {})),
            "row": row["id"],
            "guilty": guilty,
            "tries": _filled(row["tries"], values, {}),
            "does": shlex.split(_does(row["does"], values)),
            "exec": row["exec"],
            "rules": row["rules"],
            "fresh": row["fresh"],
            **{key: _filled(row[key], values, words) for key in ("run", "host", "prepare")},
        }


def cases(table=None):
    """All cases."""
    table = table or yaml.safe_load((HERE / "vars" / "cases.yml").read_text(encoding="utf-8"))
    result = []
    for key in ("guilty", "innocent"):
        for row in table[key]:
            result += expand(row, key == "guilty", table["words"])
    return result


def make_input():
    """What run.py takes."""
    table = yaml.safe_load((HERE / "vars" / "cases.yml").read_text(encoding="utf-8"))
    return {"strong": table["strong"], "cases": cases(table)}


if __name__ == "__main__":
    print(json.dumps(make_input()))
