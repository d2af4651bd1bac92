# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter remediation_plan: each finding has one way, and nothing is planned that nobody wants."""

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.remediation_plan import FilterModule

remediation_plan = FilterModule().filters()["remediation_plan"]
WEB = {"name": "web", "id": "a" * 64, "state": "running"}


def finding(rule="privileged", subject="container:web", **changes):
    fields = {"rule": rule, "subject": subject, "status": "fail", "severity": "critical", "seen": "so it is"}
    if subject.startswith("container:"):
        fields["cure"] = "recreate"
    fields.update(changes)
    return fields


def of_daemon(rule):
    return finding(rule, "daemon")


def look(**changes):
    """What kernel_filesystems says, in check mode, of a container where something can be closed."""
    fields = {
        "id": WEB["id"],
        "state": "open",
        "changes": [{"path": "/proc/sys"}],
        "left": [],
        "needs_recreation": False,
        "reasons": [],
    }
    fields.update(changes)
    return fields


def make_remainder(cure, path="/sys"):
    return {"path": path, "reason": "busy", "cure": cure}


def make_plan(*findings, containers=(WEB,), **options):
    return remediation_plan(findings, containers, **options)


def only(*findings, **options):
    """The plan and its one finding."""
    plan = make_plan(*findings, **options)
    (item,) = plan["found"]
    return plan, item


def idle(plan):
    return (
        plan["daemon"] == {"rules": [], "settings": {}, "restart": False}
        and not plan["kernel_filesystems"]
        and not plan["steps"]
    )


def test_what_passes_or_does_not_apply_is_no_work():
    plan = make_plan(finding(status="pass"), finding(status="not_applicable"))
    assert plan["found"] == [] and idle(plan)


def test_each_failing_finding_is_there_once_in_its_order():
    findings = [of_daemon("live-restore"), finding(), finding("seccomp"), finding("pids-limit", cure="update")]
    plan = make_plan(*findings, pids_limit=100)
    assert [item["rule"] for item in plan["found"]] == ["live-restore", "privileged", "seccomp", "pids-limit"]
    assert [item["way"] for item in plan["found"]] == ["daemon", "recreate", "recreate", "update"]


def test_only_the_settings_of_failing_rules_go_into_one_transaction():
    plan = make_plan(
        of_daemon("live-restore"), of_daemon("log-level"), finding("userland-proxy", "daemon", status="pass")
    )
    assert plan["daemon"] == {
        "rules": ["live-restore", "log-level"],
        "settings": {"live-restore": True, "log-level": "info", "debug": False},
        "restart": False,
    }


def test_rules_of_the_packet_filter_that_are_lost_are_a_restart_in_the_same_transaction():
    plan, item = only(of_daemon("firewall-in-force"))
    assert item["way"] == "daemon"
    assert plan["daemon"] == {"rules": ["firewall-in-force"], "settings": {}, "restart": True}
    both = make_plan(of_daemon("firewall-in-force"), of_daemon("live-restore"))["daemon"]
    assert (both["settings"], both["restart"]) == ({"live-restore": True}, True)


def test_no_restart_where_the_site_forbids_changes_of_the_daemon():
    plan, item = only(of_daemon("firewall-in-force"), daemon=False)
    assert (item["way"], item["reason"]) == ("none", "docker_remediation_daemon is false") and idle(plan)


def test_the_site_says_the_value():
    plan, item = only(
        of_daemon("userns-remap"), daemon_settings={"userns-remap": "ops", "icc": False}, accept_new_data_root=True
    )
    assert item["way"] == "daemon" and plan["daemon"]["settings"] == {"userns-remap": "ops"}


def test_a_value_of_the_site_that_would_not_cure_it_is_left_alone():
    plan, item = only(of_daemon("live-restore"), daemon_settings={"live-restore": False})
    assert item["way"] == "none" and idle(plan)
    assert "docker_daemon_config wants it so: live-restore is" in item["reason"]


def test_a_value_that_dockerd_would_refuse_is_no_cure():
    _steps, item = only(of_daemon("live-restore"), daemon_settings={"live-restore": "yes"})
    assert item["way"] == "none" and "live-restore" in item["reason"]


@pytest.mark.parametrize(("allowed", "expected"), [(["registry.example:5000"], "daemon"), ([], "none")])
def test_an_allowed_registry_stays(allowed, expected):
    wanted = {"insecure-registries": ["registry.example:5000"]}
    plan, item = only(of_daemon("insecure-registries"), daemon_settings=wanted, allowed_insecure_registries=allowed)
    assert item["way"] == expected and plan["daemon"]["settings"] == (wanted if expected == "daemon" else {})


