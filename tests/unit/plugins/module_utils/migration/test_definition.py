# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The create request of a container that is there, and the order in which containers are made."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.definition import (
    create_order,
    definition,
    network_request,
    volume_request,
)

from .subjects import identity, inspect

NAMES = {identity("web"): "web", identity("db"): "db"}


def body(item, **changes):
    return definition(item, NAMES, "app:1", **changes).body


def test_a_definition_is_handed_back_whole():
    item = inspect(Env=["B=2"])
    result = definition(item, NAMES, "app:1")
    assert result.name == "web" and result.networks == ()
    assert result.body["Env"] == ["B=2"] and result.body["Cmd"] == ["run"] and result.body["Image"] == "app:1"
    assert result.body["HostConfig"]["IpcMode"] == "private"
    assert "NetworkingConfig" not in result.body


def test_a_hostname_that_the_engine_chose_is_left_to_it():
    assert "Hostname" not in body(inspect())
    assert body(inspect(Hostname="chosen"))["Hostname"] == "chosen"


@pytest.mark.parametrize("mode", ["NetworkMode", "IpcMode", "PidMode"])
def test_another_container_is_named_by_its_name_as_its_id_will_be_new(mode):
    assert body(inspect(**{mode: "container:" + identity("db")}))["HostConfig"][mode] == "container:db"


def test_a_shared_network_takes_no_hostname_and_no_network():
    result = body(inspect(NetworkMode="container:" + identity("db"), Hostname="x"))
    assert "Hostname" not in result and "NetworkingConfig" not in result


def test_links_and_volumes_of_others_are_asked_as_a_request_has_them():
    host = body(inspect(Links=["/db:/web/alias"], VolumesFrom=[identity("db") + ":ro"]))["HostConfig"]
    assert host["Links"] == ["db:alias"] and host["VolumesFrom"] == ["db:ro"]


def test_a_volume_without_a_name_is_mounted_by_the_name_that_the_engine_gave_it():
    mounts = [
        {"Type": "volume", "Name": "f00", "Destination": "/a", "RW": True},
        {"Type": "volume", "Name": "f01", "Destination": "/b", "RW": False},
        {"Type": "volume", "Name": "data", "Destination": "/data", "RW": True},
        {"Type": "bind", "Source": "/srv", "Destination": "/srv", "RW": True},
    ]
    host = body(inspect(Mounts=mounts, Binds=["data:/data", "/srv:/srv"]))["HostConfig"]
    assert host["Binds"] == ["data:/data", "/srv:/srv", "f00:/a", "f01:/b:ro"]


def test_networks_keep_addresses_and_aliases_and_the_first_is_the_mode():
    networks = {
        "app": {"NetworkID": "n1", "IPAMConfig": {"IPv4Address": "10.9.0.7"}, "Aliases": ["w", identity("web")[:12]]},
        "aaa": {"NetworkID": "n2", "IPAMConfig": None, "Aliases": [], "DriverOpts": None, "Links": ["/db:/web/d"]},
    }
    result = definition(inspect(NetworkMode="app", NetworkSettings={"Networks": networks}), NAMES, "app:1")
    assert result.body["NetworkingConfig"] == {
        "EndpointsConfig": {"app": {"IPAMConfig": {"IPv4Address": "10.9.0.7"}, "Aliases": ["w"]}}
    }
    assert result.networks == (("aaa", {"Links": ["db:d"]}),)


def test_a_container_that_keeps_the_hosts_ids_says_so():
    assert body(inspect(), host_users=True)["HostConfig"]["UsernsMode"] == "host"


@pytest.mark.parametrize("mask", [0, 0o27, None])
def test_a_umask_comes_along(mask):
    assert body(inspect(Umask=mask))["HostConfig"]["Umask"] == mask


def test_what_others_need_is_made_first():
    items = [
        definition(inspect("web", NetworkMode="container:" + identity("db")), NAMES, "x"),
        definition(inspect("aux", VolumesFrom=["web"]), NAMES, "x"),
        definition(inspect("db"), NAMES, "x"),
    ]
    assert [item.name for item in create_order(items)] == ["db", "web", "aux"]


def test_a_circle_does_not_hang():
    items = [
        definition(inspect("web", Links=["/db:/web/d"]), NAMES, "x"),
        definition(inspect("db", Links=["/web:/db/w"]), NAMES, "x"),
    ]
    assert sorted(item.name for item in create_order(items)) == ["db", "web"]


def test_a_network_keeps_its_addresses():
    network = {
        "Name": "app",
        "Id": "x",
        "Driver": "bridge",
        "Internal": True,
        "EnableIPv6": False,
        "IPAM": {"Driver": "default", "Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}]},
        "Options": {"o": "1"},
        "Labels": {"l": "1"},
        "Containers": {"c": {}},
    }
    result = network_request(network)
    assert result["IPAM"]["Config"] == [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}]
    assert result["Internal"] and result["Options"] == {"o": "1"} and result["Labels"] == {"l": "1"}
    assert "Id" not in result and "Containers" not in result


def test_a_volume_keeps_its_options_and_labels():
    volume = {"Name": "v", "Driver": "local", "Options": {"type": "nfs"}, "Labels": None, "Mountpoint": "/x"}
    assert volume_request(volume) == {"Name": "v", "Driver": "local", "DriverOpts": {"type": "nfs"}, "Labels": {}}
