# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter judge_daemon_json: a daemon.json without a Docker."""

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.judge_daemon_json import FilterModule
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

judge_daemon_json = FilterModule().filters()["judge_daemon_json"]


def status(text, rule, **options):
    (finding,) = judge_daemon_json(text, rules=[rule], **options)
    return finding["status"]


def test_every_daemon_rule_judges_the_configured_layer_and_no_other():
    findings = judge_daemon_json('{"icc": false}')
    assert [f["rule"] for f in findings] == [rule.id for rule in RULES if rule.daemon]
    assert {f["subject"] for f in findings} == {"daemon"}
    assert {layer for f in findings for layer in f["layers"]} == {"configured"}


@pytest.mark.parametrize(
    "text, rule, expected",
    [
        ('{"no-new-privileges": true}', "no-new-privileges", "pass"),
        ("", "no-new-privileges", "fail"),
        ('{"icc": false}', "inter-container-communication", "pass"),
        ("{}", "inter-container-communication", "fail"),
        ('{"hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2375"]}', "tcp-socket", "fail"),
        ("{}", "tcp-socket", "pass"),
        ('{"insecure-registries": ["registry.lan:5000"]}', "insecure-registries", "fail"),
        ('{"debug": true}', "log-level", "fail"),
        ("{}", "cgroup-namespace", "unknown"),
        ('{"default-cgroupns-mode": "private"}', "cgroup-namespace", "pass"),
        ("{}", "selinux", "unknown"),
        ('{"selinux-enabled": true}', "selinux", "pass"),
        # mergo: an empty value of the file counts as not given
        ('{"log-level": ""}', "log-level", "pass"),
    ],
)
def test_verdicts(text, rule, expected):
    assert status(text, rule) == expected


def test_the_policy_counts():
    text = '{"insecure-registries": ["registry.lan:5000"]}'
    assert status("{}", "selinux", require_selinux=True) == "fail"
    assert status(text, "insecure-registries", allowed_insecure_registries=["registry.lan:5000"]) == "pass"


@pytest.mark.parametrize(
    "text, options, reason",
    [
        ('{\n  "icc": fals\n}', {"path": "site/daemon.json"}, "site/daemon.json: line 2, column 10"),
        ("[]", {}, "must be an object"),
        ('{"icc": false} {}', {}, "daemon.json: line 1"),
        ('{"icc": false, "icc": true}', {}, "duplicate key"),
        ('{"log_driver": "none"}', {}, "log_driver"),
        ('{"security": {"no-new-privileges": true}}', {}, "no-new-privileges"),
        ('{"no-new-privileges": "true"}', {}, "no-new-privileges"),
        ('{"allow-direct-routing": true}', {"version": "26.1.5"}, "allow-direct-routing"),
        ("", {"version": "20.10.24"}, "empty file"),
        ("{}", {"version": "newest"}, "version 'newest'"),
        ("{}", {"rules": ["icc"]}, "unknown rule 'icc'"),
        ({"icc": False}, {}, "not a dict"),
        (None, {}, "not a NoneType"),
        ('{"x\ud800": 1}', {}, "daemon.json"),
    ],
)
def test_bad_input_is_an_error_that_names_place_and_reason(text, options, reason):
    with pytest.raises(AnsibleFilterError) as caught:
        judge_daemon_json(text, **options)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "text, warning",
    [
        ('{"runtimes": {"nvidia": {"path": "nvidia-container-runtime", "args": []}}}', 'no key "args"'),
        ('{"default-address-pools": [{"base": "10.10.0.0/16", "size": 24, "scope": "local"}]}', 'no key "scope"'),
    ],
)
def test_keys_of_others_inside_a_setting_are_a_warning(text, warning, monkeypatch):
    warned = []
    monkeypatch.setattr("ansible.utils.display.Display.warning", lambda self, text, *_more: warned.append(text))
    assert status(text, "no-new-privileges") == "fail"
    assert len(warned) == 1 and warning in warned[0]
