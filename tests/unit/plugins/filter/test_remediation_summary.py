# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter remediation_summary: nothing counts as cured that the second audit didn't see."""

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.remediation_summary import FilterModule

remediation_summary = FilterModule().filters()["remediation_summary"]
ID = "a" * 64
ALIVE = ({"name": "web", "id": ID, "state": "running"},)


def item(chosen_way, rule="privileged", subject="container:web", **changes):
    """One finding of a plan."""
    fields = {"rule": rule, "subject": subject, "severity": "critical", "status": "fail", "seen": "so it is"}
    fields.update(container=ID if subject != "daemon" else "", way=chosen_way, reason="", step=None)
    if subject != "daemon":
        fields["cure"] = "recreate"
    fields.update(changes)
    return fields


def then(status, rule="privileged", subject="container:web"):
    """One finding of the second audit."""
    return {"rule": rule, "subject": subject, "severity": "critical", "status": status, "seen": "as seen then"}


def step(action, **changes):
    """What container_remedy says of one step."""
    fields = {"container": ID, "name": "web", "action": action, "changed": True, "refused": "", "undo": [], "notes": []}
    fields.update(changes)
    return fields


def summary(*findings, containers=ALIVE, **options):
    return remediation_summary({"found": list(findings)}, containers=containers, **options)


def outcome(finding, **options):
    """(outcome, why) of the plan's one finding."""
    (entry,) = summary(finding, **options)["found"]
    return entry["outcome"], entry["why"]


DAEMON = item("daemon", "live-restore", "daemon")


def test_selinux_is_enforced_again_or_refused_with_the_reason():
    again = item("selinux", "selinux", "host")
    assert outcome(again, after=[then("pass", "selinux", "host")]) == ("cured", "")
    assert outcome(again, after=[then("fail", "selinux", "host")])[0] == "refused"
    assert outcome(again, check=True) == ("cured", "")
    denied = {"selinux": "SELinux stays permissive: web was denied"}
    assert outcome(again, errors=denied, after=[]) == ("refused", denied["selinux"])
    assert summary(again, errors=denied, after=[])["failures"] == ["selinux: " + denied["selinux"]]


def test_a_daemon_s_cure_counts_if_the_second_audit_sees_it():
    result = summary(DAEMON, after=[then("pass", "live-restore", "daemon")])
    assert result["cured"] == [{"rule": "live-restore", "subject": "daemon", "severity": "critical", "why": ""}]
    assert result["failures"] == [] and result["still_failing"] == []


@pytest.mark.parametrize("status", ["fail", "unknown"])
def test_what_the_second_audit_does_not_see_is_not_cured(status):
    came = outcome(DAEMON, after=[then(status, "live-restore", "daemon")])
    assert came == ("refused", f"afterwards it is still {status}: as seen then")


def test_what_was_not_judged_again_is_not_cured():
    assert outcome(DAEMON, after=[]) == ("refused", "afterwards it is still unknown: it was not judged again")


def test_a_transaction_that_failed_is_refused_with_its_reason():
    result = summary(DAEMON, item("daemon", "log-level", "daemon"), errors={"daemon": "put back: no"}, after=[])
    assert [(entry["rule"], entry["why"]) for entry in result["refused"]] == [
        ("live-restore", "put back: no"),
        ("log-level", "put back: no"),
    ]
    assert result["failures"] == ["daemon: put back: no"]


def test_what_waits_for_a_restart_is_pending_and_no_failure():
    waits = {"pending": [{"key": "icc", "reason": "containers run"}]}
    icc = item("daemon", "inter-container-communication", "daemon")
    after = [then("fail", "inter-container-communication", "daemon"), then("pass", "live-restore", "daemon")]
    result = summary(icc, DAEMON, daemon=waits, after=after)
    assert [(entry["rule"], entry["why"]) for entry in result["pending"]] == [
        ("inter-container-communication", "icc: containers run")
    ]
    assert len(result["cured"]) == 1 and result["failures"] == []


KERNEL = item("kernel_filesystems", "kernel-filesystems")


def closed(state, **changes):
    return dict({"id": ID, "state": state, "reasons": []}, **changes)


def test_what_is_closed_is_held_and_never_cured():
    result = summary(KERNEL, kernel=[closed("held until restart")], after=[then("fail", "kernel-filesystems")])
    assert [entry["rule"] for entry in result["held_until_restart"]] == ["kernel-filesystems"]
    assert result["cured"] == [] and result["failures"] == []
    assert [entry["rules"] for entry in result["needs_recreation"]] == [["kernel-filesystems"]]
    assert result["still_failing"] == [
        {"rule": "kernel-filesystems", "subject": "container:web", "severity": "critical"}
    ]


