# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of what, and what is against it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image
from ansible_collections.containment.docker.plugins.module_utils.migration.model import (
    Expected,
    Layer,
    Options,
    Volume,
    plan_to_json,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.plan import plan

from .subjects import facts, identity, inspect, volume

DEFAULT = Options("default")


def actions(decision):
    return [(item.kind, item.name, item.action) for item in decision.items]


def test_everything_that_containers_use_comes_along():
    decision = plan(facts(), DEFAULT)
    assert decision.refusals == ()
    assert actions(decision) == [
        ("image", "app:1", "copy"),
        ("volume", "data", "copy"),
        ("network", "back", "create"),
        ("container", "web", "create"),
    ]
    assert decision.size == 1000 + 4096 + 100


@pytest.mark.parametrize("everything, action", [(False, "stay"), (True, "copy")])
def test_an_image_without_a_container_comes_along_where_all_do(everything, action):
    there = facts(images=[Image("sha256:aa", ("app:1",), (), 1), Image("sha256:bb", (), (), 2)])
    decision = plan(there, DEFAULT._replace(all_images=everything))
    assert ("image", "sha256:bb", action) in actions(decision)


def test_digests_that_only_a_registry_gives_are_named():
    decision = plan(facts(images=[Image("sha256:aa", ("app:1",), ("app@sha256:cc",), 1)]), DEFAULT)
    assert "app@sha256:cc" in decision.items[0].reason


PULLING = DEFAULT._replace(pull=True, all_images=True)
FROM_REGISTRY = Image("sha256:aa", ("app:1",), ("app@sha256:cc",), 1)


def test_images_of_a_registry_are_pulled_where_that_is_wanted_and_others_copied():
    decision = plan(facts(images=[FROM_REGISTRY, Image("sha256:bb", ("own:1",), (), 1)]), PULLING)
    assert actions(decision)[:2] == [("image", "app:1", "pull"), ("image", "own:1", "copy")] and not decision.refusals
    assert decision.size == plan(facts(images=[FROM_REGISTRY._replace(size=2)]), DEFAULT).size


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"can_pull": False}, "no docker client"),
        ({"foreign_networks": [{"Name": "old"}]}, "the networks that /var/lib/docker/100000.100000 has from earlier"),
    ],
)
def test_what_is_in_the_way_of_a_pull_is_a_refusal_only_with_one(changes, sentence):
    there = facts(**changes)
    assert sentence in plan(there, PULLING).refusals[0] and plan(there, DEFAULT).refusals == ()


def test_a_volume_that_is_a_mount_of_its_own_is_made_without_content():
    decision = plan(facts(volumes=[volume()._replace(content=None)]), DEFAULT)
    assert ("volume", "data", "create") in actions(decision) and decision.refusals == ()


def effect(kind, subject="container:web", sure="certain", **more):
    """An item of the forecast, as hardening_forecast_info returns it."""
    text = {"message": "it has no access", "remedy": "give it some", "id": f"userns-remap/{kind}/{subject}"}
    return dict(text, setting="userns-remap", kind=kind, subject=subject, sure=sure, evidence={}, **more)


PRIVILEGED, MOUNT = effect("privileged"), effect("unreadable-mount", "container:web:/d")
BROKEN = facts(expected=Expected([PRIVILEGED]))

