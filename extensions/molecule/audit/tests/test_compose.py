# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a compose document is what the engine has of the containers that docker compose made of it."""

import re

import pytest

# Of an engine the host decides: whether its control groups keep limits, and whether its kernel has these sockets at all.
BY_HOST = {"memory-limit", "pids-limit", "kernel-crypto-sockets"}
SERVICES = {"good", "privileged", "capabilities", "engine", "namespaces", "device", "open"}
WEAK = {
    ("privileged", "privileged"),
    ("capabilities", "capabilities"),
    ("engine", "engine-sockets"),
    ("engine", "sensitive-mounts"),
    ("namespaces", "host-namespaces"),
    ("device", "host-devices"),
    ("open", "no-new-privileges"),
    ("open", "seccomp"),
    ("open", "kernel-filesystems"),
}


@pytest.fixture(scope="module")
def compose(result):
    """{who: {(service, rule): whether the configured layer holds}} of those whom the document and the engine told."""
    return {who: configured(findings) for who, findings in result("compose").items()}


@pytest.fixture(scope="module")
def has_compose(lab_host):
    """Of the hosts' images one has it."""
    return lab_host.get("suite") == "forky"


def configured(findings):
    layers = {}
    for finding in findings:
        service = re.match(r"container:(?:judged-)?([a-z]+)(?:-1)?\Z", finding["subject"]).group(1)
        layer = finding["layers"].get("configured")
        if layer is not None and finding["rule"] not in BY_HOST:
            layers[service, finding["rule"]] = layer["ok"]
    return layers


def test_each_judged_layer_is_that_of_the_container(compose, has_compose):
    both = set(compose["created"]) & set(compose["judged"])
    different = {key for key in both if compose["judged"][key] not in (None, compose["created"][key])}
    assert not different
    assert {service for service, _rule in both} == (SERVICES if has_compose else set())


@pytest.mark.parametrize("who", ["created", "judged"])
def test_each_weakness_fails(compose, has_compose, who):
    failing = {key for key, holds in compose[who].items() if holds is False}
    assert WEAK & failing == (WEAK if has_compose else set())


@pytest.mark.parametrize("who", ["created", "judged"])
def test_the_good_one_has_none(compose, who):
    assert not [key for key, holds in compose[who].items() if key[0] == "good" and holds is False]
