# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dockerd's own environment: what of it counts, and what it changes."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import environment


def test_only_variables_that_change_what_is_in_force_are_kept():
    variables = {"DOCKER_DRIVER": "vfs", "HTTP_PROXY": "http://user:secret@p", "DOCKER_TLS_VERIFY": "1"}
    assert environment.relevant(variables) == {"DOCKER_DRIVER": "vfs"}
    assert environment.relevant({"DOCKER_DRIVER": ""}) == {}


def test_a_variable_stands_in_the_place_of_its_setting():
    settings = {"storage-driver": "overlay2", "icc": False}
    changed = environment.applied(settings, {"DOCKER_DRIVER": "vfs", "DOCKER_MIN_API_VERSION": "1.24"})
    assert changed == {"storage-driver": "vfs", "icc": False, "min-api-version": "1.24"}
    assert environment.applied(settings, {}) == settings


@pytest.mark.parametrize("value, opens", [("1", True), ("true", False), ("0", False), ("", False)])
def test_loopback_ports_are_opened_by_the_value_that_dockerd_compares(value, opens):
    assert environment.opens_loopback_ports({"DOCKER_INSECURE_NO_IPTABLES_RAW": value}) is opens


@pytest.mark.parametrize("value, keeps", [("1", True), ("0", True), ("false", True), ("", False)])
def test_any_value_has_containers_started_without_pivot_root(value, keeps):
    variables = environment.relevant({"DOCKER_RAMDISK": value})
    assert environment.keeps_old_root(variables) is keeps
