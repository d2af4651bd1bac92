# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that look like a role's and are not."""

DOCUMENTATION = r"""
name: misspelt_variables
author: The containment.docker authors (@containment-docker)
version_added: 1.0.0
short_description: Variables that begin with a role's name and are none of its own
description:
  - Ansible ignores a variable that nothing reads, so that an opt-out with a typing error is lost without a word. The roles of this
    collection ask this lookup first, and fail where it finds something.
options:
  _terms:
    description: Names of roles of this collection, as V(docker_daemon).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Refuse misspelt variables
  ansible.builtin.assert:
    that: query('containment.docker.misspelt_variables', 'docker_daemon') | length == 0
"""

RETURN = r"""
_raw:
  description: One sentence for each such variable, with the nearest right name.
  type: list
  elements: str
"""

import difflib
import pathlib
import re
from collections.abc import Iterable
from typing import Any

import yaml
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

ROLES = pathlib.Path(__file__).parents[2] / "roles"


def own_variables(role: str, roles: pathlib.Path = ROLES) -> list[str]:
    """The variables that a role takes and the facts that its argument_specs name as C(role_name). ValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", role):
        raise ValueError(f"{role!r} is no name of a role")
    try:
        text = (roles / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{role} is no role of this collection: {error.strerror}") from error
    options = yaml.safe_load(text)["argument_specs"]["main"]["options"]
    return [*options, *re.findall(rf"C\(({role}_\w+)\)", text)]


def misspelt(role: str, own: Iterable[str], names: Iterable[str]) -> list[str]:
    """A sentence for each of these names that begins with the role's and is none of its own."""
    known = sorted(set(own))
    wrong = sorted(name for name in names if name.startswith(role + "_") and name not in known)
    return [f"{name} is no variable of role {role}{_nearest(name, known)}" for name in wrong]


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.0)
    return f"; is {near[0]} meant?" if near else "."


class LookupModule(LookupBase):
    """Ansible's entry."""

    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[str]:
        """The sentences about all roles named."""
        try:
            return [line for role in terms for line in misspelt(role, own_variables(role), variables or ())]
        except ValueError as error:
            raise AnsibleLookupError(f"misspelt_variables: {error}") from error
