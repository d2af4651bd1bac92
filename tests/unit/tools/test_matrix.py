# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which part of the matrix runs what."""

import importlib
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.containment.docker.tools import junit

TOOLS = Path(junit.__file__).parent
ROOT = TOOLS.parent
ALL = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]


@pytest.fixture
def matrix(monkeypatch):
    """The module, which finds its neighbours as a script does."""
    monkeypatch.syspath_prepend(str(TOOLS))
    known = set(sys.modules)
    yield importlib.import_module("matrix")
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.mark.parametrize(
    "present, whole, controllers",
    [
        (ALL, {"3.6", "3.13"}, {"3.10", "3.13"}),
        (["3.11", "3.12", "3.13"], {"3.11", "3.13"}, {"3.11", "3.13"}),
        (["3.13"], {"3.13"}, {"3.13"}),
    ],
)
def test_the_ends_of_the_pythons_that_are_there_leave_out_nothing(matrix, present, whole, controllers):
    left_out = {version: set(matrix.left_out_units(version, present)) for version in present}
    assert {version for version in present if not left_out[version] & set(matrix.UNITS_OF_ENDS)} == whole
    assert {version for version in present if not left_out[version] & set(matrix.OF_CONTROLLERS)} == controllers


def test_a_python_between_the_ends_leaves_out_paths_with_tests(matrix):
    left_out = matrix.left_out_units("3.11", ALL)
    assert left_out
    for name in left_out:
        path = ROOT / name
        assert list(path.glob("test_*.py")) if path.is_dir() else path.is_file(), name


def test_sanity_of_core_216_runs_on_the_pythons_that_the_newest_core_has_given_up(matrix):
    once, *each = matrix.sanity_216_parts(["3.6", "3.8", "3.9", "3.13"])
    assert [part[-2:] for part in each] == [["--python", "3.6"], ["--python", "3.8"]]
    tests = {part[index + 1] for part in each for index, word in enumerate(part) if word == "--test"}
    assert (
        tests == {"compile", "import"} < {once[index + 1] for index, word in enumerate(once) if word == "--skip-test"}
    )


def test_sanity_of_the_newest_core_imports_on_its_oldest_and_newest_python(matrix):
    assert [part[-1] for part in matrix.sanity_newest_parts(ALL)][2:] == ["3.13", "3.9"]
    assert [part[-1] for part in matrix.sanity_newest_parts(["3.8", "3.13"])][2:] == ["3.13"]


def test_sanity_of_the_newest_core_leaves_no_test_out_and_pylint_sees_all_python_that_is_shipped(matrix):
    everything_else, *single = matrix.sanity_newest_parts(ALL)
    words = everything_else[::2], everything_else[1::2]
    assert set(words[0]) == {"--skip-test"} and set(words[1]) == {part[1] for part in single}
    (folder,) = [part[2] for part in single if part[1] == "pylint"]
    left_out = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
    tops = [top for top in ROOT.iterdir() if top.name not in left_out]
    files = [str(path.relative_to(ROOT)) for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    python = [name for name in files if name.endswith(".py") and not name.startswith(tuple(left_out))]
    assert python and [name for name in python if not name.startswith(folder)] == []
