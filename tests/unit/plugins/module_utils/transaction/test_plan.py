# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one good situation, one thing changed: what the plan is, or why it is refused."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import ROOT, Move
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_edit import merged
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Situation, Stock
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan, unproven
from ansible_collections.containment.docker.plugins.module_utils.transaction.refusals import cannot_start

ARGV = ("-H", "fd://", "--containerd=/run/containerd/containerd.sock")
INFO = {
    "ServerVersion": "26.1.5+dfsg1",
    "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"],
    "LiveRestoreEnabled": False,
    "Driver": "overlay2",
    "LoggingDriver": "json-file",
    "ExperimentalBuild": False,
    "Debug": False,
    "DockerRootDir": "/var/lib/docker",
    "DefaultRuntime": "runc",
    "Runtimes": {"runc": {}},
    "Labels": [],
    "Plugins": {"Authorization": None},
    "Swarm": {"LocalNodeState": "inactive"},
    "RegistryConfig": {
        "IndexConfigs": {"docker.io": {"Secure": True}},
        "InsecureRegistryCIDRs": ["127.0.0.0/8"],
        "Mirrors": None,
    },
}
BRIDGE = {
    "Options": {
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
        "com.docker.network.driver.mtu": "1500",
    },
    "EnableIPv6": False,
    "IPAM": {"Config": [{"Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1"}]},
}
RUNNING = Container("c" * 64, "web", 4711, "2026-01-01T00:00:00Z", 1000, False, 0, 10, ())


def situation(
    config=None,
    absent=(),
    before=None,
    containers=(RUNNING,),
    flags=(),
    next_flags=None,
    proven=True,
    info=None,
    argv=ARGV,
    **more,
):
    """A daemon with `before` in force that is to have `config` and not `absent`."""
    before = before or {}
    after = merged(before, config or {}, absent)
    running_flags = dockerd_flags.parse(list(argv) + list(flags))
    following = dockerd_flags.parse(list(argv) + list(flags if next_flags is None else next_flags))
    wanted = list(config or {}) + [name.split(".")[0] for name in absent]
    return Situation(
        before=before,
        after=after,
        wanted=wanted,
        running=dockerd_flags.merged(before, running_flags, DEFAULTS) if proven else None,
        next=dockerd_flags.merged(after, following, DEFAULTS),
        running_flags=running_flags.settings,
        next_flags=following,
        info=dict(INFO, **(info or {})),
        bridge=BRIDGE,
        stock=more.pop("stock", Stock(tuple(containers), len(containers), 0, 0)),
        **more,
    )


