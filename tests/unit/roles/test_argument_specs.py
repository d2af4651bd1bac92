# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""argument_specs are the only reference of a role's variables, so they must say what the role does."""

import pathlib
import re

import pytest
import yaml

ROLES = sorted(path for path in (pathlib.Path(__file__).parents[3] / "roles").iterdir() if path.is_dir())


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def options(role):
    return load(role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_are_the_documented_ones(role):
    documented = {name: spec["default"] for name, spec in options(role).items() if "default" in spec}
    assert load(role / "defaults" / "main.yml") == documented


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_variable_is_used_and_every_used_one_is_documented(role):
    folders = ("tasks", "vars", "templates", "handlers")
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted((role / folder).rglob("*.*"))]
    used = set(re.findall(r"(?<![\w.])%s_\w+" % role.name, "\n".join(texts)))
    facts = set(
        re.findall(r"C\((%s_\w+)\)" % role.name, (role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    )
    assert set(options(role)) - used == set()
    assert used - set(options(role)) - facts == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_names_begin_with_the_role(role):
    own = list(load(role / "defaults" / "main.yml")) + list(options(role))
    assert [name for name in own if not name.startswith(role.name + "_")] == []
    internal = load(role / "vars" / "main.yml") if (role / "vars" / "main.yml").exists() else {}
    assert [name for name in internal if not name.startswith(f"__{role.name}_")] == []
