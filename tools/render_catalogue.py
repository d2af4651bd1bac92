# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders rules/catalogue.py from the files beside it: `python -m ansible_collections.containment.docker.tools.render_catalogue`.

The committed file is compared with this in tests/unit/plugins/module_utils/rules; `--check` compares too.
"""

import sys
from pathlib import Path

from ansible_collections.containment.docker.tools import page

RULES = Path(__file__).resolve().parents[1] / "plugins" / "module_utils" / "rules"
PATH = RULES / "catalogue.py"
CATALOGUE = '''\
%s

"""The catalogue, the gravest first. Rendered by tools/render_catalogue.py; do not edit.

Each rule is imported by name: Ansible ships to a target only what is imported statically.
"""

from typing import Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, Rule
from ansible_collections.containment.docker.plugins.module_utils.rules import (
%s
)

_MODULES = (
%s
)


def _order(rule: Rule) -> Tuple[int, str]:
    return -SEVERITIES.index(rule.severity), rule.id


RULES: Tuple[Rule, ...] = tuple(sorted((module.RULE for module in _MODULES), key=_order))
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
'''


def rule_modules(folder: Path = RULES) -> list[str]:
    """The names of the rules' modules: each file of the folder but the catalogue itself."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem not in ("__init__", "catalogue"))


def rendered() -> str:
    """The catalogue of the rules that are there."""
    lines = "\n".join(f"    {name}," for name in rule_modules())
    return CATALOGUE % (page.HEADER, lines, lines)


if __name__ == "__main__":
    sys.exit(page.write_or_check(PATH, rendered(), "the files of the rules"))
