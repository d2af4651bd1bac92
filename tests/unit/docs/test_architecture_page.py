# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/architecture.md names files, functions and tasks: each exists, and the floors are those of the tests."""

import ast
import pathlib
import re

import pytest
import yaml

from ansible_collections.containment.docker.tests.unit import test_layout
from ansible_collections.containment.docker.tests.unit.roles import test_skeleton

ROOT = pathlib.Path(__file__).parents[3]
PAGES = ("docs/architecture.md", "docs/style.md")
PAGE = (ROOT / PAGES[0]).read_text(encoding="utf-8")
WALKS = re.split(r"^### \d\. ", PAGE.partition("## Five walks")[2], flags=re.MULTILINE)[1:]


def references(text):
    """(path, name or "") of each code span that names a file or folder of this repository."""
    spans = re.findall(
        r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).replace("\n", " ")
    )
    for span in spans:
        match = re.fullmatch(r"([\w.]+(?:/[\w.]+)*(?:/|\.(?:py|yml|md)))(?:::(.+))?", re.sub(r"\s+", " ", span))
        if match and "/" in match.group(1):
            yield match.group(1), match.group(2) or ""


def place(path):
    """The file or folder, of the repository or of module_utils; None where there is neither."""
    for top in (ROOT, ROOT / "plugins" / "module_utils"):
        if (top / path).exists():
            return top / path
    return None


def names(path):
    """What may stand behind `::`: functions, classes, methods and constants, or the names of tasks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yml":
        return {task["name"] for task in test_skeleton.flat(yaml.safe_load(text))}
    defined = set()
    for node in ast.parse(text).body:
        defined.update(target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name))
        defined.add(getattr(node, "name", ""))
        if isinstance(node, ast.ClassDef):
            defined.update(f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef))
    return defined


REFERENCES = sorted(
    {reference for page in PAGES for reference in references((ROOT / page).read_text(encoding="utf-8"))}
)


@pytest.mark.parametrize(
    ("path", "name"), REFERENCES, ids=["::".join(reference).rstrip(":") for reference in REFERENCES]
)
def test_what_the_page_names_exists(path, name):
    existing = place(path)
    assert existing, f"{path} is no file or folder of this repository"
    assert not name or name in names(existing), f"{path} has no {name}"


def test_a_walk_names_the_functions_it_passes():
    assert [walk.splitlines()[0] for walk in WALKS] == [
        "A waiver",
        "A container's no-new-privileges, from /proc to a finding",
        "A daemon setting: write, activate, prove, roll back",
        "A mount, from the plan to the forked child",
        "remediate.yml",
    ]
    for walk in WALKS:
        assert len([name for _path, name in references(walk) if name]) >= 6, walk.splitlines()[0]


def test_the_floors_are_those_of_the_imports():
    rows = re.findall(r"^\| (\d) \| ([^|]*) \|", PAGE.partition("## The floors")[2].partition("\n## ")[0], re.MULTILINE)
    floors = {name: int(floor) for floor, packages in rows for name in re.findall(r"`(\w+)/`", packages)}
    assert floors == test_layout.FLOORS


def test_the_phases_are_those_of_the_roles():
    text = PAGE.partition("## The phases of a role")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", text, re.MULTILINE)
    tags = {phase: re.findall(r"`(\w+)`", cell) or list(test_skeleton.TAGS) for phase, cell in rows}
    assert tags == test_skeleton.TAGS
    assert [cell for _phase, cell in rows][0] == "all five"


def test_a_reference_to_nothing_is_noticed():
    assert place("audit/nothing.py") is None and "nothing" not in names(ROOT / "plugins/module_utils/audit/audit.py")
    assert list(references("`audit/audit.py::audit` and `a b` and `x.py`")) == [("audit/audit.py", "audit")]