def test_what_docker_daemon_is_told_to_leave_is_not_cured():
    plan, item = only(of_daemon("log-level"), daemon_declined=["debug"])
    assert item["way"] == "none" and "leave debug alone" in item["reason"] and idle(plan)


def test_a_rule_without_a_setting_has_no_cure():
    plan, item = only(of_daemon("tcp-socket"))
    assert item["way"] == "none" and "no single setting" in item["reason"] and idle(plan)


def test_the_daemon_can_be_left_out():
    plan, item = only(of_daemon("live-restore"), daemon=False)
    assert item["way"] == "none" and "docker_remediation_daemon" in item["reason"] and idle(plan)


def test_a_new_data_root_is_refused_and_the_others_are_cured():
    plan = make_plan(of_daemon("userns-remap"), of_daemon("live-restore"))
    assert [item["way"] for item in plan["found"]] == ["none", "daemon"]
    assert "docker_daemon_accept_new_data_root" in plan["found"][0]["reason"]
    assert plan["daemon"]["settings"] == {"live-restore": True}
    accepted = make_plan(of_daemon("userns-remap"), of_daemon("live-restore"), accept_new_data_root=True)
    assert accepted["daemon"]["settings"] == {"userns-remap": "default", "live-restore": True}


def test_the_host_itself_is_not_cured():
    assert only(finding("copy-on-write", "host"))[1]["way"] == "none"


SELINUX = finding("selinux", "host")
SET_BY_HAND = {"running": "permissive", "configured": "enforcing"}


def test_setenforce_0_is_cured_by_the_role_that_knows_when_not_to():
    plan, item = only(SELINUX, selinux_mode=SET_BY_HAND)
    assert item["way"] == "selinux" and plan["selinux"] is True and idle(plan)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ({"running": "permissive", "configured": "permissive"}, "docker_selinux brings it up"),
        ({"running": "disabled", "configured": "enforcing"}, "docker_selinux brings it up"),
        ({"running": "none", "configured": ""}, "SELinux is none and configured nowhere"),
        ({}, "docker_selinux brings it up"),
    ],
)
def test_selinux_that_takes_more_than_that_is_not_brought_up_unasked(mode, reason):
    plan, item = only(SELINUX, selinux_mode=mode)
    assert item["way"] == "none" and reason in item["reason"] and plan["selinux"] is False


def test_selinux_is_left_where_told_or_where_its_mode_is_not_known():
    plan, item = only(SELINUX, selinux_mode=SET_BY_HAND, selinux=False)
    assert item["way"] == "none" and "docker_remediation_selinux" in item["reason"] and not plan["selinux"]
    plan, item = only(SELINUX, selinux_mode=SET_BY_HAND, selinux_error="no /proc")
    assert (item["way"], item["reason"]) == ("none", "no /proc") and not plan["selinux"]
    plan, _item = only(finding("selinux", "host", status="unknown"), selinux_mode=SET_BY_HAND)
    assert not plan["selinux"]


def test_labels_of_the_daemon_are_a_setting_like_others():
    plan, item = only(of_daemon("selinux"), daemon_settings={"selinux-enabled": True})
    assert item["way"] == "daemon" and plan["daemon"]["settings"] == {"selinux-enabled": True} and not plan["selinux"]


def test_what_is_waived_is_shown_and_not_acted_on():
    waiver = {"owner": "ops", "expires": "2027-01-01", "reason": "reads counters", "expired": False}
    plan, item = only(finding(status="waived", waiver=waiver), policy="stop")
    assert item["way"] == "waived" and "ops" in item["reason"] and idle(plan)


def test_an_expired_waiver_counts_as_none():
    waiver = {"owner": "ops", "expires": "2020-01-01", "reason": "r", "expired": True}
    plan, item = only(finding(waiver=waiver), policy="stop")
    assert item["way"] == "policy:stop" and plan["steps"]


def test_what_is_unknown_is_never_acted_on():
    findings = [finding(status="unknown"), finding("live-restore", "daemon", status="unknown")]
    plan = make_plan(*findings, policy="stop")
    assert {item["way"] for item in plan["found"]} == {"none"} and idle(plan)
    assert "not known" in plan["found"][0]["reason"]


@pytest.mark.parametrize("state", ["stopped", "unreachable", "remote"])
def test_without_a_daemon_nothing_is_cured(state):
    plan = make_plan(of_daemon("live-restore"), finding(), engine=state, policy="stop")
    assert {item["reason"] for item in plan["found"]} == {f"the engine is {state}"} and idle(plan)


