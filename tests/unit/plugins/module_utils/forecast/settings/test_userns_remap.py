# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What userns-remap breaks."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import OpenFile, Use
from ansible_collections.containment.docker.plugins.module_utils.forecast.id_mapping import Remapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File, Mapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import userns_host, userns_remap
from ansible_collections.containment.docker.plugins.module_utils.forecast.stock import Stock
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

from ..world import MAPPING, ROOT, NoTree, bind, container, read_sureness, world

WANTED = {"userns-remap": "default"}
HOME = File("/srv/data", "dir", 0, 0, 0o755)
VOLUME = {"Type": "volume", "Name": "data", "Destination": "/data", "RW": True, "Driver": "local"}


def of_container(shared=None, config=None, inspect=None, **changes):
    evidence = container(shared or world(WANTED), config, inspect, **changes)
    return {
        key[len("userns-remap/") :]: sure
        for key, sure in read_sureness(userns_remap.of_container("web", evidence)).items()
    }


STORE = {"features": {"containerd-snapshotter": True}}


def of_host(**changes):
    items = userns_host.of_host(world(changes.pop("wanted", WANTED), **changes))
    return {key[len("userns-remap/") :]: sure for key, sure in read_sureness(items).items()}


def test_a_plain_container_loses_nothing():
    assert of_container() == {}


@pytest.mark.parametrize(
    "config, items",
    [
        ({"Privileged": True}, {"privileged/container:web": "certain"}),
        ({"NetworkMode": "host"}, {"host-network/container:web": "certain"}),
        ({"PidMode": "host"}, {"host-pid/container:web": "certain"}),
        ({"IpcMode": "host"}, {"host-ipc/container:web": "certain"}),
        ({"Privileged": True, "NetworkMode": "host", "UsernsMode": "host"}, {}),
        ({"CapAdd": ["CAP_SYS_TIME"]}, {"host-capability/container:web:SYS_TIME": "likely"}),
        ({"CapAdd": ["net_admin"]}, {}),
        ({"CapAdd": ["ALL"]}, {"host-capability/container:web:ALL": "possible"}),
        ({"CapAdd": ["SYS_TIME"], "UsernsMode": "host"}, {}),
    ],
)
def test_options(config, items):
    assert of_container(config=config) == items


@pytest.mark.parametrize(
    "ipam, items",
    [
        ({"IPv4Address": "10.9.0.7"}, {"fixed-address/container:web:app": "possible"}),
        ({"IPv6Address": "fd00::7"}, {"fixed-address/container:web:app": "possible"}),
        ({}, {}),
        (None, {}),
    ],
)
@pytest.mark.parametrize("mode", ["", "host"])
def test_an_address_that_was_chosen_needs_the_same_subnet(ipam, items, mode):
    networks = {"Networks": {"app": {"IPAMConfig": ipam, "IPAddress": "10.9.0.7"}, "other": None}}
    assert of_container(config={"UsernsMode": mode}, inspect={"NetworkSettings": networks}) == items


def test_a_published_port_below_1024_loses_nothing_as_the_network_is_the_containers_own():
    config = {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}}
    assert of_container(config=config) == {}


@pytest.mark.parametrize("kind", ["network", "pid", "ipc"])
@pytest.mark.parametrize("mode", ["", "host"])
def test_a_namespace_of_a_container_that_stays_outside(kind, mode):
    config = {f"{kind.title()}Mode": "container:db"}
    joined = of_container(world(WANTED), config, modes_of=lambda _name: {"UsernsMode": mode})
    assert joined == ({f"{kind}-of/container:web": "certain"} if mode else {})


@pytest.mark.parametrize(
    "mount, items",
    [
        (VOLUME, {"volume/container:web:data": "likely"}),
        (dict(VOLUME, Source="/volumes/none"), {"volume/container:web:data": "likely"}),
        (dict(VOLUME, Source="/srv/data"), {}),  # it is empty
        (dict(VOLUME, Driver="rclone"), {"volume-driver/container:web:data": "likely"}),
        (dict(VOLUME, Name="a" * 64), {}),  # an anonymous one is made anew anyway
    ],
)
def test_volumes(mount, items):
    assert of_container(world(WANTED, [HOME]), inspect={"Mounts": [mount]}) == items


def of_mount(file, writable=True, tree=None, **changes):
    shared = world(WANTED, [file], {file.path: tree})
    return of_container(shared, inspect={"Mounts": [bind(file.path, writable=writable)]}, **changes)


LOG = File("/srv/data/log", "file", 0, 0, 0o644)


@pytest.mark.parametrize(
    "file, writable, items",
    [
        (HOME, True, {"unwritable-mount/container:web:/data": "likely"}),
        (HOME, False, {}),
        (HOME._replace(mode=0o700), False, {"unreadable-mount/container:web:/data": "likely"}),
        (HOME._replace(uid=100000, gid=100000, mode=0o700), True, {}),
        (HOME._replace(kind="socket", mode=0o660), False, {"unreadable-mount/container:web:/data": "likely"}),
        (HOME._replace(kind="socket", mode=0o664), False, {"unwritable-mount/container:web:/data": "likely"}),
    ],
)
def test_a_mount_by_its_owner(file, writable, items):
    assert of_mount(file, writable) == items


def test_files_below_a_mount():
    secret = File("/srv/data/key", "file", 0, 0, 0o600)
    assert of_mount(HOME, False, NoTree([LOG, secret])) == {"unreadable-files/container:web:/data": "likely"}


