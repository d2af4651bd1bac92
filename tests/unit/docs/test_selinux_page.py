# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/selinux.md names each remedy that the code names, and no variable and no domain that there isn't."""

import pathlib
import re

import pytest
import yaml

from ansible_collections.containment.docker.plugins.module_utils.selinux import booleans

ROOT = pathlib.Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "selinux.md").read_text(encoding="utf-8")
# what only Debian's policy has
DEBIANS = {"container_use_nfs", "container_use_samba", "container_use_hugetlbfs", "container_use_dri"}


def test_each_boolean_that_is_named_as_a_remedy_is_there():
    names = {boolean.name for boolean in booleans.BOOLEANS} - DEBIANS - {"container_use_dri_devices"}  # that one is on
    assert names and not [name for name in names if f"`{name}`" not in PAGE]


def test_each_variable_is_the_roles():
    specs = yaml.safe_load((ROOT / "roles/docker_selinux/meta/argument_specs.yml").read_text(encoding="utf-8"))
    known = set(specs["argument_specs"]["main"]["options"]) | {"docker_selinux_reboot_required"}
    assert set(re.findall(r"\bdocker_selinux_\w+", PAGE)) <= known


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_examples_are_yaml(text):
    assert yaml.safe_load(text)


def test_the_timer_has_the_name_that_it_is_told_by():
    rules = yaml.safe_load((ROOT / "roles/docker_selinux/vars/main.yml").read_text(encoding="utf-8"))
    assert f"`{rules['__docker_selinux_undo']}`" in PAGE
