# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where everything outside of plugins/ lies: scenarios, the lab, tools, integration targets."""

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
MOLECULE = ROOT / "extensions" / "molecule"
SCENARIOS = sorted(path.parent for path in MOLECULE.glob("*/molecule.yml"))
PLAYBOOKS = {f"{name}.yml" for name in ("create", "prepare", "converge", "side_effect", "destroy")}
FOLDERS = {"tasks", "files", "vars", "tests"}
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)


def own(path):
    """Whether a file is of the repository, not left by a run."""
    return "__pycache__" not in path.parts and path.suffix != ".pyc"


def references(folder):
    """All that the YAML files of a scenario say, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yml")))


@each_scenario
def test_a_scenario_has_playbooks_and_four_folders_and_nothing_else(scenario):
    names = {path.name for path in scenario.iterdir() if own(path)}
    assert names <= PLAYBOOKS | FOLDERS | {"molecule.yml", "README.md"}


@each_scenario
def test_its_readme_names_the_claim_the_states_and_who_testifies(scenario):
    text = (scenario / "README.md").read_text(encoding="utf-8")
    assert text.splitlines()[6].startswith(f"# {scenario.name}: ")
    for word in ("Claim", "States", "Who testifies"):
        assert re.search(rf"^\*\*{word}:\*\* .{{20}}", text, re.M), word


@each_scenario
def test_it_has_tests(scenario):
    assert list((scenario / "tests").glob("test_*.py"))


@each_scenario
def test_each_of_its_task_files_is_named_somewhere(scenario):
    """A template names one by its stem in quotes."""
    text = references(MOLECULE)
    for path in (scenario / "tasks").glob("*.yml"):
        assert re.search(rf"[ /']{path.stem}(?:\.yml$|')", text, re.M), path


@each_scenario
def test_what_it_includes_is_there(scenario):
    """Relative to the file that includes it; a template is left to the run."""
    for path in scenario.rglob("*.yml"):
        for name in re.findall(
            r"(?:include_tasks|import_playbook): ([./\w]+\.yml)$", path.read_text(encoding="utf-8"), re.M
        ):
            assert (path.parent / name).is_file(), f"{path.relative_to(MOLECULE)} includes {name}"


def test_one_script_takes_snapshots_and_no_scenario_has_its_own():
    assert [path.relative_to(MOLECULE).as_posix() for path in MOLECULE.rglob("snapshot.py")] == [
        "shared/files/snapshot.py"
    ]
    assert [path for path in MOLECULE.rglob("*.py") if path.name in ("see.py", "probe.py")] == []


def test_every_section_of_a_snapshot_is_described():
    script = (MOLECULE / "shared" / "files" / "snapshot.py").read_text(encoding="utf-8")
    sections = re.findall(r'^    "(\w+)": ', script.partition("\nSECTIONS = {")[2].partition("\n}")[0], re.M)
    readme = (MOLECULE / "shared" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", readme, re.M)) == set(sections) != set()


def test_who_copies_a_scenario_needs_no_plugin_of_ours_beside_the_collection():
    assert list(MOLECULE.rglob("*_plugins")) == []
    assert "PLUGINS" not in (MOLECULE / "config.yml").read_text(encoding="utf-8")


def test_ansible_lint_knows_files_by_their_folders():
    config = yaml.safe_load((ROOT / ".ansible-lint").read_text(encoding="utf-8"))
    patterns = [pattern for kind in config.get("kinds", ()) for pattern in kind.values()]
    assert [pattern for pattern in patterns if not pattern.endswith("/*.yml")] == []
    assert "mock_modules" not in config


def test_the_lab_and_the_tools_stand_at_the_top():
    assert (ROOT / "lab" / "README.md").is_file()
    files = [path for name in ("lab", "tools", "docs", "probe") for path in (ROOT / "tests" / name).rglob("*")]
    assert [path for path in files if path.is_file() and own(path)] == []


def test_the_lab_knows_no_test():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "lab").rglob("*.py")]
    assert texts and [text for text in texts if re.search(r"""["'/](tests|extensions)["'/]""", text)] == []


MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_an_integration_target_that_runs_it(module):
    target = ROOT / "tests" / "integration" / "targets" / module
    assert f"containment.docker.{module}:" in references(target)
    assert (target / "aliases").is_file()


def test_integration_targets_say_why_ansible_test_can_not_run_them():
    for path in (ROOT / "tests" / "integration" / "targets").glob("*/aliases"):
        lines = path.read_text(encoding="utf-8").splitlines()
        if "unsupported" in lines:
            assert lines[lines.index("unsupported") - 1].startswith("# a Docker engine"), path


def test_no_integration_target_has_the_name_of_a_role():
    """A playbook of ansible-test would run the role of the collection in its place."""
    roles = {path.name for path in (ROOT / "roles").iterdir() if path.is_dir()}
    targets = {path.name for path in (ROOT / "tests" / "integration" / "targets").iterdir()}
    assert roles and targets and roles & targets == set()


def test_integration_targets_use_only_what_ansible_test_copies():
    """It runs a copy of tests/integration alone."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests/integration/targets").rglob("*.yml")}
    assert [
        path for path, text in texts.items() if re.search(r"(role_path|playbook_dir)[^\n]*\.\./\.\./\.\.", text)
    ] == []


def test_unit_tests_mirror_the_plugins():
    """Folder by folder; what is tried on all parsers, the cases of rules and samples have folders of their own."""
    tests = ROOT / "tests" / "unit" / "plugins"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    own_folders = {"fuzz", "cases", "samples", "hostile"}
    alone = [
        folder for folder in folders if not (ROOT / "plugins" / folder).is_dir() and not own_folders & set(folder.parts)
    ]
    assert folders and alone == []


def test_samples_lie_beside_the_tests_that_use_them():
    for path in (ROOT / "tests" / "unit").rglob("samples/*.json"):
        texts = [other.read_text(encoding="utf-8") for other in path.parents[1].rglob("*.py")]
        assert any(path.name in text or path.stem.partition("-")[0] + "-" in text for text in texts), path
