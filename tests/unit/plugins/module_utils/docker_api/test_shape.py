# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real engines send has the shape, and what none sends is named."""

import io
import json
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape

SAMPLES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "samples")


@pytest.mark.parametrize("name", ["docker-20.10", "docker-26.1", "docker-28.5", "docker-29.8"])
def test_real_engines_send_this_shape(name):
    with io.open(os.path.join(SAMPLES, name + ".json"), encoding="utf-8") as stream:
        sample = json.load(stream)
    assert sample["containers"]
    for container in sample["containers"].values() if isinstance(sample["containers"], dict) else sample["containers"]:
        assert shape.problem(container["inspect"], shape.CONTAINER) == ""
    assert shape.problem(sample["info"], shape.INFO) == ""
    assert shape.problem(sample["bridge"], shape.BRIDGE) == ""


@pytest.mark.parametrize(
    "host_config, sentence",
    [
        ({"Privileged": 1}, "HostConfig.Privileged is 1, where the Engine API has true or false"),
        ({"PidsLimit": True}, "HostConfig.PidsLimit is True, where the Engine API has a whole number"),
        ({"CapAdd": "SYS_ADMIN"}, "HostConfig.CapAdd is 'SYS_ADMIN', where the Engine API has a list"),
        ({"CapAdd": {}}, "HostConfig.CapAdd is {}, where"),
        (
            {"Devices": [{"PathOnHost": "/dev/x"}, {"PathOnHost": 1}]},
            "HostConfig.Devices[1].PathOnHost is 1, where the Engine API has a text",
        ),
        (
            {"DeviceRequests": [{"Capabilities": ["gpu"]}]},
            "HostConfig.DeviceRequests[0].Capabilities[0] is 'gpu', where",
        ),
        ({"Devices": [{}]}, "HostConfig.Devices[0] has no PathOnHost"),
        ({"CapAdd": [None]}, "HostConfig.CapAdd has an empty item"),
        ({"RestartPolicy": []}, "HostConfig.RestartPolicy is [], where the Engine API has an object"),
        (True, "HostConfig is True, where"),
    ],
)
def test_what_no_engine_sends_is_named(host_config, sentence):
    assert shape.problem({"HostConfig": host_config}, shape.CONTAINER).startswith(sentence)


@pytest.mark.parametrize("host_config", [{}, None, {"CapAdd": None, "Privileged": None}, {"Unknown": 1}])
def test_null_and_what_is_not_known_here_are_right(host_config):
    assert shape.problem({"HostConfig": host_config}, shape.CONTAINER) == ""


def each_change(value):
    """Yield (a copy of the value with one of its parts of another type)."""
    yield from (None, 1, True, "x", [], {}, [None], {"a": 1})
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        for other in each_change(item):
            copy = value.copy()
            copy[key] = other
            yield copy


def test_the_quick_look_and_the_explanation_agree():
    container = {
        "State": {"Pid": 1, "Running": True},
        "Config": {"Labels": {"a": "b"}},
        "HostConfig": {"Devices": [{"PathOnHost": "/dev/x"}], "CapAdd": ["A"], "Privileged": False, "PidsLimit": 5},
        "Mounts": [{"Type": "bind", "Destination": "/x", "RW": True}],
    }
    agreed = {True: 0, False: 0}
    for changed in each_change(container):
        quick = changed is None or shape._fits(changed, shape.CONTAINER)
        assert quick == (shape._explain(changed, shape.CONTAINER, "") == ""), changed
        agreed[quick] += 1
    assert min(agreed.values()) > 20