def test_what_could_not_be_closed_is_refused():
    came = outcome(KERNEL, kernel=[closed("open", reasons=["/sys: busy"])], after=[])
    assert came == ("refused", "open; /sys: busy")
    assert outcome(KERNEL, kernel=[closed("gone")], after=[]) == ("gone", "it ended meanwhile")
    came = outcome(KERNEL, errors={"kernel_filesystems": "must run as root"}, after=[])
    assert came == ("refused", "must run as root")


def test_a_look_that_failed_is_said_where_nothing_could_be_planned():
    result = summary(item("none", reason="as root"), errors={"kernel_filesystems": "as\nroot"}, after=[])
    assert result["failures"] == [r"kernel_filesystems: as\nroot"]


UPDATE = item("update", "pids-limit", step=0)


def test_an_update_counts_if_the_second_audit_sees_it():
    assert outcome(UPDATE, steps=[step("update")], after=[then("pass", "pids-limit")]) == ("cured", "")
    came = outcome(UPDATE, steps=[step("update")], after=[then("fail", "pids-limit")])
    assert came[0] == "refused"


def test_an_update_that_was_refused_says_why():
    came = outcome(UPDATE, steps=[step("update", refused="too small")], after=[then("fail", "pids-limit")])
    assert came == ("refused", "too small")
    assert outcome(UPDATE, errors={"container_remedy": "no engine"}, after=[]) == ("refused", "no engine")


@pytest.mark.parametrize("action", ["pause", "disconnect", "stop"])
def test_what_was_done_by_policy_says_how_to_undo_it(action):
    undo = ["docker start web"]
    done = step(action, undo=undo, notes=["keep in mind"])
    result = summary(item("policy:" + action, step=0), item("recreate", "seccomp"), steps=[done], after=[then("fail")])
    assert result["acted"] == [
        {
            "name": "web",
            "container": ID,
            "action": action,
            "changed": True,
            "undo": undo,
            "notes": ["keep in mind"],
            "rules": ["privileged"],
        }
    ]
    assert any(line.startswith("note ") and "keep in mind" in line for line in result["lines"])
    assert [finding["outcome"] for finding in result["found"]] == ["acted", "needs recreation"]
    assert any(line.startswith(f"undo {action}") and "docker start web" in line for line in result["lines"])


def test_an_action_that_was_refused_is_none():
    result = summary(item("policy:stop", step=0), steps=[step("stop", refused="is gone")], after=[then("fail")])
    assert result["acted"] == [] and result["refused"][0]["why"] == "stop: is gone"
    assert result["failures"] == []
    came = outcome(item("policy:stop", step=0), errors={"container_remedy": "no engine"}, after=[])
    assert came == ("refused", "stop: no engine")


def test_an_update_says_what_it_was_for_and_how_to_undo_it():
    result = summary(UPDATE, item("recreate"), steps=[step("update", undo=["x"])], after=[then("pass", "pids-limit")])
    assert [(done["action"], done["rules"], done["undo"]) for done in result["acted"]] == [
        ("update", ["pids-limit"], ["x"])
    ]


@pytest.mark.parametrize("finding", [UPDATE, KERNEL, item("policy:stop", step=0), item("recreate")])
def test_a_container_that_went_meanwhile_is_no_failure(finding):
    steps = [step("update", refused="no such container"), step("stop", refused="no such container")]
    came = outcome(finding, steps=steps, kernel=[closed("gone")], after=[], containers=[])
    assert came == ("gone", "it was removed meanwhile")


@pytest.mark.parametrize("check", [True, False])
def test_a_container_in_the_old_data_root_is_left_behind(check):
    came = outcome(UPDATE, daemon={"left_behind": "/var/lib/docker"}, check=check, containers=[])
    assert came == ("gone", "it is left behind in /var/lib/docker")


def test_what_was_not_to_be_cured_keeps_its_reason():
    assert outcome(item("none", reason="no value"), after=[]) == ("refused", "no value")
    assert outcome(item("waived", reason="by ops"), after=[]) == ("waived", "by ops")


RUN = {"change": "remove", "flag": "--privileged", "compose": "privileged: true"}