def test_a_tree_that_was_not_wholly_searched_is_no_silence():
    with pytest.raises(Unreadable, match="2 seconds"):
        of_mount(HOME, False, NoTree([], "ended after 2 seconds"))


def test_a_mount_that_cannot_be_looked_at_is_no_silence():
    def nfs(_path):
        raise Unreadable("network's filesystem")

    shared = world(WANTED, file_at=nfs)
    with pytest.raises(Unreadable, match="network"):
        of_container(shared, inspect={"Mounts": [bind("/mnt")]})


@pytest.mark.parametrize(
    "writes, mode, sure",
    [(True, 0o644, "certain"), (True, 0o666, None), (False, 0o644, None), (False, 0o600, "certain")],
)
def test_what_a_process_holds_open_is_certain(writes, mode, sure):
    open_file = OpenFile(ROOT, "/data", LOG._replace(mode=mode), writes)
    items = of_mount(HOME._replace(mode=0o777), use=Use((ROOT,), (open_file,)))
    assert [value for value in items.values() if value == "certain"] == ([sure] if sure else [])


def test_a_stopped_container_is_judged_by_its_user():
    shared = world(WANTED, [HOME._replace(uid=1000, gid=1000)])
    evidence = container(shared, inspect={"Mounts": [bind("/srv/data")]})
    for user, items in (
        ("1000", ["userns-remap/unwritable-mount/container:web:/data"]),
        ("app", ["userns-remap/unwritable-mount/container:web:/data"]),
        ("1001:1001", []),
    ):
        stopped = container(shared, inspect=dict(evidence["inspect"], Config={"User": user}))
        stopped.pop("use")
        assert list(read_sureness(userns_remap.of_container("web", stopped))) == items, user


@pytest.mark.parametrize("mode, items", [(0o660, {"device/container:web:/dev/fuse": "likely"}), (0o666, {})])
def test_a_device(mode, items):
    node = File("/dev/fuse", "char", 0, 6, mode)
    assert of_container(world(WANTED, [node]), {"Devices": [{"PathOnHost": "/dev/fuse"}]}) == items


def test_a_device_that_has_another_name_inside_is_refused():
    device = {"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/other"}
    items = of_container(config={"Devices": [device]})
    assert items == {"device-name/container:web:/dev/other": "certain"}


def test_an_empty_engine_that_can_remap_breaks_nothing():
    assert of_host() == {}


@pytest.mark.parametrize(
    "changes, items",
    [
        (
            {"wanted": {"userns-remap": "0:0"}, "remapping": Remapping(None, turned_off=True)},
            {"maps-nobody/daemon": "certain"},
        ),
        (
            {"remapping": Remapping(Mapping((Range("a", 0, 9),), MAPPING.gids))},
            {"maps-nobody/daemon": "certain"},
        ),
        ({"remapping": Remapping(MAPPING, reasons=["overlap"])}, {"subordinate-ids/host": "certain"}),
        ({"remapping": Remapping(MAPPING, namespaces=0)}, {"user-namespaces/host": "likely"}),
        ({"daemon__configured": STORE}, {"image-store/daemon": "likely"}),
        ({"daemon__configured": STORE, "daemon__info": {"ServerVersion": "29.0.0"}}, {"image-store/daemon": "certain"}),
        ({"daemon__configured": STORE, "daemon__info": {"ServerVersion": "dev"}}, {"image-store/daemon": "certain"}),
        ({"daemon__volumes": {"data": None}}, {"out-of-sight/daemon": "certain"}),
        ({"stock": Stock(("front",), 0, None)}, {"out-of-sight/daemon": "certain"}),
    ],
)
def test_the_host(changes, items):
    assert of_host(**changes) == items


def test_a_swarm_is_lost():
    shared = world(WANTED)
    shared["daemon"]["info"]["Swarm"] = {"LocalNodeState": "active"}
    assert read_sureness(userns_host.of_host(shared)) == {"userns-remap/swarm/daemon": "certain"}


def out_of_sight(stock, images=3):
    shared = world(WANTED, stock=stock)
    shared["daemon"]["info"]["Images"] = images
    (item,) = userns_host.of_host(shared)
    return item


GB = 10**9


@pytest.mark.parametrize(
    "images, writable, volumes, free, end",
    [
        (9 * GB, 0, 0, 1 * GB, "1.0 GB are free: not enough"),
        (1 * GB, GB // 2, 3 * GB, 4 * GB, "4.0 GB are free: not enough"),
        (1 * GB, GB // 2, 3 * GB, 5 * GB, "5.0 GB are free"),
    ],
)
def test_room_is_compared_with_images_layers_and_volumes(images, writable, volumes, free, end):
    item = out_of_sight(Stock((), images, free, writable, volumes))
    assert item.message.endswith(end)
    assert item.evidence == {
        "image bytes": images,
        "writable bytes": writable,
        "volume bytes": volumes,
        "needed bytes": images + writable + volumes,
        "free bytes": free,
    }


def test_what_the_engine_does_not_tell_in_time_is_named_as_not_counted():
    item = out_of_sight(Stock((), GB, None, reason="no answer within 15 s"))
    assert "volumes not counted (no answer within 15 s)" in item.message
    assert item.evidence["volume bytes"] is None and item.evidence["needed bytes"] == GB


def test_images_of_the_containerd_store_are_elsewhere():
    assert (
        "/var/lib/docker and /srv/containerd,"
        in out_of_sight(Stock((), 0, 1, containerd_root="/srv/containerd")).message
    )
    inside = out_of_sight(Stock((), 0, 1, containerd_root="/var/lib/docker/containerd")).message
    assert " and /var/lib/docker/containerd" not in inside