@pytest.mark.parametrize("containers", [(), (WEB, dict(WEB, id="b" * 64)), (dict(WEB, name="other"),)])
def test_a_name_that_is_not_one_container_s_is_not_acted_on(containers):
    plan, item = only(finding(), containers=containers, policy="stop")
    assert item["way"] == "none" and item["container"] == "" and idle(plan)


def test_each_update_is_a_step_of_its_own_by_the_container_s_id():
    findings = [finding(rule, cure="update") for rule in ("memory-limit", "pids-limit", "restart-policy")]
    plan = make_plan(*findings, memory="512m", pids_limit=100, restart_policy="on-failure:5")
    step = {"container": "a" * 64, "name": "web", "action": "update"}
    assert plan["steps"] == [
        dict(step, memory=512 << 20),
        dict(step, pids_limit=100),
        dict(step, restart_policy="on-failure:5"),
    ]
    assert [item["step"] for item in plan["found"]] == [0, 1, 2]


@pytest.mark.parametrize("rule", ["memory-limit", "pids-limit", "restart-policy", "of-tomorrow"])
def test_an_update_without_a_value_is_told_and_not_guessed(rule):
    plan, item = only(finding(rule, cure="update"), policy="stop", pids_limit=0, memory="", restart_policy="")
    assert item["way"] == "none" and item["reason"] and idle(plan)


KERNEL = finding("kernel-filesystems")


def test_what_the_look_says_can_be_closed_is_closed():
    plan, item = only(KERNEL, kernel=[look()], policy="stop")
    assert item["way"] == "kernel_filesystems" and plan["kernel_filesystems"] == ["a" * 64] and not plan["steps"]


def test_what_may_be_left_is_told():
    plan, item = only(KERNEL, kernel=[look(left=[make_remainder("waived")])])
    assert item["way"] == "kernel_filesystems" and "/sys is left" in item["reason"] and plan["kernel_filesystems"]
    plan, item = only(KERNEL, kernel=[look(changes=[], left=[make_remainder("waived")], state="waived")], policy="stop")
    assert item["way"] == "none" and "/sys is left" in item["reason"] and idle(plan)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (look(needs_recreation=True, reasons=["can mount"]), "recreate"),
        (look(left=[make_remainder("recreate")], reasons=["/sys: busy"]), "recreate"),
        (look(left=[make_remainder("restart")], reasons=["/sys: busy"]), "restart"),
        (look(left=[make_remainder("retry")], reasons=["/sys: busy"]), "restart"),
    ],
)
def test_what_can_t_be_cured_so_is_closed_all_the_same_and_the_policy_counts(answer, expected):
    plan, item = only(KERNEL, kernel=[answer])
    assert (
        item["way"] == expected and item["reason"] == answer["reasons"][0] and plan["kernel_filesystems"] == ["a" * 64]
    )
    plan, item = only(KERNEL, kernel=[answer], policy="pause")
    assert item["way"] == "policy:pause" and plan["steps"] and plan["kernel_filesystems"] == ["a" * 64]


def test_what_is_held_already_is_not_closed_again():
    plan, item = only(KERNEL, kernel=[look(state="held until restart", changes=[])], policy="stop")
    assert item["way"] == "kernel_filesystems" and "already" in item["reason"] and idle(plan)


def test_what_can_t_be_looked_at_is_not_acted_on():
    plan, item = only(KERNEL, kernel=[look(state="unknown", changes=[], reasons=["no /proc"])], policy="stop")
    assert (item["way"], item["reason"]) == ("none", "no /proc") and idle(plan)
    plan, item = only(KERNEL, kernel_error="must run as root", policy="stop")
    assert (item["way"], item["reason"]) == ("none", "must run as root") and idle(plan)


@pytest.mark.parametrize("kernel", [[], [look(state="gone", changes=[])]])
def test_a_container_that_does_not_run_has_nothing_to_close(kernel):
    plan, item = only(KERNEL, kernel=kernel)
    assert item["way"] == "recreate" and "does not run" in item["reason"] and idle(plan)


def test_closed_although_it_was_asked_otherwise_needs_a_new_one():
    assert only(KERNEL, kernel=[look(state="closed", changes=[])])[1]["way"] == "recreate"


def test_the_kernel_filesystems_can_be_left_out():
    plan, item = only(KERNEL, kernel=[look()], kernel_filesystems=False)
    assert item["way"] == "recreate" and "docker_remediation_kernel_filesystems" in item["reason"] and idle(plan)


@pytest.mark.parametrize("policy", ["pause", "disconnect", "stop"])
@pytest.mark.parametrize("cure", ["recreate", "restart"])
def test_the_policy_is_one_step_for_a_container_with_more_than_one_fault(policy, cure):
    plan = make_plan(finding(cure=cure), finding("engine-sockets", cure=cure), policy=policy)
    assert {item["way"] for item in plan["found"]} == {"policy:" + policy}
    assert plan["steps"] == [{"container": "a" * 64, "name": "web", "action": policy}]
    assert [item["step"] for item in plan["found"]] == [0, 0]