# each: what the host has, options, and a part of the refusal
REFUSED = {
    "swarm": (facts(info={"Swarm": {"LocalNodeState": "active"}}), DEFAULT, "docker swarm leave"),
    "swarm's network": (facts(networks=[{"Name": "in", "Scope": "swarm"}]), DEFAULT, "belongs to a swarm"),
    "a network that needs its parent": (
        facts(networks=[{"Name": "lan", "Scope": "local", "Driver": "macvlan"}]),
        DEFAULT,
        "the network lan is of the driver macvlan",
    ),
    "containerd's image store": (
        facts(info={"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}),
        DEFAULT._replace(drop_layers=True),
        "take features.containerd-snapshotter out of daemon.json first",
    ),
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
    "certain breakage": (
        BROKEN,
        DEFAULT,
        "would break: it has no access: give it some; or have it keep the host's ids",
    ),
    "certain breakage, its id": (BROKEN, DEFAULT, f"accept: ['{PRIVILEGED['id']}']"),
    "certain breakage, a waiver that is over": (
        facts(expected=Expected([dict(PRIVILEGED, waiver={"expired": True})])),
        DEFAULT,
        "the container web would break",
    ),
    "certain breakage, half of it accepted": (
        facts(expected=Expected([PRIVILEGED, MOUNT])),
        DEFAULT._replace(accept=[PRIVILEGED["id"]]),
        f"accept: ['{MOUNT['id']}']",
    ),
    "certain breakage of the host": (
        facts(expected=Expected([effect("maps-nobody", "daemon")])),
        DEFAULT,
        "accept: ['userns-remap/maps-nobody/daemon']",
    ),
    "one that restarts all the time": (
        facts(containers=[inspect(Running=False, **{"Restarting": True})]),
        DEFAULT,
        "web restarts all the time",
    ),
    "a volume at a place with a colon": (
        facts(containers=[inspect(Mounts=[{"Type": "volume", "Name": "data", "Destination": "v:/v"}])]),
        DEFAULT,
        "has a volume at v:/v, which no request can name",
    ),
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
    "shared with one left behind": (
        facts(containers=[inspect(), inspect("side", NetworkMode="container:" + identity("web"))]),
        DEFAULT._replace(leave=["container:web"]),
        "side shares with web, which stays behind",
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
    decision = plan(there, options)
    assert any(part in text for text in decision.refusals), decision.refusals


@pytest.mark.parametrize(
    "there, options",
    [
        (facts(expected=Expected([PRIVILEGED], host_users={"web": "ops"})), DEFAULT),
        (BROKEN, DEFAULT._replace(leave=["container:web"])),
        (BROKEN, DEFAULT._replace(accept=[PRIVILEGED["id"]])),
        (facts(expected=Expected([dict(PRIVILEGED, waiver={"expired": False})])), DEFAULT),
        (facts(expected=Expected([effect("host-capability", sure="likely")])), DEFAULT),
        (facts(expected=Expected([effect("privileged", "container:web2")])), DEFAULT),
        (
            facts(
                shift=[("/srv/x", "")],
                containers=[inspect(Mounts=[{"Type": "bind", "Source": "/srv/x/y", "Destination": "/d"}])],
                expected=Expected([MOUNT]),
            ),
            DEFAULT._replace(shift=["/srv/x"]),
        ),
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
    ids=[
        "host ids",
        "left",
        "accepted",
        "waived",
        "likely",
        "another's",
        "a shifted mount",
        "--rm that is stopped",
        "dropped layer",
        "left volume",
        "bound directory",
    ],
)
def test_the_way_forward_ends_the_refusal(there, options):
    assert plan(there, options).refusals == ()


@pytest.mark.parametrize(
    "there, options, action, reason",
    [
        (
            BROKEN,
            DEFAULT._replace(accept=[PRIVILEGED["id"]]),
            "stopped",
            "can't run with mapped ids, which is accepted",
        ),
        (
            BROKEN._replace(containers=[inspect(Privileged=True)]),
            DEFAULT._replace(accept=[PRIVILEGED["id"]]),
            "stay",
            "the engine refuses --privileged with mapped ids",
        ),
        (
            facts(expected=Expected([PRIVILEGED], host_users={"web": "ops"})),
            DEFAULT,
            "create",
            "it keeps the host's ids (--userns=host), by a waiver of ops",
        ),
        (
            facts(expected=Expected([effect("host-capability", sure="likely")])),
            DEFAULT,
            "create",
            "likely to break: it has no access",
        ),
    ],
    ids=["accepted", "accepted and refused by the engine", "host ids", "likely"],
)
def test_the_plan_says_what_becomes_of_a_container_and_why(there, options, action, reason):
    decision = plan(there, options)
    item = decision.items[-1]
    assert decision.refusals == () and item.action == action and reason in item.reason


@pytest.mark.parametrize(
    "options, reason",
    [
        (DEFAULT, "2 device files come along"),
        (DEFAULT._replace(drop_devices=True), "2 device files are dropped"),
        (DEFAULT._replace(drop_set_ids=True), "2 device files come along; set-id bits are dropped"),
    ],
)
def test_the_plan_says_what_becomes_of_device_files_and_set_id_bits(options, reason):
    decision = plan(facts(volumes=[volume(devices=2)]), options)
    assert [item.reason for item in decision.items if item.kind == "volume"] == [reason]


def test_who_shares_with_a_container_that_the_engine_refuses_is_refused():
    containers = [inspect(Privileged=True), inspect("side", NetworkMode="container:" + identity("web"))]
    decision = plan(
        facts(containers=containers, expected=Expected([PRIVILEGED])), DEFAULT._replace(accept=[PRIVILEGED["id"]])
    )
    assert decision.refusals == (
        "the container side shares with web, which stays behind: leave it behind, leave: ['container:side'], too",
    )


def test_what_the_forecast_could_not_judge_is_a_note():
    assert (
        "the forecast could not judge host: time" in plan(facts(expected=Expected((), ["host: time"])), DEFAULT).notes
    )


def test_without_rsync_the_plan_says_that_the_downtime_is_long():
    assert any("rsync" in text for text in plan(facts(can_update=False), DEFAULT).notes)
    assert not any("rsync" in text for text in plan(facts(), DEFAULT).notes)


def test_names_that_containers_choose_are_inert_in_lines():
    decision = plan(facts(volumes=[volume("a\x1b[31m{{ x }}\n")]), DEFAULT)
    line = plan_to_json(decision)["lines"][1]
    assert line.isprintable() and "\\x1b[31m" in line


def test_time_is_estimated_by_the_speed_of_a_trial_where_there_is_one():
    there = facts(images=[Image("sha256:aa", ("app:1",), (), 10**9)])
    slow, usual = plan(there._replace(speed=10**7), DEFAULT), plan(there, DEFAULT)
    assert (slow.speed, usual.speed) == (10**7, 0)
    assert slow.seconds - usual.seconds == pytest.approx(90, abs=1)
