# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For every scenario's tests: the fixture `host` is each lab host in turn, reached by `docker exec`."""

import os
import pathlib

import pytest
import yaml

# a scenario with hosts of its own has an inventory of its own
INVENTORY = (
    pathlib.Path(__file__)
    .resolve()
    .parents[2]
    .joinpath("build", "molecule", os.environ.get("LAB_INVENTORY", "inventory.yml"))
)


def _lab_hosts():
    return yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))["all"]["hosts"]


def pytest_configure(config):
    """Let testinfra test each host that is up; no hosts is an error here, not an empty success."""
    os.environ["DOCKER_HOST"] = "unix:///run/containment.docker/docker.sock"
    config.option.hosts = ",".join(f"docker://{name}" for name in _lab_hosts())


@pytest.fixture
def lab_host(host):
    """What hosts.yml says of the host under test: name, suite, cgroup, optional."""
    return _lab_hosts()[host.backend.name]
