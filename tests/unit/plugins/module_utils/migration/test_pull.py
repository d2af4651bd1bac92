# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that come from registries rather than from the old root."""

import json
import os
import pathlib
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import (
    interfaces,
    pull,
    sandbox,
    second_engine,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image

DIGEST = "127.0.0.1:5000/app@sha256:cc"
IMAGE = Image("sha256:aa", ("127.0.0.1:5000/app:1", "app:2"), (DIGEST,), 5)


class Engine:
    def __init__(self, there):
        self.there, self.posted = there, []

    def get(self, path):
        return [{"Id": name} for name in self.there]

    def post(self, path):
        self.posted.append(path)


@pytest.fixture
def commands(monkeypatch):
    result = []
    monkeypatch.setattr(sandbox, "run", lambda argv: result.append(list(argv)) or "")
    return result


def test_an_image_is_pulled_by_its_digest_and_gets_its_tags(commands):
    engine = Engine(["sha256:aa"])
    pull.pull(engine, [IMAGE])
    assert commands == [["docker", f"--host={second_engine.address()}", "pull", "--quiet", "--", DIGEST]]
    assert engine.posted == [
        "/images/sha256%3Aaa/tag?repo=127.0.0.1%3A5000%2Fapp&tag=1",
        "/images/sha256%3Aaa/tag?repo=app&tag=2",
    ]


def test_what_arrives_as_another_image_gets_no_tags(commands):
    """The registry has one for this host's platform, and the container was made of another one: that is copied."""
    engine = Engine(["sha256:dd"])
    pull.pull(engine, [IMAGE])
    assert engine.posted == []


def test_a_registry_that_can_not_be_reached_is_told_with_a_way_on(monkeypatch):
    def fail(argv):
        raise sandbox.CommandError("docker failed with status 1: connection refused", 1)

    monkeypatch.setattr(sandbox, "run", fail)
    with pytest.raises(sandbox.CommandError, match="app@sha256:cc can't be pulled .*connection refused.*pull: false"):
        pull.pull(Engine([]), [IMAGE])


def test_proxies_are_those_of_the_running_daemon():
    variables = {
        "HTTPS_PROXY": "http://a:b@p:1",
        "no_proxy": "x",
        "HTTP_PROXY": "two\nlines",
        "PATH": os.environ["PATH"],
    }
    with subprocess.Popen(["sleep", "60"], env=variables) as process:
        try:
            wait_for_exec(process.pid)
            assert pull.proxies(process.pid) == {"HTTPS_PROXY": "http://a:b@p:1", "no_proxy": "x"}
        finally:
            process.kill()


def wait_for_exec(pid):
    while b"sleep" not in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
        pass


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What a second engine is started with."""
    place = tmp_path / "run"
    calls = {"bridges": []}
    monkeypatch.setattr(second_engine, "DIRECTORY", str(place))
    monkeypatch.setattr(sandbox, "stop_service", lambda unit: None)
    monkeypatch.setattr(interfaces, "remove_bridges", lambda names: [])
    monkeypatch.setattr(interfaces, "add_bridge", lambda name, *address: calls["bridges"].append(name))

    def start(unit, properties, argv):
        calls.update(properties=properties, config=json.loads((place / "daemon.json").read_text()))
        calls["environment"] = (place / "environment").read_text() if (place / "environment").exists() else None

    monkeypatch.setattr(sandbox, "start_service", start)
    return calls


CONFIG = {"bridge": "none", "iptables": False, "userns-remap": "default"}


def test_a_second_engine_has_no_network(started):
    second_engine.start("dockerd", CONFIG)
    assert started["properties"]["PrivateNetwork"] == "yes" and started["config"] == CONFIG
    assert started["bridges"] == [] and started["environment"] is None


def test_one_that_pulls_has_the_host_s_network_and_a_bridge_of_its_own(started):
    second_engine.start("dockerd", CONFIG, {"HTTPS_PROXY": 'http://a:"\\@p'})
    assert "PrivateNetwork" not in started["properties"] and started["bridges"] == [second_engine.BRIDGE]
    assert started["config"]["bridge"] == second_engine.BRIDGE
    assert not any(started["config"][key] for key in ("iptables", "ip6tables", "userland-proxy"))
    assert started["environment"] == 'HTTPS_PROXY="http://a:\\"\\\\@p"\n'
    assert "http://" not in json.dumps(started["properties"])
