# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine is audited and changed: its address and unit go through all roles, and DOCKER_HOST counts for all modules alike."""

import importlib
import pathlib

import pytest
import yaml

from ansible_collections.containment.docker.plugins.modules import __name__ as MODULES

TOP = pathlib.Path(__file__).parents[3]
ROLES = {path.name for path in (TOP / "roles").iterdir() if path.is_dir()}
PREFIX = "containment.docker."
ENDS = ("engine", "unit", "timeout")


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def documented(path):
    return yaml.safe_load(importlib.import_module(f"{MODULES}.{path.stem}").DOCUMENTATION)["options"]


DOCUMENTED = {
    path.stem: documented(path) for path in (TOP / "plugins" / "modules").glob("*.py") if path.stem != "__init__"
}
WITH_ENGINE = sorted(name for name, options in DOCUMENTED.items() if "engine" in options)


def tasks(items):
    """Every task, those in blocks too."""
    for task in items or ():
        yield task
        for part in ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks"):
            yield from tasks(task.get(part))


FILES = sorted((TOP / "roles").glob("*/tasks/*.yml")) + sorted((TOP / "playbooks").glob("*.yml"))
TASKS = [(path.relative_to(TOP), task) for path in FILES for task in tasks(load(path))]
CALLS = [
    pytest.param(name, task[PREFIX + name], id=f"{path}: {task['name']}")
    for path, task in TASKS
    for name in DOCUMENTED
    if PREFIX + name in task
]
INCLUDES = [
    pytest.param(path, task, id=f"{path}: {task['name']}")
    for path, task in TASKS
    if "ansible.builtin.include_role" in task and "tasks_from" not in task["ansible.builtin.include_role"]
]


def test_there_is_something_to_look_at():
    assert len(CALLS) > 8 and len(INCLUDES) > 3 and len(WITH_ENGINE) > 4


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("end", ENDS)
def test_each_role_takes_engine_unit_and_timeout_by_the_same_names(role, end):
    specs = load(TOP / "roles" / role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    assert specs[f"{role}_{end}"]["type"] == ("float" if end == "timeout" else "str")


@pytest.mark.parametrize("name, arguments", CALLS)
def test_each_task_passes_engine_unit_and_timeout_on(name, arguments):
    for option in ENDS:
        if option in DOCUMENTED[name]:
            assert f"_{option}" in arguments[option]


@pytest.mark.parametrize("path, task", INCLUDES)
def test_a_role_passes_engine_unit_and_timeout_on_to_another(path, task):
    caller, role = path.parts[1], task["ansible.builtin.include_role"]["name"][len(PREFIX) :]
    source = "__docker_remediation_target" if caller == "docker_remediation" else caller
    for option in ENDS:
        assert f"{source}_{option}" in task["vars"][f"{role}_{option}"]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_has_an_address_of_its_own(role):
    assert f"{role}_engine" not in (load(TOP / "roles" / role / "defaults" / "main.yml") or {})


@pytest.mark.parametrize("name", WITH_ENGINE)
def test_docker_host_counts_for_every_module(name):
    option = DOCUMENTED[name]["engine"]
    assert "default" not in option and "E(DOCKER_HOST)" in "".join(option["description"])
    source = (TOP / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")
    assert '(env_fallback, ["DOCKER_HOST"])' in source and "DEFAULT_ADDRESS" in source
