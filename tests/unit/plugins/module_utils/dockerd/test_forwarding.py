# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""firewall-backend nftables: what dockerd leaves behind, and what it no longer does."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.forwarding import (
    Forwarding,
    kept,
    read,
    refusal,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.test_plan import situation

NFTABLES = {"firewall-backend": "nftables"}
OPEN = {"iptables": "ACCEPT", "ip6tables": "ACCEPT"}


@pytest.mark.parametrize(
    "settings, forwarding, words",
    [
        (NFTABLES, Forwarding(OPEN, True), ""),
        (NFTABLES, Forwarding({}, True), ""),
        (NFTABLES, Forwarding({"iptables": "DROP"}, True), "iptables -P FORWARD ACCEPT first"),
        (NFTABLES, Forwarding({"iptables": "DROP", "ip6tables": "DROP"}, True), "of ip6tables and iptables stays"),
        (NFTABLES, Forwarding(OPEN, False), "net.ipv4.ip_forward = 1 into a file in /etc/sysctl.d"),
        (NFTABLES, Forwarding(OPEN, True, on=False), "and turn it on (sysctl --system)"),
        (NFTABLES, Forwarding(OPEN, True, kept6=False, on6=False), ""),
        (NFTABLES, Forwarding(OPEN, True, kept6=False, networks6=["six"]), "net.ipv6.conf.all.forwarding = 1 into"),
        (NFTABLES, Forwarding(OPEN, True, on6=False, networks6=list("abcde")), "with IPv6 (a, b, c, d and 1 more)"),
        (dict(NFTABLES, ipv6=True), Forwarding(OPEN, True, kept6=False), "with IPv6 (bridge)"),
        (dict(NFTABLES, **{"ip-forward": False}), Forwarding(OPEN, False, on=False), ""),
        ({"firewall-backend": "iptables"}, Forwarding({"iptables": "DROP"}, False), ""),
    ],
)
def test_refusals(settings, forwarding, words):
    decision = plan(situation(settings, containers=(), forwarding=forwarding, info={"ServerVersion": "29.7.2"}))
    assert words in decision.refusal and bool(words) is bool(decision.refusal)
    assert refusal(settings, None) == ""
    assert words in refusal(settings, forwarding) and bool(words) is bool(refusal(settings, forwarding))


@pytest.mark.parametrize(
    "files, expected",
    [
        ({}, False),
        ({"etc/a.conf": "net.ipv4.ip_forward = 1\n"}, True),
        ({"etc/a.conf": "-net/ipv4/ip_forward=1"}, True),
        ({"etc/a.conf": "net.ipv4.conf.all.forwarding = 1"}, True),
        ({"etc/a.conf": "# net.ipv4.ip_forward = 1\n;net.ipv4.ip_forward = 1\n#net.ipv4.ip_forward=1"}, False),
        ({"etc/a.conf": "net.ipv6.conf.all.forwarding = 1"}, False),
        ({"etc/a.conf": "net.ipv4.ip_forward = 1", "etc/b.conf": "net.ipv4.ip_forward = 0"}, False),
        ({"lib/z.conf": "net.ipv4.ip_forward = 1", "etc/b.conf": "net.ipv4.ip_forward = 0"}, True),
        ({"lib/z.conf": "net.ipv4.ip_forward = 1", "etc/z.conf": "\n"}, False),  # replaced as a whole
        ({"etc/a.txt": "net.ipv4.ip_forward = 1"}, False),
        ({"etc/a.conf": "\xff\n net.ipv4.ip_forward = 1 "}, True),
    ],
)
def test_what_the_next_boot_does(tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="latin-1")
    assert kept([str(tmp_path / "etc"), str(tmp_path / "lib")]) is expected


@pytest.mark.parametrize(
    "forwarding, words",
    [
        (Forwarding({"iptables": "DROP"}, False, kept6=False, networks6=["six"]), ""),
        (Forwarding(OPEN, True, on=False), "turn net.ipv4.ip_forward on"),
        (Forwarding(OPEN, True, on6=False, networks6=["six"]), "loses the networks with IPv6 (six)"),
    ],
)
def test_another_change_is_refused_only_where_its_restart_would_lose_networks(forwarding, words):
    settings = dict(NFTABLES, **{"log-driver": "local"})
    changed = situation(
        settings, containers=(), forwarding=forwarding, info={"ServerVersion": "29.7.2"}, before=dict(NFTABLES)
    )
    decision = plan(changed._replace(wanted=("log-driver",)))
    assert words in decision.refusal and bool(words) is bool(decision.refusal)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("net.ipv6.conf.all.forwarding = 1", True),
        ("net.ipv4.ip_forward = 1", False),
        ("net.ipv6.conf.all.forwarding = 1\nnet.ipv6.conf.all.forwarding = 0", False),
    ],
)
def test_what_the_next_boot_does_with_ipv6(tmp_path, text, expected):
    (tmp_path / "a.conf").write_text(text)
    assert read([], [str(tmp_path)], ["six"])[2:3] == (expected,)


@pytest.mark.parametrize(
    "values, expected",
    [
        ("111", (True, True)),
        ("011", (False, True)),
        ("101", (True, False)),
        ("110", (True, False)),
        ("", (False, False)),
    ],
)
def test_what_the_kernel_forwards_now(tmp_path, values, expected):
    """dockerd wants both of IPv6 (seen on 29)."""
    for name, value in zip(("ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv6/conf/default/forwarding"), values):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(value + "\n")
    forwarding = read([], [], proc=str(tmp_path))
    assert (forwarding.on, forwarding.on6) == expected


def test_policies_are_what_the_programs_say(tmp_path):
    for name, policy in (("first", "DROP"), ("second", "ACCEPT")):
        (tmp_path / name).write_text("#!/bin/sh\n[ \"$*\" = '-w 5 -S FORWARD' ] && echo '-P FORWARD %s'\n" % policy)
        (tmp_path / name).chmod(0o755)
    programs = [str(tmp_path / name) for name in ("first", "second", "missing")]
    assert read(programs, [])[:2] == ({programs[0]: "DROP", programs[1]: "ACCEPT"}, False)