def test_the_policy_comes_after_the_updates():
    plan = make_plan(finding(), finding("restart-policy", cure="update"), policy="stop", restart_policy="on-failure:5")
    assert [step["action"] for step in plan["steps"]] == ["update", "stop"]
    assert [item["step"] for item in plan["found"]] == [1, 0]


def test_by_default_it_is_only_reported():
    plan, item = only(finding())
    assert item["way"] == "recreate" and item["step"] is None and idle(plan)


@pytest.mark.parametrize(
    ("severity", "least", "acts"),
    [("critical", None, True), ("high", None, False), ("high", "high", True), ("low", "medium", False)],
)
def test_the_policy_begins_at_a_severity(severity, least, acts):
    plan, _item = only(finding(severity=severity), policy="stop", policy_severity=least)
    assert bool(plan["steps"]) is acts


def test_a_spared_container_is_never_acted_on_by_policy():
    plan, item = only(finding(), policy="stop", spare=["web"])
    assert item["way"] == "recreate" and "docker_remediation_spare" in item["reason"] and idle(plan)


@pytest.mark.parametrize(
    ("state", "acts"), [("paused", True), ("restarting", True), ("exited", False), ("dead", False)]
)
def test_the_policy_is_for_what_lives(state, acts):
    plan, item = only(finding(), containers=[dict(WEB, state=state)], policy="stop")
    assert bool(plan["steps"]) is acts and (acts or state in item["reason"])


def test_the_run_flags_come_along():
    run = [{"change": "remove", "flag": "--privileged", "compose": "privileged: true"}]
    assert only(finding(run=run))[1]["run"] == run


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("polici", "stop", "unknown option 'polici'"),
        ("policy", "kill", "policy: 'kill' is none of report, pause"),
        ("policy_severity", "grave", "policy_severity: 'grave'"),
        ("spare", "web", "spare: 'web' is not a list"),
        ("memory", "lots", "memory: 'lots' is not a size"),
        ("memory", "1k", "less than the 6 MiB"),
        ("memory", True, "memory: True"),
        ("pids_limit", -1, "pids_limit: -1"),
        ("pids_limit", True, "pids_limit: True"),
        ("restart_policy", "always", "restart_policy: 'always'"),
        ("restart_policy", "on-failure:0", "restart_policy: 'on-failure:0'"),
        ("daemon", "no", "daemon: 'no'"),
        ("daemon_settings", [], "daemon_settings: \\[\\] is not a dictionary"),
    ],
)
def test_bad_options_are_named(option, value, says):
    with pytest.raises(AnsibleFilterError, match=says):
        make_plan(finding(), **{option: value})


@pytest.mark.parametrize(
    ("memory", "size"), [(536870912, 512 << 20), ("512M", 512 << 20), ("1g", 1 << 30), ("8192k", 8 << 20)]
)
def test_sizes(memory, size):
    plan = make_plan(finding("memory-limit", cure="update"), memory=memory)
    assert plan["steps"][0]["memory"] == size


def test_a_bare_no_of_yaml_is_the_restart_policy_no():
    assert (
        make_plan(finding("restart-policy", cure="update"), restart_policy=False)["steps"][0]["restart_policy"] == "no"
    )


@pytest.mark.parametrize("findings", [[{}], ["x"], 3, [finding("no-such-rule", "daemon")]])
def test_what_is_no_finding_is_an_error(findings):
    with pytest.raises(AnsibleFilterError, match="remediation_plan: no result of this collection"):
        remediation_plan(findings, [WEB])


STOP = {"policy": "stop", "policy_severity": "critical"}


@pytest.mark.parametrize("spare, stops", [([], 1), (["web"], 0), (["container:web"], 0), (["backup"], 1)])
def test_a_container_is_spared_by_its_name_or_as_the_audit_shows_it(spare, stops):
    plan = remediation_plan([finding()], containers=[WEB], spare=spare, **STOP)
    assert len(plan["steps"]) == stops
    assert len(plan["notes"]) == (spare == ["backup"])


@pytest.mark.parametrize("spare", ["wbe", "container:weg", "web_"])
def test_a_spared_name_with_a_typing_error_stops_nothing(spare):
    with pytest.raises(AnsibleFilterError, match="docker_remediation_spare names .* is 'web' meant"):
        remediation_plan([finding()], containers=[WEB], spare=[spare], **STOP)
