# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifact is what runs, and README says what has to be installed beside it and which variables there are."""

import fnmatch
import pathlib
import re

import pytest
import yaml

TOP = pathlib.Path(__file__).parents[3]
GALAXY = yaml.safe_load((TOP / "galaxy.yml").read_text(encoding="utf-8"))
README = (TOP / "README.md").read_text(encoding="utf-8")
USING = (TOP / "docs" / "using.md").read_text(encoding="utf-8")


def shipped(path):
    """As `ansible-galaxy collection build` decides: a pattern is about the path or the name of it or of a folder above it."""
    places = [path, *path.parents][:-1]
    return not any(
        fnmatch.fnmatch(str(place), pattern) or fnmatch.fnmatch(place.name, pattern)
        for place in places
        for pattern in GALAXY["build_ignore"]
    )


@pytest.mark.parametrize(
    "name", ["Makefile", "noxfile.py", "ruff.toml", ".yamllint", ".ansible-lint", "antsibull-nox.toml"]
)
def test_what_checks_the_code_is_not_in_the_artifact(name):
    assert not shipped(pathlib.Path(name))


@pytest.mark.parametrize(
    "folder", ["tests", "lab", "tools", "extensions/molecule", "build", ".github", "changelogs/fragments"]
)
def test_tests_and_what_they_leave_are_not_in_the_artifact(folder):
    assert not shipped(pathlib.Path(folder, "any", "file.py"))


@pytest.mark.parametrize("folder", ["plugins", "roles", "playbooks", "meta", "docs", "LICENSES"])
def test_all_that_runs_or_is_read_is(folder):
    paths = [path.relative_to(TOP) for path in (TOP / folder).rglob("*") if "__pycache__" not in path.parts]
    assert paths and [str(path) for path in paths if not shipped(path)] == []


@pytest.mark.parametrize(
    "heading",
    [
        "Description",
        "Requirements",
        "Installation",
        "Use cases",
        "Testing",
        "Contributing",
        "Support",
        "Release notes and roadmap",
        "Related information",
        "License information",
    ],
)
def test_readme_has_what_certification_asks_for(heading):
    _before, mark, after = README.partition(f"\n## {heading}\n")
    assert mark and after.partition("\n## ")[0].strip()


def test_readme_tells_what_to_install_beside_it_and_how_without_a_network():
    for name, version in GALAXY["dependencies"].items():
        assert name in README and version.lstrip(">=").rpartition(".")[0] in README
    assert "collection install --offline" in README


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(docker_(?!container_info)[a-z_]+)`", README + USING))))
def test_each_variable_that_readme_names_is_one(name):
    specs = [path.read_text(encoding="utf-8") for path in (TOP / "roles").glob("*/meta/argument_specs.yml")]
    playbooks = [path.read_text(encoding="utf-8") for path in (TOP / "playbooks").glob("*.yml")]
    roles = [path.name for path in (TOP / "roles").iterdir()]
    assert name in roles or any(re.search(rf"\b{name}\b", text) for text in specs + playbooks)


@pytest.mark.parametrize(
    "name", ["docker_hosts", "docker_audit_fail_on", "docker_audit_report_directory", "docker_audit_waivers"]
)
def test_readme_has_an_inventory_and_the_first_variables(name):
    assert name in USING and "# file: inventory.yml" in README


@pytest.mark.parametrize("path", [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))], ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_execution_environment_names_files_that_are_there():
    meta = yaml.safe_load((TOP / "meta" / "execution-environment.yml").read_text(encoding="utf-8"))
    assert meta["version"] == 1 and all((TOP / path).is_file() for path in meta["dependencies"].values())