def test_what_needs_a_restart_or_a_new_container_is_told_by_container():
    findings = [
        item("recreate", run=[RUN]),
        item("policy:pause", "engine-sockets", step=0, run=[RUN, dict(RUN, flag="-v=/x:/x")]),
        item("restart", "seccomp", cure="restart"),
        item("policy:pause", "apparmor", step=0, cure="restart"),
    ]
    result = summary(*findings, steps=[step("pause")], after=[])
    assert result["needs_recreation"] == [
        {
            "subject": "container:web",
            "rules": ["privileged", "engine-sockets"],
            "run": [RUN, dict(RUN, flag="-v=/x:/x")],
        }
    ]
    assert result["needs_restart"] == [{"subject": "container:web", "rules": ["seccomp", "apparmor"], "run": []}]
    assert any(line.endswith("container:web: remove --privileged, remove -v=/x:/x") for line in result["lines"])


def test_what_is_new_since_is_told():
    after = [then("fail"), then("fail", "seccomp"), then("unknown", "apparmor"), then("pass", "capabilities")]
    result = summary(item("recreate"), item("waived", "seccomp", status="waived"), after=after)
    assert [finding["rule"] for finding in result["still_failing"]] == ["privileged", "seccomp"]
    assert [finding["rule"] for finding in result["new_since"]] == ["seccomp"]
    assert any(line.startswith("new ") and "seccomp" in line for line in result["lines"])


def test_check_mode_tells_what_would_be():
    findings = [DAEMON, KERNEL, UPDATE, item("policy:stop", step=1)]
    result = summary(
        *findings, kernel=[closed("open")], steps=[step("update"), step("stop")], check=True, containers=[]
    )
    assert result["check"] and [entry["outcome"] for entry in result["found"]] == [
        "cured",
        "held until restart",
        "cured",
        "acted",
    ]
    assert "would be" in result["lines"][0] and result["still_failing"] == []


def test_a_plan_alone_of_which_no_step_was_tried_tells_what_would_be():
    findings = [item("update", "pids-limit", step=0), item("policy:stop", step=1)]
    result = summary(*findings, check=True)
    assert [f["outcome"] for f in result["found"]] == ["cured", "acted"]
    with pytest.raises(AnsibleFilterError):
        summary(*findings, after=[])


def test_lines_group_what_is_the_same():
    result = summary(
        item("recreate"), item("recreate", "seccomp"), item("none", "tcp-socket", "daemon", reason="no"), after=[]
    )
    assert result["lines"] == [
        "found 3, 2 needs recreation, 1 refused",
        "needs recreation   container:web: privileged, seccomp",
        "refused            daemon: tcp-socket (no)",
    ]


def test_a_clean_host_has_one_line():
    assert summary(after=[])["lines"] == ["nothing fails: nothing to do"]


@pytest.mark.parametrize("plan", [{}, {"found": [{}]}, None, {"found": [item("update")]}])
def test_what_is_no_plan_is_an_error(plan):
    with pytest.raises(AnsibleFilterError, match="remediation_summary: no result of this collection"):
        remediation_summary(plan, after=[], containers=ALIVE)


def test_what_many_containers_share_is_one_line():
    run = [{"change": "remove", "flag": "--privileged", "compose": "privileged: true"}]
    many = [item("recreate", subject=f"container:{name}", cure="recreate", run=run) for name in ("web", "db")]
    lines = summary(*many)["lines"]
    assert [line for line in lines if line.startswith("recreate")] == [
        f"{'recreate':<18} container:web, container:db: remove --privileged"
    ]
    assert sum("container:db" in line for line in lines) == 2


def folded(*findings, **changes):
    """What posture_info returns where the rest is counted."""
    return {"findings": list(findings), "containers": list(ALIVE), **changes}


UPDATED = item("update", "memory-limit", step=0)


@pytest.mark.parametrize("key", ["passed", "not_applicable"])
def test_what_a_folded_audit_counts_as_good_is_cured(key):
    good = {key: {"memory-limit": 1 if key == "passed" else "no such limit here"}}
    assert outcome(UPDATED, after=folded(**good), steps=[step("update")]) == ("cured", "")


def test_what_a_folded_audit_has_a_finding_of_is_not_cured():
    after = folded(then("fail", "memory-limit"), passed={"memory-limit": 3})
    assert outcome(UPDATED, after=after, steps=[step("update")])[0] == "refused"


def test_what_a_folded_audit_has_not_judged_is_not_cured():
    assert outcome(UPDATED, after=folded(passed={"seccomp": 1}), steps=[step("update")])[0] == "refused"
    gone = {**folded(passed={"memory-limit": 1}), "containers": []}
    assert outcome(UPDATED, after=gone, containers=ALIVE, steps=[step("update")])[0] == "refused"