@pytest.mark.parametrize(
    "config, activation",
    [
        ({"labels": ["a=b"]}, "reload"),
        ({"live-restore": True}, "reload"),
        ({"insecure-registries": ["registry.example:5000"]}, "reload"),
        ({"features": {"buildkit": True}}, "reload"),
        ({"labels": ["a=b"], "no-new-privileges": True}, "restart"),
        ({"no-new-privileges": True}, "restart"),
        ({"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 9, "Soft": 9}}}, "restart"),
        ({"log-opts": {"max-size": "5m"}}, "restart"),
        ({"features": {"cdi": True}}, "restart"),
        # already so, by default or by what the engine says of itself
        ({"icc": True}, "none"),
        ({"experimental": False}, "none"),
        ({"storage-driver": "overlay2"}, "none"),
        ({"data-root": "/var/lib/docker"}, "none"),
        ({"insecure-registries": []}, "none"),
        ({}, "none"),
    ],
)
def test_activation(config, activation):
    decision = plan(situation(config))
    assert (decision.activation, decision.refusal) == (activation, "")


@pytest.mark.parametrize(
    "key, before, activation",
    [
        ("max-concurrent-downloads", {"max-concurrent-downloads": 7}, "reload"),  # a reload resets it
        ("features", {"features": {"buildkit": True}}, "reload"),
        ("labels", {"labels": ["a=b"]}, "restart"),  # keeps its old value in memory
        ("shutdown-timeout", {"shutdown-timeout": 99}, "restart"),
        ("debug", {"debug": False}, "none"),  # as the default
        ("userland-proxy", {}, "none"),
    ],
)
def test_a_removed_key(key, before, activation):
    info = {"Labels": before.get("labels", [])}
    assert plan(situation(absent=[key], before=before, info=info)).activation == activation


def test_a_removed_part_of_a_key():
    before = {"log-opts": {"max-size": "5m", "max-file": "2"}}
    assert plan(situation(absent=["log-opts.max-size"], before=before)).activation == "restart"
    assert plan(situation(absent=["log-opts.tag"], before=before)).activation == "none"


@pytest.mark.parametrize(
    "config, info, activation",
    [
        ({"userland-proxy": False}, {}, "restart"),  # nothing proves it
        ({"labels": ["a=b"]}, {"Labels": ["a=b"]}, "none"),  # the engine says so itself
        ({"labels": ["a=b"]}, {}, "reload"),
        (
            {"no-new-privileges": True},
            {"SecurityOptions": INFO["SecurityOptions"] + ["name=no-new-privileges"]},
            "none",
        ),
        ({"no-new-privileges": True}, {"ServerVersion": "20.10.24"}, "restart"),  # before 24.0 info is silent about it
    ],
)
def test_a_file_newer_than_the_daemon_proves_nothing(config, info, activation):
    assert plan(situation(config, before=config, proven=False, info=info)).activation == activation


def test_absent_and_never_seen_needs_nothing():
    assert plan(situation(absent=["userland-proxy"], proven=False)).activation == "none"


@pytest.mark.parametrize("config", [{}, {"live-restore": True}, {"no-new-privileges": True}])
def test_restart_that_no_setting_asks_for_keeps_what_runs(config):
    decision = plan(situation(config)._replace(restart=True))
    assert (decision.activation, decision.refusal, decision.live_restore_first) == ("restart", "", True)
    assert decision.keep and not decision.stop


def test_running_containers_are_kept_by_live_restore_first():
    decision = plan(situation({"no-new-privileges": True}))
    assert decision.live_restore_first and decision.keep == (RUNNING,) and decision.stop == ()
    assert not plan(situation({"no-new-privileges": True}, info={"LiveRestoreEnabled": True})).live_restore_first
    assert not plan(situation({"no-new-privileges": True}, containers=())).live_restore_first
    assert not plan(situation({"labels": ["a=b"]})).live_restore_first
    # a plugin that does not answer ends dockerd in a reload
    assert plan(situation({"authorization-plugins": ["p"]})).live_restore_first


@pytest.mark.parametrize(
    "config, more, words",
    [
        ({"icc": False}, {"next_flags": ["--no-such-flag"]}, "the flags of the next start: unknown flag"),
        ({"live-restore": True}, {"info": {"Swarm": {"LocalNodeState": "active"}}}, "swarm"),
        ({"live-restore": True}, {"info": {"Swarm": {"LocalNodeState": "locked"}}}, "swarm"),
        ({"no-new-privileges": True}, {"info": {"Swarm": {"LocalNodeState": "active"}}}, "drain"),
        ({"userns-remap": "default"}, {"accept": True, "unready": ("no ids",)}, "no ids"),
        ({"labels": ["a=b"]}, {"flags": ["--authorization-plugin=p"]}, "--authorization-plugin"),
        ({"no-new-privileges": True}, {"flags": ["--authorization-plugin=p"]}, "--authorization-plugin"),
        ({"no-new-privileges": True}, {"flags": ["--live-restore=false"]}, "stands as a flag"),
        ({"userns-remap": "default"}, {}, "1 running container"),
        ({"data-root": "/srv"}, {}, "accept_new_data_root"),
        ({"storage-driver": "vfs"}, {"stock": Stock((), 0, 1, 0)}, "1 image"),
        ({"userns-remap": "default"}, {"stock": Stock((), 0, 0, 2)}, "2 volumes"),
        ({"features": {"containerd-snapshotter": True}}, {"stock": Stock((), 3, 0, 0)}, "3 stopped containers"),
        ({"exec-root": "/run/other"}, {}, "can't keep"),
        ({"data-root": "/srv"}, {"accept": True, "info": {"Swarm": {"LocalNodeState": "active"}}}, "leave the swarm"),
    ],
)
def test_refusals(config, more, words):
    decision = plan(situation(config, **more))
    assert words in decision.refusal and not decision.refusal.endswith(".")


@pytest.mark.parametrize(
    "config, more",
    [
        ({"live-restore": True}, {}),
        ({"userns-remap": "default"}, {"stock": Stock()}),  # an empty engine has nothing to lose
        ({"no-new-privileges": True}, {"containers": (), "flags": ["--authorization-plugin=p"]}),
        ({"no-new-privileges": True}, {"flags": ["--live-restore"], "info": {"LiveRestoreEnabled": True}}),
        ({"exec-root": "/run/other"}, {"stock": Stock((), 3, 3, 3)}),  # what does not run is not concerned
    ],
)
def test_no_refusal_without_a_reason(config, more):
    assert plan(situation(config, **more)).refusal == ""


def test_a_new_data_root_stops_what_runs_and_keeps_nothing():
    decision = plan(situation({"userns-remap": "default", "icc": False}, accept=True))
    assert decision.moves == (Move("userns-remap", ROOT),) and decision.stop == (RUNNING,) and decision.keep == ()
    assert decision.pending == () and not decision.live_restore_first


@pytest.mark.parametrize(
    "config, info, again",
    [
        ({"exec-root": "/run/other"}, {}, True),
        ({"containerd-namespace": "other"}, {}, True),
        ({"containerd-namespace": "other"}, {"DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}, False),
        ({"exec-root": "/run/other", "data-root": "/srv"}, {}, False),
        ({"storage-driver": "vfs"}, {}, False),
    ],
)
def test_stopped_containers_start_again_where_the_engine_still_has_them(config, info, again):
    decision = plan(situation(config, info=info, accept=True))
    assert decision.stop == (RUNNING,) and decision.start_again is again


def test_remapping_to_the_same_user_is_no_new_data_root_and_to_another_is():
    remapped = {"SecurityOptions": ["name=userns"], "DockerRootDir": "/var/lib/docker/100000.100000"}
    same = situation(
        {"userns-remap": "default"},
        before={"userns-remap": "default"},
        proven=False,
        info=remapped,
        remapped=("100000.100000",),
    )
    assert plan(same).activation == "none"
    other = situation(
        {"userns-remap": "someone"}, before={"userns-remap": "default"}, info=remapped, remapped=("200000.200000",)
    )
    assert plan(other).moves == (Move("userns-remap", ROOT),) and "accept_new_data_root" in plan(other).refusal


def test_flags_that_a_reload_would_reset_mean_a_restart():
    decision = plan(situation({"labels": ["a=b"]}, flags=["--max-concurrent-downloads=9"]))
    assert decision.activation == "restart"


def test_the_default_bridge_waits_for_the_last_container():
    assert plan(situation({"icc": False})).pending == ("icc",)
    assert plan(situation({"icc": False}, containers=())).pending == ()
    # written and restarted before: reported again, activated once nothing runs
    later = situation({"icc": False}, before={"icc": False})
    assert (plan(later).activation, plan(later).pending) == ("none", ("icc",))
    empty = situation({"icc": False}, before={"icc": False}, containers=())
    assert (plan(empty).activation, plan(empty).pending) == ("restart", ())
    # the same for what the engine does not show, from our own record
    hidden = situation({"fixed-cidr": "172.17.1.0/24"}, before={"fixed-cidr": "172.17.1.0/24"}, waiting=("fixed-cidr",))
    assert plan(hidden).pending == ("fixed-cidr",)


def test_a_setting_that_the_engine_denies_is_tried_again():
    denied = situation({"selinux-enabled": True}, before={"selinux-enabled": True})
    assert plan(denied).keys == ("selinux-enabled",)


def test_what_a_stopped_daemon_could_not_start_with():
    flags = dockerd_flags.parse(ARGV)
    assert cannot_start(flags, "26.1.5", ("no ids",)) == "no ids"
    assert cannot_start(flags, "26.1.5", ()) == ""
    flags = dockerd_flags.parse(["--flag-of-the-future"])
    assert "unknown flag" in cannot_start(flags, None, ()) and cannot_start(flags, "29.8.0", ()) == ""


@pytest.mark.parametrize(
    "key, value, running, expected",
    [
        ("selinux-enabled", True, 1, (["selinux-enabled"], [])),
        ("icc", False, 1, ([], ["icc"])),
        ("icc", False, 0, (["icc"], [])),
        ("icc", True, 1, ([], [])),
        ("userland-proxy", False, 1, ([], [])),  # only file and argv can tell
    ],
)
def test_unproven(key, value, running, expected):
    assert unproven([key], {key: value}, INFO, BRIDGE, running) == expected


@pytest.mark.parametrize(
    "config, more, hides",
    [
        ({"userns-remap": "default", "icc": False}, {}, True),
        ({"userns-remap": "default"}, {"accept": True}, False),
        ({"userns-remap": "default"}, {"containers": ()}, False),
        ({"userns-remap": "default"}, {"info": {"Swarm": {"LocalNodeState": "active"}}}, True),
        ({"userns-remap": "default", "live-restore": True}, {"info": {"Swarm": {"LocalNodeState": "active"}}}, False),
        ({"userns-remap": "default"}, {"unready": ["not prepared"]}, False),
        ({"no-new-privileges": True}, {}, False),
    ],
)
def test_only_a_refusal_for_what_would_be_hidden_says_so(config, more, hides):
    decision = plan(situation(config, **more))
    assert decision.hides is hides
    assert bool(decision.refusal) is (hides or "unready" in more or "live-restore" in config)
