# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make rule` writes three files that can be read and not be mistaken for done."""

import ast
import shutil
from pathlib import Path

import pytest
import yaml

from ansible_collections.containment.docker.tools import new_rule

ROOT = Path(new_rule.ROOT)
SCENARIO = new_rule.files_of(ROOT, "x")[2]


@pytest.fixture
def root(tmp_path):
    """A collection with nothing in it but the scenario's table."""
    for path in new_rule.files_of(tmp_path, "x"):
        path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SCENARIO, new_rule.files_of(tmp_path, "x")[2])
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "section"), [("container", "weaknesses"), ("daemon", "daemon"), ("host", "elsewhere")]
)
def test_all_three_are_written_and_say_what_to_fill_in(root, kind, section):
    before = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
    rule, cases, scenario = new_rule.write(root, "of-tomorrow", kind)
    for path in (rule, cases):
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
        assert "FILL IN" in text and "of-tomorrow" in text and text.startswith("# Copyright")
    after = yaml.safe_load(scenario.read_text(encoding="utf-8"))
    added = [entry for entry in after[section] if entry not in before[section]]
    assert len(added) == 1 and "of-tomorrow" in str(added)
    assert {key: after[key] for key in after if key != section} == {
        key: before[key] for key in before if key != section
    }


@pytest.mark.parametrize("wrong", ["", "Read-Only", "read_only", "../x", "read-only-", "a b"])
def test_what_can_be_no_id_is_refused(root, wrong):
    with pytest.raises(ValueError, match="no id"):
        new_rule.write(root, wrong, "container")


def test_nothing_is_overwritten(root):
    rule = new_rule.write(root, "of-tomorrow", "container")[0]
    rule.write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="there already"):
        new_rule.write(root, "of-tomorrow", "container")
    assert rule.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", new_rule.KINDS)
def test_its_functions_have_types_as_mypy_demands_of_all(root, kind):
    rule = new_rule.write(root, "of-tomorrow", kind)[0]
    functions = [
        node for node in ast.walk(ast.parse(rule.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    ]
    assert functions and all(function.returns and function.args.args[0].annotation for function in functions)
