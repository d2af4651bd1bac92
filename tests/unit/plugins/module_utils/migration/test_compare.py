# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between a container that was and the one that was made again."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.compare import differences
from ansible_collections.containment.docker.plugins.module_utils.migration.definition import definition

from .subjects import identity, inspect

NAMES = {identity("web"): "web", identity("db"): "db"}


def compared(before, after):
    return differences(before, after, definition(before, NAMES, before["Config"]["Image"]))


def new(**changes):
    """The same container with a new id, as the engine tells of it."""
    return dict(inspect(**changes), Id="f" * 64, **{"Config": dict(inspect(**changes)["Config"], Hostname="f" * 12)})


def test_a_new_id_and_the_hostname_that_comes_of_it_are_no_difference():
    assert compared(inspect(), new()) == []


def test_another_containers_new_id_is_no_difference():
    before = inspect(PidMode="container:" + identity("db"), Links=["/db:/web/d"])
    assert compared(before, new(PidMode="container:" + "e" * 64, Links=["/db:/web/d"])) == []


@pytest.mark.parametrize(
    "changes, part",
    [
        ({"Env": ["A=2"]}, "Config.Env was ['A=1'] and is ['A=2']"),
        ({"IpcMode": "host"}, "HostConfig.IpcMode was private and is host"),
        ({"Privileged": True}, "HostConfig.Privileged"),
        ({"UsernsMode": "host"}, "HostConfig.UsernsMode"),
        ({"Umask": 0}, "HostConfig.Umask was None and is 0"),
        ({"NetworkSettings": {"Networks": {}}}, "its networks were"),
        (
            {"Mounts": [{"Type": "bind", "Source": "/etc", "Destination": "/etc", "RW": True}]},
            "the mount at /etc was None",
        ),
    ],
)
def test_everything_else_is_a_difference(changes, part):
    assert part in compared(inspect(), new(**changes))[0]


def test_a_lost_address_or_alias_is_a_difference():
    networks = {"app": {"IPAMConfig": {"IPv4Address": "10.9.0.7"}, "Aliases": ["w"]}}
    bare = {"app": {"IPAMConfig": None, "Aliases": []}}
    sentences = compared(
        inspect(NetworkMode="app", NetworkSettings={"Networks": networks}),
        new(NetworkMode="app", NetworkSettings={"Networks": bare}),
    )
    assert len(sentences) == 2 and "lacks the aliases ['w']" in sentences[1]


def test_a_volume_of_another_name_is_a_difference():
    def mounts(name):
        return [{"Type": "volume", "Name": name, "Destination": "/d", "RW": True}]

    before = inspect(Mounts=mounts("data"), Binds=["data:/d"])
    assert compared(before, new(Mounts=mounts("data"), Binds=["data:/d"])) == []
    assert "the mount at /d" in compared(before, new(Mounts=mounts("other"), Binds=["data:/d"]))[0]
