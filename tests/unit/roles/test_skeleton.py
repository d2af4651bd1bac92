# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All roles have one skeleton: the same phases, each a file with the same tags, and tasks named by an imperative verb."""

import pathlib
import re

import pytest
import yaml

TOP = pathlib.Path(__file__).parents[3]
ROLES = sorted(path for path in (TOP / "roles").iterdir() if path.is_dir())
PLAYBOOKS = sorted((TOP / "playbooks").glob("*.yml"))
# The phases in their order, and the tags that select each: a tag selects its phase and what that phase needs.
TAGS = {
    "preflight": ["preflight", "look", "act", "prove", "report"],
    "look": ["look", "act", "prove", "report"],
    "act": ["act"],
    "prove": ["act", "prove"],
    "report": ["act", "prove", "report"],
}
NEEDED = {"preflight", "look", "report"}
# What a phase other than act may run. Whatever else is there must be in check mode.
READS = {
    "ansible.builtin.assert",
    "ansible.builtin.debug",
    "ansible.builtin.fail",
    "ansible.builtin.include_role",
    "ansible.builtin.include_tasks",
    "ansible.builtin.include_vars",
    "ansible.builtin.import_tasks",
    "ansible.builtin.raw",
    "ansible.builtin.set_fact",
    "ansible.builtin.setup",
    "ansible.builtin.slurp",
    "ansible.builtin.stat",
    "containment.docker.hardening_forecast_info",
    "containment.docker.posture_info",
    "containment.docker.selinux_info",
}
VERBS = set(
    "Allow Announce Assign Audit Bring Change Check Choose Close Collect Compute Create Enforce Fail Forecast Gather Harden "
    "Install Judge Label Load Log Make Migrate Plan Prepare Prove Read Record Refuse Remediate Remedy Remove Report Reset Restore "
    "Schedule Set Show Start Summarize Take Turn Update Wait Watch Write".split()
)
KEYWORDS = {
    "always", "become", "block", "changed_when", "check_mode", "delegate_to", "diff", "failed_when", "ignore_errors", "ignore_unreachable", "loop",
    "loop_control", "name", "notify", "register", "rescue", "run_once", "tags", "vars", "when",
}  # fmt: skip


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def flat(items):
    """Every task, those in blocks too, each block before its tasks."""
    for task in items or ():
        yield task
        for part in ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks"):
            yield from flat(task.get(part))


def action(task):
    """The module that a task runs, or "" for a block or a play."""
    if "block" in task or "hosts" in task:
        return ""
    (name,) = set(task) - KEYWORDS
    return name


def reached(role, name):
    """Every task that a phase runs, those of included files too."""
    for task in flat(load(role / "tasks" / f"{name}.yml")):
        yield task
        included = task.get("ansible.builtin.include_tasks")
        if included:
            yield from reached(role, included.removesuffix(".yml"))


FILES = [path for role in ROLES for path in sorted((role / "tasks").glob("*.yml"))] + PLAYBOOKS
ALL = [pytest.param(task, id=f"{path.relative_to(TOP)}: {task['name']}") for path in FILES for task in flat(load(path))]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_main_runs_the_phases_in_order_with_their_tags(role):
    tasks = load(role / "tasks" / "main.yml")
    assert all(set(task) == {"name", "ansible.builtin.import_tasks", "tags"} for task in tasks)
    phases = [task["ansible.builtin.import_tasks"].removesuffix(".yml") for task in tasks]
    assert phases == [phase for phase in TAGS if phase in phases] and set(phases) >= NEEDED
    assert {phase: task["tags"] for phase, task in zip(phases, tasks)} == {phase: TAGS[phase] for phase in phases}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_task_file_is_reached(role):
    main = {task["ansible.builtin.import_tasks"] for task in load(role / "tasks" / "main.yml")} | {"main.yml"}
    texts = "".join(path.read_text(encoding="utf-8") for path in (role / "tasks").glob("*.yml"))
    files = {path.name for path in (role / "tasks").glob("*.yml")}
    assert {name for name in files - main if f"include_tasks: {name}\n" not in texts} == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
@pytest.mark.parametrize("phase", ["preflight", "look", "prove"])
def test_nothing_is_changed_outside_of_act(role, phase):
    if not (role / "tasks" / f"{phase}.yml").exists():
        assert phase not in NEEDED
        return
    changing = [
        task["name"]
        for task in reached(role, phase)
        if action(task) and action(task) not in READS and task.get("check_mode") is not True
    ]
    assert changing == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_report_changes_only_files_on_the_controller(role):
    tasks = list(reached(role, "report"))
    allowed = READS | {"containment.docker.report_files"}  # an action plugin: it can't write anywhere else
    changing = [task["name"] for task in tasks if action(task) and action(task) not in allowed]
    assert changing == []


@pytest.mark.parametrize("task", ALL)
def test_a_task_name_begins_with_an_imperative_verb(task):
    assert task["name"].split()[0].rstrip(",") in VERBS


@pytest.mark.parametrize("task", ALL)
def test_a_task_name_is_understood_without_the_one_before(task):
    """A terminal shows it alone, and "Read its mode" has nothing before it that `its` could stand for."""
    assert not re.match(r"\w+ ((why|how|what|whether|where|that) )?(it|its|they|them)\b", task["name"])


@pytest.mark.parametrize("task", ALL)
def test_modules_have_their_full_names(task):
    assert not action(task) or action(task).count(".") >= 2


@pytest.mark.parametrize("task", ALL)
def test_no_empty_list_is_shown(task):
    """A list that may be empty is shown only where it is not; a filter's lines and a sentence are never empty."""
    message = str(task.get("ansible.builtin.debug", {}).get("msg", ""))
    never_empty = (
        not message.startswith("{{") or "findings_to_lines" in message or "[" in message or "lines }}" in message
    )
    assert "when" in task or never_empty


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_arguments_of_a_filter_stand_where_it_is_called(role):
    texts = [path.read_text(encoding="utf-8") for part in ("tasks", "vars") for path in (role / part).glob("*.yml")]
    assert [text for text in texts if "(**" in text or ", **" in text] == []


@pytest.mark.parametrize("playbook", ["harden", "selinux"])
def test_a_playbook_proves_with_the_tags_that_act_and_prove(playbook):
    play = load(TOP / "playbooks" / f"{playbook}.yml")[0]
    assert all({playbook, *TAGS["prove"]} <= set(task["tags"]) for task in play["post_tasks"])
    assert play["roles"][0]["tags"] == [playbook]
