# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of what, and what is against it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image
from ansible_collections.containment.docker.plugins.module_utils.migration.model import (
    Layer,
    Options,
    Volume,
    plan_to_json,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.plan import plan

from .subjects import facts, identity, inspect, volume

DEFAULT = Options("default")


def actions(made):
    return [(item.kind, item.name, item.action) for item in made.items]


def test_everything_that_containers_use_comes_along():
    made = plan(facts(), DEFAULT)
    assert made.refusals == ()
    assert actions(made) == [
        ("image", "app:1", "copy"),
        ("volume", "data", "copy"),
        ("network", "back", "create"),
        ("container", "web", "create"),
    ]
    assert made.size == 1000 + 4096 + 100


@pytest.mark.parametrize("everything, action", [(False, "stay"), (True, "copy")])
def test_an_image_without_a_container_comes_along_where_all_do(everything, action):
    there = facts(images=[Image("sha256:aa", ("app:1",), (), 1), Image("sha256:bb", (), (), 2)])
    made = plan(there, DEFAULT._replace(all_images=everything))
    assert ("image", "sha256:bb", action) in actions(made)


def test_digests_that_only_a_registry_gives_are_named():
    made = plan(facts(images=[Image("sha256:aa", ("app:1",), ("app@sha256:cc",), 1)]), DEFAULT)
    assert "app@sha256:cc" in made.items[0].reason


def test_a_volume_that_is_a_mount_of_its_own_is_made_without_content():
    made = plan(facts(volumes=[volume()._replace(content=None)]), DEFAULT)
    assert ("volume", "data", "create") in actions(made) and made.refusals == ()


# each: what the host has, options, and a part of the refusal
REFUSED = {
    "swarm": (facts(info={"Swarm": {"LocalNodeState": "active"}}), DEFAULT, "docker swarm leave"),
    "swarm's network": (facts(networks=[{"Name": "in", "Scope": "swarm"}]), DEFAULT, "belongs to a swarm"),
    "no space": (facts(free=5000), DEFAULT, "MB free: make room"),
    "names that are taken": (facts(taken={"volumes": ["data"]}), DEFAULT, "has volumes of these names already (data)"),
    "another driver": (
        facts(volumes=[volume(Driver="nfs")]),
        DEFAULT,
        "driver nfs, which may not know mapped ids: move it",
    ),
    "an unreadable volume": (
        facts(volumes=[Volume(volume().inspect, None, "No such file")]),
        DEFAULT,
        "can't be read: No such",
    ),
    "ids without a place": (
        facts(volumes=[volume(unmappable=("a/b",))]),
        DEFAULT,
        "(a/b): give the user a larger range",
    ),
    "privileged": (facts(containers=[inspect(Privileged=True)]), DEFAULT, "host_users: ['web']"),
    "the host's network": (facts(containers=[inspect(NetworkMode="host")]), DEFAULT, "remapped with --network=host"),
    "the host's processes": (facts(containers=[inspect(PidMode="host")]), DEFAULT, "remapped with --pid=host"),
    "the host's ipc": (facts(containers=[inspect(IpcMode="host")]), DEFAULT, "remapped with --ipc=host"),
    "--rm": (facts(containers=[inspect(AutoRemove=True)]), DEFAULT, "a stop removes it for good: stop it yourself"),
    "no image": (facts(images=[]), DEFAULT, "is gone, so it can't be made again"),
    "another storage driver": (facts(layers={identity("web"): Layer("", None)}), DEFAULT, "writable_layers to drop"),
    "an unknown container": (
        facts(),
        DEFAULT._replace(leave=["container:wbe"]),
        "'container:wbe', and there is no such",
    ),
    "an unknown volume": (facts(), DEFAULT._replace(leave=["volume:dta"]), "'volume:dta', and there is no such"),
    "neither": (facts(), DEFAULT._replace(leave=["data"]), "'data', and there is no such container: or volume:"),
    "an unknown one for the host's ids": (facts(), DEFAULT._replace(host_users=["x"]), "'container:x'"),
    "shared with one left behind": (
        facts(containers=[inspect(), inspect("side", NetworkMode="container:" + identity("web"))]),
        DEFAULT._replace(leave=["container:web"]),
        "side shares with web, which you leave behind",
    ),
    "shared with one that keeps the host's ids": (
        facts(containers=[inspect(UsernsMode="host"), inspect("side", NetworkMode="container:" + identity("web"))]),
        DEFAULT,
        "side joins web, which keeps the host's ids",
    ),
    "a volume that is left behind": (
        facts(containers=[inspect(Mounts=[{"Type": "volume", "Name": "data", "Destination": "/d"}])]),
        DEFAULT._replace(leave=["volume:data"]),
        "uses the volume data, which you leave behind",
    ),
    "a directory of the system": (
        facts(shift=[("/etc", "it belongs to the system")]),
        DEFAULT,
        "the ids of /etc can't be shifted",
    ),
    "a directory of no container": (facts(shift=[("/srv/x", "")]), DEFAULT, "no container has /srv/x"),
}


@pytest.mark.parametrize("there, options, part", REFUSED.values(), ids=REFUSED)
def test_what_is_against_it_is_said_with_a_way_forward(there, options, part):
    made = plan(there, options)
    assert any(part in text for text in made.refusals), made.refusals


@pytest.mark.parametrize(
    "there, options",
    [
        (facts(containers=[inspect(Privileged=True)]), DEFAULT._replace(host_users=["web"])),
        (facts(containers=[inspect(Privileged=True, UsernsMode="host")]), DEFAULT),
        (facts(containers=[inspect(Privileged=True)]), DEFAULT._replace(leave=["container:web"])),
        (facts(containers=[inspect(AutoRemove=True, Running=False)]), DEFAULT),
        (facts(layers={identity("web"): Layer("", None)}), DEFAULT._replace(drop_layers=True)),
        (facts(volumes=[volume(Driver="nfs")]), DEFAULT._replace(leave=["volume:data"])),
        (
            facts(
                shift=[("/srv/x", "")],
                containers=[inspect(Mounts=[{"Type": "bind", "Source": "/srv/x/y", "Destination": "/d"}])],
            ),
            DEFAULT._replace(shift=["/srv/x"]),
        ),
    ],
    ids=["host ids", "had them", "left", "--rm that is stopped", "dropped layer", "left volume", "bound directory"],
)
def test_the_way_forward_ends_the_refusal(there, options):
    assert plan(there, options).refusals == ()


def test_without_rsync_the_plan_says_that_the_downtime_is_long():
    assert any("rsync" in text for text in plan(facts(can_update=False), DEFAULT).notes)
    assert not any("rsync" in text for text in plan(facts(), DEFAULT).notes)


def test_names_that_containers_choose_are_inert_in_lines():
    made = plan(facts(volumes=[volume("a\x1b[31m{{ x }}\n")]), DEFAULT)
    line = plan_to_json(made)["lines"][1]
    assert line.isprintable() and "\\x1b[31m" in line
