# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's finding names its cause where the daemon or another rule is at fault, and only there."""

import datetime
import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

from ..rules.subjects import good, process

TODAY = datetime.date(2026, 6, 1)


def causes(daemon, container, whole=False):
    """{rule: (rule, subject) of the cause} of the container's findings."""
    tally = Tally(RULES, (), TODAY, whole)
    tally.add("daemon", "daemon", daemon)
    container["daemon"] = daemon
    judged = tally.add("container", "container:web", container)
    return {
        f["rule"]: tuple(f["cause"].values()) if "cause" in f else None
        for f in judged.findings
        if f["status"] == "fail"
    }


def daemon_without(option):
    daemon = good("daemon")
    daemon["info"]["SecurityOptions"] = [o for o in daemon["info"]["SecurityOptions"] if not o.startswith(option)]
    daemon["configured"].update({"no-new-privileges": False, "userns-remap": "", "default-cgroupns-mode": "host"})
    return daemon


def test_the_daemon_s_default_of_no_new_privileges():
    container = good("container")
    container["inspect"]["HostConfig"]["SecurityOpt"] = []
    container["processes"] = [process(no_new_privs=0)]
    assert causes(daemon_without("name=no-new-privileges"), container)["no-new-privileges"] == (
        "no-new-privileges",
        "daemon",
    )


def test_a_container_that_asked_for_it_is_its_own_cause():
    container = good("container")
    container["inspect"]["HostConfig"]["SecurityOpt"] = ["no-new-privileges=false"]
    container["processes"] = [process(no_new_privs=0)]
    assert causes(daemon_without("name=no-new-privileges"), container)["no-new-privileges"] is None


def test_a_container_that_an_earlier_start_left_unconfined_is_its_own_cause():
    daemon, container = good("daemon"), good("container")
    daemon["info"]["SecurityOptions"] = [
        o for o in daemon["info"]["SecurityOptions"] if not o.startswith("name=seccomp")
    ]
    container["inspect"]["HostConfig"]["SecurityOpt"] = []
    container["processes"] = [process(seccomp=0)]
    assert causes(daemon, type(container)(container))["seccomp"] == ("seccomp", "daemon")
    container["made"] = dict(container["made"], SeccompProfile="unconfined")
    assert causes(daemon, container)["seccomp"] is None


def test_a_container_from_before_a_good_daemon_has_no_cause_there():
    container = good("container")
    container["inspect"]["HostConfig"]["SecurityOpt"] = []
    container["processes"] = [process(no_new_privs=0)]
    assert causes(good("daemon"), container)["no-new-privileges"] is None


@pytest.mark.parametrize(("option", "cause"), [("name=cgroupns", ("cgroup-namespace", "daemon")), ("nothing", None)])
def test_the_daemon_s_default_cgroup_namespace(option, cause):
    container = good("container")
    container["inspect"]["HostConfig"]["CgroupnsMode"] = "host"
    assert causes(daemon_without(option), container)["host-namespaces"] == cause


def test_a_container_that_shares_more_than_the_default_gives_is_its_own_cause():
    container = good("container")
    container["inspect"]["HostConfig"].update(CgroupnsMode="host", PidMode="host")
    assert causes(daemon_without("name=cgroupns"), container)["host-namespaces"] is None


def test_privileged_is_the_cause_of_what_it_switches_off():
    container = good("container")
    container["inspect"]["HostConfig"]["Privileged"] = True
    by_rule = causes(good("daemon"), container)
    assert by_rule.pop("privileged") is None
    assert {rule for rule, cause in by_rule.items() if cause == ("privileged", "container:web")} >= {
        "selinux",
        "capabilities",
    }


def test_a_waived_cause_is_still_the_cause():
    fields = dict(rule="no-new-privileges", selector="daemon", reason="r", owner="o", expires="2027-01-01")
    tally = Tally(RULES, [waiver.parse(0, fields, ["no-new-privileges"])], TODAY, False)
    daemon, container = daemon_without("name=no-new-privileges"), good("container")
    container["inspect"]["HostConfig"]["SecurityOpt"] = []
    container.update(daemon=daemon, processes=[process(no_new_privs=0)])
    assert [f["status"] for f in tally.add("daemon", "daemon", daemon).findings if f["rule"] == fields["rule"]] == [
        "waived"
    ]
    (finding,) = [f for f in tally.add("container", "container:web", container).findings if f["rule"] == fields["rule"]]
    assert finding["cause"] == {"rule": "no-new-privileges", "subject": "daemon"}


def test_the_message_says_what_is_wrong_and_the_daemon_s_part_in_it():
    daemon, container = daemon_without("name=cgroupns"), good("container")
    container["inspect"]["HostConfig"]["CgroupnsMode"] = "host"
    container["daemon"] = daemon
    tally = Tally(RULES, (), TODAY, False)
    tally.add("daemon", "daemon", daemon)
    messages = {f["rule"]: f.get("message") for f in tally.add("container", "container:web", container).findings}
    assert messages["host-namespaces"] == (
        "It shares namespaces with the host, because the daemon's default-cgroupns-mode is host"
    )


def test_what_is_unknown_has_a_message_and_what_passes_has_none():
    container = good("container")
    container["processes"] = Unreadable("not root")
    tally = Tally(RULES, (), TODAY, True)
    by_rule = {f["rule"]: f for f in tally.add("container", "container:web", container).findings}
    assert by_rule["no-new-privileges"]["message"] == "Not known: Processes can't gain privileges"
    assert "message" not in by_rule["memory-limit"] and by_rule["memory-limit"]["status"] == "pass"


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_has_a_weakness_in_plain_words_for_each_kind_that_it_judges(rule):
    assert set(rule.weakness) == {kind for kind in KINDS if getattr(rule, kind)}
    for clause in rule.weakness.values():
        assert re.match(r"(SELinux|AppArmor|[a-z])[\w' ,-]+\w\Z", clause), clause
