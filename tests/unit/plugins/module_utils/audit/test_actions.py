# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do: each finding is ended once, the sentences are bounded and say what they end."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import actions
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID

CAUSE = {"rule": "no-new-privileges", "subject": "daemon"}


def finding(rule, subject="daemon", status="fail", **more):
    return dict(rule=rule, subject=subject, status=status, severity="high", seen="seen", layers={}, drift=False, **more)


def recreate(name, *flags, **more):
    run = [{"change": "remove", "flag": flag, "compose": ""} for flag in flags]
    return finding(more.pop("rule", "privileged"), "container:" + name, cure="recreate", run=run, **more)


def listed(*findings):
    return actions.list_actions(findings, BY_ID)


def test_the_daemon_s_settings_and_what_they_cause_are_one_restart():
    caused = [finding("no-new-privileges", f"container:c{n}", cure="recreate", cause=CAUSE) for n in range(30)]
    (action,) = listed(finding("no-new-privileges"), finding("inter-container-communication"), *caused)
    assert (action["kind"], action["ends"]) == ("restart_daemon", 32)
    assert action["settings"] == {"no-new-privileges": True, "icc": False}
    assert (len(action["subjects"]), action["more_subjects"]) == (16, 15)
    assert action["sentence"] == (
        "Restart dockerd once with icc: false, no-new-privileges: true in daemon.json, then recreate 30 containers from before it: "
        "ends 32 findings"
    )


def test_keys_that_a_reload_puts_in_force_need_no_restart():
    (action,) = listed(finding("live-restore"))
    assert action["kind"] == "reload_daemon"
    assert action["sentence"] == "Reload dockerd once with live-restore: true in daemon.json: ends 1 finding"


def test_what_a_start_alone_brings_back_is_a_restart_without_a_setting():
    (action,) = listed(finding("firewall-in-force"))
    assert (action["kind"], action["settings"]) == ("restart_daemon", {})
    assert action["sentence"] == (
        "Restart dockerd once, as it makes anew at its start what is missing (firewall-in-force): ends 1 finding"
    )


def test_restart_for_what_is_missing_is_no_reload_though_the_settings_need_no_more():
    (action,) = listed(finding("firewall-in-force"), finding("live-restore"))
    assert (action["kind"], action["settings"], action["ends"]) == ("restart_daemon", {"live-restore": True}, 2)


def test_a_setting_that_moves_the_data_says_so():
    (action,) = listed(finding("userns-remap"))
    assert "userns-remap moves the engine's data" in action["sentence"]


OBSTACLE = "dockerd does not start with both: take the other out first"


def test_settings_that_the_engine_would_not_start_with_are_no_action():
    caused = finding(
        "userns-remap", "container:a", cure="recreate", cause={"rule": "userns-remap", "subject": "daemon"}
    )
    restart, nobody = listed(finding("userns-remap", obstacle=OBSTACLE), caused, finding("no-new-privileges"))
    assert restart["settings"] == {"no-new-privileges": True}
    assert (nobody["kind"], nobody["ends"]) == ("nobody_can_on_the_spot", 2)
    assert nobody["sentence"] == f"Nobody can do it on the spot: 2 findings (userns-remap); {OBSTACLE}"


def test_containers_with_the_same_changes_are_recreated_together():
    pair = [recreate("a", "--privileged"), recreate("b", "--privileged")]
    other = recreate("c", "--pid=host", rule="host-namespaces")
    first, second = listed(other, *pair)
    assert (first["kind"], first["ends"], first["subjects"]) == (
        "recreate_containers",
        2,
        ["container:a", "container:b"],
    )
    assert first["sentence"] == "Recreate 2 containers (a, b) without --privileged: ends 2 findings"
    assert second["sentence"] == "Recreate 1 container (c) without --pid=host: ends 1 finding"


def test_what_a_restart_ends_ends_with_a_new_container():
    restart = [finding("seccomp", "container:" + name, cure="restart") for name in "ab"]
    kinds = {action["kind"]: action for action in listed(*restart, recreate("a", "--privileged"))}
    assert kinds["recreate_containers"]["ends"] == 2
    assert kinds["restart_containers"]["sentence"] == "Restart 1 container (b): ends 1 finding"


def test_many_different_containers_are_few_actions():
    entries = listed(*(recreate(f"c{n}", f"--volume=/srv/{n}:/x") for n in range(50)))
    assert len(entries) == actions.GROUPS_LIMIT and sum(action["ends"] for action in entries) == 50
    assert "and 40 more), each with changes of its own: ends 45 findings" in entries[0]["sentence"]


def test_limits_are_updates_while_the_containers_run():
    run = [{"change": "add", "flag": "--memory=SIZE", "compose": "mem_limit: SIZE"}]
    (action,) = listed(finding("memory-limit", "container:a", cure="update", run=run))
    assert action["sentence"] == "Update 1 container (a) while they run with --memory=SIZE: ends 1 finding"


def test_what_nobody_can_do_and_what_is_unknown_come_last():
    entries = listed(
        *(finding("privileged", f"container:{n}", "unknown") for n in range(9)),
        *(finding("engine-access") for _each in range(3)),
        finding("selinux", "host"),
    )
    assert [action["kind"] for action in entries] == ["host", "find_out", "nobody_can_on_the_spot"]
    assert entries[1]["sentence"] == "Find out: 9 findings unknown, most often because: seen"


def test_waived_and_passing_findings_need_no_action():
    assert (
        listed(finding("icc", status="pass"), finding("icc", status="waived"), finding("x", status="not_applicable"))
        == []
    )


def test_a_cause_that_is_waived_leaves_each_container_its_own_cure():
    waived = finding("no-new-privileges", status="waived")
    (action,) = listed(waived, finding("no-new-privileges", "container:a", cure="recreate", cause=CAUSE))
    assert action["kind"] == "recreate_containers"


@pytest.mark.parametrize("text", ["\x1b[2J" * 99, "\u202e" * 999, "a" * 9999])
def test_hostile_names_and_flags_are_inert_and_bounded(text):
    entries = listed(*(recreate(text + str(n), *(text + str(m) for m in range(99))) for n in range(99)))
    for action in entries:
        assert action["sentence"].isprintable() and len(action["sentence"]) < 2000


def test_every_open_finding_is_ended_exactly_once():
    findings = [
        recreate("a", "--privileged"),
        finding("live-restore"),
        finding("tcp-socket"),
        finding("selinux", "host"),
    ]
    findings += [finding("seccomp", "container:a", "unknown"), finding("seccomp", "container:b", cure="restart")]
    assert sum(action["ends"] for action in listed(*findings)) == len(findings)
