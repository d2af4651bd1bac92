# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody meets who uses the roles and playbooks for the first time."""

import pathlib

import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

TOP = pathlib.Path(__file__).parents[3]
IN_BATCHES = ["harden", "remediate", "selinux"]


def load(path):
    return yaml.safe_load((TOP / path).read_text(encoding="utf-8"))


def rendered(text, **known):
    return NativeEnvironment().from_string(text).render(known)


def names(path):
    return [task["name"] for task in load(path)]


@pytest.mark.parametrize("playbook", IN_BATCHES)
@pytest.mark.parametrize(
    "known, serial, percentage",
    [
        ({"ansible_check_mode": False}, 1, 0),
        ({"ansible_check_mode": True}, "100%", 100),
        ({"ansible_check_mode": True, "docker_serial": 2, "docker_max_fail_percentage": 10}, 2, 10),
    ],
)
def test_a_check_run_goes_through_all_hosts_and_a_real_one_stops_at_the_first_failure(
    playbook, known, serial, percentage
):
    play = load(f"playbooks/{playbook}.yml")[0]
    assert rendered(play["serial"], **known) == serial
    assert rendered(play["max_fail_percentage"], **known) == percentage


def test_a_stopped_daemon_is_one_sentence_before_what_does_not_hold():
    order = [task["name"] for task in load("playbooks/harden.yml")[0]["post_tasks"]]
    stopped = "Show that nothing can be proven while the daemon is stopped"
    assert order.index(stopped) < order.index("Show what does not hold of what this playbook can change")


def test_the_daemon_is_looked_at_before_a_user_is_made_and_a_restart_is_announced():
    phases = names("roles/docker_daemon/tasks/main.yml")
    assert phases.index("Plan the change of the daemon's configuration") < phases.index(
        "Change the daemon, prove it, otherwise restore"
    )
    order = names("roles/docker_daemon/tasks/act.yml")
    prepare, announce, change = (
        next(index for index, name in enumerate(order) if name.startswith(words))
        for words in ("Prepare the host", "Announce", "Change the daemon")
    )
    assert prepare < announce < change


def test_findings_are_shown_before_a_report_is_written_and_a_host_that_was_not_audited_fails_after_that():
    order = names("roles/docker_audit/tasks/report.yml")
    wanted = ["Show what to do", "Write the report", "Refuse to judge a host", "Fail by severity"]
    assert [name for words in wanted for name in order if name.startswith(words)] == order


def test_a_remediation_is_shown_before_a_report_is_written():
    order = names("roles/docker_remediation/tasks/report.yml")
    assert order.index("Show what came of each finding") < order.index("Write the result on the controller")


def tasks(items):
    for task in items or ():
        yield task
        for part in ("block", "rescue", "always"):
            yield from tasks(task.get(part))


ALL = [
    (path, task)
    for path in sorted((TOP / "roles").glob("*/tasks/*.yml"))
    for task in tasks(yaml.safe_load(path.read_text(encoding="utf-8")))
]


def test_no_loop_carries_a_report_in_its_items():
    assert [task["name"] for _path, task in ALL if "content" in str(task.get("loop", ""))] == []


def test_a_result_is_not_kept_a_second_time_as_a_fact():
    """Each event of a job carries what its task returned: a fact that holds a whole report is another copy of it."""
    copies = {
        f"{path.parents[1].name}: {name}"
        for path, task in ALL
        for name, value in task.get("ansible.builtin.set_fact", {}).items()
        if name.endswith(("_result", "_findings")) and str(value).count(".") == 0 and "|" not in str(value)
    }
    assert copies == set()
