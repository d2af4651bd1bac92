# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of every scenario's tests: `host` is each host of the scenario's inventory in turn.

Lab hosts are reached by `docker exec`; a scenario with machines of its own (an inventory of its name) by ssh. `snapshot` is what
was true on the host at a step, `now` what is true there at this moment, `result` what this collection said.
"""

import functools
import json
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


def _hosts():
    """The hosts of the inventory; of one group where the scenario's verifier names it."""
    everything = yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))["all"]
    group = os.environ.get("LAB_GROUP")
    return (
        {name: everything["hosts"][name] for name in everything["children"][group]["hosts"]}
        if group
        else everything["hosts"]
    )


def _address(name, variables):
    """How testinfra reaches a host."""
    config = variables.get("ssh_config")
    # the connection that the file knows is up already: none of testinfra's own
    return f"ssh://{name}?ssh_config={config}&controlpersist=0&timeout=120" if config else f"docker://{name}"


def pytest_configure(config):
    """Let testinfra test each host that is up; no hosts is an error here, not an empty success."""
    os.environ["DOCKER_HOST"] = os.environ["LAB_DOCKER_HOST"]  # as `lab.py env` prints it
    config.option.hosts = ",".join(_address(name, variables) for name, variables in _hosts().items())


@pytest.fixture(scope="module")
def snapshot(host):
    """snapshot(step): what shared/tasks/snapshot.yml wrote on the host then."""
    return functools.lru_cache(maxsize=None)(
        lambda step: json.loads(host.check_output("cat /srv/snapshots/%s.json", step))
    )


@pytest.fixture(scope="module")
def now(host):
    """now(*sections, attempts=[...]): the same at this moment. See shared/README.md."""

    def take(*sections, attempts=()):
        command = f"python3 -I /usr/local/lib/snapshot.py {' '.join(sections)} --attempts %s"
        return json.loads(host.check_output(command, json.dumps(attempts)))

    return take


@pytest.fixture(scope="module")
def result(host):
    """result(step): what shared/tasks/record.yml recorded, of all the scenario's playbooks."""
    results = {}
    for path in pathlib.Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]).glob(
        f"{host.backend.hostname}.*.results.json"
    ):
        results.update(json.loads(path.read_text(encoding="utf-8")))
    return lambda step: results[step.replace("-", "_")]


@pytest.fixture(scope="module")
def lab_host(host):
    """What hosts.yml says of the host under test: name, suite, cgroup, optional, site_settings."""
    return _hosts()[host.backend.name]


@pytest.fixture(scope="module")
def stored(lab_host):
    """Whether the site's own settings put images and layers into containerd's store."""
    return lab_host.get("site_settings", {}).get("features", {}).get("containerd-snapshotter", False)


@pytest.fixture(scope="module")
def has_its_store(lab_host, stored):
    """has_its_store(Driver, DriverStatus): whether `docker info` shows the image store that is meant for this host."""

    def ask(driver, status):
        snapshots = ["driver-type", "io.containerd.snapshotter.v1"] in status
        by_default = lab_host["suite"] == "image" and not stored  # what an engine takes that nobody told anything
        return by_default or (driver, snapshots) == (("overlayfs", True) if stored else ("overlay2", False))

    return ask
