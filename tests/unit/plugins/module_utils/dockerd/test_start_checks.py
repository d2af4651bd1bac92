# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said against a configuration is what real daemons did with it (samples/starts.json)."""

import json
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import start_checks, validate

from .start_cases import CASES, CASES_29, DIFFERENCES, DIFFERENCES_29

with open(os.path.join(os.path.dirname(__file__), "samples", "starts.json")) as _stream:
    STARTS = json.load(_stream)


def exists(path):
    """The hosts that were asked: systemd, cgroup v2, no bridge, nothing that a case names but its own directory."""
    return path.startswith(("/sys/fs/cgroup/", "/run/systemd/", "/usr/", "/DIR/"))


def against(case, version):
    """Return what is said against the start, in the order in which a run asks."""
    flags = dockerd_flags.parse(case["flags"])
    objections = list(flags.problems) + dockerd_flags.conflicts(case["config"], flags)
    problems = validate.validate(case["config"], version)
    objections += [problem for problem in problems if not isinstance(problem, validate.Ignored)]
    return objections or start_checks.problems(dockerd_flags.merged(case["config"], flags, {}), version, exists)


@pytest.mark.parametrize("version", sorted(STARTS))
def test_the_judgement_is_what_the_real_daemon_did(version):
    assert set(STARTS[version]) == set(CASES) and len(CASES) >= 60
    wrong = {}
    for name, case in CASES.items():
        reasons = against(case, version)
        if bool(reasons) != bool(STARTS[version][name]) and version not in DIFFERENCES.get(name, ((), ""))[0]:
            wrong[name] = (reasons, STARTS[version][name])
    assert not wrong


def test_the_judgement_is_what_a_daemon_of_29_did():
    """Of one built from moby's sources of August 2026, after 29.7.2."""
    with open(os.path.join(os.path.dirname(__file__), "samples", "starts_29.json")) as stream:
        starts = json.load(stream)
    cases = dict(CASES, **CASES_29)
    assert set(starts) == set(cases)
    reasons = {name: against(case, "29.7") for name, case in cases.items()}
    wrong = {name: (reasons[name], starts[name]) for name in starts if bool(reasons[name]) != bool(starts[name])}
    known = set(DIFFERENCES_29) | {name for name, (versions, _why) in DIFFERENCES.items() if "28.5.2" in versions}
    assert set(wrong) - known == set()
    assert set(DIFFERENCES_29) - set(wrong) == set()


def test_each_deliberate_difference_is_one_and_has_its_reason():
    for name, (versions, reason) in DIFFERENCES.items():
        assert reason
        for version in versions:
            assert bool(against(CASES[name], version)) != bool(STARTS[version][name]), name


def test_without_a_version_and_a_host_only_what_holds_for_all_is_said():
    """Against nothing that some release starts with, but what the table lists."""
    for name, case in CASES.items():
        starts = [version for version in STARTS if not STARTS[version][name]]
        if len(starts) == 3 and name not in DIFFERENCES:
            flags = dockerd_flags.parse(case["flags"])
            assert start_checks.problems(dockerd_flags.merged(case["config"], flags, {})) == [], name


def test_embedded_containerd_with_cri_is_refused():
    """29 refuses it (samples/starts_29.json)."""
    settings = {"features": {"embedded-containerd": True}, "cri-containerd": True}
    assert "together" in start_checks.problems(settings, "29.7.2")[0]


def test_a_node_of_a_swarm_with_nftables():
    settings = {"firewall-backend": "nftables", "data-root": "/srv/engine"}
    here = ["/srv/engine/swarm/docker-state.json"]
    assert "swarm" in start_checks.problems(settings, "29.0.0", lambda path: path in here)[0]
    assert not start_checks.problems(settings, "29.0.0", lambda path: False)
    assert not start_checks.problems(
        dict(settings, **{"firewall-backend": "iptables"}), "29.0.0", lambda path: path in here
    )
