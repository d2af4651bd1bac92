# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A flush of the packet filter is seen, and one restart brings Docker's rules back and keeps what runs."""

import pytest

RULE = "firewall-in-force"


@pytest.fixture(scope="module")
def flush(result):
    return result("flush")


def finding(findings, rule=RULE):
    (match,) = [item for item in findings if (item["rule"], item["subject"]) == (rule, "daemon")]
    return match


def test_rules_in_the_kernel_pass(flush):
    assert finding(flush["kept"])["status"] == "pass"


def test_flushed_rules_fail_and_the_action_is_a_restart(flush):
    lost = finding(flush["flushed"])
    assert lost["status"] == "fail"
    assert "leads to a chain of Docker's" in lost["seen"]
    (action,) = [action for action in flush["actions"] if RULE in action["rules"]]
    assert (action["kind"], action["settings"]) == ("restart_daemon", {})


def test_restart_brings_them_back_and_keeps_containers(flush):
    assert finding(flush["regained"])["status"] == "pass"
    assert (flush["activation"], flush["containers_kept"]) == ("restart", True)


def test_kernel_holds_them_again(host):
    assert "-j DOCKER" in host.check_output("iptables-save -t filter")


def test_neighbour_reaches_a_port_published_on_loopback_where_the_rule_says_so(flush):
    """Real packets of another machine: from 28.0 on Docker drops them, before it they come through."""
    outcome = dict(line.split() for line in flush["neighbour"])
    assert set(outcome) == {"unpublished", "address", "loopback"}
    assert outcome["unpublished"] == "no"
    evidence = finding(flush["kept"], "published-ports")["seen"]
    assert ("published on loopback (loopback-only 8097/tcp)" in evidence) == ("connected" in outcome.values())


def test_ipv6_of_an_engine_that_filters_it_is_asked_too(flush, host):
    """From 27 on dockerd has rules for the network with IPv6; before that published-ports says that nothing filters it."""
    release = int(host.check_output("docker version --format '{{.Server.Version}}'").split(".")[0])
    if release >= 27:
        assert "FORWARD of ip6tables" in finding(flush["flushed"])["seen"]
        assert finding(flush["kept"], "published-ports")["status"] == "pass"
    else:
        unfiltered = finding(flush["kept"], "published-ports")
        assert unfiltered["status"] == "fail"
        assert "every port of the network lab-six by IPv6" in unfiltered["seen"]
