# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certain items of the forecast role docker_daemon leaves a setting out for."""

import pathlib

import pytest
import yaml
from ansible.plugins.test.core import match, truthy
from jinja2.nativetypes import NativeEnvironment

VARS = yaml.safe_load(
    (pathlib.Path(__file__).parents[3] / "roles" / "docker_daemon" / "vars" / "main.yml").read_text(encoding="utf-8")
)


def refused(*effects, accept=()):
    environment = NativeEnvironment()
    environment.tests.update(truthy=truthy, match=match)
    known = {
        "docker_daemon_forecast": True,
        "docker_daemon_accept": list(accept),
        "docker_daemon_forecast_result": {"effects": list(effects)},
    }
    known["__docker_daemon_waived"] = environment.from_string(VARS["__docker_daemon_waived"]).render(known)
    return [item["id"] for item in environment.from_string(VARS["__docker_daemon_refused"]).render(known)]


def item(id_, sure="certain", **more):
    return dict(id=id_, setting=id_.partition("/")[0], sure=sure, **more)


@pytest.mark.parametrize(
    "id_, sure, is_refused",
    [
        ("no-new-privileges/gained-privileges/container:web", "certain", True),
        ("no-new-privileges/gained-privileges/container:web", "likely", False),
        ("userns-remap/privileged/container:web", "certain", False),  # it waits by itself
        ("userns-remap/out-of-sight/daemon", "certain", False),
        ("userns-remap/maps-nobody/daemon", "certain", True),
        ("userns-remap/ids-of-user/host:bob", "certain", True),
        ("userns-remap/ids-of-group/host:staff", "certain", True),
        ("userns-remap/ids-of-files/host:/home", "likely", False),
    ],
)
def test_a_certain_item_leaves_its_setting_out(id_, sure, is_refused):
    assert refused(item(id_, sure)) == ([id_] if is_refused else [])
    assert refused(item(id_, sure), accept=[id_]) == []
    assert refused(item(id_, sure, waiver={"expired": False})) == []
    assert refused(item(id_, sure, waiver={"expired": True})) == ([id_] if is_refused else [])
