# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A boolean of a role may come as text ("false" from -e or an INI inventory), which Jinja takes for true."""

import pathlib
import re

import pytest
import yaml

ROLES = pathlib.Path(__file__).parents[3] / "roles"


def booleans():
    """Every boolean of every role."""
    for path in sorted(ROLES.glob("*/meta/argument_specs.yml")):
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, option in spec["argument_specs"]["main"]["options"].items():
            if option.get("type") == "bool":
                yield name


NAMES = sorted(booleans())
FILES = sorted(path for part in ("tasks", "vars", "handlers") for path in ROLES.glob(f"*/{part}/*.yml"))
# converted here, or handed alone to an option of a module, which converts it, or set by another role
CONVERTED = r"{name}(?: \| default\((?:true|false)\))? is truthy\(convert_bool=true\)"
HANDED_ON = r'[a-z_]+: "\{{\{{ {name} \}}\}}"$'


@pytest.mark.parametrize("name", NAMES)
def test_a_boolean_is_converted_where_it_is_used(name):
    used = []
    for path in FILES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = line.partition(" #")[0]
            if not re.search(rf"\b{name}\b", line) or re.match(rf"\s*{name}: ", line):
                continue
            if re.search(rf"\b{name}(: true|: false| is true,)|\bset {name}\.?$", line.strip()):
                continue  # a sentence for a person
            used.append(f"{path.relative_to(ROLES)}:{number}")
            rest = re.sub(CONVERTED.format(name=name), "", line)
            if re.search(rf"\b{name}\b", rest):
                assert re.fullmatch(HANDED_ON.format(name=name), line.strip()), f"{used[-1]}: {line.strip()}"
    assert used, f"{name} is used nowhere"


def test_there_are_booleans():
    assert len(NAMES) > 20
