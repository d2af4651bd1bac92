# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the forecast's answer and waivers become. The forecast itself is stood in for."""

import datetime
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.forecast import run
from ansible_collections.containment.docker.plugins.module_utils.migration import expected
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused

from .subjects import inspect

NOW = datetime.datetime(2027, 1, 31, 12)
HOST = SimpleNamespace(now=NOW.timestamp, address="unix:///run/docker.sock", unit="docker.service", timeout=60)
WAIVER = {
    "rule": "userns-remap",
    "selector": "container:web",
    "reason": "it must",
    "owner": "ops",
    "expires": "2027-01-31",
    "ticket": None,
    "when_message": None,
}


class Engine:
    """It has one image, which sets one label."""

    def get(self, path):
        if "aa" not in path:
            raise EngineError("no such image", 404)
        return {"RepoDigests": ["app@sha256:" + "b" * 64], "Config": {"Labels": {"of": "image"}}}


@pytest.fixture
def read(monkeypatch):
    """read(waivers): Expected; read.options: what the forecast was asked."""
    result = {
        "effects": [{"kind": kind} for kind in ("privileged", "out-of-sight", "volume", "swarm")],
        "obstacles": [{"setting": "", "subject": "host", "reason": "no time"}],
    }

    def forecast(options, now):
        call.options = options
        return result

    monkeypatch.setattr(run, "forecast", forecast)

    def call(waivers, containers=None):
        return expected.read(HOST, Engine(), "default", waivers, containers or [inspect(), inspect("db")])

    return call


def test_what_a_migration_brings_along_is_no_breakage(read):
    answer = read([])
    assert [item["kind"] for item in answer.effects] == ["privileged"] and answer.obstacles == ["host: no time"]
    assert read.options.wanted == {"userns-remap": "default"} and answer.host_users == {}


@pytest.mark.parametrize(
    "changes, names",
    [
        ({}, {"web": "ops"}),
        ({"selector": "label:asked=yes"}, {"web": "ops"}),
        ({"selector": "label:of=image"}, {}),
        ({"selector": "image:app@sha256:" + "b" * 64}, {"web": "ops", "db": "ops"}),
        ({"selector": "daemon"}, {}),
        ({"expires": "2027-01-30"}, {}),
        ({"rule": "privileged"}, {}),
        ({"rule": "userns-remap/privileged"}, {}),
    ],
    ids=["name", "label", "label of the image", "image", "daemon", "over", "another rule", "of the forecast"],
)
def test_a_waiver_of_the_rule_has_containers_keep_the_hosts_ids(read, changes, names):
    web = inspect(Labels={"asked": "yes", "of": "image"})
    assert read([dict(WAIVER, **changes)], [web, inspect("db")]).host_users == names


def test_a_waiver_of_the_forecast_goes_to_the_forecast(read):
    read([WAIVER, dict(WAIVER, rule="userns-remap/privileged")])
    assert [item.selector.rule for item in read.options.waivers] == ["userns-remap/privileged"]


@pytest.mark.parametrize("changes", [{"selector": "web"}, {"expires": "soon"}, {"owner": " "}])
def test_a_waiver_that_can_not_be_read_is_refused(read, changes):
    with pytest.raises(Refused, match=r"waivers\[0\]"):
        read([dict(WAIVER, **changes)])


def test_a_container_whose_image_is_gone_is_selected_by_its_name(read):
    assert read([WAIVER], [inspect(Image="sha256:cc")]).host_users == {"web": "ops"}
