# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.reported import matches, reloaded
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.test_plan import BRIDGE, INFO


def with_options(*options):
    return dict(INFO, SecurityOptions=list(options))


@pytest.mark.parametrize(
    "key, wanted, info, says",
    [
        ("live-restore", True, INFO, False),
        ("live-restore", False, INFO, True),
        ("no-new-privileges", True, INFO, False),
        ("no-new-privileges", True, dict(INFO, ServerVersion="20.10.24"), None),
        ("selinux-enabled", True, with_options("name=selinux"), True),
        ("selinux-enabled", True, with_options("name=seccomp,profile=name=selinux"), False),
        ("userns-remap", "default", INFO, False),
        ("userns-remap", "root:root", INFO, True),  # root remapped to itself is no remapping
        ("userns-remap", "0:0", with_options("name=userns"), False),
        ("userns-remap", "default", with_options("name=userns"), None),  # on, but for whom?
        ("seccomp-profile", "builtin", INFO, True),
        ("seccomp-profile", "", with_options("name=seccomp,profile=default"), True),
        ("seccomp-profile", "/etc/p.json", INFO, False),
        ("default-cgroupns-mode", "private", INFO, True),
        ("default-cgroupns-mode", "host", INFO, False),
        ("data-root", "/var/lib/docker", dict(INFO, DockerRootDir="/var/lib/docker/100000.100000"), True),
        ("data-root", "/var/lib/docker", dict(INFO, DockerRootDir="/var/lib/docker2"), False),
        ("data-root", "/var/lib", INFO, False),
        ("runtimes", {"kata": {}}, INFO, False),
        ("runtimes", {"runc": {}}, INFO, None),  # the name is there; its path is not shown
        ("authorization-plugins", ["p"], dict(INFO, Plugins={"Authorization": ["p"]}), True),
        ("userland-proxy", False, INFO, None),
        ("icc", False, INFO, False),
        ("mtu", 1500, INFO, True),
        ("bip", "172.17.0.1/16", INFO, True),
        ("bip", "10.9.0.1/24", INFO, False),
        ("labels", None, INFO, None),
        ("labels", ["a=b"], {}, None),  # an answer that no engine gives
    ],
)
def test_shown(key, wanted, info, says):
    assert matches(key, wanted, info, BRIDGE) is says


def test_no_default_bridge_says_nothing():
    assert matches("icc", False, INFO, None) is None


@pytest.mark.parametrize(
    "wanted, indexes, networks, says",
    [
        ([], {}, ["127.0.0.0/8", "::1/128"], True),
        ([], {"old.example": {"Secure": False}}, ["127.0.0.0/8"], False),
        (["https://Old.example"], {"old.example": {"Secure": False}}, ["127.0.0.0/8"], True),
        (["10.1.2.3/8"], {}, ["10.0.0.0/8", "127.0.0.0/8"], True),
        (["10.0.0.0/8"], {}, ["127.0.0.0/8"], False),
        (["127.0.0.0/8"], {}, ["127.0.0.0/8"], True),
    ],
)
def test_insecure_registries(wanted, indexes, networks, says):
    registries = {"IndexConfigs": indexes, "InsecureRegistryCIDRs": networks, "Mirrors": None}
    assert matches("insecure-registries", wanted, dict(INFO, RegistryConfig=registries), None) is says


@pytest.mark.parametrize(
    "wanted, networks, version, says",
    [
        ([], ["127.0.0.0/8", "::1/128"], "29.9.1", True),
        ([], ["127.0.0.0/8", "::1/128"], "29.10.0", False),
        ([], [], "29.10.0", True),
        (["127.0.0.0/8"], ["127.0.0.0/8"], "29.10.0", True),
        (["10.0.0.0/8"], ["10.0.0.0/8", "127.0.0.0/8"], "29.10.0", False),
    ],
)
def test_a_list_of_insecure_registries_takes_the_place_of_loopback_from_29_10_on(wanted, networks, version, says):
    registries = {"IndexConfigs": {}, "InsecureRegistryCIDRs": networks, "Mirrors": None}
    info = dict(INFO, RegistryConfig=registries, ServerVersion=version)
    assert matches("insecure-registries", wanted, info, None) is says


def event(**attributes):
    return {"Actor": {"Attributes": attributes}}


@pytest.mark.parametrize(
    "events, settings, taken",
    [
        ([], {"labels": ["a=b"]}, False),
        ([event(labels='["a=b"]')], {"labels": ["a=b"]}, True),
        ([event(**{"live-restore": "false"})], {"live-restore": True}, False),
        ([event(**{"live-restore": "false"}), event(**{"live-restore": "true"})], {"live-restore": True}, True),
        ([event(**{"max-concurrent-downloads": "3"})], {"max-concurrent-downloads": 7}, False),
        ([event(**{"shutdown-timeout": "30"})], {"shutdown-timeout": 30}, True),
    ],
)
def test_reloaded(events, settings, taken):
    assert reloaded(events, settings, list(settings)) is taken
